/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "cgroup_names.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/proc/pid_file.h"

enum {
	SEEN_MAX = 65536,
	HINTS_MAX = 16384,
	MOUNTS_SIZE = 1 << 20, /* bytes of mountinfo that are looked at */
	KERNFS_HANDLE = 0xfe,  /* FILEID_KERNFS of linux/exportfs.h: the number is the handle */
};

static struct text
take_until(struct text *text, char c)
{
	const char *const at = text->len != 0 ? memchr(text->data, c, text->len) : NULL;
	const size_t len = at != NULL ? (size_t)(at - text->data) : text->len;
	const struct text head = {text->data, len};
	const size_t skip = at != NULL ? len + 1 : len;

	*text = (struct text){text->data + skip, text->len - skip};
	return head;
}

static bool
is_octal(const char *digits)
{
	return digits[0] >= '0' && digits[0] <= '3' && digits[1] >= '0' && digits[1] <= '7' &&
	       digits[2] >= '0' && digits[2] <= '7';
}

/* Undoes \NNN (blank, tab, newline, backslash). */
static bool
unescape(struct text text, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; len++) {
		if (len + 1 >= size)
			return false;
		if (text.data[i] == '\\' && text.len - i >= 4 && is_octal(text.data + i + 1)) {
			out[len] = (char)((text.data[i + 1] - '0') << 6 |
					  (text.data[i + 2] - '0') << 3 | (text.data[i + 3] - '0'));
			i += 4;
		} else {
			out[len] = text.data[i++];
		}
	}
	out[len] = '\0';
	return true;
}

bool
cgroup_names_parse_mount(struct text line, char *out, size_t size)
{
	struct text root, point;

	for (int field = 1; field <= 3; field++)
		(void)take_until(&line, ' ');
	root = take_until(&line, ' ');
	point = take_until(&line, ' ');
	if (!text_equal(root, text_of("/")))
		return false;
	/* Optional fields, then "-", then the type. */
	while (line.len != 0 && !text_equal(take_until(&line, ' '), text_of("-")))
		;
	return text_equal(take_until(&line, ' '), text_of("cgroup2")) && unescape(point, out, size);
}

static void
open_mount(struct cgroup_names *names)
{
	char *const data = malloc(MOUNTS_SIZE);
	char path[PATH_MAX];
	struct text text = {data, 0};
	int fd;

	if (data == NULL)
		return;
	fd = openat(names->proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && text.len < MOUNTS_SIZE) {
		const ssize_t got = read(fd, data + text.len, MOUNTS_SIZE - text.len);

		if (got <= 0)
			break;
		text.len += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	while (text.len != 0 && names->mount < 0) {
		if (!cgroup_names_parse_mount(take_until(&text, '\n'), path, sizeof path))
			continue;
		names->mount = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		names->mount_len = strlen(path);
	}
	free(data);
}

int
cgroup_names_init(struct cgroup_names *names, int proc)
{
	*names = (struct cgroup_names){.proc = proc, .mount = -1, .by_handle = true};
	map_init(&names->seen);
	map_init(&names->by_id);
	names->hints = intern_new(HINTS_MAX);
	if (names->hints == NULL)
		return -ENOMEM;
	open_mount(names);
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
	uint32_t told;

	names->last = id;
	if (id == 0 || map_find(&names->seen, id, &told) || names->seen.count >= SEEN_MAX)
		return;
	if (map_set(&names->seen, id, 0) == 0)
		names->untold++;
}

void
cgroup_names_hint(struct cgroup_names *names, struct text path)
{
	char relative[PATH_MAX];
	struct stat status;
	uint32_t before, number;

	/* Who may open by number needs none; who is not in the hierarchy has none. */
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

/* The length of the path of cgroup id that was written to out, or negative errno. */
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
	if (path.len > size)
		return -ENAMETOOLONG;
	memcpy(out, path.data, path.len);
	return (ssize_t)path.len;
}

int
cgroup_names_tell(struct cgroup_names *names, struct stream_writer *writer)
{
	char path[PATH_MAX];
	uint64_t id;
	uint32_t told;
	size_t position = 0;

	/* The rest is looked at again in each refresh; without the right that is a map lookup. */
	while (names->untold != 0 && map_next(&names->seen, &position, &id, &told)) {
		const ssize_t len = told == 0 ? path_of(names, id, path, sizeof path) : -EAGAIN;
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
		names->untold--;
	}
	return 0;
}
