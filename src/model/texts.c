/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interned texts of a model, and how unused ones are dropped; see texts.h. */
#include <config.h>

#include "texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_GOAL = 16384 };

/* They are added first, so that their numbers fit the 16 bits that a row has for them. */
static const char *const congestions[] = {
	"cubic",
	"bbr",
	"reno",
	"bic",
	"cdg",
	"dctcp",
	"highspeed",
	"htcp",
	"hybla",
	"illinois",
	"lp",
	"nv",
	"scalable",
	"vegas",
	"veno",
	"westwood",
	"yeah",
};

static struct intern *
begin(void)
{
	struct intern *const texts = intern_new(MODEL_TEXTS_MAX);

	if (texts == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof congestions / sizeof *congestions; i++)
		intern_add(texts, text_of(congestions[i]));
	return texts;
}

int
texts_init(struct model *model)
{
	model->texts = begin();
	model->own->text_goal = FIRST_GOAL;
	return model->texts != NULL ? 0 : -ENOMEM;
}

struct move {
	const struct intern *from;
	struct intern *to;
	uint32_t *numbers; /* old to new; 0: not moved yet */
	uint32_t count;    /* of old ones */
};

static uint32_t
moved(struct move *move, uint32_t old)
{
	if (old == 0 || old & TEXTS_NAMELESS)
		return old;
	if (old > move->count) /* this one stands for all beyond the limit */
		return intern_add(move->to, intern_get(move->from, old));
	if (move->numbers[old] == 0)
		move->numbers[old] = intern_add(move->to, intern_get(move->from, old));
	return move->numbers[old];
}

static void
move_map(struct move *move, struct map *map)
{
	size_t position = 0;
	uint64_t key;
	uint32_t value;

	/* Replaces values of keys that are there, which leaves the map's order alone. */
	while (map_next(map, &position, &key, &value))
		map_set(map, key, moved(move, value));
}

static void
move_sockets(struct move *move, struct socket_table *sockets)
{
	for (uint32_t id = 0; id < sockets->used; id++) {
		struct socket_row *const row = socket_table_row(sockets, id);
		const uint32_t congestion = moved(move, row->congestion);

		row->congestion = congestion <= UINT16_MAX ? (uint16_t)congestion : 0;
		row->cgroup = moved(move, row->cgroup);
	}
}

static void
move_processes(struct move *move, struct process_table *processes)
{
	for (uint32_t i = 0; i < processes->count; i++) {
		struct process_row *const row = &processes->rows[i];

		row->comm = moved(move, row->comm);
		row->cmdline = moved(move, row->cmdline);
		row->cgroup = moved(move, row->cgroup);
		row->unit = moved(move, row->unit);
		row->container = moved(move, row->container);
		row->container_name = moved(move, row->container_name);
		row->memory_cgroup = moved(move, row->memory_cgroup);
	}
}

static void
move_cgroups(struct move *move, struct cgroup_memory_rows *cgroups)
{
	for (size_t i = 0; i < cgroups->count; i++)
		cgroups->rows[i].path = moved(move, cgroups->rows[i].path);
}

void
texts_compact(struct model *model)
{
	struct move move = {.from = model->texts, .count = intern_count(model->texts)};

	if (move.count < model->own->text_goal)
		return;
	model->own->text_goal = move.count * 2;
	move.numbers = calloc((size_t)move.count + 1, sizeof *move.numbers);
	move.to = begin();
	if (move.numbers == NULL || move.to == NULL) {
		free(move.numbers);
		intern_free(move.to);
		return;
	}
	move_sockets(&move, &model->sockets);
	move_processes(&move, &model->processes);
	move_cgroups(&move, &model->own->cgroup_memory);
	move_map(&move, &model->own->users);
	move_map(&move, &model->own->cgroups);
	move_map(&move, &model->own->cgroups_named);
	move_map(&move, &model->links);
	for (uint32_t i = 0; i < model->netns_count; i++)
		model->netns[i]->name = moved(&move, model->netns[i]->name);
	free(move.numbers);
	intern_free(model->texts);
	model->texts = move.to;
	model->text_generation++;
	model->own->last_congestion_text = 0;
	model->own->text_goal = intern_count(move.to) * 2;
	if (model->own->text_goal < FIRST_GOAL)
		model->own->text_goal = FIRST_GOAL;
	if (model->own->text_goal > MODEL_TEXTS_MAX)
		model->own->text_goal = MODEL_TEXTS_MAX;
}

uint16_t
texts_congestion(struct model *model, struct text name)
{
	uint32_t number;

	/* The same name for nearly every socket. */
	if (model->own->last_congestion_text != 0 &&
		text_equal(name, text_of(model->own->last_congestion)))
		return model->own->last_congestion_text;
	number = intern_add(model->texts, name);
	if (number > UINT16_MAX)
		return 0;
	if (name.len < sizeof model->own->last_congestion) {
		memcpy(model->own->last_congestion, name.data, name.len);
		model->own->last_congestion[name.len] = '\0';
		model->own->last_congestion_text = (uint16_t)number;
	}
	return (uint16_t)number;
}

uint32_t
texts_cgroup(struct model *model, uint64_t id)
{
	uint32_t number;

	if (map_find(&model->own->cgroups, id, &number))
		return number;
	if (model->own->cgroups.count >= MODEL_NAMES_MAX)
		return 0;
	number = TEXTS_NAMELESS | model->own->cgroups_nameless;
	if (map_set(&model->own->cgroups, id, number) != 0)
		return 0;
	model->own->cgroups_nameless =
		(model->own->cgroups_nameless + 1) & (TEXTS_NAMELESS / 2 - 1);
	return number;
}

void
texts_name_cgroup(struct model *model, uint64_t id, struct text path)
{
	const uint32_t number = intern_add(model->texts, path);
	uint32_t before = 0;
	const bool is_known = map_find(&model->own->cgroups, id, &before);

	if (number == 0 || (is_known && before == number) ||
		(!is_known && model->own->cgroups.count >= MODEL_NAMES_MAX))
		return;
	if (map_set(&model->own->cgroups, id, number) != 0)
		return;
	if (is_known && before & TEXTS_NAMELESS)
		map_set(&model->own->cgroups_named, before, number);
	model->changes++;
}

void
texts_settle_cgroups(struct model *model)
{
	if (model->own->cgroups_named.count == 0)
		return;
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&model->sockets, id);

		if (row->cgroup & TEXTS_NAMELESS && !(row->flags & SOCKET_FREE))
			map_find(&model->own->cgroups_named, row->cgroup, &row->cgroup);
	}
	map_clear(&model->own->cgroups_named);
	model->socket_changes++;
	model->changes++;
}
