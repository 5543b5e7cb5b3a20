/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the path of a cgroup says to who knows the habits of systemd and of the container engines:
 * the unit, and the container. Nothing is asked of anybody; a path that follows no known habit
 * gives empty texts.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_PATH_H
#define SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_PATH_H

#include <sockwatch/base/text.h>

struct cgroup_path {
	struct text unit;      /* innermost systemd service or scope */
	struct text container; /* id, or name where the engine puts the name there; innermost */
	struct text name;      /* of the container, where the path tells it */
};

/*
 * The path that says most, of the text of /proc/PID/cgroup (cgroups(7)): that of version 2 unless
 * it is the root, then of systemd's hierarchy, then of any other. *unified is that of version 2
 * alone
 * ("" when there is none). They point into text.
 */
struct text cgroup_path_choose(struct text text, struct text *unified);

/*
 * Explains path; the results point into it, but for names that systemd escaped
 * (machine-a\x2db.scope): those are in out (size bytes).
 */
struct cgroup_path cgroup_path_explain(struct text path, char *out, size_t size);

#endif
