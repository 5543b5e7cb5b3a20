/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the collector reads from /proc and from files that give names: which process holds which
 * socket, who that process is, names of users, cgroups and interfaces, counters and settings of a
 * namespace. It is written as PROCESS, PROCESS_GONE, OWNERS, USER, CGROUP, LINK, COUNTERS and
 * SYSCTLS, each thing once, and again only when it changed.
 *
 * One refresh: proc_begin; the dumps, which call proc_saw_*; then proc_step until it returns false
 * or the caller has no more time (the next refresh takes up what is left); proc_end. The dumps come
 * first: then a socket that was dumped is in its process's table when that is read.
 *
 * The caller owns the writer and flushes it: proc_step returns early, with true, when much waits in
 * it. One thread; nothing blocks except the disk (/etc/passwd, names of containers).
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROC_H
#define SOCKWATCH_COLLECTOR_PROC_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>
#include <sockwatch/stream/stream.h>

struct proc;

struct proc_options {
	struct stream_writer *writer;
	/*
	 * Any socket of the namespace (such as the sock_diag one), for names of its interfaces. It
	 * is not closed here. Negative: none. NULL: all links are of our own namespace.
	 */
	int (*netns_socket)(void *context, uint32_t netns);
	void *context;
};

/* NULL when out of memory. It knows nothing of what an earlier one reported. */
struct proc *proc_new(const struct proc_options *options);
void proc_free(struct proc *proc);

/*
 * A refresh starts. needs: enum need; only what is needed is read. exhaustive: every process is
 * read once, at any cost, and nothing is remembered; such a refresh is the last one (list, once).
 */
void proc_begin(struct proc *proc, uint32_t needs, bool exhaustive);

/*
 * After proc_begin, for a refresh with which a reader may begin (a key frame): what was reported
 * once is reported again. The dumps of this refresh must be full ones.
 */
void proc_forget_sent(struct proc *proc);

/* What the search for owners needs of a socket. */
struct proc_socket {
	uint64_t cookie;
	uint32_t inode; /* 0: no process holds it */
	uint32_t uid;
	uint16_t local_port; /* host order */
	uint8_t state;       /* TCP_* */
};

/*
 * Called for each socket of the dump that is new or changed, so it must be fast. To call it too
 * often does no harm.
 */
void proc_saw_socket(struct proc *proc, const struct proc_socket *socket);

/*
 * Called for each socket of the dump that has not changed: whether proc_saw_socket is to be called
 * for it, because the last process that was known to hold it does so no longer.
 */
bool proc_is_adrift(struct proc *proc, uint32_t inode);

/* Sockets that left the dump: their owners are not searched for any more. */
void proc_lost_sockets(struct proc *proc, const uint64_t *cookies, size_t count);

void proc_saw_cgroup(struct proc *proc, uint64_t cgroup_id); /* of INET_DIAG_CGROUP_ID */
void proc_saw_link(struct proc *proc, uint32_t netns, uint32_t ifindex); /* 0 is ignored */
/* The namespace is gone; its links are forgotten. */
void proc_lost_netns(struct proc *proc, uint32_t netns);

/*
 * Works for about budget_ns of CPU time (UINT64_MAX: no bound). true: there is more to do in this
 * refresh; flush the writer and call again. The search for owners is also bounded over time
 * (PROC_SHARE_MS of CPU a second); false is returned when that is used up.
 */
bool proc_step(struct proc *proc, uint64_t budget_ns);

/* The refresh ends: fills what it says of owners and of /proc. */
void proc_end(struct proc *proc, struct message_snapshot_end *end);

/* CPU time a second, in ms, that rereading processes may take; first readings are free. */
enum { PROC_SHARE_MS = 60 };

enum { PROC_COUNTER_FILES = COUNTER_SOURCES };

/*
 * Opens the counter files of the thread's current namespace, indexed by enum counter_source; they
 * stay bound to it. Those that do not exist are -1. 0, or negative errno when none could be opened.
 */
int proc_counters_open(int fds[PROC_COUNTER_FILES]);

/* The same for those that are -1: a module of the kernel may have been loaded since. */
int proc_counters_open_missing(int fds[PROC_COUNTER_FILES]);

/*
 * Reads them and writes MESSAGE_COUNTERS for those that changed, and once more after the last
 * change, so that a rate falls to zero. Files with fd -1 are skipped.
 * all_of_snmp6: not only its lines of UDP.
 */
void proc_counters(
	struct proc *proc, uint32_t netns, const int fds[PROC_COUNTER_FILES], bool all_of_snmp6);

/* In place of the number of a namespace: the machine. */
enum { PROC_MACHINE = 0 };

/* The sysctls of this namespace are to be read: about every 5 s, and at first. */
bool proc_sysctls_are_due(const struct proc *proc, uint32_t netns);

/*
 * Reads the sysctls of the namespace that the thread is in, which must be this one, and writes
 * MESSAGE_SYSCTLS with those that changed. PROC_MACHINE: those that the machine has once, which
 * only the initial namespace shows.
 */
void proc_sysctls(struct proc *proc, uint32_t netns);

/* Once a minute: reads the files of sysctl.d(5) and writes MESSAGE_SYSCTL_FILES if they changed. */
void proc_sysctl_files(struct proc *proc);

/*
 * Whether this very process (pid and start time) holds the socket now. fd: the descriptor that is
 * looked at before all others, plus 1, or 0. 0; -ESRCH: it has ended; -EBADF: it does not hold it;
 * other negative errno: its descriptors cannot be read.
 */
int proc_holds(
	const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode, uint32_t fd);

/*
 * Whether this very process holds a TCP or UDP socket with this inode now, and was reported as its
 * holder. 0; -ESRCH, -EBADF as proc_holds; -EPROTOTYPE: the socket is of another protocol; -ENOMSG:
 * it was not reported; other negative errno: its descriptors cannot be read.
 */
int proc_holds_shown(const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode);

/*
 * Looks again, now, at every process that is known to hold the socket, and reports those that do
 * not any more. How many do; *lost: how many do not.
 */
uint32_t proc_verify(struct proc *proc, uint32_t inode, uint32_t *lost);

/* Start time of a process, as in struct message_process: 0, or negative errno (-ESRCH: none). */
int proc_start_ticks(uint32_t pid, uint64_t *start_ticks);

#endif
