/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the numbers of descriptors that changed. */
#include <config.h>

#include "owner_descriptors.h"

#include "owner_read.h"

enum { AT_ONCE = 256 }; /* processes in a message */

struct batch {
	struct holder *holders[AT_ONCE];
	size_t count;
	uint64_t open[AT_ONCE], limits[AT_ONCE];
	size_t open_count, limit_count;
};

static bool
is_open_news(const struct holder_descriptors *now, const struct holder_descriptors *sent)
{
	return now->has_open && (!sent->has_open || now->open != sent->open);
}

static bool
is_limit_news(const struct holder_descriptors *now, const struct holder_descriptors *sent)
{
	return now->has_limit && (!sent->has_limit || now->limit != sent->limit);
}

/* What the writer refuses for lack of room is reported by the next refresh. */
static void
send_batch(struct owner_walk *walk, struct batch *batch)
{
	const struct message_descriptors message = {
		.open = {batch->open, batch->open_count},
		.limits = {batch->limits, batch->limit_count},
	};

	if (batch->count != 0 &&
		stream_write_message(walk->writer, MESSAGE_DESCRIPTORS, &message) == 0) {
		for (size_t i = 0; i < batch->count; i++)
			batch->holders[i]->sent = batch->holders[i]->now;
	}
	batch->count = batch->open_count = batch->limit_count = 0;
}

static void
add(struct batch *batch, struct holder *holder)
{
	const struct holder_descriptors *const now = &holder->now, *const sent = &holder->sent;
	const uint64_t pid = (uint64_t)holder->pid << 32;

	batch->holders[batch->count++] = holder;
	if (is_open_news(now, sent))
		batch->open[batch->open_count++] = pid | now->open;
	if (is_limit_news(now, sent))
		batch->limits[batch->limit_count++] = pid | now->limit;
}

bool
owner_descriptors_report(struct owner_walk *walk)
{
	struct batch batch = {.count = 0};

	while (walk->at < walk->holders.count) {
		struct holder *const holder = walk->holders.rows[walk->at++];

		if (!holder->reported || holder->stale || !holder->present ||
			(!is_open_news(&holder->now, &holder->sent) &&
				!is_limit_news(&holder->now, &holder->sent)))
			continue;
		add(&batch, holder);
		if (batch.count < AT_ONCE)
			continue;
		send_batch(walk, &batch);
		if (owner_read_slice_over(walk))
			return false;
	}
	send_batch(walk, &batch);
	return true;
}
