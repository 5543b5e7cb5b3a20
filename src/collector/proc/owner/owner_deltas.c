/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the holds that a process gained and lost, and writes them as one message. */
#include <config.h>

#include "owner_deltas.h"

void
owner_deltas_add(struct owner_deltas *deltas, uint64_t hold, bool held)
{
	if (held)
		deltas->held[deltas->held_count++] = hold;
	else
		deltas->released[deltas->released_count++] = hold;
}

bool
owner_deltas_full(const struct owner_deltas *deltas)
{
	return deltas->held_count == MESSAGE_ARRAY_MAX ||
	       deltas->released_count == MESSAGE_ARRAY_MAX;
}

int
owner_deltas_write(struct owner_deltas *deltas, struct stream_writer *writer, uint32_t pid)
{
	const struct message_owners owners = {
		.pid = pid,
		.held = {deltas->held, deltas->held_count},
		.released = {deltas->released, deltas->released_count},
	};

	if (deltas->held_count == 0 && deltas->released_count == 0)
		return 0;
	deltas->held_count = deltas->released_count = 0;
	return stream_write_message(writer, MESSAGE_OWNERS, &owners);
}
