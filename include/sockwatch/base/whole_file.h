/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is written whole or not at all: into a temporary one beside it (mode 0600;
 * of NAME.prom, which another program reads, 0644), which
 * takes its name when all of it is on the disk. Until then the old file is as it was. A symbolic
 * link is not followed, and what belongs to another user is not replaced.
 */
#ifndef SOCKWATCH_BASE_WHOLE_FILE_H
#define SOCKWATCH_BASE_WHOLE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/base/error.h>

struct whole_file {
	const char *path; /* the caller's */
	int directory;
	int fd; /* -1: it is not open */
	char name[NAME_MAX + 1], temporary[NAME_MAX + 1];
	int result;        /* 0, or the negative errno of the first write that failed */
	bool is_elsewhere; /* the writer's */
};

/* Each gives 0, or negative errno; with a sentence that names the path where error is an argument.
 */

/*
 * Another process may write the files, where this one is another user than whose they are. Each
 * function as below; open fills in fd.
 */
struct whole_file_writer {
	int (*open)(struct whole_file *file, struct error *error);
	int (*commit)(struct whole_file *file, bool replaces, struct error *error);
	/* Whether it is for this path; the others are written by this process itself. */
	bool (*takes)(const char *path);
};
/* NULL: none. */
void whole_file_set_writer(const struct whole_file_writer *writer);

/* Whether another user's program reads a file of this name: metrics, NAME.prom. */
bool whole_file_is_scraped(const char *path);
/* Makes the directories above this file that are missing, mode 0700. */
int whole_file_make_directories(const char *path, struct error *error);
/* Begins. path must live until the end; its directory belongs to this user or to root. */
int whole_file_open(struct whole_file *file, const char *path, struct error *error);
/* Appends. The first failure stays: what follows is not written, and whole_file_commit fails. */
int whole_file_write(struct whole_file *file, const void *data, size_t len);
/*
 * Ends: gives the file its name, or removes what was written. replaces: what is there already gives
 * way, or else -EEXIST.
 */
int whole_file_commit(struct whole_file *file, bool replaces, struct error *error);

#endif
