/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which processes our /proc leaves out. */
#include <config.h>

#include "proc_view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/number.h>
#include <sockwatch/stream/rights.h>

#include "mountinfo.h"
#include "pid_file.h"

enum {
	/* The kernel's threads are in the initial PID namespace; the first is always this one. */
	KTHREADD = 2,
	GROUPS_MAX = 256,
};

/* Inode of the initial PID namespace (PROC_PID_INIT_INO of linux/proc_ns.h). */
#define INITIAL_PID_NAMESPACE UINT64_C(0xEFFFFFFC)

static bool
shows_kernel_threads(int proc)
{
	char text[1024];
	struct pid_stat stat;
	const ssize_t len = pid_file_read(proc, KTHREADD, "stat", text, sizeof text);

	return len > 0 && pid_stat_parse((struct text){text, (size_t)len}, &stat) == 0 &&
	       (stat.flags & PID_STAT_KERNEL_THREAD) != 0;
}

bool
proc_view_is_own(int proc)
{
	char link[16];
	const ssize_t len = readlinkat(proc, "self", link, sizeof link - 1);
	uint64_t pid;

	if (len <= 0)
		return false;
	link[len] = '\0';
	return number_parse(link, 1, UINT32_MAX, &pid) == 0 && pid == (uint64_t)getpid();
}

static bool
shows_all_namespaces(int proc)
{
	struct stat status;

	return shows_kernel_threads(proc) ||
	       (proc_view_is_own(proc) && fstatat(proc, "self/ns/pid", &status, 0) == 0 &&
		       status.st_ino == INITIAL_PID_NAMESPACE);
}

static bool
is_in(const gid_t *groups, size_t count, uint64_t gid)
{
	for (size_t i = 0; i < count; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

/* "hidepid=2", or its name since Linux 5.8. */
static bool
cut_hidepid(struct text option, char *level)
{
	static const struct {
		const char *name;
		char level;
	} names[] = {{"hidepid=1", '1'}, {"hidepid=2", '2'}, {"hidepid=4", '4'},
		{"hidepid=noaccess", '1'}, {"hidepid=invisible", '2'}, {"hidepid=ptraceable", '4'}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (text_equal(option, text_of(names[i].name))) {
			*level = names[i].level;
			return true;
		}
	return false;
}

bool
proc_view_parse_mount(struct text line, const gid_t *groups, size_t count, bool *is_hiding)
{
	const struct mountinfo mount = mountinfo_parse(line);
	struct text options = mount.options;
	char level = '0';
	bool is_exempt = false;

	if (!text_equal(mount.point, text_of("/proc")) || !text_equal(mount.type, text_of("proc")))
		return false;
	while (options.len != 0) {
		const struct text option = text_cut(&options, ',');
		char gid[16];
		uint64_t number;

		if (cut_hidepid(option, &level) || option.len <= 4 || option.len >= sizeof gid ||
			memcmp(option.data, "gid=", 4) != 0)
			continue;
		memcpy(gid, option.data + 4, option.len - 4);
		gid[option.len - 4] = '\0';
		is_exempt = number_parse(gid, 0, UINT32_MAX, &number) == 0 &&
			    is_in(groups, count, number);
	}
	/* The group sees all processes, but for "ptraceable". */
	*is_hiding = level != '0' && (!is_exempt || level == '4');
	return true;
}

/* The last mount on /proc is the one that is seen. */
static bool
hides_processes(int proc)
{
	gid_t groups[GROUPS_MAX];
	const int others = getgroups(GROUPS_MAX - 1, groups);
	const size_t count = others > 0 ? (size_t)others : 0;
	char *memory;
	struct text rest = mountinfo_read(proc, &memory);
	bool is_hiding = false;

	groups[count] = getegid();
	while (rest.len != 0)
		(void)proc_view_parse_mount(text_cut(&rest, '\n'), groups, count + 1, &is_hiding);
	free(memory);
	return is_hiding;
}

uint32_t
proc_view_limits(int proc)
{
	struct stat status;
	uint32_t limits = 0;

	if (proc < 0 || fstatat(proc, "self", &status, 0) != 0)
		return PROC_LIMIT_MISSING;
	if (!shows_all_namespaces(proc))
		limits |= PROC_LIMIT_NAMESPACE;
	if (hides_processes(proc))
		limits |= PROC_LIMIT_HIDEPID;
	return limits;
}
