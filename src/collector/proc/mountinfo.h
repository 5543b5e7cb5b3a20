/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
#ifndef SOCKWATCH_COLLECTOR_PROC_MOUNTINFO_H
#define SOCKWATCH_COLLECTOR_PROC_MOUNTINFO_H

#include <sockwatch/base/text.h>

/* Texts point into the line; root and point may have escapes. Empty where the line lacks them. */
struct mountinfo {
	struct text root, point, type;
	struct text options; /* of the file system, separated by commas */
};

struct mountinfo mountinfo_parse(struct text line);
/*
 * The text of our own mountinfo, at most MOUNTINFO_MAX bytes of it, in *memory, which the caller
 * frees; proc is a descriptor of /proc. "" when it cannot be read.
 */
enum { MOUNTINFO_MAX = 1 << 20 };
struct text mountinfo_read(int proc, char **memory);

/* Undoes \NNN (blank, tab, newline, backslash); out ends in NUL. False when size is too small. */
bool mountinfo_unescape(struct text text, char *out, size_t size);

#endif
