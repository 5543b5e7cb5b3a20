/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recent past of every counter of one network namespace, or of all together: rate now, mean and
 * highest rate since the start, the last samples. The struct belongs to its reader;
 * counter_history_update takes in a snapshot. Pure: a model in, rows out.
 *
 * A gauge (sockets in use) has no rate: its mean, its most and its samples are of its values.
 * Together means the sum, but for what is the machine's own: that is the same everywhere.
 */
#ifndef SOCKWATCH_ANALYSIS_COUNTER_COUNTER_HISTORY_H
#define SOCKWATCH_ANALYSIS_COUNTER_COUNTER_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/counter/counter_derived.h>
#include <sockwatch/analysis/counter/counter_table.h>
#include <sockwatch/analysis/field.h>
#include <sockwatch/model/counters.h>

enum { COUNTER_SAMPLES = 32, COUNTER_NAME_SIZE = 80 };
#define COUNTER_OF_ALL UINT32_MAX /* all namespaces together */

/* A counter as a row of counter_fields. */
struct counter_figures {
	char name[COUNTER_NAME_SIZE];  /* "Tcp.ActiveOpens", as the kernel has it */
	const char *group;             /* title of its group; lives as long as the model */
	const struct counter_row *row; /* its words; NULL: it is not in the table */
	bool is_gauge;
	bool has_total;
	uint64_t total;
	double rate;                    /* a second, over the last refresh; NAN: not known */
	double now;                     /* the last sample: the rate, or the value of a gauge */
	double most;                    /* NAN: no sample yet */
	enum counter_whole whole;       /* what it is a part of */
	double share;                   /* percent of that, now; NAN: not known */
	double sum, seconds;            /* samples weighted by their time, for the mean */
	float samples[COUNTER_SAMPLES]; /* oldest first; NAN: not known */
	size_t sample_count;
};

struct counter_history {
	struct counter_figures *rows; /* by index of the model's counter names */
	size_t count;
	/* Those that follow from others, by index of counter_differences. */
	struct counter_figures derived[COUNTER_DIFFERENCES];
	uint32_t netns;        /* our number of the namespace, or COUNTER_OF_ALL */
	uint32_t sequence;     /* of the snapshot that was taken in last; 0: none */
	uint64_t monotonic_ns; /* of it */
	uint64_t left_out;     /* counters, for lack of memory */
};

/* The fields of struct counter_figures. */
extern const struct field_table counter_fields;

/* Of all namespaces together. */
void counter_history_init(struct counter_history *history);
void counter_history_fini(struct counter_history *history);
/* Another namespace: what is known begins again. */
void counter_history_choose(struct counter_history *history, uint32_t netns);
/* Takes a sample when a snapshot ended since the last. */
void counter_history_update(struct counter_history *history, const struct model *model);
/*
 * The rows to show: those of the table of counters in its order, with `all` then the others, group
 * by group; with `zeros` also those that are 0. At most max are written, COUNTER_ROWS_MAX have
 * room; returns how many. They live until the next update.
 */
enum { COUNTER_ROWS_MAX = COUNTERS_MAX + COUNTER_DIFFERENCES };
size_t counter_history_list(const struct counter_history *history, bool all, bool zeros,
	const struct counter_figures **rows, size_t max);
/* Mean of the samples since the start; NAN: there is none. */
double counter_figures_mean(const struct counter_figures *figures);
/* The highest of the samples that are kept, at least 1: the height of their chart. */
double counter_figures_highest(const struct counter_figures *figures);

#endif
