/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "heir.h"

#include <string.h>

/* What both rows have in common; without holes, as it is hashed. */
struct identity {
	struct address local;
	struct address remote;
	uint16_t local_port;
	uint16_t remote_port;
	uint32_t netns;
};

static struct identity
identity_of(const struct socket_row *row)
{
	return (struct identity){
		.local = row->local,
		.remote = row->remote,
		.local_port = row->local_port,
		.remote_port = row->remote_port,
		.netns = row->netns,
	};
}

static uint64_t
hash_of(const struct socket_row *row)
{
	const struct identity identity = identity_of(row);

	return map_hash_bytes(&identity, sizeof identity, 0);
}

void
heir_expect(struct model *model, uint32_t id)
{
	/* Without memory the old row ends and the new one begins: no worse than unrelated. */
	map_set(&model->heirs, hash_of(socket_table_row(&model->sockets, id)), id);
}

void
heir_clear(struct model *model)
{
	if (model->heirs.count != 0)
		map_clear(&model->heirs);
}

static bool
is_heir(const struct socket_row *heir, const struct socket_row *old)
{
	const struct identity mine = identity_of(heir);
	const struct identity his = identity_of(old);

	return !(heir->known & (SOCKET_FREE | SOCKET_CLOSED)) && heir != old &&
	       heir->protocol == old->protocol && memcmp(&mine, &his, sizeof mine) == 0;
}

bool
heir_take(struct model *model, const struct socket_row *old)
{
	struct socket_row *heir;
	uint32_t id;

	if (model->heirs.count == 0 || old->state == TCP_STATE_LISTEN ||
		!map_find(&model->heirs, hash_of(old), &id))
		return false;
	heir = socket_table_row(&model->sockets, id);
	if (!is_heir(heir, old))
		return false;
	map_remove(&model->heirs, hash_of(old));
	/* It was counted as new when it came. */
	if (heir->known & SOCKET_BIRTH_SEEN)
		model->opened--;
	heir->known &= (uint16_t)~SOCKET_BIRTH_SEEN;
	heir->known |= old->known & SOCKET_BIRTH_SEEN;
	heir->first_ms = old->first_ms;
	heir->previous_state = old->state;
	return true;
}
