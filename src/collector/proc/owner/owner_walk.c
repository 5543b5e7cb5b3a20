/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the owners of sockets: runs the phases of a refresh (enum owner_phase), a table of
 * functions. Each works until it has finished or the slice is over; then it is called again in the
 * next slice. A refresh that ends before its last phase loses nothing: the processes that are still
 * to be read are marked, and the next refresh begins again with the list.
 *
 *	owner_phase.c   the phases
 *	owner_verify.c  the phases that verify what is remembered
 *	owner_repeat.c  the phase that tells a key frame all that was told before
 *	owner_read.c    reads one process and reports what changed
 *	fd_scan.c       the descriptors of one process, in portions
 *	owner_threads.c threads with descriptor tables of their own
 *	owner_holds.c   whether a process holds a socket now, before an action
 *	holders.c       all processes and the sockets that each holds
 *	owner_search.c  sockets without a known owner, and where to look for it
 *	owner_descriptors.c  how many descriptors a process has and may have
 *	owner_deltas.c  collects changes into messages
 */
#include <config.h>

#include "owner_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/needs.h>

#include "collector/proc/pid_file.h"
#include "owner_descriptors.h"
#include "owner_phase.h"
#include "owner_read.h"
#include "owner_repeat.h"
#include "owner_verify.h"

enum {
	CREDIT_MAX_MS = 250,
	STATE_LISTEN = 10, /* TCP_LISTEN */
	/* Inodes that lost their last hold are looked for in the dumps of so many refreshes. */
	ADRIFT_REFRESHES = 64,
	/* Directories that are kept open: in number, and as a part of the descriptors we may have.
	 */
	KEPT_MAX = 4096,
	KEPT_PART = 4,
};

static bool
counts_known(int proc)
{
	struct stat status;

	/* Before Linux 6.2 the size of a descriptor directory is 0; we have some open. */
	return fstatat(proc, "self/fd", &status, 0) == 0 && status.st_size > 0;
}

int
owner_walk_init(struct owner_walk *walk, int proc, struct stream_writer *writer,
	struct user_names *users, struct cgroup_names *cgroups, struct cgroup_memory *memory)
{
	*walk = (struct owner_walk){
		.proc = proc,
		.directory = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		.writer = writer,
		.facts = {.proc = proc,
			.writer = writer,
			.users = users,
			.cgroups = cgroups,
			.memory = memory},
		.counts_known = counts_known(proc),
		.phase = OWNER_PHASE_DONE,
		.credit_ns = PROC_SHARE_MS * (int64_t)CLOCK_NS_PER_MS,
		.credited_ns = clock_monotonic_ns(),
		.phase_end = UINT64_MAX,
		.first = {.directory = -1},
		.again = {.directory = -1},
	};
	holders_init(&walk->holders);
	last_pid_open(&walk->last_pid, proc);
	walk->facts.containers.directory = -1;
	if (walk->directory < 0)
		return -errno;
	if (owner_search_init(&walk->search) != 0 || process_facts_init(&walk->facts) != 0 ||
		fd_scan_init(&walk->first) != 0 || fd_scan_init(&walk->again) != 0)
		return -ENOMEM;
	return 0;
}

void
owner_walk_fini(struct owner_walk *walk)
{
	if (walk->directory >= 0)
		close(walk->directory);
	last_pid_close(&walk->last_pid);
	holders_fini(&walk->holders);
	owner_search_fini(&walk->search);
	process_facts_fini(&walk->facts);
	fd_scan_fini(&walk->first);
	fd_scan_fini(&walk->again);
	free(walk->pids);
	free(walk->queue);
}

/* Before Linux 6.2 an open directory does not tell that its process is gone. */
static uint32_t
kept_max(const struct owner_walk *walk)
{
	struct rlimit limit;

	if (!walk->counts_known || walk->exhaustive || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	return limit.rlim_cur / KEPT_PART < KEPT_MAX ? (uint32_t)(limit.rlim_cur / KEPT_PART)
						     : KEPT_MAX;
}

static void
give_credit(struct owner_walk *walk)
{
	const uint64_t now_ns = clock_monotonic_ns();
	const int64_t most = CREDIT_MAX_MS * (int64_t)CLOCK_NS_PER_MS;
	const uint64_t earned = (now_ns - walk->credited_ns) / 1000 * PROC_SHARE_MS;

	walk->credited_ns = now_ns;
	walk->earned_ns = earned < (uint64_t)most ? (int64_t)earned : most;
	walk->credit_ns += walk->earned_ns;
	if (walk->credit_ns > most)
		walk->credit_ns = most;
	walk->granted_ns = walk->credit_ns;
}

void
owner_walk_begin(struct owner_walk *walk, uint32_t needs, bool exhaustive)
{
	const uint32_t added =
		needs & (NEED_CMDLINE | NEED_CGROUPS | NEED_CGROUP_MEMORY) & ~walk->facts.needs;
	const bool asleep = (needs & (NEED_OWNERS | NEED_CMDLINE)) == 0;

	walk->refresh++;
	walk->begun_ns[walk->refresh % OWNER_WALK_BEGINNINGS] = clock_monotonic_ns();
	if (walk->refresh % ADRIFT_REFRESHES == 0)
		holders_clear_adrift(&walk->holders);
	if (walk->asleep && !asleep)
		owner_search_missed(&walk->search, walk->refresh);
	walk->asleep = asleep;
	walk->phase = asleep ? OWNER_PHASE_DONE : OWNER_PHASE_LIST;
	walk->at = 0;
	walk->exhaustive = exhaustive;
	walk->listed_twice = walk->repeats = false;
	if (asleep)
		return;
	/* What was needed once is still read, or it would be reported as empty. */
	walk->facts.needs |= needs;
	for (size_t i = 0; added != 0 && i < walk->holders.count; i++)
		walk->holders.rows[i]->facts_due = walk->holders.rows[i]->reported;
	walk->kept_max = kept_max(walk);
	give_credit(walk);
}

void
owner_walk_forget_sent(struct owner_walk *walk)
{
	walk->repeats = !walk->asleep;
}

bool
owner_walk_is_adrift(struct owner_walk *walk, uint32_t inode)
{
	return holders_take_adrift(&walk->holders, inode);
}

void
owner_walk_saw_socket(struct owner_walk *walk, const struct proc_socket *socket)
{
	const struct pending pending = {
		.cookie = socket->cookie,
		.inode = socket->inode,
		.uid = socket->uid,
		.since = walk->refresh,
		.port = socket->local_port,
	};

	if (walk->asleep || walk->exhaustive)
		return;
	if (socket->inode == 0) {
		/* Its process closed it while its owner was searched for. */
		owner_search_lost(&walk->search, socket->cookie);
		return;
	}
	if (socket->state == STATE_LISTEN)
		owner_search_add_listener(&walk->search, socket->inode, socket->local_port);
	/* Until all processes were read once there is nothing to search for. */
	if (!walk->walked)
		owner_search_add(&walk->search, &pending, false);
	else if (!holders_owned(&walk->holders, socket->inode))
		owner_search_add(&walk->search, &pending, true);
}

/* Gives up sockets that came before the last reading of every process. */
static void
settle(struct owner_walk *walk)
{
	uint32_t oldest = walk->refresh;

	if (walk->first.holder != NULL || walk->again.holder != NULL)
		return;
	for (size_t i = 0; i < walk->holders.count; i++) {
		const struct holder *const holder = walk->holders.rows[i];

		if (owner_phase_is_readable(walk, holder) && holder->read_in < oldest)
			oldest = holder->read_in;
	}
	owner_search_settle(&walk->search, oldest);
	if (owner_search_pending(&walk->search) == 0)
		oldest = walk->refresh;
	if (walk->settled < oldest)
		walk->settled = oldest;
}

uint64_t
owner_walk_settled_ns(const struct owner_walk *walk)
{
	/* Those of a refresh came before the next one began. */
	const uint32_t after = walk->settled + 1;

	if (walk->settled == 0 || walk->asleep)
		return 0;
	if (after > walk->refresh)
		return clock_monotonic_ns();
	return walk->refresh - after < OWNER_WALK_BEGINNINGS
		       ? walk->begun_ns[after % OWNER_WALK_BEGINNINGS]
		       : 0;
}

static bool (*const phases[])(struct owner_walk *) = {
	[OWNER_PHASE_LIST] = owner_phase_list,
	[OWNER_PHASE_COUNT] = owner_phase_count,
	[OWNER_PHASE_REPEAT] = owner_repeat,
	[OWNER_PHASE_CHECK] = owner_verify_holds,
	[OWNER_PHASE_NEW] = owner_phase_new,
	[OWNER_PHASE_CHANGED] = owner_phase_queue,
	[OWNER_PHASE_LIKELY] = owner_phase_queue,
	[OWNER_PHASE_SWEEP] = owner_phase_queue,
	[OWNER_PHASE_VERIFY] = owner_verify_processes,
	[OWNER_PHASE_FACTS] = owner_phase_facts,
	[OWNER_PHASE_DESCRIPTORS] = owner_descriptors_report,
};

/* The phase is finished. */
static void
go_on(struct owner_walk *walk)
{
	walk->at = 0;
	walk->queued = false;
	if (walk->phase == OWNER_PHASE_NEW && walk->exhaustive) {
		/* A second list finds the processes that were forked while we read. */
		walk->phase = walk->listed_twice ? OWNER_PHASE_DESCRIPTORS : OWNER_PHASE_LIST;
		walk->listed_twice = true;
		return;
	}
	if (walk->phase == OWNER_PHASE_NEW)
		walk->walked = true;
	walk->phase++;
	if (walk->phase == OWNER_PHASE_DONE && !walk->exhaustive)
		settle(walk);
}

bool
owner_walk_step(struct owner_walk *walk, uint64_t budget_ns)
{
	walk->slice_end = budget_ns == UINT64_MAX ? UINT64_MAX : owner_read_clock() + budget_ns;
	while (walk->phase != OWNER_PHASE_DONE) {
		/* The first walk is the cost of the start; looking and reporting cost little. */
		const bool free_of_charge = !walk->walked || walk->phase < OWNER_PHASE_CHECK ||
					    walk->phase >= OWNER_PHASE_FACTS;
		const uint64_t begin_ns = owner_read_clock();
		const bool finished = phases[walk->phase](walk);

		if (!free_of_charge)
			walk->credit_ns -= (int64_t)(owner_read_clock() - begin_ns);
		if (!finished)
			return true;
		go_on(walk);
	}
	/* The debt from reading many new processes is bounded. */
	if (walk->credit_ns < -PROC_SHARE_MS * (int64_t)CLOCK_NS_PER_MS)
		walk->credit_ns = -PROC_SHARE_MS * (int64_t)CLOCK_NS_PER_MS;
	return false;
}

uint32_t
owner_walk_hidden(const struct owner_walk *walk)
{
	const uint32_t keeper = (uint32_t)getppid();
	uint32_t hidden = 0;

	/* The keeper may not be looked into by anybody, and holds nothing that is to be seen. */
	for (size_t i = 0; i < walk->holders.count; i++)
		hidden += walk->holders.rows[i]->error != 0 && walk->holders.rows[i]->pid != keeper;
	return hidden;
}
