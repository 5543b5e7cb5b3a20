/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Families of series, their limits, and how they are written. */
#ifndef SOCKWATCH_REPORT_METRICS_METRIC_SET_H
#define SOCKWATCH_REPORT_METRICS_METRIC_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/intern.h>
#include <sockwatch/report/metrics.h>

enum metric_id {
	METRIC_SOCKETS,
	METRIC_ACCEPT_QUEUE,
	METRIC_BACKLOG,
	METRIC_RECEIVE_QUEUE,
	METRIC_SEND_QUEUE,
	METRIC_PROCESS_SOCKETS,
	METRIC_CONNECTIONS,
	METRIC_PORTS_USED,
	METRIC_RTT,
	METRIC_RETRANSMITTED,
	METRIC_OPENED,
	METRIC_CLOSED,
	METRIC_FINDING,
	METRIC_LOST,
	METRIC_RIGHT_MISSING,
	METRIC_SNAPSHOT_TIME,
	METRIC_TOOK,
	METRIC_BUILD,
	METRIC_DROPPED, /* the last: it counts what the others left out */
	METRIC_COUNT,
};

/* What becomes of the series above the limit. */
enum metric_rest {
	METRIC_REST_SUM,  /* one series "other" has their sum */
	METRIC_REST_GONE, /* they cannot be added up */
};

struct metric_row {
	const char *name; /* without sockwatch_, and without _total of a counter */
	const char *unit; /* that the name ends in, or NULL */
	const char *help;
	bool is_counter;
	enum metric_rest rest;
	const char *labels[3]; /* their names; NULL: no more */
};

extern const struct metric_row metric_rows[METRIC_COUNT];

struct metric_family {
	struct intern *labels; /* all labels of a series as they are written, a number each */
	double *values;        /* by that number */
	size_t capacity;
};

struct metric_set {
	struct metric_family families[METRIC_COUNT];
	bool failed; /* no memory */
};

/* 0, or -ENOMEM. */
int metric_set_init(struct metric_set *set);
void metric_set_fini(struct metric_set *set);
/* Removes all series. */
void metric_set_clear(struct metric_set *set);

/* Adds to the series with these values of labels, in the order of the row; as many as it has. */
void metric_add(struct metric_set *set, enum metric_id id, const char *const *values, double value);
void metric_add_plain(struct metric_set *set, enum metric_id id, double value);
/* The series has at least this value. */
void metric_raise(
	struct metric_set *set, enum metric_id id, const char *const *values, double value);

/* Writes all families that have a series, in the order of the table. */
void metric_set_print(
	struct metric_set *set, const struct metrics_options *options, struct buffer *out);

#endif
