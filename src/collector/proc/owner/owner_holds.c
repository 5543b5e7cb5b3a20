/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks now, not in turns, whether a process holds a socket. */
#include <config.h>

#include "owner_holds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fd_scan.h"
#include "owner_threads.h"

/* Of the kernel's struct proto: the sockets that the dumps list. */
static const char *const protocols_listed[] = {"TCP", "TCPv6", "UDP", "UDPv6", "MPTCP", "MPTCPv6"};

struct look {
	uint32_t inode;
	const struct fd_scan *scan;
	bool found;
	uint32_t fd;
	char table[OWNER_THREADS_PATH_SIZE]; /* below /proc: where that descriptor is */
};

static void
on_change(void *context, struct holder *holder, uint64_t hold, bool held)
{
	struct look *const look = context;

	if (look->found || !held || hold_inode(hold) != look->inode)
		return;
	look->found = true;
	look->fd = hold_fd(hold);
	(void)owner_threads_path(holder, look->scan->table, look->table);
}

static bool
is_found(void *context)
{
	const struct look *const look = context;

	return look->found;
}

static int
look_for(int proc, uint32_t pid, struct look *look)
{
	const struct fd_scan_events events = {
		.change = on_change, .pause = is_found, .context = look};
	struct holder holder = {.pid = pid};
	struct fd_scan scan;
	int status = fd_scan_init(&scan);

	if (status != 0)
		return status;
	look->scan = &scan;
	owner_threads_look(proc, &holder);
	status = fd_scan_start(&scan, proc, &holder, false);
	if (status == 0)
		status = fd_scan_continue(&scan, &events);
	fd_scan_fini(&scan);
	free(holder.tids);
	if (look->found)
		return 1;
	return status < 0 ? status : 0;
}

int
owner_holds(int proc, uint32_t pid, uint32_t inode)
{
	struct look look = {.inode = inode};

	return look_for(proc, pid, &look);
}

static bool
is_listed(const char *protocol)
{
	for (size_t i = 0; i < sizeof protocols_listed / sizeof *protocols_listed; i++) {
		if (strcmp(protocols_listed[i], protocol) == 0)
			return true;
	}
	return false;
}

/* The kernel names the protocol of a socket in an attribute of its file. */
static int
check_protocol(const struct look *look)
{
	char path[OWNER_THREADS_PATH_SIZE + 32], protocol[32];
	ssize_t len;

	snprintf(path, sizeof path, "/proc/%s/%u", look->table, look->fd);
	len = getxattr(path, "system.sockprotoname", protocol, sizeof protocol - 1);
	if (len < 0)
		return -errno;
	protocol[len] = '\0';
	return is_listed(protocol) ? 1 : -EPROTOTYPE;
}

int
owner_holds_listed(int proc, uint32_t pid, uint32_t inode)
{
	struct look look = {.inode = inode};
	const int status = look_for(proc, pid, &look);

	return status == 1 ? check_protocol(&look) : status;
}

bool
owner_holds_at(int proc, uint32_t pid, uint32_t inode, uint32_t fd)
{
	char path[48], wanted[32], target[64];
	ssize_t len;

	snprintf(path, sizeof path, "%u/fd/%u", pid, fd);
	snprintf(wanted, sizeof wanted, "socket:[%u]", inode);
	len = readlinkat(proc, path, target, sizeof target - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	return strcmp(target, wanted) == 0;
}

/* The first hold of the socket from this index on; held_count: none. */
static uint32_t
next_hold(const struct holder *holder, uint32_t inode, uint32_t from)
{
	while (from < holder->held_count && hold_inode(holder->held[from]) != inode)
		from++;
	return from;
}

bool
owner_holds_reported(const struct owner_walk *walk, uint32_t pid, uint32_t inode)
{
	for (size_t i = 0; i < walk->holders.count; i++) {
		const struct holder *const holder = walk->holders.rows[i];

		if (holder->pid == pid)
			return holder->reported &&
			       next_hold(holder, inode, 0) != holder->held_count;
	}
	return false;
}

/* Reports the socket as released, and forgets that the holder held it. */
static void
release(struct owner_walk *walk, struct holder *holder, uint32_t inode)
{
	uint32_t kept = 0;

	/* The reading that is under way reports it. */
	if (walk->again.holder == holder || walk->first.holder == holder)
		return;
	for (uint32_t i = 0; i < holder->held_count; i++) {
		const uint64_t hold = holder->held[i];

		if (hold_inode(hold) != inode || owner_deltas_full(&walk->deltas)) {
			holder->held[kept++] = hold;
			continue;
		}
		owner_deltas_add(&walk->deltas, hold, false);
		holders_count_release(&walk->holders, hold);
	}
	holder->held_count = kept;
	/* What the writer refuses is reported with all the rest of the process. */
	if (owner_deltas_write(&walk->deltas, walk->writer, holder->pid) != 0)
		holder->stale = true;
}

struct owner_holds_counts
owner_holds_verify(struct owner_walk *walk, uint32_t inode)
{
	struct owner_holds_counts counts = {0};

	for (size_t i = 0; i < walk->holders.count; i++) {
		struct holder *const holder = walk->holders.rows[i];

		if (next_hold(holder, inode, 0) == holder->held_count)
			continue;
		if (owner_holds(walk->proc, holder->pid, inode) == 1) {
			counts.held++;
			continue;
		}
		counts.lost++;
		holder->changed = true;
		release(walk, holder, inode);
	}
	return counts;
}
