/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the path of a cgroup by its number, and reports it.
 *
 *	cgroup_path.c      what a path says: systemd unit, container
 *	container_names.c  names of Docker's containers
 *	cgroup_memory.c    memory of sockets, and its limits; cgroup_memory_read.c reads one
 */
#include <config.h>

#include "cgroup_names.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/proc/mountinfo.h"
#include "collector/proc/pid_file.h"

enum {
	SEEN_MAX = 65536,
	HINTS_MAX = 16384,
	KERNFS_HANDLE = 0xfe, /* FILEID_KERNFS of linux/exportfs.h: the number is the handle */
};

bool
cgroup_names_parse_mount(struct text line, char *out, size_t size)
{
	const struct mountinfo mount = mountinfo_parse(line);

	return text_equal(mount.root, text_of("/")) && text_equal(mount.type, text_of("cgroup2")) &&
	       mountinfo_unescape(mount.point, out, size);
}

static void
open_mount(struct cgroup_names *names, struct text text)
{
	char path[PATH_MAX];

	while (text.len != 0 && names->mount < 0) {
		if (!cgroup_names_parse_mount(text_cut(&text, '\n'), path, sizeof path))
			continue;
		names->mount = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		names->mount_len = strlen(path);
	}
}

int
cgroup_names_init(struct cgroup_names *names, int proc, struct text mountinfo)
{
	*names = (struct cgroup_names){.proc = proc, .mount = -1, .by_handle = true};
	names->hints = intern_new(HINTS_MAX);
	if (names->hints == NULL)
		return -ENOMEM;
	open_mount(names, mountinfo);
	return 0;
}

void
cgroup_names_fini(struct cgroup_names *names)
{
	if (names->mount >= 0)
		close(names->mount);
	map_fini(&names->seen);
	map_fini(&names->by_id);
	intern_free(names->hints);
}

void
cgroup_names_add(struct cgroup_names *names, uint64_t id)
{
	uint32_t state;

	names->last = id;
	if (id == 0 || map_find(&names->seen, id, &state) || names->seen.count >= SEEN_MAX)
		return;
	if (map_set(&names->seen, id, 0) == 0)
		names->unreported++;
}

void
cgroup_names_forget_sent(struct cgroup_names *names)
{
	map_clear(&names->seen);
	names->unreported = 0;
	names->last = 0;
}

void
cgroup_names_hint(struct cgroup_names *names, struct text path)
{
	char relative[PATH_MAX];
	struct stat status;
	uint32_t before, number;

	/* Hints are useless where the kernel opens by number, or for a path outside the hierarchy.
	 */
	if (names->by_handle || names->mount < 0 || path.len < 2 || path.len > sizeof relative)
		return;
	before = intern_count(names->hints);
	number = intern_add(names->hints, path);
	if (number == 0 || intern_count(names->hints) == before)
		return;
	memcpy(relative, path.data + 1, path.len - 1);
	relative[path.len - 1] = '\0';
	if (fstatat(names->mount, relative, &status, AT_SYMLINK_NOFOLLOW) == 0)
		(void)map_set(&names->by_id, status.st_ino, number);
}

/* Writes the path of cgroup id to out. Its length, or negative errno. */
static ssize_t
path_by_handle(struct cgroup_names *names, uint64_t id, char *out, size_t size)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof id];
	} of = {.handle = {.handle_bytes = sizeof id, .handle_type = KERNFS_HANDLE}};
	char link[PID_FILE_PATH_SIZE];
	ssize_t len;
	int fd;

	memcpy(of.room + sizeof of.handle, &id, sizeof id);
	fd = open_by_handle_at(names->mount, &of.handle, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	memcpy(link, "self/fd/", 8);
	pid_file_path((uint32_t)fd, "", link + 8);
	len = readlinkat(names->proc, link, out, size);
	close(fd);
	if (len < (ssize_t)names->mount_len)
		return -ENOENT;
	len -= (ssize_t)names->mount_len;
	memmove(out, out + names->mount_len, (size_t)len);
	if (len == 0)
		out[len++] = '/';
	return len;
}

/* -EAGAIN: not known yet. */
static ssize_t
path_of(struct cgroup_names *names, uint64_t id, char *out, size_t size)
{
	uint32_t number;
	struct text path;

	if (names->mount < 0)
		return -ENOENT;
	if (names->by_handle) {
		const ssize_t len = path_by_handle(names, id, out, size);

		if (len != -EPERM && len != -EOPNOTSUPP)
			return len;
		names->by_handle = false;
	}
	if (!map_find(&names->by_id, id, &number))
		return -EAGAIN;
	path = intern_get(names->hints, number);
	memcpy(out, path.data, path.len);
	return (ssize_t)path.len;
}

int
cgroup_names_report(struct cgroup_names *names, struct stream_writer *writer)
{
	char path[PATH_MAX];
	uint64_t id;
	uint32_t state;
	size_t position = 0;

	/* Those not known yet are tried again in each refresh; without the right by a map lookup.
	 */
	while (names->unreported != 0 && map_next(&names->seen, &position, &id, &state)) {
		const ssize_t len = state == 0 ? path_of(names, id, path, sizeof path) : -EAGAIN;
		const struct message_cgroup cgroup = {
			.id = id, .path = {path, len > 0 ? (size_t)len : 0}};

		if (len == -EAGAIN)
			continue;
		if (len > 0) {
			const int written = stream_write_message(writer, MESSAGE_CGROUP, &cgroup);

			if (written != 0)
				return written;
		}
		(void)map_set(&names->seen, id, 1);
		names->unreported--;
	}
	return 0;
}
