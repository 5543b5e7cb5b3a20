/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a namespace has TCP sockets besides its listeners, from its counter files. The kernel
 * keeps one hash of connections for all namespaces, so the dump of an empty one costs a walk over
 * every socket of the machine. To read the counters costs a few microseconds.
 */
#ifndef SOCKWATCH_COLLECTOR_NETNS_IDLE_H
#define SOCKWATCH_COLLECTOR_NETNS_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/proc/proc.h"

struct idle_facts {
	uint64_t in_use;    /* TCP sockets of both families, without requests and TIME-WAIT */
	uint64_t time_wait; /* sockets */
	uint64_t in_segs;   /* segments that ever came in: without one there is no request */
	bool had_requests;  /* handshakes were ever left open */
};

/* False when the counters cannot be read. */
bool idle_read(const int counters[PROC_COUNTER_FILES], struct idle_facts *facts);

/*
 * The number after `name` on a line "prefix name number name number" (sockstat), or below it where
 * a line of names precedes one of numbers (snmp, netstat). False when it is not there.
 */
bool idle_find_pair(const char *text, const char *prefix, const char *name, uint64_t *number);
bool idle_find_column(const char *text, const char *prefix, const char *name, uint64_t *number);

#endif
