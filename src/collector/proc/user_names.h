/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of users, from /etc/passwd only: NSS may ask a directory server and block. Only names of
 * uids that were seen are reported. The file is read again when it changed.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_USER_NAMES_H
#define SOCKWATCH_COLLECTOR_PROC_USER_NAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <sockwatch/base/intern.h>
#include <sockwatch/base/map.h>
#include <sockwatch/stream/stream.h>

struct user_names {
	const char *path;
	struct timespec modified;
	bool loaded;
	struct intern *texts; /* all names that were ever in the file */
	struct map in_file;   /* uid to number of its name */
	struct map seen;      /* uid to number of the reported name, or a value of user_names.c */
	bool unreported;      /* some of seen may differ from what was reported */
	uint32_t last;        /* uid seen last */
	bool has_last;
};

/* path: "/etc/passwd"; must outlive it. */
int user_names_init(struct user_names *names, const char *path);
void user_names_fini(struct user_names *names);

/* The slow part of user_names_saw. */
void user_names_add(struct user_names *names, uint32_t uid);

/* A socket or a process has this uid. Called for every socket. */
static inline void
user_names_saw(struct user_names *names, uint32_t uid)
{
	if (names->has_last && names->last == uid)
		return;
	user_names_add(names, uid);
}

/* Each name is reported again once its uid was seen again. */
void user_names_forget_sent(struct user_names *names);

/* Reads the file if it changed; reports names that are new or changed. 0, or negative errno. */
int user_names_report(struct user_names *names, struct stream_writer *writer);

#endif
