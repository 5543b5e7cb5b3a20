/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads who a process is from its files, and reports it when it is new or changed. */
#include <config.h>

#include "process_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <sockwatch/base/map.h>
#include <sockwatch/stream/needs.h>

#include "collector/proc/cgroup/cgroup_path.h"
#include "pid_file.h"

/* The scratch memory has a part for each file, and one for names without their escapes. */
enum {
	STAT_SIZE = 1024,
	CGROUP_SIZE = 8192,
	LIMITS_SIZE = 2048,
	NAME_SIZE = 256,
	STAT_AT = 0,
	CMDLINE_AT = STAT_AT + STAT_SIZE,
	CGROUP_AT = CMDLINE_AT + PROCESS_FACTS_CMDLINE_MAX,
	NAME_AT = CGROUP_AT + CGROUP_SIZE,
	LIMITS_AT = NAME_AT + NAME_SIZE,
	SCRATCH_SIZE = LIMITS_AT + LIMITS_SIZE,
};

int
process_facts_init(struct process_facts *facts)
{
	facts->scratch = malloc(SCRATCH_SIZE);
	if (facts->scratch == NULL)
		return -ENOMEM;
	return container_names_init(&facts->containers, "/var/lib/docker/containers");
}

void
process_facts_fini(struct process_facts *facts)
{
	free(facts->scratch);
	container_names_fini(&facts->containers);
}

/* Reads a file into its part of the scratch memory; "" when it cannot be read. */
static struct text
read_text(const struct process_facts *facts, uint32_t pid, const char *name, size_t at, size_t size)
{
	const ssize_t len = pid_file_read(facts->proc, pid, name, facts->scratch + at, size);

	return (struct text){facts->scratch + at, len > 0 ? (size_t)len : 0};
}

static int
read_stat(const struct process_facts *facts, uint32_t pid, struct pid_stat *stat)
{
	const struct text text = read_text(facts, pid, "stat", STAT_AT, STAT_SIZE);

	return pid_stat_parse(text, stat);
}

/* The file can be read of every process, whoever it belongs to. */
static void
read_limit(const struct process_facts *facts, struct holder *holder)
{
	const struct text text = read_text(facts, holder->pid, "limits", LIMITS_AT, LIMITS_SIZE);

	holder->now.has_limit = pid_limits_parse_files(text, &holder->now.limit) == 0;
}

static void
read_cgroup(struct process_facts *facts, const struct holder *holder, struct message_process *out)
{
	const struct text text = read_text(facts, holder->pid, "cgroup", CGROUP_AT, CGROUP_SIZE);
	struct text unified, memory;
	struct cgroup_path path;

	out->cgroup = cgroup_path_choose(text, &unified);
	path = cgroup_path_explain(out->cgroup, facts->scratch + NAME_AT, NAME_SIZE);
	out->unit = path.unit;
	out->container = path.container;
	out->container_name = path.name.len != 0
				      ? path.name
				      : container_names_get(&facts->containers, path.container);
	cgroup_names_hint(facts->cgroups, unified);
	if ((facts->needs & NEED_CGROUP_MEMORY) == 0)
		return;
	memory = cgroup_memory_path(facts->memory, text);
	cgroup_memory_saw(facts->memory, memory);
	/* As the viewer reads it when it is left out. */
	if (!text_equal(memory, out->cgroup))
		out->memory_cgroup = memory;
}

static uint64_t
hash_text(struct text text, uint64_t seed)
{
	/* The length first: "a" "bc" is not "ab" "c". */
	return map_hash_bytes(text.data, text.len, map_hash(seed ^ text.len));
}

static uint64_t
hash_facts(const struct message_process *process)
{
	uint64_t hash = map_hash(process->start_ticks ^ (uint64_t)process->uid << 32);

	hash = map_hash(hash ^ (uint32_t)process->fd_error);
	hash = hash_text(process->comm, hash);
	hash = hash_text(process->cmdline, hash);
	hash = hash_text(process->cgroup, hash);
	hash = hash_text(process->memory_cgroup, hash);
	return hash_text(process->container_name, hash);
}

int
process_facts_report(struct process_facts *facts, struct holder *holder)
{
	struct message_process process = {.pid = holder->pid, .fd_error = holder->error};
	char path[PID_FILE_PATH_SIZE];
	struct pid_stat pid_stat;
	struct stat status;
	uint64_t hash;
	int written;

	pid_file_path(holder->pid, "", path);
	if (read_stat(facts, holder->pid, &pid_stat) != 0 ||
		fstatat(facts->proc, path, &status, 0) != 0 ||
		(holder->start_ticks != 0 && holder->start_ticks != pid_stat.start_ticks))
		return -ESRCH;
	holder->start_ticks = process.start_ticks = pid_stat.start_ticks;
	holder->facts_due = false;
	read_limit(facts, holder);
	process.comm = pid_stat.comm;
	/* The owner of the directory is always the effective uid, unlike that of the files in it.
	 */
	process.uid = status.st_uid;
	if ((facts->needs & NEED_CMDLINE) != 0)
		process.cmdline = read_text(
			facts, holder->pid, "cmdline", CMDLINE_AT, PROCESS_FACTS_CMDLINE_MAX);
	if ((facts->needs & (NEED_CGROUPS | NEED_CGROUP_MEMORY)) != 0)
		read_cgroup(facts, holder, &process);
	if ((facts->needs & NEED_USERS) != 0)
		user_names_saw(facts->users, process.uid);
	hash = hash_facts(&process);
	if (holder->reported && hash == holder->facts)
		return 0;
	written = stream_write_message(facts->writer, MESSAGE_PROCESS, &process);
	if (written != 0)
		return written;
	holder->facts = hash;
	holder->reported = true;
	return 0;
}

bool
process_facts_is_kernel(const struct process_facts *facts, struct holder *holder)
{
	struct pid_stat pid_stat;

	if (read_stat(facts, holder->pid, &pid_stat) != 0)
		return false;
	holder->start_ticks = pid_stat.start_ticks;
	return (pid_stat.flags & PID_STAT_KERNEL_THREAD) != 0;
}

static uint64_t
hash_inode(uint64_t inode, uint64_t device_major, uint64_t device_minor)
{
	return map_hash(inode ^ map_hash(device_major << 32 | device_minor));
}

/*
 * The inode behind the link "exe": half the cost of reading comm. A file server, which may be dead,
 * is not asked where the C library has statx (glibc; musl from 1.2.5 on).
 */
uint64_t
process_facts_image(const struct process_facts *facts, const struct holder *holder)
{
	char path[PID_FILE_PATH_SIZE];

	pid_file_path(holder->pid, "exe", path);
#ifdef STATX_INO
	struct statx status;

	if (statx(facts->proc, path, AT_STATX_DONT_SYNC, STATX_INO, &status) == 0)
		return hash_inode(status.stx_ino, status.stx_dev_major, status.stx_dev_minor);
#else
	struct stat status;

	if (fstatat(facts->proc, path, &status, AT_NO_AUTOMOUNT) == 0)
		return hash_inode(status.st_ino, major(status.st_dev), minor(status.st_dev));
#endif
	return 0;
}
