/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parsers of /proc and of files of container engines. The first byte chooses which parser
 * gets the rest; what it returns must lie within what it was given.
 */
#include <config.h>

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/proc/cgroup/cgroup_memory_read.h"
#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/cgroup/cgroup_path.h"
#include "collector/proc/cgroup/container_names.h"
#include "collector/proc/mountinfo.h"
#include "collector/proc/owner/fd_scan.h"
#include "collector/proc/pid_file.h"
#include "collector/proc/proc_conntrack.h"
#include "collector/proc/system/sysctl_line.h"
#include "collector/proc/user_names.h"
#include "fuzz.h"
#include "memory_file.h"

enum { UIDS = 70, WRITER_LIMIT = 1 << 20, CONTAINER_ID = 64, CONTAINER_FILE_MAX = 262144 };

/* What a container's file holds. */
static const struct memory_file *container;

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
require_within(struct text part, struct text whole)
{
	require(part.len == 0 ||
		(part.data >= whole.data && part.data + part.len <= whole.data + whole.len));
}

int __wrap_openat(int directory, const char *path, int flags, ...);

/* Linked with -Wl,--wrap=openat: the file of any container is the input. */
int
__wrap_openat(int directory, const char *path, int flags, ...)
{
	(void)directory;
	/* Nothing is named but a file in a directory of the id's length. */
	require(strcmp(path + CONTAINER_ID, "/config.v2.json") == 0 &&
		strchr(path, '/') == path + CONTAINER_ID);
	return open(container->path, flags & ~O_NOFOLLOW);
}

/* Docker's config.v2.json; asked for twice, it is read once. */
static void
check_container(struct text text)
{
	const struct memory_file file = memory_file_make(text.data, text.len);
	struct container_names names;
	struct text first;
	char id[CONTAINER_ID + 1];

	require_within(container_names_parse(text), text);
	container = &file;
	memset(id, 'a', CONTAINER_ID);
	id[CONTAINER_ID] = '\0';
	require(container_names_init(&names, "/") == 0);
	first = container_names_get(&names, (struct text){id, CONTAINER_ID});
	require(text_equal(first, container_names_parse(text)) || text.len > CONTAINER_FILE_MAX);
	require(text_equal(first, container_names_get(&names, (struct text){id, CONTAINER_ID})));
	require(container_names_get(&names, (struct text){text.data, text.len % 100}).len == 0 ||
		text.len % 100 == CONTAINER_ID);
	container_names_forget(&names);
	container_names_fini(&names);
	close(file.fd);
}

static void
check_cgroup(struct text text)
{
	char out[64];
	struct text unified;
	const struct text chosen = cgroup_path_choose(text, &unified);
	const struct cgroup_path path = cgroup_path_explain(chosen, out, sizeof out);

	require_within(chosen, text);
	require_within(unified, text);
	require_within(path.unit, chosen);
	if (path.container.data != out)
		require_within(path.container, chosen);
	else
		require(path.container.len <= sizeof out);
	require(path.name.len == 0 || text_equal(path.name, path.container));
}

static void
check_stat(struct text text)
{
	struct pid_stat stat;

	if (pid_stat_parse(text, &stat) == 0)
		require_within(stat.comm, text);
}

static void
check_mount(struct text text)
{
	const struct mountinfo mount = mountinfo_parse(text);
	char point[32];

	require_within(mount.root, text);
	require_within(mount.point, text);
	require_within(mount.type, text);
	require_within(mount.options, text);
	if (mountinfo_unescape(mount.point, point, sizeof point))
		require(strnlen(point, sizeof point) < sizeof point);
	if (cgroup_names_parse_mount(text, point, sizeof point))
		require(strnlen(point, sizeof point) < sizeof point);
}

/* passwd(5), and every uid up to some. */
static void
check_users(struct text text)
{
	static struct stream_writer *writer;
	const struct memory_file file = memory_file_make(text.data, text.len);
	struct user_names names;

	if (writer == NULL)
		writer = stream_writer_new(open("/dev/null", O_WRONLY | O_CLOEXEC), WRITER_LIMIT);
	require(writer != NULL && user_names_init(&names, file.path) == 0);
	for (uint32_t uid = 0; uid < UIDS; uid++)
		user_names_saw(&names, uid);
	require(user_names_report(&names, writer) == 0);
	/* Nothing changed: nothing is said again. */
	require(!names.unreported && stream_flush(writer) == 0);
	require(user_names_report(&names, writer) == 0 && stream_pending(writer) == 0);
	user_names_fini(&names);
	close(file.fd);
}

static void
check_sysctl(struct text text)
{
	struct sysctl_line line;

	if (!sysctl_line_parse(text, &line))
		return;
	require(strnlen(line.key, sizeof line.key) < sizeof line.key);
	require_within(line.value, text);
}

static void
check_conntrack(struct text text)
{
	const struct memory_file file = memory_file_make(text.data, text.len);
	struct proc_conntrack sum = {.lines = 0};
	char out[1024], whole[sizeof out];
	size_t len;

	/* In two pieces. */
	proc_conntrack_add(&sum, (struct text){text.data, text.len / 2});
	proc_conntrack_add(&sum, (struct text){text.data + text.len / 2, text.len - text.len / 2});
	len = proc_conntrack_format(&sum, out, sizeof out);
	require(len < sizeof out);
	/* As it is read from its file. */
	require(proc_conntrack_read(file.fd, whole, sizeof whole) == len);
	require(memcmp(out, whole, len) == 0);
	close(file.fd);
}

static void
check_numbers(struct text text)
{
	uint64_t number;
	uint32_t limit;

	(void)pid_limits_parse_files(text, &limit);
	(void)cgroup_memory_find(text, "sock", &number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text text;
	char *copy;

	if (len < 2)
		return 0;
	/* A copy of the exact size, so that a sanitizer sees a step too far. */
	copy = malloc(len - 1);
	if (copy == NULL)
		return 0;
	memcpy(copy, data + 1, len - 1);
	text = (struct text){copy, len - 1};
	switch (data[0]) {
	case 'c': check_cgroup(text); break;
	case 's': check_stat(text); break;
	case 'm': check_mount(text); break;
	case 'l': (void)fd_scan_parse_link(text.data, text.len); break;
	case 'd': check_container(text); break;
	case 'p': check_users(text); break;
	case 'y': check_sysctl(text); break;
	case 'k': check_conntrack(text); break;
	case 'n': check_numbers(text); break;
	default: break;
	}
	free(copy);
	return 0;
}
