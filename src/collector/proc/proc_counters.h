/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counter files of namespaces. proc.h has the functions for other rooms. */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROC_COUNTERS_H
#define SOCKWATCH_COLLECTOR_PROC_PROC_COUNTERS_H

#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/stream/stream.h>

#include "proc.h"

struct proc_counters {
	struct map reported; /* netns << 2 | source to a hash of the text reported last */
};

void proc_counters_init(struct proc_counters *counters);
void proc_counters_fini(struct proc_counters *counters);
void proc_counters_lost_netns(struct proc_counters *counters, uint32_t netns);
void proc_counters_report(struct proc_counters *counters, struct stream_writer *writer,
	uint32_t netns, const int fds[PROC_COUNTER_FILES]);

#endif
