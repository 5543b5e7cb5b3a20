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

enum { RATE_SAMPLES = 16, RATE_SEGMENTS_LEAST = 100 };

/* What happens so many times a second. The names in brackets are the kernel's counters. */
enum rate {
	RATE_OPENED,        /* connections, tried or accepted (ActiveOpens + PassiveOpens) */
	RATE_CLOSED,        /* connections that are no longer established; see rate.c */
	RATE_FAILED,        /* connections that never were established (AttemptFails) */
	RATE_RESET,         /* established connections that ended by a RST (EstabResets) */
	RATE_RSTS_SENT,     /* segments with RST (OutRsts) */
	RATE_RETRANSMITTED, /* segments (RetransSegs) */
	RATE_UDP_DROPS,     /* datagrams that came and were not delivered (InErrors, IPv4 and 6) */
	RATE_COUNT,
};

/* NAN: not known. */
struct rates {
	double value[RATE_COUNT];
	double total[RATE_COUNT];     /* of what was counted since the start */
	double retransmitted_percent; /* of the segments sent; NAN too below RATE_SEGMENTS_LEAST */
	double captured;              /* segments a second over the last refresh; 0 at first */
	double opens[RATE_SAMPLES];   /* values of RATE_OPENED, oldest first */
	size_t open_count;
	uint32_t sequence; /* snapshot of the newest sample */
	uint64_t segments; /* captured until then */
	uint64_t monotonic_ns;
	uint32_t syn_sent; /* connections in SYN-SENT then */
	double owed;       /* what RATE_CLOSED had too much before; 0 or less */
};

void rate_init(struct rates *rates);
/* Takes a sample when a snapshot ended since the last. */
void rate_update(struct rates *rates, const struct model *model);
/* The largest of the values of opens, at least 1: the height of a chart. */
double rate_highest_open(const struct rates *rates);

#endif
