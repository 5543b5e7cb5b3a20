/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names, finds and removes the files of a ring. */
#include <config.h>

#include "ring.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>

enum { NUMBER_MAX = 99999, NUMBER_DIGITS = 5, TIME_DIGITS = 14 };

/* "dir/web1.pcap" to the directory, "web1" and ".pcap". */
static int
split(struct ring *ring, const char *path, struct error *error)
{
	const char *const slash = strrchr(path, '/');
	const char *const name = slash != NULL ? slash + 1 : path;
	const char *const dot = strrchr(name, '.');
	const size_t len = dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);

	if (len == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		error_set(error, "%s is a directory; name a file in it", path);
		return -EISDIR;
	}
	if (len >= sizeof ring->stem || strlen(name + len) >= sizeof ring->suffix) {
		error_set(error, "%s: the name is too long", path);
		return -ENAMETOOLONG;
	}
	memcpy(ring->stem, name, len);
	ring->stem[len] = '\0';
	memcpy(ring->suffix, name + len, strlen(name + len) + 1);
	return 0;
}

static int
open_directory(const char *path)
{
	const char *const slash = strrchr(path, '/');
	char *const directory = slash == NULL   ? strdup(".")
				: slash == path ? strdup("/")
						: strndup(path, (size_t)(slash - path));
	const int fd = directory != NULL ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	const int result = fd >= 0 ? fd : -errno;

	free(directory);
	return result;
}

static bool
are_digits(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isdigit((unsigned char)text[i]))
			return false;
	return true;
}

/* Its number, or 0: it is none of the ring's. */
static uint32_t
number_of(const struct ring *ring, const char *name)
{
	const size_t stem = strlen(ring->stem);
	const char *const number = name + stem + 1;
	const size_t len = stem + 1 + NUMBER_DIGITS + 1 + TIME_DIGITS;

	if (strlen(name) != len + strlen(ring->suffix) || strncmp(name, ring->stem, stem) != 0 ||
		name[stem] != '_' || !are_digits(number, NUMBER_DIGITS) ||
		number[NUMBER_DIGITS] != '_' ||
		!are_digits(number + NUMBER_DIGITS + 1, TIME_DIGITS) ||
		strcmp(name + len, ring->suffix) != 0)
		return 0;
	return (uint32_t)strtoul(number, NULL, 10);
}

static void
close_memory(int fd)
{
	if (fd >= 0)
		close(fd);
}

int
ring_keep(struct ring *ring, const char *name, int fd, uint64_t size, uint64_t last_ns)
{
	if (ring->count == ring->capacity) {
		const size_t capacity = ring->capacity != 0 ? ring->capacity * 2 : 16;
		struct ring_file *const grown = reallocarray(ring->files, capacity, sizeof *grown);

		if (grown == NULL) {
			close_memory(fd);
			return -ENOMEM;
		}
		ring->files = grown;
		ring->capacity = capacity;
	}
	ring->files[ring->count] = (struct ring_file){.fd = fd, .size = size, .last_ns = last_ns};
	snprintf(ring->files[ring->count].name, sizeof ring->files->name, "%s", name);
	ring->count++;
	ring->size += size;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct ring_file *)a)->name, ((const struct ring_file *)b)->name);
}

static int
take(struct ring *ring, const char *name)
{
	const uint32_t number = number_of(ring, name);
	struct stat facts;

	if (number == 0 || fstatat(ring->directory, name, &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
		!S_ISREG(facts.st_mode))
		return 0;
	if (number > ring->last_number)
		ring->last_number = number;
	return ring_keep(ring, name, -1, (uint64_t)facts.st_size,
		(uint64_t)facts.st_mtim.tv_sec * CLOCK_NS_PER_S + (uint64_t)facts.st_mtim.tv_nsec);
}

/* The files of an earlier run count too. */
static int
find_files(struct ring *ring)
{
	const int fd = openat(ring->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const directory = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	int result = 0;

	if (directory == NULL)
		return -errno;
	while (result == 0 && (entry = readdir(directory)) != NULL)
		result = take(ring, entry->d_name);
	closedir(directory);
	if (ring->count > 1)
		qsort(ring->files, ring->count, sizeof *ring->files, compare);
	return result;
}

int
ring_open(struct ring *ring, const char *path, bool is_ring, struct error *error)
{
	int result;

	*ring = (struct ring){.directory = -1};
	result = split(ring, path, error);
	if (result != 0)
		return result;
	ring->directory = open_directory(path);
	result = ring->directory < 0 ? ring->directory : 0;
	if (result == 0 && is_ring)
		result = find_files(ring);
	if (result != 0)
		error_set(error, "cannot open the directory of %s: %s", path, file_words(result));
	return result;
}

void
ring_open_memory(struct ring *ring)
{
	*ring = (struct ring){.directory = -1, .stem = "past"};
}

void
ring_fini(struct ring *ring)
{
	for (size_t i = 0; i < ring->count; i++)
		close_memory(ring->files[i].fd);
	if (ring->directory >= 0)
		close(ring->directory);
	free(ring->files);
	*ring = (struct ring){.directory = -1};
}

int
ring_create(struct ring *ring, uint64_t now_ns, char *name, size_t size)
{
	const time_t now = (time_t)(now_ns / CLOCK_NS_PER_S);
	struct tm local = {0};
	int fd;

	if (ring->last_number == NUMBER_MAX)
		return -EOVERFLOW;
	localtime_r(&now, &local);
	snprintf(name, size, "%s_%0*" PRIu32 "_%04d%02d%02d%02d%02d%02d%s", ring->stem,
		NUMBER_DIGITS, ring->last_number + 1, local.tm_year + 1900, local.tm_mon + 1,
		local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec, ring->suffix);
	fd = ring->directory < 0
		     ? memfd_create(name, MFD_CLOEXEC)
		     : openat(ring->directory, name,
			       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ring->last_number++;
	return fd;
}

int
ring_drop(struct ring *ring)
{
	if (ring->count == 0)
		return -ENOENT;
	if (ring->directory < 0)
		close_memory(ring->files[0].fd);
	else if (unlinkat(ring->directory, ring->files[0].name, 0) != 0 && errno != ENOENT)
		return -errno;
	ring->size -= ring->files[0].size;
	ring->count--;
	memmove(ring->files, ring->files + 1, ring->count * sizeof *ring->files);
	return 0;
}
