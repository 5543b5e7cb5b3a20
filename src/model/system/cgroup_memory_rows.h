/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of cgroup_memory.h, as the model keeps them. All is zero as long as none came. */
#ifndef SOCKWATCH_MODEL_SYSTEM_CGROUP_MEMORY_ROWS_H
#define SOCKWATCH_MODEL_SYSTEM_CGROUP_MEMORY_ROWS_H

#include <sockwatch/model/cgroup_memory.h>

struct cgroup_memory_rows {
	struct cgroup_memory_usage *rows;
	size_t count;
	uint32_t left_out;
};

/* Forgets all. */
void cgroup_memory_rows_clear(struct cgroup_memory_rows *rows);

#endif
