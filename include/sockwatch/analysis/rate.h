/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of all namespaces as rates, with a short past of them. Pure: a model in, numbers out.
 * The struct belongs to its reader; rate_update takes in a snapshot.
 */
#ifndef SOCKWATCH_ANALYSIS_RATE_H
#define SOCKWATCH_ANALYSIS_RATE_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/model.h>

enum { RATE_SAMPLES = 16 };

/* NAN: not known. */
struct rates {
	double opened, closed, reset; /* connections a second */
	double retransmitted_percent; /* of the segments sent */
	double captured;              /* segments a second over the last refresh; 0 at first */
	double opens[RATE_SAMPLES];   /* values of opened, oldest first */
	size_t open_count;
	uint32_t sequence; /* snapshot of the newest sample */
	uint64_t segments; /* captured until then */
	uint64_t monotonic_ns;
};

void rate_init(struct rates *rates);
/* Takes a sample when a snapshot ended since the last. */
void rate_update(struct rates *rates, const struct model *model);
/* The largest of the values of opened, at least 1: the height of a chart. */
double rate_highest_open(const struct rates *rates);

#endif
