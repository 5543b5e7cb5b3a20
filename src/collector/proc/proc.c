/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that is read from /proc and from files that give names: the parts, and the order of a
 * refresh.
 *
 *	owner/           which process holds which socket
 *	process_facts.c  who a process is
 *	last_pid.c       whether a process was made
 *	pid_file.c       small files of a process
 *	user_names.c     names of users
 *	cgroup/          paths of cgroups, names of containers
 *	proc_counters.c  counter files of namespaces
 *	proc_conntrack.c the counters of connection tracking, of all CPUs
 *	system/          settings of the kernel: sysctl_read.c, and sysctl_files.c with
 *sysctl_line.c proc_view.c      which processes /proc leaves out mountinfo.c      lines of
 * /proc/PID/mountinfo
 */
#include <config.h>

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/needs.h>

#include "collector/netns/link_names.h"
#include "collector/proc/cgroup/cgroup_memory.h"
#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/owner/owner_holds.h"
#include "collector/proc/owner/owner_walk.h"
#include "collector/proc/system/sysctl_files.h"
#include "collector/proc/system/sysctl_read.h"
#include "mountinfo.h"
#include "pid_file.h"
#include "proc_counters.h"
#include "proc_view.h"
#include "user_names.h"

/* What is remembered beside owners is read again after so long. */
enum { AGAIN_S = 25 };

struct proc {
	struct stream_writer *writer;
	int directory; /* of /proc */
	uint32_t needs;
	uint32_t limits;   /* enum proc_limit, as of the refresh in which they were looked for */
	uint64_t again_ns; /* CLOCK_MONOTONIC: when that is due */
	bool named;        /* names were reported in this refresh */
	struct owner_walk walk;
	struct user_names users;
	struct cgroup_names cgroups;
	struct cgroup_memory memory;
	struct link_names links;
	struct proc_counters counters;
	struct sysctl_read sysctls;
	struct sysctl_files sysctl_files;
};

struct proc *
proc_new(const struct proc_options *options)
{
	struct proc *const proc = calloc(1, sizeof *proc);
	struct text mounts;
	char *memory;
	int status;

	if (proc == NULL)
		return NULL;
	proc->writer = options->writer;
	proc->directory = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	link_names_init(&proc->links, options->netns_socket, options->context);
	proc_counters_init(&proc->counters);
	sysctl_read_init(&proc->sysctls);
	sysctl_files_init(&proc->sysctl_files, "");
	status = user_names_init(&proc->users, "/etc/passwd");
	mounts = mountinfo_read(proc->directory, &memory);
	if (cgroup_names_init(&proc->cgroups, proc->directory, mounts) != 0)
		status = -ENOMEM;
	cgroup_memory_init(&proc->memory, mounts);
	free(memory);
	if (owner_walk_init(&proc->walk, proc->directory, proc->writer, &proc->users,
		    &proc->cgroups, &proc->memory) == -ENOMEM)
		status = -ENOMEM;
	if (status == 0)
		return proc;
	proc_free(proc);
	return NULL;
}

void
proc_free(struct proc *proc)
{
	if (proc == NULL)
		return;
	owner_walk_fini(&proc->walk);
	user_names_fini(&proc->users);
	cgroup_names_fini(&proc->cgroups);
	cgroup_memory_fini(&proc->memory);
	link_names_fini(&proc->links);
	proc_counters_fini(&proc->counters);
	sysctl_read_fini(&proc->sysctls);
	if (proc->directory >= 0)
		close(proc->directory);
	free(proc);
}

void
proc_begin(struct proc *proc, uint32_t needs, bool exhaustive)
{
	const uint64_t now_ns = clock_monotonic_ns();

	proc->needs = needs;
	proc->named = false;
	if (now_ns >= proc->again_ns) {
		proc->again_ns = now_ns + AGAIN_S * CLOCK_NS_PER_S;
		/* /proc may be mounted with other options, a container may have another name. */
		proc->limits = proc_view_limits(proc->directory);
		container_names_forget(&proc->walk.facts.containers);
	}
	owner_walk_begin(&proc->walk, needs, exhaustive);
}

void
proc_forget_sent(struct proc *proc)
{
	owner_walk_forget_sent(&proc->walk);
	user_names_forget_sent(&proc->users);
	cgroup_names_forget_sent(&proc->cgroups);
	cgroup_memory_forget_sent(&proc->memory);
	link_names_forget_sent(&proc->links);
	proc_counters_forget_sent(&proc->counters);
	sysctl_read_forget_sent(&proc->sysctls);
	sysctl_files_forget_sent(&proc->sysctl_files);
}

void
proc_saw_socket(struct proc *proc, const struct proc_socket *socket)
{
	user_names_saw(&proc->users, socket->uid);
	owner_walk_saw_socket(&proc->walk, socket);
}

bool
proc_is_adrift(struct proc *proc, uint32_t inode)
{
	return owner_walk_is_adrift(&proc->walk, inode);
}

void
proc_lost_sockets(struct proc *proc, const uint64_t *cookies, size_t count)
{
	for (size_t i = 0; i < count; i++)
		owner_search_lost(&proc->walk.search, cookies[i]);
}

void
proc_saw_cgroup(struct proc *proc, uint64_t cgroup_id)
{
	cgroup_names_saw(&proc->cgroups, cgroup_id);
}

void
proc_saw_link(struct proc *proc, uint32_t netns, uint32_t ifindex)
{
	link_names_saw(&proc->links, netns, ifindex);
}

void
proc_lost_netns(struct proc *proc, uint32_t netns)
{
	link_names_lost_netns(&proc->links, netns);
	proc_counters_lost_netns(&proc->counters, netns);
	sysctl_read_lost_netns(&proc->sysctls, netns);
}

/* The next refresh reports what the writer refuses now. */
static void
report_names(struct proc *proc)
{
	if ((proc->needs & NEED_USERS) != 0)
		(void)user_names_report(&proc->users, proc->writer);
	if ((proc->needs & NEED_CGROUPS) != 0)
		(void)cgroup_names_report(&proc->cgroups, proc->writer);
	if ((proc->needs & NEED_CGROUP_MEMORY) != 0)
		(void)cgroup_memory_report(&proc->memory, proc->writer);
	if ((proc->needs & NEED_LINKS) != 0)
		(void)link_names_report(&proc->links, proc->writer);
}

bool
proc_step(struct proc *proc, uint64_t budget_ns)
{
	if (owner_walk_step(&proc->walk, budget_ns))
		return true;
	if (!proc->named)
		report_names(proc);
	proc->named = true;
	return false;
}

void
proc_end(struct proc *proc, struct message_snapshot_end *end)
{
	end->owners_pending = owner_search_pending(&proc->walk.search);
	end->owners_hidden = owner_walk_hidden(&proc->walk);
	end->owners_settled_ns = owner_walk_settled_ns(&proc->walk);
	end->proc_limits = proc->limits;
}

void
proc_counters(
	struct proc *proc, uint32_t netns, const int fds[PROC_COUNTER_FILES], bool all_of_snmp6)
{
	proc_counters_report(&proc->counters, proc->writer, netns, fds, all_of_snmp6);
}

bool
proc_sysctls_are_due(const struct proc *proc, uint32_t netns)
{
	return sysctl_read_is_due(&proc->sysctls, netns);
}

void
proc_sysctls(struct proc *proc, uint32_t netns)
{
	sysctl_read_report(&proc->sysctls, proc->writer, netns);
}

void
proc_sysctl_files(struct proc *proc)
{
	sysctl_files_report(&proc->sysctl_files, proc->writer);
}

/* Whether the process with that pid is still the one that started then: 0, or negative errno. */
static int
check_start(uint32_t pid, uint64_t start_ticks)
{
	uint64_t now = 0;
	const int status = proc_start_ticks(pid, &now);

	return status == 0 && now != start_ticks ? -ESRCH : status;
}

/* Of what owner_holds returned: 0, or negative errno. */
static int
error_of_holds(int status)
{
	switch (status) {
	case 1: return 0;
	case 0: return -EBADF;
	case -ENOENT: return -ESRCH;
	default: return status;
	}
}

int
proc_holds(const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode, uint32_t fd)
{
	const int status = check_start(pid, start_ticks);

	if (status != 0 || (fd != 0 && owner_holds_at(proc->directory, pid, inode, fd - 1)))
		return status;
	return error_of_holds(owner_holds(proc->directory, pid, inode));
}

int
proc_holds_shown(const struct proc *proc, uint32_t pid, uint64_t start_ticks, uint32_t inode)
{
	int status = check_start(pid, start_ticks);

	if (status == 0)
		status = error_of_holds(owner_holds_listed(proc->directory, pid, inode));
	if (status == 0 && !owner_holds_reported(&proc->walk, pid, inode))
		status = -ENOMSG;
	return status;
}

uint32_t
proc_verify(struct proc *proc, uint32_t inode, uint32_t *lost)
{
	const struct owner_holds_counts counts = owner_holds_verify(&proc->walk, inode);

	*lost = counts.lost;
	return counts.held;
}

int
proc_start_ticks(uint32_t pid, uint64_t *start_ticks)
{
	const int directory = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct pid_stat stat;
	char text[1024];
	ssize_t len;

	if (directory < 0)
		return -errno;
	len = pid_file_read(directory, pid, "stat", text, sizeof text);
	close(directory);
	if (len == -ENOENT)
		return -ESRCH;
	if (len < 0)
		return (int)len;
	if (pid_stat_parse((struct text){text, (size_t)len}, &stat) != 0)
		return -EINVAL;
	*start_ticks = stat.start_ticks;
	return 0;
}
