/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A map that forgets: it has two generations, and what was put before the last two rotations is
 * gone. All such maps of a model share one bound.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_RECENT_MAP_H
#define SOCKWATCH_MODEL_SOCKET_RECENT_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model_private.h"

/* Entries of all maps of a model together; what is beyond counts as LOSS_BOUNDED. */
enum { RECENT_MAP_MAX = 1 << 20 };

void recent_map_put(struct model *model, struct recent_map *map, uint64_t key, uint32_t value);
bool recent_map_find(const struct recent_map *map, uint64_t key, uint32_t *value);
/* True: the key was there. */
bool recent_map_remove(struct model *model, struct recent_map *map, uint64_t key);
void recent_map_rotate(struct model *model, struct recent_map *map);
void recent_map_fini(struct model *model, struct recent_map *map);

#endif
