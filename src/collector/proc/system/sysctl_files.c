/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the files of sysctl.d(5), puts them in order and reads their lines. */
#include <config.h>

#include "sysctl_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>
#include <sockwatch/stream/message.h>

#include "sysctl_line.h"

enum {
	AGAIN_S = 60,
	FILES_MAX = 256,
	FILE_SIZE = 65536, /* what is read of a file */
	LINE_SIZE = 2048,  /* of a line of the message */
};

/* The first hides what the others have of the same name. */
static const char *const directories[] = {
	"/etc/sysctl.d",
	"/run/sysctl.d",
	"/usr/local/lib/sysctl.d",
	"/usr/lib/sysctl.d",
	"/lib/sysctl.d",
};
static const char conf[] = "/etc/sysctl.conf";

struct reading {
	const char *root;
	char *names[FILES_MAX];           /* without their directories */
	const char *directory[FILES_MAX]; /* of them */
	size_t count;
	dev_t conf_device; /* of /etc/sysctl.conf */
	ino_t conf_inode;  /* 0: there is none, or it was read */
	char *file;        /* FILE_SIZE bytes */
	char *lines;       /* MESSAGE_TEXT_MAX bytes */
	size_t len;
	uint32_t left_out, unread;
	char first_unread[256];
};

static bool
has_name(const struct reading *reading, const char *name)
{
	for (size_t i = 0; i < reading->count; i++)
		if (strcmp(reading->names[i], name) == 0)
			return true;
	return false;
}

static void
note_unread(struct reading *reading, const char *path)
{
	if (reading->unread++ == 0)
		text_add(reading->first_unread, sizeof reading->first_unread, 0, "%s", path);
}

static bool
is_conf_name(const char *name)
{
	const size_t len = strlen(name);

	return len > strlen(".conf") && strcmp(name + len - strlen(".conf"), ".conf") == 0;
}

static void
list(struct reading *reading, const char *directory)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *opened;

	text_add(path, sizeof path, 0, "%s%s", reading->root, directory);
	opened = opendir(path);
	if (opened == NULL) {
		if (errno != ENOENT && errno != ENOTDIR)
			note_unread(reading, directory);
		return;
	}
	while ((entry = readdir(opened)) != NULL) {
		char *name;

		if (!is_conf_name(entry->d_name) || has_name(reading, entry->d_name))
			continue;
		name = reading->count < FILES_MAX ? strdup(entry->d_name) : NULL;
		if (name == NULL) {
			note_unread(reading, entry->d_name);
			continue;
		}
		reading->names[reading->count] = name;
		reading->directory[reading->count++] = directory;
	}
	closedir(opened);
}

/* By name; the directory of each goes with it. Few are not in order. */
static void
sort(struct reading *reading)
{
	for (size_t i = 1; i < reading->count; i++) {
		for (size_t j = i; j > 0 && strcmp(reading->names[j - 1], reading->names[j]) > 0;
			j--) {
			char *const name = reading->names[j];
			const char *const directory = reading->directory[j];

			reading->names[j] = reading->names[j - 1];
			reading->directory[j] = reading->directory[j - 1];
			reading->names[j - 1] = name;
			reading->directory[j - 1] = directory;
		}
	}
}

/* A tab or a newline would end a part of the line. */
static void
clean(char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\t' || *text == '\n')
			*text = ' ';
}

static void
add_line(struct reading *reading, const char *path, uint32_t number, const struct sysctl_line *line)
{
	char name[PATH_MAX], value[LINE_SIZE];
	size_t len;

	text_add(name, sizeof name, 0, "%s", path);
	text_add(value, sizeof value, 0, "%.*s", (int)line->value.len, line->value.data);
	clean(name);
	clean(value);
	len = strlen(name) + strlen(line->key) + strlen(value) + 24;
	if (line->value.len >= sizeof value || reading->len + len > MESSAGE_TEXT_MAX) {
		reading->left_out++;
		return;
	}
	reading->len = text_add(reading->lines, MESSAGE_TEXT_MAX, reading->len, "%s\t%u\t%s", name,
		number, line->key);
	if (line->has_value)
		reading->len =
			text_add(reading->lines, MESSAGE_TEXT_MAX, reading->len, "\t%s", value);
	reading->len = text_add(reading->lines, MESSAGE_TEXT_MAX, reading->len, "\n");
}

static void
add_lines(struct reading *reading, const char *path, struct text text)
{
	struct sysctl_line parsed;
	struct text line;

	for (uint32_t number = 1; text_next_line(&text, &line); number++)
		if (sysctl_line_parse(line, &parsed))
			add_line(reading, path, number, &parsed);
}

static bool
is_conf(const struct reading *reading, const struct stat *status)
{
	return reading->conf_inode != 0 && status->st_ino == reading->conf_inode &&
	       status->st_dev == reading->conf_device;
}

/* At most size bytes; more, negative: it is longer, or cannot be read. */
static ssize_t
read_whole(int fd, char *out, size_t size)
{
	size_t len = 0;
	ssize_t got;

	while (len < size && (got = read(fd, out + len, size - len)) > 0)
		len += (size_t)got;
	return len < size ? (ssize_t)len : -EFBIG;
}

/* A link to /dev/null, or an empty file, only hides others. A FIFO is not waited for. */
static void
read_file(struct reading *reading, const char *path)
{
	char real[PATH_MAX];
	struct stat status;
	ssize_t len;
	int fd;

	text_add(real, sizeof real, 0, "%s%s", reading->root, path);
	fd = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) != 0) {
		/* A link that leads nowhere sets nothing. */
		if (fd >= 0 || errno != ENOENT)
			note_unread(reading, path);
		if (fd >= 0)
			close(fd);
		return;
	}
	if (is_conf(reading, &status)) {
		reading->conf_inode = 0;
		path = conf;
	}
	len = S_ISREG(status.st_mode) ? read_whole(fd, reading->file, FILE_SIZE) : 0;
	close(fd);
	if (len < 0)
		note_unread(reading, path);
	else
		add_lines(reading, path, (struct text){reading->file, (size_t)len});
}

static void
find_conf(struct reading *reading)
{
	char path[PATH_MAX];
	struct stat status;

	text_add(path, sizeof path, 0, "%s%s", reading->root, conf);
	if (stat(path, &status) != 0)
		return;
	reading->conf_device = status.st_dev;
	reading->conf_inode = status.st_ino;
}

static void
read_all(struct reading *reading)
{
	find_conf(reading);
	for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++)
		list(reading, directories[i]);
	sort(reading);
	for (size_t i = 0; i < reading->count; i++) {
		char path[PATH_MAX];

		text_add(path, sizeof path, 0, "%s/%s", reading->directory[i], reading->names[i]);
		read_file(reading, path);
		free(reading->names[i]);
	}
	if (reading->conf_inode != 0)
		read_file(reading, conf);
}

static uint64_t
hash_of(const struct message_sysctl_files *message)
{
	const uint64_t counts = (uint64_t)message->left_out << 32 | message->unread;

	return map_hash_bytes(message->lines.data, message->lines.len,
		map_hash_bytes(message->unread_file.data, message->unread_file.len, counts));
}

/* What the writer refuses is reported a minute later. */
static void
report(struct sysctl_files *files, struct stream_writer *writer, const struct reading *reading)
{
	const struct message_sysctl_files message = {
		.lines = {reading->lines, reading->len},
		.left_out = reading->left_out,
		.unread = reading->unread,
		.unread_file = text_of(reading->first_unread),
	};
	const uint64_t hash = hash_of(&message);

	if (files->has_reported && files->reported == hash)
		return;
	if (stream_write_message(writer, MESSAGE_SYSCTL_FILES, &message) != 0)
		return;
	files->reported = hash;
	files->has_reported = true;
}

void
sysctl_files_init(struct sysctl_files *files, const char *root)
{
	*files = (struct sysctl_files){.root = root};
}

void
sysctl_files_forget_sent(struct sysctl_files *files)
{
	files->has_reported = false;
	files->due_ns = 0;
}

void
sysctl_files_report(struct sysctl_files *files, struct stream_writer *writer)
{
	struct reading reading = {.root = files->root};
	const uint64_t now_ns = clock_monotonic_ns();

	if (now_ns < files->due_ns)
		return;
	files->due_ns = now_ns + AGAIN_S * CLOCK_NS_PER_S;
	reading.file = malloc(FILE_SIZE);
	reading.lines = malloc(MESSAGE_TEXT_MAX);
	if (reading.file != NULL && reading.lines != NULL) {
		read_all(&reading);
		report(files, writer, &reading);
	}
	free(reading.file);
	free(reading.lines);
}
