/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that wait until it is known whether they are wanted: those of the refresh that is being
 * read. In memory up to a bound, then in a file without a name. */
#ifndef SOCKWATCH_SOURCE_PENDING_H
#define SOCKWATCH_SOURCE_PENDING_H

#include <stdbool.h>
#include <stdio.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/stream.h>

enum { PENDING_MEMORY_MAX = 64 * 1024 * 1024 };

struct pending {
	struct buffer memory;
	size_t memory_max; /* bytes */
	FILE *spill;       /* for what came before that in memory */
	bool has_spilled;  /* it holds something */
};

/* spill: an empty file, open for reading and writing, which stays the caller's; NULL: none. */
void pending_init(struct pending *pending, size_t memory_max, FILE *spill);
void pending_fini(struct pending *pending);
/* Keeps a copy. 0, or negative errno. */
int pending_add(struct pending *pending, const struct record *record);
/* Applies all in the order in which they came; then none waits. 0, or negative errno. */
int pending_apply(struct pending *pending, struct model *model);

#endif
