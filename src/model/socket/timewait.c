/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections that are two sockets for the kernel; see timewait.h. */
#include <config.h>

#include "timewait.h"

#include <netinet/in.h>
#include <string.h>

#include "recent_map.h"

/* What both rows have in common; without holes, as it is hashed. Ours and theirs are not exchanged.
 */
struct identity {
	struct address local;
	struct address remote;
	uint16_t local_port;
	uint16_t remote_port;
	uint32_t netns;
	uint32_t link; /* where an address is link-local */
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
		.link = address_link_of(&row->local, &row->remote, row->ifindex),
	};
}

static uint64_t
hash_of(const struct socket_row *row)
{
	const struct identity identity = identity_of(row);

	return map_hash_bytes(&identity, sizeof identity, 0);
}

static bool
is_same(const struct socket_row *one, const struct socket_row *other)
{
	const struct identity mine = identity_of(one);
	const struct identity his = identity_of(other);

	return one->protocol == other->protocol && memcmp(&mine, &his, sizeof mine) == 0;
}

/* The row of a TIME-WAIT or request that was counted and whose event may still come, or
 * SOCKET_NONE. */
static uint32_t
find_awaiting(const struct model *model, uint64_t hash)
{
	uint32_t id;

	return recent_map_find(&model->own->awaiting_event, hash, &id) ? id : SOCKET_NONE;
}

void
timewait_expect(struct model *model, uint32_t id)
{
	/* Without memory the old row ends and the new one begins: no worse than unrelated. */
	map_set(&model->own->successors, hash_of(socket_table_row(&model->sockets, id)), id);
}

void
timewait_begin_dump(struct model *model)
{
	if (model->own->successors.count != 0)
		map_clear(&model->own->successors);
}

static bool
is_successor(const struct socket_row *row, const struct socket_row *old)
{
	if (row->flags & (SOCKET_FREE | SOCKET_CLOSED | SOCKET_COUNTED) || row == old ||
		!is_same(row, old))
		return false;
	return row->timer == SOCKET_TIMER_TIMEWAIT ||
	       (old->flags & SOCKET_REQUEST && !(row->flags & SOCKET_REQUEST));
}

bool
timewait_succeed(struct model *model, const struct socket_row *old)
{
	struct socket_row *row;
	uint64_t hash;
	uint32_t id;

	/* A mini-socket itself has no successor: the new one is of a later connection. */
	if (old->state == TCP_STATE_LISTEN || old->timer == SOCKET_TIMER_TIMEWAIT)
		return false;
	hash = hash_of(old);
	/* A dump may list both, when it comes by while one becomes the other. */
	if (!map_find(&model->own->successors, hash, &id))
		id = find_awaiting(model, hash);
	if (id == SOCKET_NONE)
		return false;
	row = socket_table_row(&model->sockets, id);
	if (!is_successor(row, old))
		return false;
	map_remove(&model->own->successors, hash);
	timewait_forget(model, row);
	/* It was counted as new when it came. */
	if (row->flags & SOCKET_BIRTH_SEEN)
		model->opened--;
	row->flags &= (uint16_t)~SOCKET_BIRTH_SEEN;
	row->flags |= old->flags & SOCKET_BIRTH_SEEN;
	row->first_ms = old->first_ms;
	row->previous_state = old->state;
	return true;
}

/* The TIME-WAIT that was listed before the event came, and counted; or NULL. */
static struct socket_row *
find_listed(struct model *model, const struct socket_row *row)
{
	const uint32_t id = find_awaiting(model, hash_of(row));
	struct socket_row *listed;

	if (id == SOCKET_NONE)
		return NULL;
	listed = socket_table_row(&model->sockets, id);
	if (listed->flags & (SOCKET_FREE | SOCKET_CLOSED) || listed == row || !is_same(listed, row))
		return NULL;
	return listed->timer == SOCKET_TIMER_TIMEWAIT || listed->flags & SOCKET_REQUEST ? listed
											: NULL;
}

bool
timewait_on_event(struct model *model, struct netns_row *netns, const struct socket_row *row)
{
	struct socket_row *const listed = find_listed(model, row);

	if (listed == NULL) {
		recent_map_put(model, &netns->own->closed_unlisted, hash_of(row), 0);
		return true;
	}
	timewait_forget(model, listed);
	listed->flags |= SOCKET_COUNTED;
	if (!(listed->flags & SOCKET_BIRTH_SEEN))
		return true;
	listed->flags &= (uint16_t)~SOCKET_BIRTH_SEEN;
	return false;
}

bool
timewait_on_listed(struct model *model, struct netns_row *netns, uint32_t id)
{
	struct socket_row *const row = socket_table_row(&model->sockets, id);
	const uint64_t hash = hash_of(row);

	if (recent_map_remove(model, &netns->own->closed_unlisted, hash)) {
		row->flags |= SOCKET_COUNTED;
		return true;
	}
	recent_map_put(model, &model->own->awaiting_event, hash, id);
	return false;
}

void
timewait_on_request(struct model *model, uint32_t id)
{
	recent_map_put(model, &model->own->awaiting_event,
		hash_of(socket_table_row(&model->sockets, id)), id);
}

void
timewait_deny(struct model *model, struct socket_row *row)
{
	if (!(row->flags & SOCKET_COUNTED))
		return;
	row->flags &= (uint16_t)~SOCKET_COUNTED;
	row->flags |= SOCKET_BIRTH_SEEN;
	model->opened++;
}

/* Takes the row out of one generation. */
static void
forget_in(struct model *model, struct map *map, uint64_t hash, const struct socket_row *row)
{
	uint32_t id;

	if (!map_find(map, hash, &id) || socket_table_row(&model->sockets, id) != row)
		return;
	map_remove(map, hash);
	model->own->recent_count--;
}

void
timewait_forget(struct model *model, const struct socket_row *row)
{
	struct recent_map *const awaiting = &model->own->awaiting_event;
	uint64_t hash;

	if ((awaiting->young.count == 0 && awaiting->old.count == 0) ||
		row->protocol != IPPROTO_TCP)
		return;
	hash = hash_of(row);
	forget_in(model, &awaiting->young, hash, row);
	forget_in(model, &awaiting->old, hash, row);
}

void
timewait_end_dump(struct model *model, struct netns_row *netns)
{
	recent_map_rotate(model, &netns->own->closed_unlisted);
	recent_map_rotate(model, &netns->own->closed_cookies);
	/* While nobody listens to events, none will come; they may begin between two dumps. */
	if (model->closings == 0)
		recent_map_rotate(model, &model->own->awaiting_event);
}

void
timewait_fini(struct model *model, struct netns_row *netns)
{
	recent_map_fini(model, &netns->own->closed_unlisted);
	recent_map_fini(model, &netns->own->closed_cookies);
}
