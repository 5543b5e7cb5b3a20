/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that is read from /proc and from files that give names: the parts, and the order of a
 * refresh.
 *
 *	owner/           which process holds which socket
 *	process_facts.c  who a process is
 *	pid_file.c       small files of a process
 *	user_names.c     names of users
 *	cgroup/          paths of cgroups, names of containers
 *	proc_counters.c  counter files of namespaces
 *	mountinfo.c      lines of /proc/PID/mountinfo
 */
#include <config.h>

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/stream/needs.h>

#include "collector/netns/link_names.h"
#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/owner/owner_walk.h"
#include "pid_file.h"
#include "proc_counters.h"
#include "user_names.h"

struct proc {
	struct stream_writer *writer;
	int directory; /* of /proc */
	uint32_t needs;
	bool named; /* names were reported in this refresh */
	struct owner_walk walk;
	struct user_names users;
	struct cgroup_names cgroups;
	struct link_names links;
	struct proc_counters counters;
};

struct proc *
proc_new(const struct proc_options *options)
{
	struct proc *const proc = calloc(1, sizeof *proc);
	int status;

	if (proc == NULL)
		return NULL;
	proc->writer = options->writer;
	proc->directory = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	link_names_init(&proc->links, options->netns_socket, options->context);
	proc_counters_init(&proc->counters);
	status = user_names_init(&proc->users, "/etc/passwd");
	if (cgroup_names_init(&proc->cgroups, proc->directory) != 0)
		status = -ENOMEM;
	if (owner_walk_init(&proc->walk, proc->directory, proc->writer, &proc->users,
		    &proc->cgroups) == -ENOMEM)
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
	link_names_fini(&proc->links);
	proc_counters_fini(&proc->counters);
	if (proc->directory >= 0)
		close(proc->directory);
	free(proc);
}

void
proc_begin(struct proc *proc, uint32_t needs, bool exhaustive)
{
	proc->needs = needs;
	proc->named = false;
	owner_walk_begin(&proc->walk, needs, exhaustive);
}

void
proc_saw_socket(struct proc *proc, const struct proc_socket *socket)
{
	user_names_saw(&proc->users, socket->uid);
	owner_walk_saw_socket(&proc->walk, socket);
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
}

/* The next refresh reports what the writer refuses now. */
static void
report_names(struct proc *proc)
{
	if ((proc->needs & NEED_USERS) != 0)
		(void)user_names_report(&proc->users, proc->writer);
	if ((proc->needs & NEED_CGROUPS) != 0)
		(void)cgroup_names_report(&proc->cgroups, proc->writer);
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
}

void
proc_counters(struct proc *proc, uint32_t netns, const int fds[PROC_COUNTER_FILES])
{
	proc_counters_report(&proc->counters, proc->writer, netns, fds);
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
