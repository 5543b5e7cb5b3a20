/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One event as a line of the pane: fitted to its width, coloured by what it means. */
#ifndef SW_TUI_EVENTS_LINE_H
#define SW_TUI_EVENTS_LINE_H

#include <stddef.h>

#include <sockwatch/analysis/event_row.h>

#include "draw.h"

/* The colour of what happened, in the pane and between the two ends of a ladder. */
enum role events_line_role(enum event_kind kind);

void events_line_draw(
	struct pen *pen, const struct field_context *context, const struct event_row *row);

/* The fields that a line shows: what a bare word of a filter looks at. */
const struct field *const *events_line_fields(void);
size_t events_line_field_count(void);

#endif
