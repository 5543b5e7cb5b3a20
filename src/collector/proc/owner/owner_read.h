/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part of owner_walk: reads one process and reports what changed. */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_READ_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "owner_walk.h"

/* CPU time of this thread, ns. */
uint64_t owner_read_clock(void);

/* Whether the slice is over, or so much waits in the writer that it must be flushed first. */
bool owner_read_slice_over(const struct owner_walk *walk);

/*
 * Reads the holder, or goes on when scan has begun with it. false: paused, call again with the same
 * holder.
 */
bool owner_read(struct owner_walk *walk, struct fd_scan *scan, struct holder *holder);

/* Reports again who the holder is. */
void owner_read_facts(struct owner_walk *walk, struct holder *holder);

#endif
