/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters of the table in listener_fields.c; each takes a struct listener_row. */
#ifndef SOCKWATCH_ANALYSIS_LISTENERS_LISTENER_GET_H
#define SOCKWATCH_ANALYSIS_LISTENERS_LISTENER_GET_H

#include <sockwatch/analysis/listener.h>

#include "analysis/field/socket_getters.h"

enum listener_number {
	LISTENER_NUMBER_ACCEPT_QUEUE,
	LISTENER_NUMBER_BACKLOG,
	LISTENER_NUMBER_ACCEPT_PEAK,
	LISTENER_NUMBER_HALF_OPEN,
	LISTENER_NUMBER_HALF_OPEN_LIMIT,
	LISTENER_NUMBER_HALF_OPEN_REPEATED,
	LISTENER_NUMBER_HALF_OPEN_SOURCES,
	LISTENER_NUMBER_UNACCEPTED,
	LISTENER_NUMBER_DROPS,
	LISTENER_NUMBER_SHARED,
	LISTENER_NUMBER_SOMAXCONN,
};

enum listener_rate { LISTENER_RATE_ACCEPTS, LISTENER_RATE_DROPS };

SOCKET_GETTER(listener_get_number);
SOCKET_GETTER(listener_get_state); /* argument: enum tcp_state */
SOCKET_GETTER(listener_get_rate);
SOCKET_GETTER(listener_get_fill);
SOCKET_GETTER(listener_get_exposure);
SOCKET_GETTER(listener_get_since);
SOCKET_GETTER(listener_get_process_age);
SOCKET_GETTER(listener_get_note);

/* What its socket gives; the arguments are those of the socket's getters. */
SOCKET_GETTER(listener_get_netns);
SOCKET_GETTER(listener_get_endpoint);
SOCKET_GETTER(listener_get_address);
SOCKET_GETTER(listener_get_port);
SOCKET_GETTER(listener_get_interface);
SOCKET_GETTER(listener_get_service);
SOCKET_GETTER(listener_get_user);
SOCKET_GETTER(listener_get_owner);
SOCKET_GETTER(listener_get_owners);
SOCKET_GETTER(listener_get_no_owner);
SOCKET_GETTER(listener_get_process);
SOCKET_NEXT(listener_next_process);
SOCKET_GETTER(listener_get_plain);
SOCKET_GETTER(listener_get_flag);
SOCKET_GETTER(listener_get_age);

#endif
