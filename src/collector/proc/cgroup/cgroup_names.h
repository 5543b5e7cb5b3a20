/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths of the cgroups that sockets belong to. The kernel gives a socket's cgroup as the inode
 * number of its version 2 directory. With CAP_DAC_READ_SEARCH it opens a directory by that number
 * (open_by_handle_at); without, the directories of the processes that were read are compared.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_NAMES_H
#define SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/intern.h>
#include <sockwatch/base/map.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/stream.h>

struct cgroup_names {
	int proc;         /* descriptor of /proc */
	int mount;        /* of the version 2 hierarchy, or -1 */
	size_t mount_len; /* of its path */
	bool by_handle;   /* the kernel lets us */
	struct map seen;  /* ids; 1: reported or given up, 0: not yet */
	uint64_t last;    /* id seen last */
	uint32_t unreported;
	struct intern *hints; /* paths of processes */
	struct map by_id;     /* inode number of such a path to its number in hints */
};

/* proc: a descriptor of /proc; mountinfo: the text of /proc/self/mountinfo. 0, -ENOMEM. */
int cgroup_names_init(struct cgroup_names *names, int proc, struct text mountinfo);
void cgroup_names_fini(struct cgroup_names *names);

/* The slow part of cgroup_names_saw. */
void cgroup_names_add(struct cgroup_names *names, uint64_t id);

/* A socket has this cgroup. Called for every socket. */
static inline void
cgroup_names_saw(struct cgroup_names *names, uint64_t id)
{
	if (names->last == id)
		return;
	cgroup_names_add(names, id);
}

/* A process is in this version 2 path. */
void cgroup_names_hint(struct cgroup_names *names, struct text path);

/* Each path is reported again once its id was seen again. */
void cgroup_names_forget_sent(struct cgroup_names *names);

/* Reports the paths of new ids. 0, or negative errno. */
int cgroup_names_report(struct cgroup_names *names, struct stream_writer *writer);

/*
 * Writes the mount point of a whole cgroup2 hierarchy in a line of /proc/PID/mountinfo to out,
 * without escapes. False when the line is about something else.
 */
bool cgroup_names_parse_mount(struct text line, char *out, size_t size);

#endif
