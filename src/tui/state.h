/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor's state, for the files of this folder only. Panes change it and call tui_redraw; the
 * one draw of a pass is in tui.c.
 *
 * What is on the screen is a stack of pages (the table, then what was opened over it) and at most
 * one overlay (menu, question, prompt) that has the keys while it is there. Each is a mode, and
 * each mode has a pane: what it draws and how it answers to moves and clicks.
 */
#ifndef SOCKWATCH_TUI_STATE_H
#define SOCKWATCH_TUI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/identity.h>
#include <sockwatch/model/history.h>
#include <sockwatch/tui/tui.h>

#include "actions.h"
#include "mode.h"
#include "tui/events/events.h"
#include "tui/paths/paths.h"
#include "tui/table/screen.h"
#include "tui/term/draw.h"
#include "tui/term/lineedit.h"
#include "tui/term/scroll.h"
#include "tui/term/terminal.h"
#include "tui/term/theme.h"

enum {
	PAGES_MAX = 4,
	HEADER_SAMPLES = 16,
	STATUS_SIZE = 256,
	PROMPT_HINT_SIZE = 256,
	FOOTER_MAX = 24,
	KEYS_AHEAD_MAX = 128,
	CONFIRM_TEXT_SIZE = 512,
	MENU_TITLE_SIZE = 64,
};

struct pane {
	void (*draw)(struct tui *tui, const struct rect *rect);
	void (*move)(struct tui *tui, enum move move);
	void (*enter)(struct tui *tui);
	/* twice: the second click of a double click. */
	void (*click)(struct tui *tui, int y, int x, bool twice);
	void (*wheel)(struct tui *tui, int lines);
	/* Esc. */
	void (*back)(struct tui *tui);
	/* A key before the action table sees it; true: taken. NULL where there is no need. */
	bool (*key)(struct tui *tui, uint32_t key);
};

/* header.c */
struct header {
	double opens[HEADER_SAMPLES]; /* a second, oldest first */
	size_t open_count;
	double opened, closed, reset; /* a second; NAN: unknown */
	double retransmitted_percent;
	uint32_t sequence; /* snapshot of the newest sample */
	bool rights_dismissed;
};

/* statusline.c */
struct status {
	char text[STATUS_SIZE];
	enum severity severity;
	uint64_t until_ns; /* CLOCK_MONOTONIC; 0: nothing to say */
	uint64_t notices;  /* of the model, already told */
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
	struct socket_row lived;   /* the same, of the last with figures */
	bool wire_only;            /* no socket of it was found: the wire alone tells */
	char process[64];          /* whose it is, or was */
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
	char text[LINEEDIT_SIZE];
	size_t from, next, left; /* lines still to look at */
	bool running;
};

/* request.c: what F9 will do, between menus, question and answer */
struct request {
	uint32_t next;    /* number of the next request */
	uint32_t waiting; /* for whose answer we wait, or 0 */
	struct identity socket;
	uint32_t pid;
	uint64_t start_ticks;
	int signal;
};

struct tui {
	struct loop *loop;
	struct model *model;
	struct settings *settings;
	struct tui_hooks hooks;
	char source[128];
	bool replay;
	bool only_path;       /* `sockwatch probe`: one path, no sockets */
	char probe_host[256]; /* whose that is; clean */

	struct loop_source *input, *resize, *stop, *proceed, *ticker, *slicer;
	struct theme theme;
	struct keymap keymap;

	struct screen screens[SCREEN_COUNT];
	enum screen_id screen;
	enum mode pages[PAGES_MAX];
	size_t page_count; /* at least one: the table */
	enum mode overlay; /* MODE_COUNT: none */

	struct header header;
	struct status status;
	struct prompt prompt;
	struct menu menu;
	struct confirm confirm;
	struct detail detail;
	struct events events;
	struct paths paths;
	struct help help;
	struct setup setup;
	struct search search;
	struct request request;
	const struct filter_menu *filter_menu;     /* of the open menu */
	struct terminal_key ahead[KEYS_AHEAD_MAX]; /* typed before there was a row; input.c */
	size_t ahead_count;
	char export_path[512];

	bool paused, hold, follow;
	bool redraw_due;        /* the ticker is set for it */
	bool dirty;             /* draw at the end of this pass */
	bool forced;            /* the view may look different though the model did not change */
	bool repaint;           /* the terminal's contents are not to be trusted */
	uint32_t seen_sequence; /* snapshot whose end was seen last */
	struct message_subscription subscription; /* as last sent */
	bool subscription_sent;
	struct rect body; /* between header and footer */
	struct {          /* for double clicks */
		uint64_t time_ns;
		int y, x;
	} click;
};

/* tui.c */
void tui_redraw(struct tui *tui);
/* The same, but not at once: for what comes in many small pieces. */
void tui_redraw_within(struct tui *tui, uint64_t ms);
/* The same, after a change of filter, order, columns or the like. */
void tui_refresh(struct tui *tui);
void tui_format(struct tui *tui, enum severity severity, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
enum mode tui_mode(const struct tui *tui);
/* The page under any overlay. */
enum mode tui_page(const struct tui *tui);
void tui_open_page(struct tui *tui, enum mode mode);
void tui_close_page(struct tui *tui);
void tui_open_overlay(struct tui *tui, enum mode mode);
void tui_close_overlay(struct tui *tui);
struct screen *tui_screen(struct tui *tui);
const struct pane *tui_pane(enum mode mode);
/* Runs an action, or says why it cannot be. */
void tui_run(struct tui *tui, const struct action *action);
/* The socket that an action is about: the detail page's, else the one under the cursor. */
uint32_t tui_row_in_question(struct tui *tui);
/* Names of hosts stand in the tables of sockets. */
bool tui_shows_names(const struct tui *tui);
struct field_context tui_context(const struct tui *tui);
void tui_set_theme(struct tui *tui);
/* Rows keep their order: held by the user, or because something is open over them. */
bool tui_is_held(const struct tui *tui);

/* The panes. */
extern const struct pane table_pane, detail_pane, events_pane, paths_pane, help_pane, setup_pane,
	menu_pane, confirm_pane, prompt_pane;

#endif
