/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of sockets in cgroups, and the limits on it. Written by the model from
 * MESSAGE_CGROUP_MEMORY. There is a row for each cgroup of a process that holds sockets, and for
 * those above it; a limit stands in any of them. Paths are interned in model->texts, as
 * memory_cgroup of struct process_row is. Rows live until the next record.
 */
#ifndef SOCKWATCH_MODEL_CGROUP_MEMORY_H
#define SOCKWATCH_MODEL_CGROUP_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>

struct model;

struct cgroup_memory_usage {
	uint32_t path;         /* intern */
	uint8_t version;       /* of cgroups: 1, the limit is on TCP alone; 2, on all memory */
	uint8_t known;         /* enum cgroup_memory_known: which of the following are known */
	uint64_t limit_bytes;  /* without CGROUP_MEMORY_LIMIT there is none, or it is not known */
	uint64_t usage_bytes;  /* of what is limited */
	uint64_t socket_bytes; /* of it */
	uint64_t limit_hits;   /* since the cgroup was made */
	uint64_t throttled;    /* since the cgroup was made */
	uint64_t changed_ns;   /* time of the model when the row was reported last */
	/* The report before that, for rates: hits and throttles then, and its time; 0: none. */
	uint64_t previous_limit_hits, previous_throttled, previous_ns;
};

size_t model_cgroup_memory_count(const struct model *model);
/* index: below the count. The order changes when one goes. */
const struct cgroup_memory_usage *model_cgroup_memory_at(const struct model *model, size_t index);

/*
 * Of the cgroup (intern) and those above it the one whose usage is nearest to its limit, or NULL
 * when none has a limit and a usage that are known.
 */
const struct cgroup_memory_usage *model_cgroup_memory_nearest(
	const struct model *model, uint32_t cgroup);

/* Cgroups of which nothing is known because there are too many. */
uint32_t model_cgroup_memory_left_out(const struct model *model);

#endif
