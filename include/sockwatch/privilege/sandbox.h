/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandbox of a process: which system calls it may make (seccomp), and which files it may name
 * (Landlock). Both as far as the kernel has them: what could not be had is remembered, and told.
 * Neither can be taken back, and every process that is forked later has it too.
 */
#ifndef SOCKWATCH_PRIVILEGE_SANDBOX_H
#define SOCKWATCH_PRIVILEGE_SANDBOX_H

#include <limits.h>
#include <stdbool.h>

enum sandbox_role {
	/* While the C library looks up a host that the user named: its modules (nsswitch.conf(5))
	 * are code of others, so they may do much, but neither execute a program nor trace. */
	SANDBOX_LOOKUP,
	SANDBOX_VIEWER,
	/* A viewer that tries TCP connections itself (`sockwatch connect`). */
	SANDBOX_CONNECT,
	/* It forks collectors, which cannot have more than it: its list has theirs. */
	SANDBOX_KEEPER,
	SANDBOX_COLLECTOR,
	/* It writes the files of root (opener.h). */
	SANDBOX_OPENER,
	SANDBOX_ROLES
};

enum { SANDBOX_FOLDERS = 4 };

/* The folders beneath which a viewer or the opener may write; those that are NULL or "" are none.
 */
struct sandbox_writes {
	const char *folders[SANDBOX_FOLDERS];
};

/*
 * Puts the sandbox of this role in force, after rights were dropped (no_new_privs) and before
 * anything from outside is read. writes: for the roles of the viewer and the opener, else NULL. A
 * stricter role may follow. Descriptors that are open stay as they are.
 */
void sandbox_enter(enum sandbox_role role, const struct sandbox_writes *writes);

/* The folder of a file, through links, or the nearest above it that exists; "": none. */
void sandbox_folder(const char *path, char folder[PATH_MAX]);
/* Whether files are bounded by Landlock since the last sandbox_enter. */
bool sandbox_bounds_files(void);
/* Whether system calls are filtered since then. */
bool sandbox_filters_calls(void);
/* What the last sandbox_enter could not have, as a short clause for the user; NULL: nothing. */
const char *sandbox_lacks(void);

#endif
