/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share: connections of listeners, counted in a sweep. */
#ifndef SOCKWATCH_ANALYSIS_LISTENERS_LISTENER_PRIVATE_H
#define SOCKWATCH_ANALYSIS_LISTENERS_LISTENER_PRIVATE_H

#include <sockwatch/analysis/listener.h>

/* A remote address with half-open connections to a group. */
struct listener_source {
	struct address remote;
	uint64_t group; /* index */
};

/* The key of the group that the row of a listener belongs to. */
struct listener_key listener_children_key(const struct socket_row *row);
/* For the groups of a table. */
uint64_t listener_children_hash(const struct listener_key *key);
/* A sweep begins: connections are counted anew. */
void listener_children_begin(struct listener_table *table);
/* A row of TCP that is no listener. */
void listener_children_see(struct listener_table *table, const struct socket_row *row);

#endif
