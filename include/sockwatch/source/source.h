/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the records come from: a collector of our own (live) or a file. Every command opens a
 * source, which gives up this process's rights, lets it fill a model, sends it subscriptions and
 * requests, and hears in the same way why it ended. A source is read in the event loop
 * (source_start with a loop) or blocking (source_read, source_read_snapshot).
 */
#ifndef SOCKWATCH_SOURCE_SOURCE_H
#define SOCKWATCH_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/privilege/keeper.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/stream.h>

struct collector_options; /* of the collector, passed through to its start function */
struct source;

struct source_live_options {
	/* Forks the keeper that starts collectors: collector_keeper_start. */
	int (*start_keeper)(const struct collector_options *options, struct keeper *keeper,
		struct error *error);
	const struct collector_options *collector;
	bool retries; /* a collector that ended is started again, with growing delays */
	/*
	 * NULL, or the namespace whose names this process looks up: if that has files of its own
	 * for it, the process moves there when the keeper has started, if it may.
	 */
	const char *netns;
};

/* Each but get_subscription of a live source may be NULL. */
struct source_hooks {
	void *context;
	/*
	 * Records are about to go into the model. False: neither these nor later ones do, and
	 * source_read returns 0.
	 */
	bool (*records)(void *context, const struct record *records, unsigned count);
	/* Of a live source: bytes of the stream as they came, before `records`. NULL bytes: another
	 * collector begins its stream. */
	void (*bytes)(void *context, const void *bytes, size_t len);
	/* A slice of records was taken; also called before `ended` and before a restart. */
	void (*changed)(void *context);
	/* A sentence for the user about the source itself. */
	void (*report)(void *context, enum severity severity, const char *text);
	/* What a collector that is being started shall collect. Texts live until start returns. */
	void (*get_subscription)(void *context, struct message_subscription *subscription);
	/*
	 * No more records come. result: 0 at the end of a file, -EPIPE when the collector ended,
	 * or another negative errno, the last two with a sentence. Not called while retrying.
	 */
	void (*ended)(void *context, int result, const struct error *error);
};

/*
 * Gives up this process's rights for good, as opening a source does: for commands without a
 * source. 0, or negative errno with a sentence; then the process must not go on.
 */
int source_drop_rights(struct error *error);

/*
 * A keeper with the rights is started, then this process gives up its own. Call it before threads
 * and before the terminal is touched. NULL with a sentence.
 */
struct source *source_open_live(const struct source_live_options *options, struct error *error);
/* This process gives up its rights, then the file is opened; "-" is standard input. NULL with a
 * sentence. */
struct source *source_open_file(const char *path, struct error *error);
/*
 * A file besides another source, which gives up the rights: only opened. Where root itself runs the
 * program call it before that source is opened, otherwise after it, so that the file is opened as
 * the user who named it. NULL with a sentence.
 */
struct source *source_open_file_besides(const char *path, struct error *error);
/* CLOCK_REALTIME of a part of a recording, both included. */
struct source_span {
	uint64_t begin_ns; /* 0: from its start */
	uint64_t end_ns;   /* UINT64_MAX: to its end */
};

/*
 * Of a file, before source_start: what is wanted of it is from begin to end (clock_parse; NULL: its
 * start, its end). Records before begin come as well, from the key frame before it on, so that the
 * model is complete by then: the caller passes over what is too early (source_span). Later ones do
 * not come. A text that is no time is refused by source_start, or with the first record.
 */
void source_set_span(struct source *source, const char *begin, const char *end);
/* It is known from the first record on; all of a source without one. */
struct source_span source_span(const struct source *source);
/* Ends what was started and waits for it. No hook is called. NULL is allowed. */
void source_close(struct source *source);

/*
 * Begins to bring records into the model (NULL: only the hooks get them); with a loop in slices of
 * a few milliseconds, so that keys are answered in between. loop NULL: the caller reads. The source
 * uses the loop's idle handler. 0, or negative errno with a sentence. A source that retries reports
 * instead that it could not start a collector, and tries again.
 */
int source_start(struct source *source, struct loop *loop, struct model *model,
	const struct source_hooks *hooks, struct error *error);

/* MESSAGE_SUBSCRIPTION or a request to the collector. 0; -ENOTCONN when none runs (or the source is
 * a file), -ENOBUFS when it takes no more. */
int source_send(struct source *source, enum message_type type, const void *body);

/*
 * The half with rights may change nothing from now on, and gives up its rights to do so. There is
 * no way back. 0, or negative errno with a sentence.
 */
int source_forbid_changes(struct source *source, struct error *error);

/* For how long the keeper of a source that retries owes an answer; 0: it owes none. */
uint64_t source_keeper_silent_ns(const struct source *source);

/* Without a loop: waits for records and takes them in. How many; 0 at the end; negative errno with
 * a sentence. */
int source_read(struct source *source, struct error *error);
/*
 * Without a loop: fills the model with one snapshot. Live: until one is complete. From a file: up
 * to the last one that was complete at the time `at` (NULL: the last of all; see clock_parse). 0,
 * or negative errno with a sentence.
 */
int source_read_snapshot(struct source *source, const char *at, struct error *error);
/* The file ended within a record. */
bool source_is_cut(const struct source *source);
/* What could not be read of the file so far. */
struct stream_damage source_damage(const struct source *source);

/* Why the collector gave up: the newest critical notice in the model, or NULL. */
const char *source_last_words(const struct model *model);

#endif
