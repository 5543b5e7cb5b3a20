/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probed paths: a pane below the table for the one that was started last, and a page of all. The
 * answers are in the model; the requests, and the rows that they came from, are here.
 */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_H
#define SOCKWATCH_TUI_PATHS_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/message.h>

#include "paths_text.h"
#include "tui/term/draw.h"
#include "tui/term/scroll.h"

struct pane;
struct tui;

extern const struct pane paths_pane;

enum { PATHS_ASKED_MAX = 64 };

/* One path that we asked for. */
struct paths_asked {
	struct message_probe_start start;
	enum probe_protocol first_protocol; /* and the rest, before keys changed it */
	uint16_t first_port, first_size;
	struct identity socket; /* the row that it was started from */
	bool is_stopped;        /* by us */
	bool is_drained;        /* no probe of it is in flight any more */
	uint64_t asked_changes; /* the model's path_changes when we asked last */
};

/* The set of columns that hops have. */
enum paths_set { PATHS_SET_TIMES, PATHS_SET_SPREAD, PATHS_SET_PACKETS, PATHS_SET_COUNT };

struct paths {
	struct paths_asked asked[PATHS_ASKED_MAX];
	size_t asked_count;
	uint32_t last_id;
	uint32_t shown;       /* in the pane below the table; 0: none */
	int shown_lines;      /* most that it had: the pane does not shrink under the reader */
	bool is_in_sight;     /* the pane found room when the table was drawn last */
	bool is_newer;        /* than the pane of events: has the room where only one finds it */
	uint32_t selected;    /* on the page of paths */
	struct scroll scroll; /* of the selected one's lines */
	enum paths_set set;
	struct message_probe_start offered; /* F7 asks how to probe it, and for which socket */
	struct identity offered_socket;
	uint32_t udp_id;  /* asked: shall it be probed by UDP to the service */
	struct rect list; /* where the targets were drawn, and the first of them */
	size_t list_top;
	uint64_t changes; /* of the model, seen */
	uint32_t hellos;  /* of collectors, seen */
};

/* paths.c */
void paths_draw_pane(struct tui *tui, const struct rect *rect);
/* Records came in: draws soon where they are shown. */
void paths_note_records(struct tui *tui);

/* paths_shown.c */
/* Shows the path below the table; 0: none. */
void paths_show(struct tui *tui, uint32_t id);
/* How high the pane below the table wants to be, of so many lines; 0: not shown. */
int paths_pane_height(struct tui *tui, int height);
/* Lines of the hops of a path and their notes. */
size_t paths_line_count(const struct path *path);

/* paths_ask.c */
/* Asks a restarted collector for all paths that shall run. */
void paths_ask_again(struct tui *tui);
/* The one path of `sockwatch probe`. */
void paths_ask_only(struct tui *tui, const struct message_probe_start *start);
/* Our request with this id, or NULL. */
struct paths_asked *paths_find_asked(struct tui *tui, uint32_t id);
/* A new path; socket: of the row that it belongs to. */
void paths_start(struct tui *tui, const struct identity *socket, struct message_probe_start *start);
/* The port that this protocol would probe; 0: none, or ports that nobody uses. */
uint16_t paths_port(const struct paths_asked *asked, enum probe_protocol protocol);
/* As the collector reports; without a report yet it runs if we want it to. */
bool paths_is_running(const struct tui *tui, const struct paths_asked *asked);
/* goes_on: with what was measured so far. */
void paths_run(struct tui *tui, uint32_t id, bool goes_on);
void paths_stop(struct tui *tui, uint32_t id);
void paths_remove(struct tui *tui, uint32_t id);
void paths_set_protocol(struct tui *tui, uint32_t id, enum probe_protocol protocol);
/* Stops waiting for the answers of paths that were stopped. */
void paths_drain(struct tui *tui);
/* The kernel's and the handshake's, for the row that the path was started from. */
void paths_get_rtts(struct tui *tui, uint32_t id, struct path_rtts *rtts);

/* paths_list.c */
size_t paths_count(const struct tui *tui);
/* Place of the selected path in the list; 0 when it is gone. */
size_t paths_selected_place(const struct tui *tui);
/* The selected path, or NULL: there is none. */
const struct path *paths_selected(const struct tui *tui);
void paths_select(struct tui *tui, size_t place);
void paths_draw_list(struct tui *tui, const struct rect *rect);

/* The cells of a target's line. */
struct paths_cells {
	char target[ADDRESS_TEXT_SIZE + 256], protocol[24], hops[8], loss[16], average[32];
	char jitter[32], verdict[256];
	enum path_mood mood;
};

void paths_fill_cells(struct tui *tui, const struct path *path, struct paths_cells *cells);

/* paths_draw.c */
/* Heading and lines of a path; top: first line. */
void paths_draw_lines(
	struct tui *tui, const struct path *path, const struct rect *rect, size_t top);

/* paths_print.c */
/* All targets, and the hops of each; returns how many lines. */
size_t paths_print(struct tui *tui, struct buffer *out);
/* The path in the pane below the table, in full. Returns how many lines; 0: none. */
size_t paths_print_shown(struct tui *tui, struct buffer *out);
/* The selected target, its cells between tabs; false: there is none. */
bool paths_print_row(struct tui *tui, struct buffer *out);

#endif
