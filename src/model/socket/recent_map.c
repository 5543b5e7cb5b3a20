/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps in two generations; see recent_map.h. */
#include <config.h>

#include "recent_map.h"

/* Maps larger than this are let go when they are nearly empty. */
enum { SMALL_MAP = 4096, NEARLY_EMPTY = 8 };

void
recent_map_put(struct model *model, struct recent_map *map, uint64_t key, uint32_t value)
{
	const size_t before = map->young.count;

	if (model->own->recent_count >= RECENT_MAP_MAX || map_set(&map->young, key, value) != 0) {
		model->own->loss_base[LOSS_BOUNDED]++;
		model->losses[LOSS_BOUNDED]++;
		return;
	}
	model->own->recent_count += map->young.count - before;
}

bool
recent_map_find(const struct recent_map *map, uint64_t key, uint32_t *value)
{
	return map_find(&map->young, key, value) || map_find(&map->old, key, value);
}

bool
recent_map_remove(struct model *model, struct recent_map *map, uint64_t key)
{
	if (!map_remove(&map->young, key) && !map_remove(&map->old, key))
		return false;
	model->own->recent_count--;
	return true;
}

static void
empty(struct map *map)
{
	if (map->capacity > SMALL_MAP && map->count < map->capacity / NEARLY_EMPTY)
		map_fini(map);
	else
		map_clear(map);
}

void
recent_map_rotate(struct model *model, struct recent_map *map)
{
	struct map emptied;

	if (map->young.count == 0 && map->old.count == 0)
		return;
	model->own->recent_count -= map->old.count;
	empty(&map->old);
	emptied = map->old;
	map->old = map->young;
	map->young = emptied;
}

void
recent_map_fini(struct model *model, struct recent_map *map)
{
	model->own->recent_count -= map->young.count + map->old.count;
	map_fini(&map->young);
	map_fini(&map->old);
}
