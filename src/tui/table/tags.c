/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sockets are tagged. */
#include <config.h>

#include "tags.h"

#include <errno.h>

void
tags_init(struct tags *tags)
{
	map_init(&tags->sockets);
}

void
tags_fini(struct tags *tags)
{
	map_fini(&tags->sockets);
}

static uint64_t
key_of(const struct socket_row *row)
{
	return map_hash_bytes(&row->cookie, sizeof row->cookie, row->netns);
}

int
tags_toggle(struct tags *tags, const struct socket_row *row)
{
	if (tags_has(tags, row)) {
		map_remove(&tags->sockets, key_of(row));
		return 0;
	}
	if (tags->sockets.count >= TAGS_MAX)
		return -ENOSPC;
	return map_set(&tags->sockets, key_of(row), 1) == 0 ? 0 : -ENOMEM;
}

void
tags_clear(struct tags *tags)
{
	map_clear(&tags->sockets);
}

bool
tags_has(const struct tags *tags, const struct socket_row *row)
{
	uint32_t ignored;

	return tags->sockets.count > 0 && map_find(&tags->sockets, key_of(row), &ignored);
}

size_t
tags_sockets(const struct tags *tags, const struct model *model, uint32_t *ids, size_t max)
{
	size_t count = 0;

	for (uint32_t id = 0; tags_count(tags) > 0 && id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0 || !tags_has(tags, row))
			continue;
		if (count < max)
			ids[count] = id;
		count++;
	}
	return count;
}

void
tags_prune(struct tags *tags, const struct model *model)
{
	struct tags kept;

	if (tags_count(tags) == 0)
		return;
	tags_init(&kept);
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0 && tags_has(tags, row))
			(void)tags_toggle(&kept, row);
	}
	tags_fini(tags);
	*tags = kept;
}
