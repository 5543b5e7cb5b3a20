/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flag events: a pane below the table (all, or those of the row under the cursor) and a page of
 * their own. It is live until the cursor moves; then it stands still until the cursor is back at
 * the newest event.
 */
#ifndef SOCKWATCH_TUI_EVENTS_EVENTS_H
#define SOCKWATCH_TUI_EVENTS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/base/buffer.h>

#include "events_line.h"
#include "tui/term/draw.h"
#include "tui/term/lineedit.h"

struct pane;
struct tui;

extern const struct pane events_pane;

enum events_show { EVENTS_SHOW_NONE, EVENTS_SHOW_ALL, EVENTS_SHOW_ROW, EVENTS_SHOW_COUNT };

struct events {
	enum events_show show; /* of the pane below the table */
	bool is_default;       /* nobody asked for the pane: it gives way where it does not fit */
	struct filter *filter; /* over event_fields */
	char filter_text[LINEEDIT_SIZE];
	char filter_before[LINEEDIT_SIZE]; /* while another one is typed: what Esc brings back */
	uint64_t end;     /* the event below the last line, while it stands still; 0: live */
	uint64_t cursor;  /* the event under the cursor, while it stands still */
	struct rect rows; /* the lines, as drawn last */
	struct events_columns
		widest; /* for all that was shown since the last change of what is shown */
};

/* The pane as it is at the start. */
void events_init(struct tui *tui);
/* The pane is shown, or was asked for: what it needs is fetched. */
bool events_is_wanted(const struct tui *tui);
/* How high the pane below the table wants to be, of so many lines; 0: not shown. */
int events_pane_height(const struct tui *tui, int height);
void events_draw(struct tui *tui, const struct rect *rect);
/* The page is opened: live, from the newest event on. */
void events_open(struct tui *tui);
void events_fini(struct tui *tui);
/* The event under the cursor, as text; false: there is none. */
bool events_print_selected(struct tui *tui, struct buffer *out);
/* All events of the page as text for a file; returns how many lines. */
size_t events_print(struct tui *tui, struct buffer *out);

#endif
