/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the limit and the usage of one cgroup, in either version of cgroups. */
#include <config.h>

#include "cgroup_memory_read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_SIZE = 16384 };

/* Version 1 prints "no limit" as the largest number of pages, in bytes. */
#define LIMIT_NONE_FROM (UINT64_C(1) << 62)

struct place {
	int mount;
	const char *path;
};

/* The length, or negative errno. */
static ssize_t
read_file(const struct place *place, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];
	ssize_t len;
	int fd;

	text_add(path, sizeof path, 0, "%s/%s", place->path, file);
	fd = openat(place->mount, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, size - 1);
	if (len < 0)
		len = -errno;
	else
		text[len] = '\0';
	close(fd);
	return len;
}

static int
parse(const char *text, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && (*end == '\n' || *end == '\0') ? 0 : -EINVAL;
}

/* A file with one number. 0, or negative errno. */
static int
read_number(const struct place *place, const char *file, uint64_t *number)
{
	char text[64];
	const ssize_t len = read_file(place, file, text, sizeof text);

	return len < 0 ? (int)len : parse(text, number);
}

/* The same, where "max" and numbers beyond all memory mean that there is none. */
static int
read_limit(const struct place *place, const char *file, struct message_cgroup_memory *out)
{
	char text[64];
	const ssize_t len = read_file(place, file, text, sizeof text);
	int status;

	if (len < 0)
		return (int)len;
	if (strcmp(text, "max\n") == 0) {
		out->known |= CGROUP_MEMORY_UNLIMITED;
		return 0;
	}
	status = parse(text, &out->limit_bytes);
	if (status != 0)
		return status;
	out->known |=
		out->limit_bytes < LIMIT_NONE_FROM ? CGROUP_MEMORY_LIMIT : CGROUP_MEMORY_UNLIMITED;
	if (out->limit_bytes >= LIMIT_NONE_FROM)
		out->limit_bytes = 0;
	return 0;
}

static void
take(int status, struct message_cgroup_memory *out, enum cgroup_memory_known what)
{
	if (status == 0)
		out->known |= (uint8_t)what;
}

bool
cgroup_memory_find(struct text text, const char *name, uint64_t *number)
{
	const size_t name_len = strlen(name);
	struct text line;

	while (text_next_line(&text, &line)) {
		char digits[24];

		if (line.len <= name_len + 1 || line.len - name_len > sizeof digits ||
			memcmp(line.data, name, name_len) != 0 || line.data[name_len] != ' ')
			continue;
		memcpy(digits, line.data + name_len + 1, line.len - name_len - 1);
		digits[line.len - name_len - 1] = '\0';
		return parse(digits, number) == 0;
	}
	return false;
}

static void
read_events(const struct place *place, struct message_cgroup_memory *out)
{
	char text[FILE_SIZE];
	const ssize_t len = read_file(place, "memory.events", text, sizeof text);
	const struct text events = {text, len > 0 ? (size_t)len : 0};

	if (cgroup_memory_find(events, "max", &out->limit_hits))
		out->known |= CGROUP_MEMORY_HITS;
	/* Linux 6.18 on. */
	if (cgroup_memory_find(events, "sock_throttled", &out->throttled))
		out->known |= CGROUP_MEMORY_THROTTLED;
}

static void
read_stat(const struct place *place, struct message_cgroup_memory *out)
{
	char text[FILE_SIZE];
	const ssize_t len = read_file(place, "memory.stat", text, sizeof text);

	if (cgroup_memory_find(
		    (struct text){text, len > 0 ? (size_t)len : 0}, "sock", &out->socket_bytes))
		out->known |= CGROUP_MEMORY_SOCKETS;
}

/* Here sockets share the limit with all other memory. */
static int
read_version_2(const struct place *place, struct message_cgroup_memory *out)
{
	const int status = read_limit(place, "memory.max", out);

	if (status != 0 || (out->known & CGROUP_MEMORY_LIMIT) == 0)
		return status;
	take(read_number(place, "memory.current", &out->usage_bytes), out, CGROUP_MEMORY_USAGE);
	read_stat(place, out);
	read_events(place, out);
	return 0;
}

/* Here the limit is on TCP's memory alone, so that is the usage too. */
static int
read_version_1(const struct place *place, struct message_cgroup_memory *out)
{
	const int status = read_limit(place, "memory.kmem.tcp.limit_in_bytes", out);

	if (status != 0 || (out->known & CGROUP_MEMORY_LIMIT) == 0)
		return status;
	take(read_number(place, "memory.kmem.tcp.usage_in_bytes", &out->socket_bytes), out,
		CGROUP_MEMORY_SOCKETS);
	out->usage_bytes = out->socket_bytes;
	if ((out->known & CGROUP_MEMORY_SOCKETS) != 0)
		out->known |= CGROUP_MEMORY_USAGE;
	take(read_number(place, "memory.kmem.tcp.failcnt", &out->limit_hits), out,
		CGROUP_MEMORY_HITS);
	return 0;
}

int
cgroup_memory_read(int mount, int version, const char *path, struct message_cgroup_memory *out)
{
	const struct place place = {mount, path};

	return version == 1 ? read_version_1(&place, out) : read_version_2(&place, out);
}
