/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters of the table in destination_fields.c; each takes a struct destination_row. */
#ifndef SOCKWATCH_ANALYSIS_PORTS_DESTINATION_GET_H
#define SOCKWATCH_ANALYSIS_PORTS_DESTINATION_GET_H

#include <sockwatch/analysis/ports/port_budget.h>

#include "analysis/field/socket_getters.h"

enum destination_number {
	DESTINATION_NUMBER_FAMILY,
	DESTINATION_NUMBER_REMOTE_PORT,
	DESTINATION_NUMBER_USED,
	DESTINATION_NUMBER_REUSABLE,
	DESTINATION_NUMBER_FREE,
	DESTINATION_NUMBER_SOCKETS,
	DESTINATION_NUMBER_LEFT,
	DESTINATION_NUMBER_PID,
	/* Of its namespace. */
	DESTINATION_NUMBER_USABLE,
	DESTINATION_NUMBER_LOW,
	DESTINATION_NUMBER_HIGH,
	DESTINATION_NUMBER_RESERVED,
	DESTINATION_NUMBER_BOUND,
};

enum destination_rate { DESTINATION_RATE_TAKEN, DESTINATION_RATE_FREED };

SOCKET_GETTER(destination_get_netns);
SOCKET_GETTER(destination_get_address); /* argument: enum socket_side */
SOCKET_GETTER(destination_get_remote);
SOCKET_GETTER(destination_get_remote_name);
SOCKET_GETTER(destination_get_service);
SOCKET_GETTER(destination_get_number);
SOCKET_GETTER(destination_get_percent);
SOCKET_GETTER(destination_get_rate);
SOCKET_GETTER(destination_get_state); /* argument: enum tcp_state */
SOCKET_GETTER(destination_get_process);
SOCKET_GETTER(destination_get_processes);
SOCKET_GETTER(destination_get_reuse);
SOCKET_GETTER(destination_get_note);

#endif
