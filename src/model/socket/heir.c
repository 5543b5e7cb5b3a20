/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "heir.h"

#include <string.h>

#include "afterlife.h"

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

uint64_t
heir_hash(const struct socket_row *row)
{
	const struct identity identity = identity_of(row);

	return map_hash_bytes(&identity, sizeof identity, 0);
}

void
heir_expect(struct model *model, uint32_t id)
{
	/* Without memory the old row ends and the new one begins: no worse than unrelated. */
	map_set(&model->own->heirs, heir_hash(socket_table_row(&model->sockets, id)), id);
}

void
heir_clear(struct model *model)
{
	if (model->own->heirs.count != 0)
		map_clear(&model->own->heirs);
}

bool
heir_is_same(const struct socket_row *one, const struct socket_row *other)
{
	const struct identity mine = identity_of(one);
	const struct identity his = identity_of(other);

	return one->protocol == other->protocol && memcmp(&mine, &his, sizeof mine) == 0;
}

static bool
is_heir(const struct socket_row *heir, const struct socket_row *old)
{
	if (heir->known & (SOCKET_FREE | SOCKET_CLOSED | SOCKET_AFTERLIFE) || heir == old ||
		!heir_is_same(heir, old))
		return false;
	return heir->timer == SOCKET_TIMER_TIMEWAIT ||
	       (old->known & SOCKET_REQUEST && !(heir->known & SOCKET_REQUEST));
}

bool
heir_take(struct model *model, const struct socket_row *old)
{
	struct socket_row *heir;
	uint64_t hash;
	uint32_t id;

	/* What was a mini-socket itself has no heir: the new one is of a later connection. */
	if (old->state == TCP_STATE_LISTEN || old->timer == SOCKET_TIMER_TIMEWAIT)
		return false;
	hash = heir_hash(old);
	/* A dump may list both, when it comes by while one becomes the other. */
	if (!map_find(&model->own->heirs, hash, &id))
		id = afterlife_wait(model, hash);
	if (id == SOCKET_NONE)
		return false;
	heir = socket_table_row(&model->sockets, id);
	if (!is_heir(heir, old))
		return false;
	map_remove(&model->own->heirs, hash);
	afterlife_forget(model, heir);
	/* It was counted as new when it came. */
	if (heir->known & SOCKET_BIRTH_SEEN)
		model->opened--;
	heir->known &= (uint16_t)~SOCKET_BIRTH_SEEN;
	heir->known |= old->known & SOCKET_BIRTH_SEEN;
	heir->first_ms = old->first_ms;
	heir->previous_state = old->state;
	return true;
}
