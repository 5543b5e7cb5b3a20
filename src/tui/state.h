/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor's state, for the files of this folder only. Handlers change it and mark what must be
 * drawn (display.c); paint.c draws once per pass.
 *
 * A stack of pages is on the screen (a table, then what was opened over it), and at most one
 * overlay (menu, question, prompt) that has the keys while it is there.
 */
#ifndef SOCKWATCH_TUI_STATE_H
#define SOCKWATCH_TUI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/rate.h>
#include <sockwatch/base/whole_file.h>
#include <sockwatch/model/history.h>
#include <sockwatch/tui/tui.h>

#include "in_sight.h"
#include "page.h"
#include "tui/action/batch.h"
#include "tui/counters/counters_page.h"
#include "tui/events/events.h"
#include "tui/findings/findings_page.h"
#include "tui/key/keymap.h"
#include "tui/listeners/listeners_page.h"
#include "tui/paths/paths.h"
#include "tui/rows/rows_table.h"
#include "tui/table/table.h"
#include "tui/table/tags.h"
#include "tui/term/draw.h"
#include "tui/term/lineedit.h"
#include "tui/term/scroll.h"
#include "tui/term/terminal.h"
#include "tui/term/theme.h"

enum {
	STACK_MAX = 4,
	STATUS_SIZE = 256,
	PROMPT_HINT_SIZE = 256,
	FOOTER_MAX = 24,
	KEYS_AHEAD_MAX = 128,
	CONFIRM_TEXT_SIZE = 512,
	MENU_TITLE_SIZE = 64,
	HELP_TOPICS = 2,
};

/* header.c */
struct header {
	/* Lines about rights that are shown no more. */
	bool owners_dismissed, sandbox_dismissed;
	const char *lacks; /* see tui_set_sandbox */
};

/* statusline.c */
struct status {
	char text[STATUS_SIZE];
	enum severity severity;
	uint64_t until_ns; /* CLOCK_MONOTONIC; 0: no message */
	uint64_t notices;  /* of the model, already shown */
	struct {
		int x, end;
		const struct action *action;
	} footer[FOOTER_MAX]; /* where the labels stand, for the mouse */
	size_t footer_count;
	int footer_y;
};

/* prompt.c */
struct prompt {
	const struct prompt_ops *ops;
	struct lineedit edit;
	bool untouched;     /* the text is the one that it was opened with, and gives way */
	struct error error; /* text "" when all is well */
	char hint[PROMPT_HINT_SIZE];
	size_t history; /* 0: the line being typed, else settings->filters[history - 1] */
	char typed[LINEEDIT_SIZE];
};

/* menu.c */
struct menu {
	char title[MENU_TITLE_SIZE];
	struct menu_item *items;
	size_t count, capacity;
	uint32_t *shown; /* items that match what was typed */
	size_t shown_count;
	size_t cursor, top;
	struct lineedit typed;
	const struct menu_ops *ops;
	struct rect rect;
	bool has_counts;
	bool is_failed; /* out of memory while it was filled */
};

/* confirm.c */
struct confirm {
	char title[MENU_TITLE_SIZE];
	char text[CONFIRM_TEXT_SIZE];    /* what will happen */
	char command[CONFIRM_TEXT_SIZE]; /* the equivalent command, or "" */
	void (*on_yes)(struct tui *tui);
	bool yes; /* which button is under the cursor */
	struct rect rect;
};

/* detail.c */
struct detail {
	struct identity socket;
	struct history history;
	struct socket_row row;     /* as it is, or was last */
	struct socket_row figures; /* the same, of the last with figures */
	bool lives;                /* or did while the page was open */
	bool wire_only;            /* no socket of it was found: only the wire shows it */
	char process[64];          /* its owner, now or before it closed */
	struct facts *sides[2];    /* what is shown */
	struct wire_history *wire; /* as the wire shows it */
	struct strip *diagram;     /* its states, as they were drawn last */
	struct scroll scroll;
	size_t facts;         /* lines above the ladder */
	uint64_t followed_ns; /* CLOCK_MONOTONIC: drawn last because of new segments */
};

/* help.c */
struct help {
	struct scroll scroll;
	enum page_id page; /* that it was asked on */
	bool is_of_menu;   /* which was open there, and will be again */
	struct {
		struct topic topic;
		const char *where; /* on the screen: "under the cursor" */
	} topics[HELP_TOPICS];     /* what it begins with: of the row, and of its column */
	size_t topic_count;
	int width;                /* of the page, for its lines */
	char find[LINEEDIT_SIZE]; /* what is looked for; "": nothing */
	size_t at;                /* the line where it was found last */
};

/* setup.c */
struct setup {
	unsigned list; /* 0 shown columns, 1 available ones, 2 options */
	size_t cursor[3], top[3];
	struct rect rects[3];
	bool changed;
};

/* search.c */
struct search {
	const struct search_list *list; /* what is searched */
	char text[LINEEDIT_SIZE];
	size_t from, next, left; /* lines still to look at */
	bool running;
};

/* close_signal.c: what F9 will do, between menus, question and answer */
struct close_signal {
	uint32_t next;    /* number of the next request */
	uint32_t waiting; /* the request whose answer has not come yet, or 0 */
	uint32_t asked;   /* the question who holds the socket, whose answer opens the menu, or 0 */
	struct identity socket;
	uint32_t inode; /* of that socket: what is done to a process requires that it holds it */
	uint32_t pid;   /* the process to signal; or, for closing, the first that holds it, or 0 */
	uint64_t start_ticks; /* of that process */
	int signal;
};

/* export.c: the file that is being written */
struct export
{
	char path[512];
	char beneath[512]; /* the only folder to write in; "": any */
	bool is_past;      /* not the page, but what was seen, as a recording */
	struct whole_file file;
};

struct tui {
	struct loop *loop;
	struct model *model;
	struct settings *settings;
	struct tui_hooks hooks;
	char source[128];
	bool replay;
	struct { /* of now, while the past is shown; time_other.c */
		struct doctor *doctor;
		struct rates rates;
		struct counter_history history;
	} now;
	bool is_past;         /* replay is of what this monitor saw itself; `now` goes on */
	bool only_path;       /* `sockwatch probe`: one path, no sockets */
	char probe_host[256]; /* the host of that path; clean */

	struct loop_source *input, *resize, *stop, *proceed, *ticker, *slicer;
	struct theme theme;
	struct keymap keymap;

	struct table tables[PAGE_TABLES];
	enum page_id stack[STACK_MAX];
	size_t stack_count;   /* at least one: a table, or the paths of `sockwatch probe` */
	enum page_id overlay; /* PAGE_NONE: none */
	struct rows *rows;    /* the table of rows that has the keys of rows_page; or NULL */
	enum page_id rows_page;

	struct rates rates;
	struct doctor *doctor; /* NULL: it is off */
	struct in_sight in_sight;
	struct header header;
	struct status status;
	struct prompt prompt;
	struct menu menu;
	struct confirm confirm;
	struct detail detail;
	struct events events;
	struct paths paths;
	struct counters_page counters;
	struct findings_page findings;
	struct listeners_page listeners;
	struct help help;
	struct setup setup;
	struct search search;
	struct close_signal close_signal;
	struct tags tags;
	struct batch batch;
	struct export export;
	const struct filter_menu *filter_menu;     /* of the open menu */
	struct terminal_key ahead[KEYS_AHEAD_MAX]; /* typed before there was a row; input.c */
	size_t ahead_count;

	bool paused, hold, follow;
	bool redraw_due;        /* the ticker is set for it */
	bool dirty;             /* draw at the end of this pass */
	bool forced;            /* the view may look different though the model did not change */
	bool repaint;           /* the terminal's contents are not to be trusted */
	uint64_t heard_ns;      /* CLOCK_MONOTONIC: see silence.h */
	uint32_t seen_sequence; /* snapshot whose end was seen last */
	struct message_subscription subscription; /* as last sent */
	bool subscription_sent;
	struct {                   /* the page that set the table's last filter */
		enum page_id page; /* PAGE_SOCKETS: none */
		size_t filters;    /* how many there were then */
		struct rows *rows; /* its table that had the keys */
	} came;
	struct rect body; /* between header and footer */
	struct {          /* for double clicks */
		uint64_t time_ns;
		int y, x;
	} click;
};

/* display.c */
void tui_redraw(struct tui *tui);
/* The same, but not at once: for what comes in many small pieces. */
void tui_redraw_within(struct tui *tui, uint64_t ms);
/* The same, after a change of filter, order, columns or the like. */
void tui_refresh(struct tui *tui);
/* The same, and every cell is sent to the terminal again. */
void tui_repaint(struct tui *tui);
void tui_show_format(struct tui *tui, enum severity severity, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The page on top of the stack. */
enum page_id tui_page(const struct tui *tui);
/* The overlay, or that page where there is none: it has the keys. */
enum page_id tui_front(const struct tui *tui);
/* That page is a table of sockets. */
bool tui_is_on_table(const struct tui *tui);
void tui_open_page(struct tui *tui, enum page_id page);
void tui_close_page(struct tui *tui);
void tui_open_overlay(struct tui *tui, enum page_id page);
void tui_close_overlay(struct tui *tui);
/* The table of sockets at the bottom of the stack. */
struct table *tui_table(struct tui *tui);
/* Names of hosts stand in the tables of sockets. */
bool tui_shows_names(const struct tui *tui);
struct field_context tui_context(const struct tui *tui);
void tui_set_theme(struct tui *tui);
/* Rows keep their order: held by the user, or because something is open over them. */
bool tui_is_held(const struct tui *tui);

#endif
