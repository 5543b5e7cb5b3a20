/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the descriptors of one process and compares them with those of the reading before. */
#include <config.h>

#include "fd_scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "owner_threads.h"

enum {
	BUFFER_SIZE = 32768,
	LINK_SIZE = 64,     /* "socket:[4294967295]" and room to see that more follows */
	PAUSE_EVERY = 64,   /* descriptors, some 130 us */
	FRESH_KEEP = 65536, /* holds: larger scratch memory is given back */
};

int
fd_scan_init(struct fd_scan *scan)
{
	*scan = (struct fd_scan){.directory = -1, .buffer = malloc(BUFFER_SIZE)};
	return scan->buffer != NULL ? 0 : -ENOMEM;
}

void
fd_scan_fini(struct fd_scan *scan)
{
	fd_scan_abort(scan);
	free(scan->buffer);
	free(scan->fresh);
}

/* Opens the next table of the holder. 0, or negative errno. */
static int
open_table(struct fd_scan *scan, struct holder *holder)
{
	char path[OWNER_THREADS_PATH_SIZE];
	struct stat status;

	if (scan->directory >= 0)
		close(scan->directory);
	owner_threads_path(holder, scan->table, path);
	scan->directory = openat(scan->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scan->at = scan->filled = 0;
	if (scan->directory < 0)
		return -errno;
	/*
	 * Counted before it is read, so that what changes meanwhile shows in the next refresh. In
	 * our own process this would count the directory's descriptor too.
	 */
	if (holder->pid != (uint32_t)getpid() && fstat(scan->directory, &status) == 0)
		scan->descriptors += (uint32_t)status.st_size;
	return 0;
}

int
fd_scan_start(struct fd_scan *scan, int proc, struct holder *holder, bool remember)
{
	int error;

	scan->proc = proc;
	scan->table = 0;
	scan->tables = 1 + holder->tid_count;
	scan->descriptors = scan->listed = 0;
	error = open_table(scan, holder);
	if (error != 0)
		return error;
	if (holder->pid == (uint32_t)getpid())
		scan->descriptors = holder->descriptors;
	scan->holder = holder;
	scan->remember = remember;
	scan->fresh_count = scan->old_next = 0;
	return 0;
}

void
fd_scan_abort(struct fd_scan *scan)
{
	if (scan->directory >= 0)
		close(scan->directory);
	scan->directory = -1;
	scan->holder = NULL;
}

uint32_t
fd_scan_parse_link(const char *link, size_t len)
{
	static const char prefix[] = "socket:[";
	const size_t prefix_len = sizeof prefix - 1;
	uint64_t inode = 0;

	if (len < prefix_len + 2 || memcmp(link, prefix, prefix_len) != 0 || link[len - 1] != ']')
		return 0;
	for (size_t i = prefix_len; i < len - 1; i++) {
		if (link[i] < '0' || link[i] > '9')
			return 0;
		inode = inode * 10 + (uint64_t)(link[i] - '0');
		if (inode > UINT32_MAX)
			return 0;
	}
	return (uint32_t)inode;
}

static int
append_fresh(struct fd_scan *scan, uint64_t hold)
{
	if (scan->fresh_count == scan->fresh_capacity) {
		const size_t capacity = scan->fresh_capacity != 0 ? scan->fresh_capacity * 2 : 256;
		uint64_t *const grown = reallocarray(scan->fresh, capacity, sizeof *grown);

		if (grown == NULL)
			return -ENOMEM;
		scan->fresh = grown;
		scan->fresh_capacity = capacity;
	}
	scan->fresh[scan->fresh_count++] = hold;
	return 0;
}

/* Order of holds: by descriptor, then by inode. */
static uint64_t
key_of(uint64_t hold)
{
	return hold << 32 | hold >> 32;
}

static int
compare_holds(const void *a, const void *b)
{
	const uint64_t left = key_of(*(const uint64_t *)a), right = key_of(*(const uint64_t *)b);

	return (left > right) - (left < right);
}

/* Several tables were read one after the other: brings them in order, each hold once. */
static void
unite(struct fd_scan *scan)
{
	size_t kept = 0;

	if (scan->fresh_count == 0)
		return;
	qsort(scan->fresh, scan->fresh_count, sizeof scan->fresh[0], compare_holds);
	for (size_t i = 1; i < scan->fresh_count; i++)
		if (scan->fresh[i] != scan->fresh[kept])
			scan->fresh[++kept] = scan->fresh[i];
	scan->fresh_count = kept + 1;
}

static void
report_united(struct fd_scan *scan, const struct fd_scan_events *events)
{
	struct holder *const holder = scan->holder;

	unite(scan);
	for (size_t i = 0; i < scan->fresh_count; i++) {
		const uint64_t key = key_of(scan->fresh[i]);
		bool known = false;

		for (; scan->old_next < holder->held_count &&
			key_of(holder->held[scan->old_next]) <= key;
			scan->old_next++) {
			known = holder->held[scan->old_next] == scan->fresh[i];
			if (!known)
				events->change(events->context, holder,
					holder->held[scan->old_next], false);
		}
		if (!known)
			events->change(events->context, holder, scan->fresh[i], true);
	}
}

int
fd_scan_saw(struct fd_scan *scan, const struct fd_scan_events *events, uint32_t fd, uint32_t inode)
{
	struct holder *const holder = scan->holder;
	const uint64_t hold = (uint64_t)inode << 32 | fd;
	bool known = false;

	scan->listed += scan->table == 0;
	if (scan->tables > 1)
		return inode != 0 ? append_fresh(scan, hold) : 0;
	while (scan->old_next < holder->held_count && hold_fd(holder->held[scan->old_next]) <= fd) {
		const uint64_t old = holder->held[scan->old_next++];

		if (old == hold)
			known = true;
		else
			events->change(events->context, holder, old, false);
	}
	if (inode == 0)
		return 0;
	if (scan->remember && append_fresh(scan, hold) != 0)
		return -ENOMEM;
	if (!known)
		events->change(events->context, holder, hold, true);
	return 0;
}

int
fd_scan_complete(struct fd_scan *scan, const struct fd_scan_events *events)
{
	struct holder *const holder = scan->holder;
	uint64_t *held = NULL;

	if (scan->tables > 1)
		report_united(scan, events);
	if (scan->remember && scan->fresh_count != 0) {
		const size_t size = scan->fresh_count * sizeof *held;

		held = scan->fresh_count == holder->held_count ? holder->held : malloc(size);
		if (held == NULL)
			return -ENOMEM;
	}
	for (; scan->old_next < holder->held_count; scan->old_next++)
		events->change(events->context, holder, holder->held[scan->old_next], false);
	if (held != holder->held)
		free(holder->held);
	if (held != NULL)
		memcpy(held, scan->fresh, scan->fresh_count * sizeof *held);
	holder->held = held;
	holder->held_count = (uint32_t)(held != NULL ? scan->fresh_count : 0);
	holder->read_count = scan->descriptors;
	holder->listed = scan->listed;
	if (scan->fresh_capacity > FRESH_KEEP) {
		free(scan->fresh);
		scan->fresh = NULL;
		scan->fresh_capacity = 0;
	}
	return 0;
}

/* The number of a descriptor from its name in /proc/PID/fd; UINT32_MAX for "." and "..". */
static uint32_t
name_to_fd(const char *name)
{
	uint32_t fd = 0;

	for (; *name != '\0'; name++) {
		if (*name < '0' || *name > '9')
			return UINT32_MAX;
		fd = fd * 10 + (uint32_t)(*name - '0');
	}
	return fd;
}

/* One directory entry. 0, or negative errno. */
static int
read_entry(struct fd_scan *scan, const struct fd_scan_events *events, const char *name)
{
	const uint32_t fd = name_to_fd(name);
	char link[LINK_SIZE];
	ssize_t len;

	if (fd == UINT32_MAX)
		return 0;
	len = readlinkat(scan->directory, name, link, sizeof link);
	if (len < 0) {
		/* The process has a capability that we lack: its descriptors cannot be read. */
		if (errno == EACCES || errno == EPERM)
			return -EACCES;
		/* Closed meanwhile, or the process ended: then the listing ends too. */
		return fd_scan_saw(scan, events, fd, 0);
	}
	return fd_scan_saw(scan, events, fd, fd_scan_parse_link(link, (size_t)len));
}

/* False: there is none. A thread that has exited has none either. */
static bool
open_next_table(struct fd_scan *scan)
{
	while (++scan->table < scan->tables)
		if (open_table(scan, scan->holder) == 0)
			return true;
	return false;
}

static int
read_entries(struct fd_scan *scan, const struct fd_scan_events *events)
{
	for (unsigned int done = 1;; done++) {
		const struct dirent64 *entry;
		int status;

		if (scan->at >= scan->filled) {
			const ssize_t got = getdents64(scan->directory, scan->buffer, BUFFER_SIZE);

			if (got < 0 && scan->table == 0)
				return -errno;
			if (got <= 0 && !open_next_table(scan))
				return fd_scan_complete(scan, events);
			if (got <= 0)
				continue;
			scan->filled = (size_t)got;
			scan->at = 0;
		}
		if (done % PAUSE_EVERY == 0 && events->pause(events->context))
			return 1;
		entry = (const void *)(scan->buffer + scan->at);
		scan->at += entry->d_reclen;
		status = read_entry(scan, events, entry->d_name);
		if (status != 0)
			return status;
	}
}

int
fd_scan_continue(struct fd_scan *scan, const struct fd_scan_events *events)
{
	const int status = read_entries(scan, events);

	if (status <= 0)
		fd_scan_abort(scan);
	return status;
}
