/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of Docker's containers, from the file that Docker keeps of each. Each is looked up once,
 * whether it is found or not, until all are forgotten: a container may be given another name.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_CGROUP_CONTAINER_NAMES_H
#define SOCKWATCH_COLLECTOR_PROC_CGROUP_CONTAINER_NAMES_H

#include <sockwatch/base/intern.h>
#include <sockwatch/base/map.h>
#include <sockwatch/base/text.h>

struct container_names {
	int directory;         /* of containers, or -1 */
	struct intern *texts;  /* ids and names */
	struct map name_of_id; /* numbers of texts; name 0: none */
};

/* directory: "/var/lib/docker/containers"; when it cannot be opened, no container has a name. */
int container_names_init(struct container_names *names, const char *directory);
void container_names_fini(struct container_names *names);

/* The name of the container with this full id, or "". */
struct text container_names_get(struct container_names *names, struct text id);

/* Each is looked up again when it is asked for. */
void container_names_forget(struct container_names *names);

/*
 * The member "Name" of the outer JSON object, without the '/' that Docker puts before it. "" when
 * there is none, or when it has an escape (Docker allows none).
 */
struct text container_names_parse(struct text json);

#endif
