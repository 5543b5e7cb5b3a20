/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tagged sockets, by namespace and cookie: what F9 acts on. A tag goes with its socket.
 */
#ifndef SOCKWATCH_TUI_TABLE_TAGS_H
#define SOCKWATCH_TUI_TABLE_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/model/model.h>

enum { TAGS_MAX = 65536 };

struct tags {
	struct map sockets; /* hash of namespace and cookie */
};

void tags_init(struct tags *tags);
void tags_fini(struct tags *tags);
/* Tags the row, or takes its tag away. -ENOSPC when there are TAGS_MAX, -ENOMEM. */
int tags_toggle(struct tags *tags, const struct socket_row *row);
void tags_clear(struct tags *tags);
bool tags_has(const struct tags *tags, const struct socket_row *row);
static inline size_t
tags_count(const struct tags *tags)
{
	return tags->sockets.count;
}
/* Forgets the tags of sockets that are gone; reads all rows if there is a tag. */
void tags_prune(struct tags *tags, const struct model *model);
/* Ids of the tagged sockets that live; at most max are written. Returns how many there are. */
size_t tags_sockets(const struct tags *tags, const struct model *model, uint32_t *ids, size_t max);

#endif
