/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the files of /proc/sys/net and writes MESSAGE_SYSCTLS with the values that changed. */
#include <config.h>

#include "sysctl_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/sysctl.h>

#include "collector/proc/proc.h"

enum {
	AGAIN_MS = 5000,
	/* With many namespaces all readings together may take a hundredth of the time. */
	SHARE = 100,
	NAMESPACES_MAX = 65536,
	DIGEST_ABSENT = 1,
};

static const struct {
	const char *prefix, *path;
} folder_names[] = {
	{"net.ipv4.", "net/ipv4"},
	{"net.core.", "net/core"},
	{"net.netfilter.", "net/netfilter"},
};

enum { FOLDERS = sizeof folder_names / sizeof folder_names[0] };

struct folder {
	int fd;    /* or -1 */
	int error; /* errno then */
};

/* What changed, as lines of a message. */
struct lines {
	char text[MESSAGE_TEXT_MAX];
	size_t len;
	uint64_t keys[SYSCTL_COUNT]; /* of the lines, with the digests that they are known by */
	uint32_t digests[SYSCTL_COUNT];
	size_t count;
};

void
sysctl_read_init(struct sysctl_read *sysctls)
{
	sysctls->directory = open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	map_init(&sysctls->reported);
	map_init(&sysctls->due);
}

void
sysctl_read_fini(struct sysctl_read *sysctls)
{
	if (sysctls->directory >= 0)
		close(sysctls->directory);
	map_fini(&sysctls->reported);
	map_fini(&sysctls->due);
}

static uint64_t
key_of(uint32_t netns, enum sysctl sysctl)
{
	return (uint64_t)netns << 8 | (uint32_t)sysctl;
}

void
sysctl_read_lost_netns(struct sysctl_read *sysctls, uint32_t netns)
{
	for (int i = 0; i < SYSCTL_COUNT; i++)
		(void)map_remove(&sysctls->reported, key_of(netns, (enum sysctl)i));
	(void)map_remove(&sysctls->due, netns);
}

static uint32_t
now_ms(void)
{
	return (uint32_t)(clock_monotonic_ns() / CLOCK_NS_PER_MS);
}

void
sysctl_read_forget_sent(struct sysctl_read *sysctls)
{
	map_clear(&sysctls->reported);
	map_clear(&sysctls->due);
}

bool
sysctl_read_is_due(const struct sysctl_read *sysctls, uint32_t netns)
{
	uint32_t due;

	return !map_find(&sysctls->due, netns, &due) || (int32_t)(now_ms() - due) >= 0;
}

/* A namespace whose time cannot be kept is read again in the next refresh. */
static void
set_due(struct sysctl_read *sysctls, uint32_t netns, uint64_t took_ns)
{
	const uint64_t share_ms = took_ns * (sysctls->due.count + 1) * SHARE / CLOCK_NS_PER_MS;
	const uint32_t wait_ms = share_ms < AGAIN_MS    ? AGAIN_MS
				 : share_ms < INT32_MAX ? (uint32_t)share_ms
							: INT32_MAX;

	if (sysctls->due.count >= NAMESPACES_MAX ||
		map_set(&sysctls->due, netns, now_ms() + wait_ms) != 0)
		(void)map_remove(&sysctls->due, netns);
}

/*
 * The directories, opened once a reading: the kernel has one of the same name for each namespace
 * and compares them one by one, which costs more the more namespaces there are.
 */
static void
open_folders(const struct sysctl_read *sysctls, struct folder folders[FOLDERS])
{
	for (size_t i = 0; i < FOLDERS; i++) {
		folders[i].fd = openat(
			sysctls->directory, folder_names[i].path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		folders[i].error = folders[i].fd < 0 ? errno : 0;
	}
}

static void
close_folders(struct folder folders[FOLDERS])
{
	for (size_t i = 0; i < FOLDERS; i++)
		if (folders[i].fd >= 0)
			close(folders[i].fd);
}

/* "net.core.somaxconn" to its folder and the path of its file there. NULL: the table lacks it. */
static const struct folder *
place_of(const struct folder folders[FOLDERS], enum sysctl sysctl, char *path, size_t size)
{
	const char *const name = sysctl_name(sysctl);

	for (size_t i = 0; i < FOLDERS; i++) {
		const size_t len = strlen(folder_names[i].prefix);

		if (strncmp(name, folder_names[i].prefix, len) != 0)
			continue;
		text_add(path, size, 0, "%s", name + len);
		for (; *path != '\0'; path++)
			if (*path == '.')
				*path = '/';
		return &folders[i];
	}
	return NULL;
}

/* A descriptor of its file, or negative errno. */
static int
open_file(const struct folder folders[FOLDERS], enum sysctl sysctl)
{
	char path[64];
	const struct folder *const folder = place_of(folders, sysctl, path, sizeof path);
	int fd;

	if (folder == NULL)
		return -EINVAL;
	if (folder->fd < 0)
		return -folder->error;
	fd = openat(folder->fd, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A list of ports that is too long ends in its last whole port or range, and a comma. */
static size_t
cut_value(const char *value, size_t len)
{
	while (len > 0 && value[len - 1] != ',')
		len--;
	return len;
}

/* The value without its newline, which ends the line. Bytes, or negative errno. */
static ssize_t
read_value(
	const struct folder folders[FOLDERS], enum sysctl sysctl, char value[SYSCTL_VALUE_MAX + 1])
{
	const int fd = open_file(folders, sysctl);
	const char *newline;
	ssize_t len;

	if (fd < 0)
		return fd;
	/* One reading: the kernel gives nothing at a later position. */
	len = read(fd, value, SYSCTL_VALUE_MAX + 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len <= 0)
		return len;
	newline = memchr(value, '\n', (size_t)len);
	if (newline != NULL)
		return newline - value;
	return len <= SYSCTL_VALUE_MAX ? len : (ssize_t)cut_value(value, SYSCTL_VALUE_MAX);
}

static bool
is_news(const struct sysctl_read *sysctls, uint64_t key, uint32_t digest)
{
	uint32_t last;

	return !map_find(&sysctls->reported, key, &last) || last != digest;
}

/* What the writer refuses is reported by a later reading. */
static void
send_lines(struct sysctl_read *sysctls, struct stream_writer *writer, uint32_t netns,
	struct lines *lines)
{
	const struct message_sysctls message = {
		.netns = netns,
		.text = {lines->text, lines->len},
	};

	if (lines->count != 0 && stream_write_message(writer, MESSAGE_SYSCTLS, &message) == 0) {
		for (size_t i = 0; i < lines->count; i++)
			(void)map_set(&sysctls->reported, lines->keys[i], lines->digests[i]);
	}
	lines->len = lines->count = 0;
}

/* len: of the value; negative: there is no such file. */
static void
add_line(struct lines *lines, uint64_t key, uint32_t digest, enum sysctl sysctl, const char *value,
	ssize_t len)
{
	char *const text = lines->text;
	const size_t size = sizeof lines->text;

	lines->len = text_add(text, size, lines->len, "%s", sysctl_name(sysctl));
	if (len >= 0)
		lines->len = text_add(text, size, lines->len, "=%.*s", (int)len, value);
	lines->len = text_add(text, size, lines->len, "\n");
	lines->keys[lines->count] = key;
	lines->digests[lines->count++] = digest;
}

static void
report_one(struct sysctl_read *sysctls, struct stream_writer *writer, uint32_t netns,
	const struct folder folders[FOLDERS], enum sysctl sysctl, struct lines *lines)
{
	const uint64_t key = key_of(netns, sysctl);
	char value[SYSCTL_VALUE_MAX + 1];
	const ssize_t len = read_value(folders, sysctl, value);
	uint32_t digest = DIGEST_ABSENT;

	/* What may not be read stays unknown; only a file that is missing is known to be absent. */
	if (len < 0 && len != -ENOENT)
		return;
	if (len >= 0)
		digest = (uint32_t)(map_hash_bytes(value, (size_t)len, 0) >> 33) << 1;
	if (!is_news(sysctls, key, digest))
		return;
	if (lines->len + strlen(sysctl_name(sysctl)) + SYSCTL_VALUE_MAX + 3 > sizeof lines->text)
		send_lines(sysctls, writer, netns, lines);
	add_line(lines, key, digest, sysctl, value, len);
}

void
sysctl_read_report(struct sysctl_read *sysctls, struct stream_writer *writer, uint32_t netns)
{
	const uint64_t start_ns = clock_monotonic_ns();
	struct folder folders[FOLDERS];
	struct lines lines;

	lines.len = lines.count = 0; /* the rest is large */
	if (sysctls->directory < 0)
		return;
	open_folders(sysctls, folders);
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const enum sysctl sysctl = (enum sysctl)i;

		if ((sysctl_scope(sysctl) == SYSCTL_OF_MACHINE) == (netns == PROC_MACHINE))
			report_one(sysctls, writer, netns, folders, sysctl, &lines);
	}
	close_folders(folders);
	send_lines(sysctls, writer, netns, &lines);
	set_due(sysctls, netns, clock_monotonic_ns() - start_ns);
}
