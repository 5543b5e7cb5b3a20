/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flag event as a row of the field machinery: for the filter, the event pane and `sockwatch
 * events`. It is made on the stack where it is shown, and lives as long as the event and the
 * conversation.
 */
#ifndef SOCKWATCH_ANALYSIS_EVENT_ROW_H
#define SOCKWATCH_ANALYSIS_EVENT_ROW_H

#include <sockwatch/analysis/field.h>

struct event_row {
	const struct event *event;
	const struct conversation *conversation; /* NULL: forgotten */
};

/* The event with what is known of its conversation. */
struct event_row event_row_of(const struct model *model, const struct event *event);

/* The fields of struct event_row. */
extern const struct field_table event_fields;

/*
 * One line as tcpdump would write it, then the step in words:
 * "14:02:31.123456 eth0 in  192.0.2.1:51022 > 192.0.2.9:443 [S.] seq 172 ack 1 win 65535 <mss 1460>
 * length 0  2/3". Clean; no newline. Edges of SACK blocks are relative where the numbers are. A
 * line that has no room in size bytes ends in '~'. Returns its length.
 */
enum { EVENT_ROW_SIZE = 1536 };
size_t event_row_format(
	const struct field_context *context, const struct event_row *row, char *out, size_t size);

/*
 * "seq 1:101 ack 1", as tcpdump writes it: relative once the initial numbers are known, a range
 * where there is payload. mark stands before an ack that is relative. Returns its length; 0: the
 * event has neither.
 */
size_t event_row_format_numbers(
	const struct event *event, const char *mark, char *out, size_t size);

#endif
