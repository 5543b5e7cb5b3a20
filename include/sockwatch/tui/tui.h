/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interactive monitor: panes on the model, keys from the action table. Handlers set flags;
 * drawing happens once per pass of the loop. It asks for data through hooks; it never asks the
 * kernel.
 */
#ifndef SOCKWATCH_TUI_TUI_H
#define SOCKWATCH_TUI_TUI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/view.h>
#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/tui/settings.h>

struct tui;

/* The moment that is shown of a recording, and how time goes on. */
struct tui_time {
	bool is_running;
	double speed;                      /* TUI_TIME_SPEED_MAX: as fast as it can be read */
	uint64_t begin_ns, end_ns, now_ns; /* CLOCK_REALTIME */
	size_t gaps;
	const uint64_t *marks_ns; /* in the order of time */
	size_t mark_count;
};

#define TUI_TIME_SPEED_LEAST 0.1
#define TUI_TIME_SPEED_MOST  100.0
#define TUI_TIME_SPEED_MAX   1e9

/* What time can be told, of a recording. Another moment comes by tui_set_model. */
struct tui_time_hooks {
	void (*get)(void *context, struct tui_time *time);
	void (*run)(void *context, bool runs);
	/* 1: the next snapshot; -1: the one before. False: there is none. */
	bool (*step)(void *context, int direction);
	void (*seek)(void *context, uint64_t to_ns);
	void (*set_speed)(void *context, double speed);
	/* 0, or negative errno with a sentence. */
	int (*parse)(void *context, const char *text, uint64_t *time_ns, struct error *error);
	/*
	 * From what is live to its own past, and from there to now; NULL: there is no past. False:
	 * nothing was kept yet, which was said. Both tell the screen by tui_set_model.
	 */
	bool (*look_back)(void *context);
	void (*come_back)(void *context);
	/* Writes the past as a recording, by a function that returns 0 or negative errno. 0, or
	 * negative errno with a sentence. */
	int (*save)(void *context, int (*write)(void *file, const void *bytes, size_t len),
		void *file, struct error *error);
};

struct tui_hooks {
	void *context;
	/* The subscription has changed. Its texts live only during the call. */
	void (*subscription)(void *context, const struct message_subscription *subscription);
	/* MESSAGE_DESTROY, MESSAGE_SIGNAL, MESSAGE_PROBE_START or MESSAGE_PROBE_STOP; the answer
	 * comes in the stream. */
	void (*request)(void *context, enum message_type type, const void *body);
	/*
	 * The name of this address is wanted; called again and again while it is in sight. It comes
	 * into the model, then tui_name_found. NULL: there are no names.
	 */
	void (*name)(void *context, const struct address *address);
	/* For how long the keeper owes an answer, in ns; 0: it owes none. NULL: there is none. */
	uint64_t (*keeper_silent_ns)(void *context);
	/* Save the settings; a sentence when that fails. */
	int (*save)(void *context, const struct settings *settings, struct error *error);
	/* Add what is open to the baseline; a sentence about what was added, or why that fails. */
	int (*save_baseline)(void *context, struct error *done, struct error *error);
	const struct tui_time_hooks *time; /* NULL: live; needed where tui_options say replay */
};

struct tui_options {
	const char *source; /* "live", "replay FILE": for the header */
	const char *filter; /* first filter, already checked, or NULL */
	bool replay;        /* no actions */
	/* The screen of paths with this one only, and nothing of sockets; else NULL. */
	const struct message_probe_start *probe;
	const char *probe_host; /* as the user named it, not clean */
};

/*
 * Takes the terminal over. settings and model must outlive it. NULL with a sentence when there is
 * no usable terminal.
 */
struct tui *tui_new(struct loop *loop, struct model *model, struct settings *settings,
	const struct tui_hooks *hooks, const struct tui_options *options, struct error *error);
/*
 * 0: standard input and output are a terminal that can do more than print. -ENOTTY with a sentence
 * (error may be NULL) that says what is missing.
 */
int tui_check_terminal(struct error *error);
/* Gives the terminal back as it was. */
void tui_free(struct tui *tui);

/*
 * The sandbox is in force: exports: the folder beneath which files may be written, NULL: anywhere;
 * lacks: what the kernel could not give, as a clause that lives on, or NULL.
 */
void tui_set_sandbox(struct tui *tui, const char *exports, const char *lacks);
/*
 * What follows is of another moment: model begins, and the one before is used no more. The pages,
 * the filter, the order and the row under the cursor stay.
 */
void tui_set_model(struct tui *tui, struct model *model);
/* Time went on, of a recording: the line of time is drawn again. */
void tui_time_changed(struct tui *tui);
/* Reads how fast a recording runs: "0.5", "10", "max". 0, or -EINVAL with a sentence. */
int tui_parse_speed(const char *text, double *speed, struct error *error);
/* The model took in records: draw again at the end of this pass. */
void tui_model_changed(struct tui *tui);
/* A name came into the model. */
void tui_name_found(struct tui *tui);
/* A sentence for the status line. */
void tui_show_message(struct tui *tui, enum severity severity, const char *text);
/* The user has paused the one path; also until its probing has begun again. */
bool tui_is_probe_paused(const struct tui *tui);
/* The subscription as it is now. The strings live until the next call. */
void tui_get_subscription(struct tui *tui, struct message_subscription *subscription);

/* Checks a `bind` of the config: 0 or -EINVAL with a sentence. */
int tui_check_bind(const char *key, const char *action, struct error *error);

#endif
