/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counter files of namespaces. proc.h has the functions for other rooms. */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROC_COUNTERS_H
#define SOCKWATCH_COLLECTOR_PROC_PROC_COUNTERS_H

#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/stream/stream.h>

#include "proc.h"

struct proc_counters {
	/* By netns << 3 | source: */
	struct map reported; /* a hash of the text reported last */
	struct map read_at;  /* when it was read last, in tenths of a millisecond */
};

void proc_counters_init(struct proc_counters *counters);
void proc_counters_fini(struct proc_counters *counters);
void proc_counters_lost_netns(struct proc_counters *counters, uint32_t netns);
/* The next report has all files, changed or not. */
void proc_counters_forget_sent(struct proc_counters *counters);
void proc_counters_report(struct proc_counters *counters, struct stream_writer *writer,
	uint32_t netns, const int fds[PROC_COUNTER_FILES], bool all_of_snmp6);

#endif
