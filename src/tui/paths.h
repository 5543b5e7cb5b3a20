/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probed paths: a pane below the table for the one that was asked for last, and a screen of all.
 * What comes back is in the model; here is what was asked for, and from which row.
 *
 *	paths_ask.c   starts, changes and stops the probing
 *	paths.c       the pane and the screen
 *	paths_draw.c  the lines of one path
 *	paths_text.c  their texts
 */
#ifndef SW_TUI_PATHS_H
#define SW_TUI_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>

#include "draw.h"
#include "identity.h"
#include "paths_text.h"

struct tui;

enum { PATHS_ASKED_MAX = 64 };

/* One path that we asked for. */
struct paths_asked {
	struct message_probe_start start;
	struct identity socket; /* the row that it was started from */
	bool is_stopped;        /* by us */
};

struct paths {
	struct paths_asked asked[PATHS_ASKED_MAX];
	size_t asked_count;
	uint32_t last_id;
	uint32_t shown;    /* in the pane below the table; 0: none */
	int shown_lines;   /* most that it had: the pane does not shrink under the reader */
	bool is_in_sight;  /* the pane found room when the table was drawn last */
	bool is_newer;     /* than the pane of events: has the room where only one finds it */
	uint32_t selected; /* on the screen */
	size_t top;        /* first line shown of the selected one */
	struct rect list;  /* where the targets were drawn, and the first of them */
	size_t list_top;
	uint64_t changes; /* of the model, seen */
	uint32_t hellos;  /* of collectors, seen */
};

/* paths.c */
/* How high the pane below the table wants to be, of so many lines; 0: not shown. */
int paths_pane_height(struct tui *tui, int height);
void paths_draw_pane(struct tui *tui, const struct rect *rect);
/* Records came in: draws soon where they are shown. */
void paths_note_records(struct tui *tui);
void paths_show(struct tui *tui, uint32_t id);

/* paths_ask.c */
/* Asks a collector that was started anew for all that shall run. */
void paths_ask_again(struct tui *tui);
/* What we asked for under this id, or NULL. */
struct paths_asked *paths_find_asked(struct tui *tui, uint32_t id);
void paths_run(struct tui *tui, uint32_t id);
void paths_stop(struct tui *tui, uint32_t id);
void paths_remove(struct tui *tui, uint32_t id);
void paths_set_method(struct tui *tui, uint32_t id, enum probe_method method);
/* Kernel's and handshake's, of the row that the path was started from. */
void paths_get_rtts(struct tui *tui, uint32_t id, struct paths_rtts *rtts);

/* paths_draw.c */
/* Heading and lines of a path; top: first line. Returns how many lines there are in all. */
size_t paths_draw_lines(
	struct tui *tui, const struct path *path, const struct rect *rect, size_t top);
/* Name of an address, asked for when it is not known yet; NULL: none, or numbers are wanted. */
const char *paths_name(void *tui, const struct address *address);

#endif
