/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows from the kernel's counters and stands beside them: data segments sent again, which
 * are RetransSegs without the repeated SYNs and SYN ACKs (TCPSynRetrans); which part of all that it
 * is a counter has; pages in bytes. Pure.
 *
 * Segments sent are OutSegs and RetransSegs together, for Linux counts none of those sent again in
 * OutSegs.
 */
#ifndef SOCKWATCH_ANALYSIS_COUNTER_COUNTER_DERIVED_H
#define SOCKWATCH_ANALYSIS_COUNTER_COUNTER_DERIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/counters.h>
#include <sockwatch/model/model.h>

/* A counter of our own: that of the kernel without a part of it. */
struct counter_difference {
	const char *name; /* "RetransSegs-TCPSynRetrans": a row of counter_rows */
	enum counter whole, part;
};
enum { COUNTER_DIFFERENCES = 1 };
extern const struct counter_difference counter_differences[COUNTER_DIFFERENCES];

/* It, or 0 where the part was read a moment later and is more. false: one is not known. */
bool counter_difference_total(const struct counters *counters,
	const struct counter_difference *difference, uint64_t *total);

/* Whose part a counter is. */
enum counter_whole {
	COUNTER_WHOLE_NONE,
	COUNTER_WHOLE_SENT,    /* all segments sent */
	COUNTER_WHOLE_MEM,     /* the third figure of tcp_mem */
	COUNTER_WHOLE_ORPHANS, /* tcp_max_orphans */
};
enum counter_whole counter_whole_of(const char *name);
/* "segments sent", "tcp_mem". */
const char *counter_whole_name(enum counter_whole whole);
/*
 * The largest that it may be, of COUNTER_WHOLE_MEM in pages: a setting of the machine. false: it is
 * not known, as in a container.
 */
bool counter_whole_limit(const struct model *model, enum counter_whole whole, uint64_t *limit);
/* Percent that part is of part and rest together; NAN where that is 0, or one is not known. */
double counter_share(double part, double rest);

/* "5.8M; tcp_mem 1.1G 1.5G 2.2G" of so many pages; limits only where they are known. Returns out.
 */
enum { COUNTER_PAGES_SIZE = 96 };
const char *counter_pages_words(
	const struct model *model, uint64_t pages, char out[COUNTER_PAGES_SIZE]);
/* Of the counter TCP.mem; false: the size of a page is not known. */
bool counter_pages_bytes(const struct model *model, uint64_t pages, uint64_t *bytes);

#endif
