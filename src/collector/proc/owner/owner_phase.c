/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The phases of owner_walk: list, count, read what is new, changed or likely, refresh the facts. */
#include <config.h>

#include "owner_phase.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "collector/proc/pid_file.h"
#include "owner_read.h"
#include "owner_threads.h"
#include "owner_verify.h"

enum {
	ZOMBIE_TURN = 8,  /* refreshes */
	SLICE_CHECK = 64, /* rows between two looks at the clock */
	IMAGES_MAX = 128, /* processes that are checked for an exec in a refresh */
	YOUNG_S = 5,      /* a process of this age is likely to exec, or to change its name */
	YOUNG_MAX = 128,  /* young processes that are read again in a refresh */
	LIST_S = 5,       /* so long a list holds while no process is made */
};

bool
owner_phase_is_readable(const struct owner_walk *walk, const struct holder *holder)
{
	return holder->present && !holder->kernel_thread && holder->error == 0 &&
	       (!walk->counts_known || holder->descriptors != 0 || holder->held_count != 0);
}

static void
write_gone(struct owner_walk *walk)
{
	const struct message_process_gone gone = {.pids = {walk->gone, walk->gone_count}};

	/* Those that the writer refuses for lack of room wait in the list. */
	if (walk->gone_count != 0 &&
		stream_write_message(walk->writer, MESSAGE_PROCESS_GONE, &gone) == 0)
		walk->gone_count = 0;
}

/* The process is gone, or its pid is another's now. */
static void
on_gone(void *context, struct holder *holder)
{
	struct owner_walk *const walk = context;

	if (walk->first.holder == holder)
		fd_scan_abort(&walk->first);
	if (walk->again.holder == holder)
		fd_scan_abort(&walk->again);
	if (!holder->reported)
		return;
	if (walk->gone_count == MESSAGE_ARRAY_MAX)
		write_gone(walk);
	if (walk->gone_count < MESSAGE_ARRAY_MAX)
		walk->gone[walk->gone_count++] = holder->pid;
}

static void
begin_again(struct owner_walk *walk, struct holder *holder)
{
	on_gone(walk, holder);
	holders_reset(&walk->holders, holder);
}

static void
list(struct owner_walk *walk)
{
	const ssize_t count = pid_list(walk->directory, &walk->pids, &walk->pids_capacity);

	walk->listed_ns = count >= 0 ? clock_monotonic_ns() : 0;
	walk->is_list_skipped = false;
	/* Without a list or without memory the known ones stay. */
	if (count >= 0)
		(void)holders_update(&walk->holders, walk->pids, (size_t)count, on_gone, walk);
	write_gone(walk);
}

bool
owner_phase_list(struct owner_walk *walk)
{
	/* Looked at first: a process that is made meanwhile shows in the next refresh. */
	const bool moved = last_pid_moved(&walk->last_pid);
	const bool is_due = walk->listed_ns == 0 ||
			    clock_monotonic_ns() - walk->listed_ns >= LIST_S * CLOCK_NS_PER_S;

	for (size_t i = 0; i < walk->holders.count; i++)
		if (walk->holders.rows[i]->stale)
			begin_again(walk, walk->holders.rows[i]);
	walk->is_list_skipped = true;
	if (moved || is_due || walk->exhaustive)
		list(walk);
	else
		write_gone(walk);
	return true;
}

/* Another directory inode: another process has the pid, or the kernel forgot the inode. */
static void
check_identity(struct owner_walk *walk, struct holder *holder, uint64_t directory)
{
	const uint64_t start_ticks = holder->start_ticks;

	if (holder->directory != 0 && holder->directory != directory) {
		(void)process_facts_is_kernel(&walk->facts, holder);
		if (start_ticks == 0 || start_ticks != holder->start_ticks) {
			begin_again(walk, holder);
			/* The end of the old process is reported before the new one. */
			write_gone(walk);
		}
	}
	holder->directory = directory;
}

static void
check_image(struct owner_walk *walk, struct holder *holder)
{
	const uint64_t image = process_facts_image(&walk->facts, holder);

	if (image == holder->image)
		return;
	if (holder->image != 0)
		holder->facts_due = holder->changed = true;
	holder->image = image;
}

/*
 * A process without descriptors may be one whose leader has exited while its threads hold some. It
 * is asked when that begins, and in turns, because kernel threads have none either.
 */
static bool
lost_table(const struct owner_walk *walk, const struct holder *holder)
{
	return walk->counts_known &&
	       (holder->read_count != 0 || holder->tids != NULL || holder->count_in == 0 ||
		       (walk->at + walk->refresh) % ZOMBIE_TURN == 0);
}

/*
 * The directory of a process that was there in the refresh before is kept open: to find it by its
 * path takes longer than all the rest of the look. It stays the one of that process, whoever gets
 * its number later, and tells when it is gone.
 */
static bool
stat_directory(struct owner_walk *walk, struct holder *holder, struct stat *status)
{
	char path[PID_FILE_PATH_SIZE];
	int fd = -1;

	if (holder->kept != 0 && fstat((int)holder->kept - 1, status) == 0)
		return true;
	holders_release_kept(&walk->holders, holder);
	pid_file_path(holder->pid, "fd", path);
	if (holder->count_in != 0 && walk->holders.kept_count < walk->kept_max)
		fd = openat(walk->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fstatat(walk->proc, path, status, 0) == 0;
	holders_keep(&walk->holders, holder, fd);
	return fstat(fd, status) == 0;
}

static void
count_descriptors(struct owner_walk *walk, struct holder *holder)
{
	struct stat status;
	bool is_being_read;

	holder->present = stat_directory(walk, holder, &status);
	if (!holder->present)
		return;
	check_identity(walk, holder, status.st_ino);
	holder->present = true;
	holder->uid = status.st_uid;
	is_being_read = walk->again.holder == holder || walk->first.holder == holder;
	if (!is_being_read && status.st_size == 0 && lost_table(walk, holder))
		owner_threads_look(walk->proc, holder);
	holder->descriptors = (uint32_t)status.st_size + owner_threads_count(walk->proc, holder);
	if (walk->counts_known) {
		holder->now.open =
			status.st_size != 0 ? (uint32_t)status.st_size : holder->descriptors;
		holder->now.has_open = true;
	}
	/* While it is being read there is no new number to compare with. */
	if (holder->read_in != 0 && !is_being_read &&
		(holder->descriptors != holder->read_count || !walk->counts_known))
		holder->changed = true;
}

bool
owner_phase_count(struct owner_walk *walk)
{
	if (walk->at == 0) {
		walk->every = walk->reported / IMAGES_MAX + 1;
		walk->reported = 0;
		walk->has_gone = false;
	}
	while (walk->at < walk->holders.count) {
		struct holder *const holder = walk->holders.rows[walk->at];
		const bool was_present = holder->present;

		count_descriptors(walk, holder);
		walk->has_gone = walk->has_gone || (was_present && !holder->present);
		holder->count_in = walk->refresh;
		if (!walk->exhaustive && holder->reported && holder->error == 0) {
			walk->reported++;
			if ((walk->at + walk->refresh) % walk->every == 0)
				check_image(walk, holder);
		}
		if (++walk->at % SLICE_CHECK == 0 && owner_read_slice_over(walk))
			return false;
	}
	if (walk->has_gone && walk->is_list_skipped)
		list(walk);
	return true;
}

bool
owner_phase_new(struct owner_walk *walk)
{
	walk->phase_end = UINT64_MAX;
	/* One that was begun is finished first: it does not look new any more. */
	if (walk->first.holder != NULL && !owner_read(walk, &walk->first, walk->first.holder))
		return false;
	/* Even the smallest slice reads one, so that the walk ends. */
	while (walk->at < walk->holders.count) {
		struct holder *const holder = walk->holders.rows[walk->at++];

		if (holder->read_in != 0 || !owner_phase_is_readable(walk, holder))
			continue;
		if (!owner_read(walk, &walk->first, holder) || owner_read_slice_over(walk))
			return false;
	}
	return true;
}

/* Whether the phase wants to read the holder. Its order is put in holder->rank. */
static bool
is_wanted(struct owner_walk *walk, struct holder *holder, uint32_t sweep)
{
	holder->rank = 0;
	if (holder == walk->again.holder || holder->read_in == 0)
		return false;
	if (walk->phase == OWNER_PHASE_CHANGED)
		return holder->changed && holder->present && !holder->kernel_thread;
	if (!owner_phase_is_readable(walk, holder))
		return false;
	if (walk->phase == OWNER_PHASE_SWEEP)
		return holder->read_in < sweep;
	holder->rank = owner_search_rank(&walk->search, holder);
	return holder->rank != OWNER_RANK_NONE;
}

static int
compare_holders(const void *a, const void *b)
{
	const struct holder *const left = *(struct holder *const *)a;
	const struct holder *const right = *(struct holder *const *)b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return (left->read_in > right->read_in) - (left->read_in < right->read_in);
}

static void
build_queue(struct owner_walk *walk)
{
	const uint32_t sweep = owner_search_sweep(&walk->search, walk->refresh);
	size_t first = 0;

	walk->at = walk->queue_count = 0;
	walk->queued = true;
	if (walk->queue_capacity < walk->holders.count) {
		struct holder **const grown =
			reallocarray(walk->queue, walk->holders.count, sizeof *grown);

		if (grown == NULL)
			return;
		walk->queue = grown;
		walk->queue_capacity = walk->holders.count;
	}
	/* One that was begun is finished first. */
	if (walk->again.holder != NULL)
		walk->queue[walk->queue_count++] = walk->again.holder;
	first = walk->queue_count;
	if (walk->phase == OWNER_PHASE_LIKELY)
		owner_search_prepare(&walk->search);
	for (size_t i = 0; i < walk->holders.count; i++)
		if (is_wanted(walk, walk->holders.rows[i], sweep))
			walk->queue[walk->queue_count++] = walk->holders.rows[i];
	if (walk->queue_count > first + 1)
		qsort(walk->queue + first, walk->queue_count - first, sizeof walk->queue[0],
			compare_holders);
}

/*
 * The part of the credit that the phase must leave to later phases or to the next refresh. A socket
 * that was in two dumps deserves more than one that may be gone before it is searched for, as most
 * are where connections are short.
 */
static int64_t
reserve_ns(const struct owner_walk *walk)
{
	const bool old = owner_search_sweep(&walk->search, walk->refresh) != 0;
	const bool any = walk->search.count != 0;
	const int64_t verify = walk->granted_ns / OWNER_VERIFY_RESERVED_PART;

	if (walk->granted_ns <= 0)
		return 0;
	if (walk->phase == OWNER_PHASE_SWEEP)
		return verify;
	if (walk->phase == OWNER_PHASE_CHANGED)
		return old ? walk->granted_ns / 2 : any ? walk->granted_ns / 4 : verify;
	return old ? walk->granted_ns / 4 : walk->credit_ns - walk->earned_ns / 2;
}

static bool
is_pointless(const struct owner_walk *walk)
{
	return walk->phase != OWNER_PHASE_CHANGED && walk->search.count == 0 &&
	       walk->search.sweep_since == 0;
}

bool
owner_phase_queue(struct owner_walk *walk)
{
	if (!walk->queued) {
		walk->reserved_ns = reserve_ns(walk);
		build_queue(walk);
	}
	if (walk->at == walk->queue_count || walk->credit_ns <= walk->reserved_ns)
		return true;
	walk->phase_end = owner_read_clock() + (uint64_t)(walk->credit_ns - walk->reserved_ns);
	while (walk->at < walk->queue_count) {
		if (is_pointless(walk))
			return true;
		if (!owner_read(walk, &walk->again, walk->queue[walk->at]))
			return !owner_read_slice_over(walk);
		walk->at++;
		if (owner_read_clock() >= walk->phase_end)
			return true;
		if (owner_read_slice_over(walk))
			return false;
	}
	return true;
}

/* Age by the kernel's count of ticks since boot. */
static uint64_t
young_since_ticks(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec > YOUNG_S
		       ? (uint64_t)(now.tv_sec - YOUNG_S) * (uint64_t)sysconf(_SC_CLK_TCK)
		       : 0;
}

bool
owner_phase_facts(struct owner_walk *walk)
{
	const uint64_t young = young_since_ticks();
	size_t in_youth = 0;

	while (walk->at < walk->holders.count) {
		struct holder *const holder = walk->holders.rows[walk->at++];

		if (!holder->reported || holder->stale || !holder->present)
			continue;
		if (!holder->facts_due && (holder->start_ticks < young || in_youth++ >= YOUNG_MAX))
			continue;
		owner_read_facts(walk, holder);
		if (owner_read_slice_over(walk))
			return false;
	}
	return true;
}
