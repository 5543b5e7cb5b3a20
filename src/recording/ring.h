/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a recording in their directory: one, or a ring NAME_NUMBER_TIME.pcap; or a ring in
 * memory, of files without a place (memfd_create(2)). The names in
 * the order of the alphabet are those in the order of time, and no number comes twice.
 */
#ifndef SOCKWATCH_RECORDING_RING_H
#define SOCKWATCH_RECORDING_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>

struct ring_file {
	char name[256];
	int fd;           /* of one in memory; else -1 */
	uint64_t size;    /* bytes */
	uint64_t last_ns; /* CLOCK_REALTIME of its last record, or of its last change */
};

struct ring {
	int directory;              /* -1: in memory */
	char stem[192], suffix[16]; /* "web1" and ".pcap" */
	struct ring_file *files;    /* closed ones, the oldest first */
	size_t count, capacity;
	uint64_t size; /* of the closed ones together */
	uint32_t last_number;
};

/* Opens the directory of the path and finds the files that are there already. 0, or negative errno
 * with a sentence. */
int ring_open(struct ring *ring, const char *path, bool is_ring, struct error *error);
/* A ring in memory. */
void ring_open_memory(struct ring *ring);
void ring_fini(struct ring *ring);
/* Makes the next file and puts its name into name. A descriptor, or negative errno. */
int ring_create(struct ring *ring, uint64_t now_ns, char *name, size_t size);
/* The file is written: it counts from now on. fd: of one in memory, used up, or -1. 0, or -ENOMEM.
 */
int ring_keep(struct ring *ring, const char *name, int fd, uint64_t size, uint64_t last_ns);
/* Removes the oldest. 0; -ENOENT: there is none; or another negative errno. */
int ring_drop(struct ring *ring);

#endif
