/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters of the table in event_fields.c; each takes a struct event_row. */
#ifndef SOCKWATCH_ANALYSIS_FIELD_EVENT_GETTERS_H
#define SOCKWATCH_ANALYSIS_FIELD_EVENT_GETTERS_H

#include <sockwatch/analysis/event_row.h>

enum { EVENT_SOURCE, EVENT_DESTINATION };

enum event_number {
	EVENT_NUMBER_FAMILY,
	EVENT_NUMBER_SOURCE_PORT,
	EVENT_NUMBER_DESTINATION_PORT,
	EVENT_NUMBER_SEQ,
	EVENT_NUMBER_ACK,
	EVENT_NUMBER_RELATIVE_SEQ,
	EVENT_NUMBER_RELATIVE_ACK,
	EVENT_NUMBER_WINDOW,
	EVENT_NUMBER_LEN,
	EVENT_NUMBER_TTL,
	EVENT_NUMBER_VLAN,
	EVENT_NUMBER_FOLDED,
	EVENT_NUMBER_SYN_ACK_US,
	EVENT_NUMBER_ACK_US,
};

#define EVENT_GETTER(name)                                                                         \
	void name(const struct field *field, const struct field_context *context, const void *row, \
		struct value *value)

EVENT_GETTER(event_get_time);
EVENT_GETTER(event_get_clock);
EVENT_GETTER(event_get_interface);
EVENT_GETTER(event_get_direction);
EVENT_GETTER(event_get_address);
EVENT_GETTER(event_get_endpoint);
EVENT_GETTER(event_get_tunnel);
EVENT_GETTER(event_get_outer_address);
EVENT_GETTER(event_get_through);
EVENT_GETTER(event_get_flags);
EVENT_GETTER(event_get_number);
EVENT_GETTER(event_get_options);
EVENT_GETTER(event_get_kind);
EVENT_GETTER(event_get_step);
EVENT_GETTER(event_get_pid);
EVENT_GETTER(event_get_process);
bool event_next_owner(const struct field *field, const struct field_context *context,
	const void *row, uint32_t *position, struct value *value);
EVENT_GETTER(event_get_listens);
EVENT_GETTER(event_get_owner);
EVENT_GETTER(event_get_no_owner);

#endif
