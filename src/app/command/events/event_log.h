/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of `sockwatch events`, which its files share. */
#ifndef SOCKWATCH_APP_COMMAND_EVENTS_EVENT_LOG_H
#define SOCKWATCH_APP_COMMAND_EVENTS_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>
#include <sockwatch/report/report.h>
#include <sockwatch/stream/stream.h>

#include "app/option/options.h"
#include "app/output.h"

enum { EVENT_LOG_FIELDS_MAX = 48, EVENT_LOG_HELD_MAX = 64 };

/* An event that others are counted in, printed when that is over. */
struct event_log_held {
	uint64_t number;
	uint64_t until_ns; /* the stream's clock */
};

struct event_log {
	const struct options *options;
	struct filter *filter;
	struct model *model;
	struct field_context context;
	const struct field
		*visible[EVENT_LOG_FIELDS_MAX]; /* where a bare word of the filter is searched */
	size_t visible_count;
	struct report *report; /* NULL: lines of text */
	struct output output;
	bool color;
	uint64_t next;      /* number of the first event that was not looked at */
	uint64_t printed;   /* lines */
	uint64_t unowned;   /* lines of connections that were over before their process was seen */
	uint64_t unwritten; /* of --write: packets of a link type that it cannot write */
	uint64_t missed;    /* overwritten in the ring before they were looked at */
	struct event_log_held held[EVENT_LOG_HELD_MAX];
	size_t held_count;
	bool done;                   /* --count lines are printed, or nobody reads them */
	bool file_cut;               /* the capture that was read ends within a packet */
	struct stream_damage damage; /* of that file */
	bool captured;               /* a capture has run */
	uint64_t begin_ns, end_ns;   /* what was before or after is not shown; 0: no bound */
};

/* The recording or capture that is read, by --read or --from; NULL: live. */
static inline const char *
event_log_file(const struct event_log *log)
{
	return log->options->read != NULL ? log->options->read : log->options->from;
}

/* It is in the span, and a flag unless --data shows all. The filter is another matter. */
bool event_log_is_shown(const struct event_log *log, const struct event *event);

/* Looks at the wire's new events and prints those that pass. all: also those held back. */
void event_log_print(struct event_log *log, bool all);

/* Runs until the end of the file, --for of its time, or --count lines. 0, or negative errno with a
 * sentence. */
int event_log_file_run(struct event_log *log, struct error *error);

/*
 * Runs until a signal, --for, or --count lines. 0; -ENODEV (no such interface), another negative
 * errno, with a sentence.
 */
int event_log_live_run(struct event_log *log, uint64_t needs, struct error *error);

#endif
