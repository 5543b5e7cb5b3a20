/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks again, in rotation, at what is remembered of processes. */
#include <config.h>

#include "owner_verify.h"

#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>

#include "owner_read.h"
#include "owner_threads.h"

enum {
	LINK_SIZE = 64,
	/* Between two looks at the clock. */
	CHECKS_AT_ONCE = 16,
	ROWS_AT_ONCE = 64,
};

/* The CPU clock when a part of what was earned since the last refresh is used up. */
static uint64_t
end_of_part(const struct owner_walk *walk, int64_t part)
{
	return owner_read_clock() + (uint64_t)(walk->earned_ns / part);
}

/* Index of the first row with a pid above this one; 0 after the last. */
static size_t
row_after(const struct owner_walk *walk, uint32_t pid)
{
	size_t low = 0, high = walk->holders.count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (walk->holders.rows[middle]->pid <= pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < walk->holders.count ? low : 0;
}

/* Whether that descriptor of the holder still is that socket. */
static bool
is_still_held(int proc, const struct holder *holder, uint64_t hold)
{
	char path[OWNER_THREADS_PATH_SIZE];
	char link[LINK_SIZE];
	size_t len = owner_threads_path(holder, 0, path);
	ssize_t got;

	path[len++] = '/';
	len += number_write_unsigned(hold_fd(hold), path + len);
	path[len] = '\0';
	got = readlinkat(proc, path, link, sizeof link);
	return got > 0 && fd_scan_parse_link(link, (size_t)got) == hold_inode(hold);
}

/* Where it holds no longer what it held, all of it is read in this refresh. */
static void
check_holds(struct owner_walk *walk, struct holder *holder)
{
	while (walk->check_hold < holder->held_count) {
		if (!is_still_held(walk->proc, holder, holder->held[walk->check_hold++])) {
			holder->changed = true;
			walk->check_hold = holder->held_count;
		}
		if (++walk->checked % CHECKS_AT_ONCE == 0)
			return;
	}
}

/* Its holds are known, and nothing says yet that they changed. */
static bool
is_checkable(const struct owner_walk *walk, const struct holder *holder)
{
	return holder->present && holder->held_count != 0 && holder->tids == NULL &&
	       !holder->changed && !holder->stale && walk->again.holder != holder;
}

bool
owner_verify_holds(struct owner_walk *walk)
{
	if (!walk->queued) {
		walk->queued = true;
		walk->checked = 0;
		walk->phase_end = end_of_part(walk, OWNER_VERIFY_HOLDS_PART);
	}
	while (walk->at < walk->holders.count && !walk->exhaustive && walk->credit_ns > 0) {
		struct holder *const holder = walk->holders.rows[row_after(walk, walk->check_pid)];
		const bool has_checks = is_checkable(walk, holder);

		if (has_checks)
			check_holds(walk, holder);
		/* However little time there is, each refresh comes on. */
		if (!has_checks || walk->check_hold >= holder->held_count) {
			walk->check_pid = holder->pid;
			walk->check_hold = 0;
			if (++walk->at % ROWS_AT_ONCE == 0 && owner_read_slice_over(walk))
				return false;
		}
		if (has_checks && owner_read_clock() >= walk->phase_end)
			return true;
	}
	return true;
}

/* Time between the beginnings of this refresh and the one before; 0: there was none. */
static uint64_t
interval_ns(const struct owner_walk *walk)
{
	const uint32_t now = walk->refresh % OWNER_WALK_BEGINNINGS;
	const uint32_t before = (walk->refresh - 1) % OWNER_WALK_BEGINNINGS;

	return walk->refresh > 1 ? walk->begun_ns[now] - walk->begun_ns[before] : 0;
}

/* How many processes are due, so that the turn is completed in time. */
static size_t
count_due(struct owner_walk *walk)
{
	const uint64_t turn_ns = OWNER_VERIFY_TURN_S * CLOCK_NS_PER_S;
	uint64_t passed_ns = interval_ns(walk);
	size_t due;

	if (passed_ns > turn_ns)
		passed_ns = turn_ns;
	walk->due_ns += walk->holders.count * passed_ns;
	due = (size_t)(walk->due_ns / turn_ns);
	walk->due_ns %= turn_ns;
	return due;
}

/* Its descriptors may be read, or it is worth another try: its rights may have changed. */
static bool
is_verifiable(const struct owner_walk *walk, const struct holder *holder)
{
	return holder->present && !holder->kernel_thread && !holder->stale &&
	       holder->read_in != 0 && walk->first.holder != holder &&
	       (holder->descriptors != 0 || holder->held_count != 0 || !walk->counts_known);
}

/* False: paused. */
static bool
verify(struct owner_walk *walk, struct holder *holder)
{
	if (!is_verifiable(walk, holder))
		return true;
	holder->facts_due = holder->reported;
	return holder->read_in == walk->refresh || owner_read(walk, &walk->again, holder);
}

static void
begin_verify(struct owner_walk *walk)
{
	walk->queued = true;
	walk->due = count_due(walk);
	walk->verify_end = end_of_part(walk, OWNER_VERIFY_PROCESSES_PART);
}

bool
owner_verify_processes(struct owner_walk *walk)
{
	if (!walk->queued)
		begin_verify(walk);
	if (walk->credit_ns <= 0)
		return true;
	walk->phase_end = owner_read_clock() + (uint64_t)walk->credit_ns;
	/* One that was begun is finished first. */
	if (walk->again.holder != NULL && !owner_read(walk, &walk->again, walk->again.holder))
		return !owner_read_slice_over(walk);
	while (walk->at < walk->holders.count &&
		(walk->at < walk->due || owner_read_clock() < walk->verify_end)) {
		struct holder *const holder = walk->holders.rows[row_after(walk, walk->verify_pid)];

		walk->at++;
		walk->verify_pid = holder->pid;
		if (!verify(walk, holder))
			return !owner_read_slice_over(walk);
		if (owner_read_clock() >= walk->phase_end)
			return true;
		if (owner_read_slice_over(walk))
			return false;
	}
	return true;
}
