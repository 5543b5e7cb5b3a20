/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "afterlife.h"

#include <string.h>

#include <sockwatch/stream/losses.h>

#include "heir.h"

enum { COOKIE_GONE, COOKIE_DESTROYED };

/* Maps larger than this are let go when they are nearly empty. */
enum { SMALL_MAP = 4096, NEARLY_EMPTY = 8 };

static void
remember(struct model *model, struct map *map, uint64_t key, uint32_t value)
{
	const size_t before = map->count;

	if (model->own->afterlives >= AFTERLIFE_MAX || map_set(map, key, value) != 0) {
		model->own->loss_base[LOSS_BOUNDED]++;
		model->losses[LOSS_BOUNDED]++;
		return;
	}
	model->own->afterlives += map->count - before;
}

static bool
forget(struct model *model, struct map *map, uint64_t key)
{
	if (!map_remove(map, key))
		return false;
	model->own->afterlives--;
	return true;
}

uint32_t
afterlife_wait(const struct model *model, uint64_t hash)
{
	uint32_t id;

	return map_find(&model->own->waits[0], hash, &id) ||
			       map_find(&model->own->waits[1], hash, &id)
		       ? id
		       : SOCKET_NONE;
}

/* The TIME-WAIT that was listed before the event came, and counted; or NULL. */
static struct socket_row *
find_wait(struct model *model, const struct socket_row *row)
{
	const uint32_t id = afterlife_wait(model, heir_hash(row));
	struct socket_row *wait;

	if (id == SOCKET_NONE)
		return NULL;
	wait = socket_table_row(&model->sockets, id);
	if (wait->known & (SOCKET_FREE | SOCKET_CLOSED) || wait == row || !heir_is_same(wait, row))
		return NULL;
	return wait->timer == SOCKET_TIMER_TIMEWAIT || wait->known & SOCKET_REQUEST ? wait : NULL;
}

bool
afterlife_of_event(struct model *model, struct netns_row *netns, const struct socket_row *row)
{
	struct socket_row *const wait = find_wait(model, row);

	if (wait == NULL) {
		remember(model, &netns->own->lives[0], heir_hash(row), 0);
		return true;
	}
	afterlife_forget(model, wait);
	wait->known |= SOCKET_AFTERLIFE;
	if (!(wait->known & SOCKET_BIRTH_SEEN))
		return true;
	wait->known &= (uint16_t)~SOCKET_BIRTH_SEEN;
	return false;
}

bool
afterlife_of_listed(struct model *model, struct netns_row *netns, uint32_t id)
{
	struct socket_row *const row = socket_table_row(&model->sockets, id);
	const uint64_t hash = heir_hash(row);

	for (unsigned i = 0; i < 2; i++) {
		if (forget(model, &netns->own->lives[i], hash)) {
			row->known |= SOCKET_AFTERLIFE;
			return true;
		}
	}
	remember(model, &model->own->waits[0], hash, id);
	return false;
}

void
afterlife_of_request(struct model *model, uint32_t id)
{
	remember(
		model, &model->own->waits[0], heir_hash(socket_table_row(&model->sockets, id)), id);
}

void
afterlife_deny(struct model *model, struct socket_row *row)
{
	if (!(row->known & SOCKET_AFTERLIFE))
		return;
	row->known &= (uint16_t)~SOCKET_AFTERLIFE;
	row->known |= SOCKET_BIRTH_SEEN;
	model->opened++;
}

void
afterlife_depart(struct model *model, const struct socket_row *row, bool destroyed)
{
	struct netns_row *const netns = model->netns[row->netns];

	if (row->protocol == IPPROTO_TCP && row->state != TCP_STATE_TIME_WAIT)
		remember(model, &netns->own->departed[0], row->cookie,
			destroyed ? COOKIE_DESTROYED : COOKIE_GONE);
}

static bool
find_departed(const struct netns_row *netns, uint64_t cookie, uint32_t *how)
{
	return map_find(&netns->own->departed[0], cookie, how) ||
	       map_find(&netns->own->departed[1], cookie, how);
}

bool
afterlife_departed(const struct netns_row *netns, uint64_t cookie)
{
	uint32_t how;

	return find_departed(netns, cookie, &how);
}

bool
afterlife_destroyed(const struct netns_row *netns, uint64_t cookie)
{
	uint32_t how;

	return find_departed(netns, cookie, &how) && how == COOKIE_DESTROYED;
}

void
afterlife_forget(struct model *model, const struct socket_row *row)
{
	uint64_t hash;
	uint32_t id;

	if ((model->own->waits[0].count == 0 && model->own->waits[1].count == 0) ||
		row->protocol != IPPROTO_TCP)
		return;
	hash = heir_hash(row);
	for (unsigned i = 0; i < 2; i++) {
		if (map_find(&model->own->waits[i], hash, &id) &&
			socket_table_row(&model->sockets, id) == row)
			forget(model, &model->own->waits[i], hash);
	}
}

static void
empty(struct model *model, struct map *map)
{
	model->own->afterlives -= map->count;
	if (map->capacity > SMALL_MAP && map->count < map->capacity / NEARLY_EMPTY)
		map_fini(map);
	else
		map_clear(map);
}

/* The second of the two is the older one: it goes, the first takes its place. */
static void
turn(struct model *model, struct map maps[2])
{
	struct map older;

	if (maps[0].count == 0 && maps[1].count == 0)
		return;
	empty(model, &maps[1]);
	older = maps[1];
	maps[1] = maps[0];
	maps[0] = older;
}

void
afterlife_turn(struct model *model, struct netns_row *netns)
{
	turn(model, netns->own->lives);
	turn(model, netns->own->departed);
	/* While nobody listens to events, none will come; they may begin between two dumps. */
	if (model->closings == 0)
		turn(model, model->own->waits);
}

void
afterlife_fini(struct model *model, struct netns_row *netns)
{
	for (unsigned i = 0; i < 2; i++) {
		model->own->afterlives -=
			netns->own->lives[i].count + netns->own->departed[i].count;
		map_fini(&netns->own->lives[i]);
		map_fini(&netns->own->departed[i]);
	}
}
