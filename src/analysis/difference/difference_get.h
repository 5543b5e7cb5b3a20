/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters of the table in difference_fields.c; each takes a struct difference_row. */
#ifndef SOCKWATCH_ANALYSIS_DIFFERENCE_DIFFERENCE_GET_H
#define SOCKWATCH_ANALYSIS_DIFFERENCE_DIFFERENCE_GET_H

#include <sockwatch/analysis/difference/difference.h>

#include "analysis/field/socket_getters.h"

SOCKET_GETTER(difference_get_change);
SOCKET_GETTER(difference_get_was);
SOCKET_GETTER(difference_get_grew);
SOCKET_GETTER(difference_get_more); /* argument: enum difference_growth */

/* What its socket gives, as it was seen last; the arguments are those of the socket's getters. */
SOCKET_GETTER(difference_get_netns);
SOCKET_GETTER(difference_get_proto);
SOCKET_GETTER(difference_get_state);
SOCKET_GETTER(difference_get_endpoint);
SOCKET_GETTER(difference_get_address);
SOCKET_GETTER(difference_get_port);
SOCKET_GETTER(difference_get_service);
SOCKET_GETTER(difference_get_interface);
SOCKET_GETTER(difference_get_queue);
SOCKET_GETTER(difference_get_number);
SOCKET_GETTER(difference_get_tcp_info);
SOCKET_GETTER(difference_get_user);

/* The same, but as it was seen last with a process: a TIME-WAIT has none. */
SOCKET_GETTER(difference_get_owner);
SOCKET_GETTER(difference_get_owners);
SOCKET_GETTER(difference_get_process);
SOCKET_NEXT(difference_next_process);

#endif
