/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The systemd unit and the container that the path of a cgroup shows, by the naming habits of
 * systemd and the container engines. No daemon is asked. A path that follows no known habit gives
 * empty texts.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_PATH_H
#define SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_PATH_H

#include <sockwatch/base/text.h>

struct cgroup_path {
	struct text unit;      /* innermost systemd service or scope */
	struct text container; /* id, or name where the engine puts the name there; innermost */
	struct text name;      /* of the container, where the path has it */
};

/*
 * The most telling path in the text of /proc/PID/cgroup (cgroups(7)): that of version 2 unless it
 * is the root, then that of systemd's hierarchy, then any other. *unified is that of version 2
 * alone
 * ("" when there is none). Both point into text.
 */
struct text cgroup_path_choose(struct text text, struct text *unified);

/*
 * Explains path. The results point into it, except names that systemd escaped
 * (machine-a\x2db.scope): those are in out (size bytes).
 */
struct cgroup_path cgroup_path_explain(struct text path, char *out, size_t size);

#endif
