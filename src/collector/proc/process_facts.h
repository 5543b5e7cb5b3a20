/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a process is: MESSAGE_PROCESS, told when it first matters and again when it changed.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROCESS_FACTS_H
#define SOCKWATCH_COLLECTOR_PROC_PROCESS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/cgroup/container_names.h"
#include "collector/proc/owner/holders.h"
#include "user_names.h"

enum { PROCESS_FACTS_CMDLINE_MAX = 4096 };

struct process_facts {
	int proc; /* descriptor of /proc */
	struct stream_writer *writer;
	struct user_names *users;     /* told of each uid */
	struct cgroup_names *cgroups; /* told of each cgroup */
	struct container_names containers;
	uint32_t needs;
	char *scratch;
};

int process_facts_init(struct process_facts *facts);
void process_facts_fini(struct process_facts *facts);

/*
 * Reads them and tells them if they differ from what was told last. 0; -ESRCH: the process is no
 * more, or its pid is another's now; other negative errno: could not be told.
 */
int process_facts_tell(struct process_facts *facts, struct holder *holder);

/* Whether it is a thread of the kernel, which holds nothing. Also reads its start time. */
bool process_facts_is_kernel(const struct process_facts *facts, struct holder *holder);

/* A number that changes when the process executes something else; 0: not to be known. */
uint64_t process_facts_image(const struct process_facts *facts, const struct holder *holder);

#endif
