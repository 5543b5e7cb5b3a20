/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who a process is: MESSAGE_PROCESS, sent when it first matters and again when it changed. */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROCESS_FACTS_H
#define SOCKWATCH_COLLECTOR_PROC_PROCESS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

#include "collector/proc/cgroup/cgroup_memory.h"
#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/cgroup/container_names.h"
#include "collector/proc/owner/holders.h"
#include "user_names.h"

enum { PROCESS_FACTS_CMDLINE_MAX = 4096 };

struct process_facts {
	int proc; /* descriptor of /proc */
	struct stream_writer *writer;
	struct user_names *users;     /* gets each uid */
	struct cgroup_names *cgroups; /* gets each cgroup */
	struct cgroup_memory *memory; /* gets each of the memory controller */
	struct container_names containers;
	uint32_t needs;
	char *scratch;
};

int process_facts_init(struct process_facts *facts);
void process_facts_fini(struct process_facts *facts);

/*
 * Reads the facts and reports them if they differ from the last report. 0; -ESRCH: the process is
 * gone, or its pid is another's now; other negative errno: the writer refused.
 */
int process_facts_report(struct process_facts *facts, struct holder *holder);

/* Whether it is a kernel thread, which holds no sockets. Also reads its start time. */
bool process_facts_is_kernel(const struct process_facts *facts, struct holder *holder);

/* A number that changes when the process executes another program; 0: not known. */
uint64_t process_facts_image(const struct process_facts *facts, const struct holder *holder);

#endif
