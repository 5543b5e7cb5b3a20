/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MESSAGE_OWNERS of one process, collected until a message is full or the reading pauses. */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_DELTAS_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_DELTAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

struct owner_deltas {
	size_t held_count, released_count;
	uint64_t held[MESSAGE_ARRAY_MAX];
	uint64_t released[MESSAGE_ARRAY_MAX];
};

void owner_deltas_add(struct owner_deltas *deltas, uint64_t hold, bool held);
/* There is no room for another one: write first. */
bool owner_deltas_full(const struct owner_deltas *deltas);
/* Writes what was collected for pid, and forgets it in any case. 0, or negative errno. */
int owner_deltas_write(struct owner_deltas *deltas, struct stream_writer *writer, uint32_t pid);

#endif
