/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts the sandbox of a role in force, and remembers what the kernel could not give. In this room:
 *   landlock.c             which files may be named
 *   syscall_table.c        which system calls may be made, by which process
 *   syscall_bounds.c       with which arguments
 *   make_filters.c         runs at build time: filters of both
 *   syscall_filter.c       loads the filter of a role; syscall_filter_none.c does without
 */
#include <config.h>

#include <sockwatch/privilege/sandbox.h>

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "landlock.h"
#include "syscall_filter.h"

enum { DNS_PORT = 53 };

/* What a viewer reads after it has begun: by the C library, the resolver, and names of ports. */
static const char *const files_read[] = {"/etc/host.conf", "/etc/hosts", "/etc/nsswitch.conf",
	"/etc/resolv.conf", "/etc/services", "/etc/passwd", "/etc/group", "/etc/localtime",
	"/usr/share/zoneinfo", "/dev/null", "/dev/random", "/dev/urandom"};
/* Files that another may take the place of, under the same name: their folder is allowed. */
static const char *const files_replaced[] = {"/etc/resolv.conf", "/etc/hosts"};

static bool is_entered, has_filter, has_landlock, bounds_files;

/* Nothing of it may be read that others than root may not: so root gets no folder. */
static void
allow_folder_of(const struct landlock *landlock, const char *path)
{
	char real[PATH_MAX];
	char *end;

	if (geteuid() == 0 || realpath(path, real) == NULL)
		return;
	end = strrchr(real, '/');
	if (end == NULL || end == real)
		return;
	*end = '\0';
	landlock_allow_reading(landlock, real);
}

static void
allow_reading(const struct landlock *landlock)
{
	for (size_t i = 0; i < sizeof files_read / sizeof *files_read; i++)
		landlock_allow_reading(landlock, files_read[i]);
	for (size_t i = 0; i < sizeof files_replaced / sizeof *files_replaced; i++)
		allow_folder_of(landlock, files_replaced[i]);
	if (getenv("TZDIR") != NULL)
		landlock_allow_reading(landlock, getenv("TZDIR"));
}

/* 0, or negative errno. */
static int
enter_landlock(enum sandbox_role role, const struct sandbox_writes *writes)
{
	struct landlock landlock;
	const int result = landlock_begin(&landlock, role != SANDBOX_CONNECT);

	if (result != 0)
		return result;
	if (role != SANDBOX_OPENER) {
		allow_reading(&landlock);
		landlock_allow_port(&landlock, DNS_PORT);
	}
	for (size_t i = 0; writes != NULL && i < SANDBOX_FOLDERS; i++) {
		if (writes->folders[i] != NULL && writes->folders[i][0] != '\0')
			landlock_allow_writing(&landlock, writes->folders[i]);
	}
	return landlock_enforce(&landlock);
}

void
sandbox_folder(const char *path, char folder[PATH_MAX])
{
	char real[PATH_MAX];

	folder[0] = '\0';
	if (path == NULL || path[0] == '\0' || strlen(path) >= sizeof real)
		return;
	if (realpath(path, real) == NULL)
		memcpy(real, path, strlen(path) + 1);
	strcpy(folder, dirname(real));
	while (access(folder, F_OK) != 0 && strcmp(folder, "/") != 0 && strcmp(folder, ".") != 0) {
		memcpy(real, folder, strlen(folder) + 1);
		strcpy(folder, dirname(real));
	}
}

void
sandbox_enter(enum sandbox_role role, const struct sandbox_writes *writes)
{
	/* A collector has to look into other processes, and modules may need any file. */
	const bool wants_landlock =
		role == SANDBOX_VIEWER || role == SANDBOX_CONNECT || role == SANDBOX_OPENER;

	/* The C library reads the time zone when it is asked first. */
	tzset();
	bounds_files = wants_landlock && enter_landlock(role, writes) == 0;
	has_landlock = bounds_files || !wants_landlock;
	has_filter = syscall_filter_load(role) == 0;
	is_entered = true;
}

bool
sandbox_bounds_files(void)
{
	return bounds_files;
}

bool
sandbox_filters_calls(void)
{
	return has_filter;
}

/* Whether there should be a filter, and is none. */
static bool
lacks_filter(void)
{
#ifdef SANITIZERS
	return false;
#else
	return !has_filter;
#endif
}

const char *
sandbox_lacks(void)
{
#ifdef HAVE_LIBSECCOMP
	static const char no_filter[] = "no seccomp in this kernel";
	static const char neither[] = "no seccomp, no Landlock in this kernel";
#else
	static const char no_filter[] = "built without seccomp";
	static const char neither[] = "built without seccomp, no Landlock in this kernel";
#endif

	if (!is_entered || (!lacks_filter() && has_landlock))
		return NULL;
	if (!lacks_filter())
		return "no Landlock in this kernel";
	return has_landlock ? no_filter : neither;
}
