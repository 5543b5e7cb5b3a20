/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads one process: its descriptors and facts, and reports what changed. */
#include <config.h>

#include "owner_read.h"

#include <errno.h>
#include <time.h>

#include <sockwatch/base/clock.h>

#include "owner_threads.h"

/* Bytes in the writer that make a slice end early. */
enum { WRITER_FULL = 1 << 20 };

uint64_t
owner_read_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

bool
owner_read_slice_over(const struct owner_walk *walk)
{
	return stream_pending(walk->writer) > WRITER_FULL ||
	       (walk->slice_end != UINT64_MAX && owner_read_clock() >= walk->slice_end);
}

static bool
on_pause(void *context)
{
	const struct owner_walk *const walk = context;

	return owner_read_slice_over(walk) ||
	       (walk->phase_end != UINT64_MAX && owner_read_clock() >= walk->phase_end);
}

void
owner_read_facts(struct owner_walk *walk, struct holder *holder)
{
	/* Read before the facts, so that the next refresh sees an exec in between. */
	if (holder->image == 0 && holder->error == 0 && !walk->exhaustive)
		holder->image = process_facts_image(&walk->facts, holder);
	/* It is gone, its pid is another's, or the writer refused: the next refresh begins again.
	 */
	if (process_facts_report(&walk->facts, holder) != 0)
		holder->stale = true;
}

static void
write_deltas(struct owner_walk *walk, struct holder *holder)
{
	/* The writer refused, so the viewer misses something: this process is reported again. */
	if (owner_deltas_write(&walk->deltas, walk->writer, holder->pid) != 0)
		holder->stale = true;
}

static void
on_change(void *context, struct holder *holder, uint64_t hold, bool held)
{
	struct owner_walk *const walk = context;

	/* The process is reported before what it holds. */
	if (!holder->reported && !holder->stale)
		owner_read_facts(walk, holder);
	if (!walk->exhaustive) {
		if (held) {
			holders_count_hold(&walk->holders, hold);
			owner_search_found(&walk->search, hold_inode(hold));
		} else {
			holders_count_release(&walk->holders, hold);
		}
	}
	if (holder->stale)
		return;
	owner_deltas_add(&walk->deltas, hold, held);
	if (owner_deltas_full(&walk->deltas))
		write_deltas(walk, holder);
}

/* The process cannot be read, or not completely. */
static void
refuse(struct owner_walk *walk, const struct fd_scan *scan, struct holder *holder, int error)
{
	const bool no_right = error == EACCES || error == EPERM;

	/* What was reported of it may be wrong: the next refresh begins again. */
	if (holder->held_count != 0 || scan->fresh_count != 0) {
		holder->stale = true;
		return;
	}
	/* It is gone, which the next list will show; or we have no descriptor left: try again. */
	if (!no_right) {
		holder->changed = true;
		return;
	}
	holder->read_count = holder->descriptors;
	if (holder->error == error)
		return;
	if (process_facts_is_kernel(&walk->facts, holder)) {
		holder->kernel_thread = true;
		return;
	}
	holder->error = error;
	owner_read_facts(walk, holder);
}

static void
finish(struct owner_walk *walk, struct holder *holder)
{
	if (holder->error != 0) {
		holder->error = 0;
		holder->facts_due = holder->reported;
	}
	/* Before Linux 6.2 they are counted by reading them. */
	if (!walk->counts_known) {
		holder->now.open = holder->listed;
		holder->now.has_open = true;
	}
	if (!walk->exhaustive)
		holder->ports = owner_search_ports(&walk->search, holder);
}

bool
owner_read(struct owner_walk *walk, struct fd_scan *scan, struct holder *holder)
{
	const struct fd_scan_events events = {
		.change = on_change, .pause = on_pause, .context = walk};
	int status = 0;

	if (scan->holder != holder) {
		holder->changed = false;
		holder->read_in = walk->refresh;
		scan->fresh_count = 0;
		owner_threads_look(walk->proc, holder);
		status = fd_scan_start(scan, walk->proc, holder, !walk->exhaustive);
	}
	if (status == 0)
		status = fd_scan_continue(scan, &events);
	write_deltas(walk, holder);
	if (status == 1)
		return false;
	if (status != 0)
		refuse(walk, scan, holder, -status);
	else
		finish(walk, holder);
	return true;
}
