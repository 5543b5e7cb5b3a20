/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the room share: the part that all sources have, and what each kind does. */
#ifndef SOCKWATCH_SOURCE_SOURCE_PRIVATE_H
#define SOCKWATCH_SOURCE_SOURCE_PRIVATE_H

#include <sockwatch/base/clock.h>
#include <sockwatch/source/source.h>

struct source_kind {
	/* Begins to bring records; without a loop it only prepares for source_read. 0, or negative
	 * errno with a sentence. */
	int (*start)(struct source *source, struct error *error);
	/* Takes one slice in the loop, with all that follows when it was the last. True: more
	 * waits. */
	bool (*pump)(struct source *source);
	/* Blocks until there is something to read. 1; 0 when nothing will come; negative errno with
	 * a sentence. */
	int (*wait)(struct source *source, struct error *error);
	/* See source_send. NULL: nobody listens. */
	int (*send)(struct source *source, enum message_type type, const void *body);
	/* Fills the model with one snapshot, see source_read_snapshot. */
	int (*read_snapshot)(struct source *source, const char *at, struct error *error);
	/* See source_forbid_changes. NULL: nothing can be changed. */
	int (*forbid_changes)(struct source *source, struct error *error);
	/* See source_keeper_silent_ns. NULL: there is no keeper. */
	uint64_t (*keeper_silent_ns)(const struct source *source);
	/* Called before the first record is taken. 0, or negative errno with a sentence. NULL:
	 * nothing is to be done. */
	int (*begin)(struct source *source, const struct record *first, struct error *error);
	/* Frees what the kind added, and the source. */
	void (*close)(struct source *source);
};

/* The first member of each kind's own struct. */
struct source {
	const struct source_kind *kind;
	struct loop *loop;
	struct model *model;
	struct source_hooks hooks;
	struct stream_reader *reader;      /* NULL: nothing brings records now */
	bool is_busy;                      /* records wait: the idle handler takes them */
	bool is_stopped;                   /* the records hook wants no more */
	bool has_begun;                    /* a record came */
	bool is_over;                      /* what comes is behind the span */
	const char *begin_text, *end_text; /* of the span; NULL: not bounded there */
	struct source_span span;
};

enum source_slice {
	SOURCE_SLICE_MORE,   /* the slice was used up and more waits */
	SOURCE_SLICE_DRY,    /* nothing waits now, or nothing is wanted any more */
	SOURCE_SLICE_ENDED,  /* the stream ended in order */
	SOURCE_SLICE_FAILED, /* it could not be read; the sentence says why */
};

/*
 * Gives up this process's rights and opens files: before it, as root who logged in, or else after
 * it, as the user who named them. open_all: 0, or negative errno. The same, or -EPERM with a
 * sentence.
 */
int source_open_as_user(int (*open_all)(void *context), void *context, struct error *error);
/* A time as the user gave it, see clock_parse: 0, 1, or -EINVAL with a sentence. */
int source_parse_time(
	const char *text, const struct clock_span *span, uint64_t *time_ns, struct error *error);
/* A refresh ends with it. */
bool source_is_snapshot_end(const struct record *record);

/* Takes what waits into the model, for a few milliseconds at most. error is set by FAILED, result
 * is then its negative errno. */
enum source_slice source_take_slice(struct source *source, int *result, struct error *error);
/* Takes slices from now on, until pump says that no more waits. */
void source_pump_soon(struct source *source);
/* As source_last_words, of the notices that came behind so many. */
const char *source_words_since(const struct model *model, uint64_t notices);
/* Calls the hook. */
void source_changed(const struct source *source);
void source_report(const struct source *source, enum severity severity, const char *text);
void source_ended(const struct source *source, int result, const struct error *error);

#endif
