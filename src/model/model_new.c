/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a model and frees it. */
#include <config.h>

#include <sockwatch/model/model.h>

#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/model/path.h>

#include "model/wire/wire_input.h"
#include "model_private.h"
#include "netns_private.h"
#include "texts.h"

enum {
	SOCKETS_DEFAULT_MIN = 65536,
	SOCKETS_DEFAULT_MAX = 8388608,
	/* A row, its places in the indexes and an owner. */
	BYTES_PER_SOCKET = 384,
};

/* So many that they take a quarter of the memory. */
static uint32_t
default_limit(void)
{
	const long pages = sysconf(_SC_PHYS_PAGES);
	const long page_size = sysconf(_SC_PAGESIZE);
	uint64_t limit = SOCKETS_DEFAULT_MIN;

	if (pages > 0 && page_size > 0)
		limit = (uint64_t)pages * (uint64_t)page_size / 4 / BYTES_PER_SOCKET;
	if (limit < SOCKETS_DEFAULT_MIN)
		return SOCKETS_DEFAULT_MIN;
	return limit < SOCKETS_DEFAULT_MAX ? (uint32_t)limit : SOCKETS_DEFAULT_MAX;
}

static bool
allocate(struct model *model, const struct wire_options *wire)
{
	model->paths = path_table_new(MODEL_PATHS_MAX);
	model->wire = wire_new(wire);
	model->counter_names = counter_names_new();
	model->own->names = names_new(MODEL_HOST_NAMES_MAX);
	return model->paths != NULL && model->wire != NULL && model->counter_names != NULL &&
	       model->own->names != NULL && texts_init(model) == 0;
}

struct model *
model_new(uint32_t socket_limit)
{
	return model_new_wired(socket_limit, NULL);
}

struct model *
model_new_wired(uint32_t socket_limit, const struct wire_options *wire)
{
	struct model *const model = calloc(1, sizeof *model);
	const uint32_t limit = socket_limit != 0 ? socket_limit : default_limit();

	if (model == NULL)
		return NULL;
	model->own = calloc(1, sizeof *model->own);
	if (model->own == NULL) {
		free(model);
		return NULL;
	}
	if (!allocate(model, wire)) {
		model_free(model);
		return NULL;
	}
	socket_table_init(&model->sockets, limit);
	/* Listeners of forking servers are held many times. */
	process_table_init(&model->processes, limit < UINT32_MAX / 2 ? limit * 2 : limit);
	/* The callers and the maps are empty as they are: all is zero. */
	return model;
}

struct model *
model_new_after(const struct model *model)
{
	struct model *const next = model_new(model->sockets.limit);

	if (next == NULL)
		return NULL;
	next->changes = model->changes + 1;
	next->socket_changes = model->socket_changes + 1;
	next->path_changes = model->path_changes + 1;
	next->text_generation = model->text_generation + 1;
	next->complete_sequence = model->complete_sequence + 1;
	next->linger_ms = model->linger_ms;
	return next;
}

void
model_free(struct model *model)
{
	if (model == NULL)
		return;
	netns_free_all(model);
	socket_table_fini(&model->sockets);
	process_table_fini(&model->processes);
	caller_table_fini(&model->own->callers);
	path_table_free(model->paths);
	counter_names_free(model->counter_names);
	names_free(model->own->names);
	cgroup_memory_rows_clear(&model->own->cgroup_memory);
	sysctl_settings_clear(&model->own->sysctl_settings);
	sysctl_values_clear(&model->own->sysctls);
	wire_free(model->wire);
	map_fini(&model->own->users);
	map_fini(&model->own->cgroups);
	map_fini(&model->own->cgroups_named);
	map_fini(&model->links);
	map_fini(&model->own->successors);
	map_fini(&model->own->awaiting_event.young);
	map_fini(&model->own->awaiting_event.old);
	map_fini(&model->own->tuple_index);
	intern_free(model->texts);
	free(model->own->closed_queue);
	free(model->own);
	free(model);
}
