/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports every process and all that it holds once more, for a reader that begins here. */
#include <config.h>

#include "owner_repeat.h"

#include "owner_read.h"

/* Part of a reading that is under way was reported: only at its end is `held` what was told. */
static bool
finish_reading(struct owner_walk *walk, struct fd_scan *scan)
{
	return scan->holder == NULL || owner_read(walk, scan, scan->holder);
}

static int
write_held(struct owner_walk *walk, const struct holder *holder)
{
	int status = 0;

	for (uint32_t i = 0; i < holder->held_count && status == 0; i++) {
		owner_deltas_add(&walk->deltas, holder->held[i], true);
		if (owner_deltas_full(&walk->deltas))
			status = owner_deltas_write(&walk->deltas, walk->writer, holder->pid);
	}
	return status != 0 ? status : owner_deltas_write(&walk->deltas, walk->writer, holder->pid);
}

static void
repeat(struct owner_walk *walk, struct holder *holder)
{
	/* No hash of facts is like this one, so they are reported whatever they are. */
	holder->facts = ~holder->facts;
	holder->sent = (struct holder_descriptors){0};
	owner_read_facts(walk, holder);
	if (!holder->stale && write_held(walk, holder) != 0)
		holder->stale = true;
}

bool
owner_repeat(struct owner_walk *walk)
{
	if (!walk->repeats)
		return true;
	walk->phase_end = UINT64_MAX;
	if (!finish_reading(walk, &walk->first) || !finish_reading(walk, &walk->again))
		return false;
	while (walk->at < walk->holders.count) {
		struct holder *const holder = walk->holders.rows[walk->at++];

		if (!holder->reported || holder->stale)
			continue;
		repeat(walk, holder);
		if (owner_read_slice_over(walk))
			return false;
	}
	walk->repeats = false;
	return true;
}
