/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/model.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "model/socket/close.h"
#include "netns.h"
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

struct model *
model_new(uint32_t socket_limit)
{
	struct model *const model = calloc(1, sizeof *model);
	const uint32_t limit = socket_limit != 0 ? socket_limit : default_limit();

	if (model == NULL)
		return NULL;
	model->paths = path_table_new(MODEL_PATHS_MAX);
	model->wire = wire_new(NULL);
	model->names = names_new(MODEL_HOST_NAMES_MAX);
	if (model->paths == NULL || model->names == NULL || model->wire == NULL ||
		texts_init(model) != 0) {
		names_free(model->names);
		wire_free(model->wire);
		path_table_free(model->paths);
		free(model);
		return NULL;
	}
	socket_table_init(&model->sockets, limit);
	/* Listeners of forking servers are held many times. */
	process_table_init(&model->processes, limit < UINT32_MAX / 2 ? limit * 2 : limit);
	caller_table_init(&model->callers);
	map_init(&model->netns_by_id);
	map_init(&model->users);
	map_init(&model->cgroups);
	map_init(&model->cgroups_named);
	map_init(&model->links);
	map_init(&model->heirs);
	map_init(&model->tuple_index);
	return model;
}

void
model_free(struct model *model)
{
	if (model == NULL)
		return;
	netns_free_all(model);
	socket_table_fini(&model->sockets);
	process_table_fini(&model->processes);
	caller_table_fini(&model->callers);
	path_table_free(model->paths);
	names_free(model->names);
	wire_free(model->wire);
	map_fini(&model->users);
	map_fini(&model->cgroups);
	map_fini(&model->cgroups_named);
	map_fini(&model->links);
	map_fini(&model->heirs);
	map_fini(&model->waits[0]);
	map_fini(&model->waits[1]);
	map_fini(&model->tuple_index);
	intern_free(model->texts);
	free(model->closed_queue);
	free(model);
}

int
model_set_wire(struct model *model, const struct wire_options *options)
{
	struct wire *const wire = wire_new(options);

	if (wire == NULL)
		return -ENOMEM;
	wire_free(model->wire);
	model->wire = wire;
	return 0;
}

void
model_tick(struct model *model, uint64_t now_ns)
{
	if (model->epoch_ms == 0)
		return;
	if (now_ns > model->now_ns)
		model->now_ns = now_ns;
	close_expire(model);
	path_tick(model->paths, model->now_ns);
	wire_tick(model->wire, model->now_ns);
}

uint32_t
model_now_ms(const struct model *model)
{
	return (uint32_t)(model->now_ns / CLOCK_NS_PER_MS - model->epoch_ms);
}

const char *
model_text(const struct model *model, uint32_t id)
{
	return intern_get(model->texts, id).data;
}

const char *
model_host_name(const struct model *model, const struct address *address)
{
	return names_find(model->names, address, model->now_ns);
}

void
model_take_name(struct model *model, const struct message_name *name)
{
	names_take(model->names, name, model->now_ns);
	model->changes++;
}

const char *
model_user(const struct model *model, uint32_t uid)
{
	uint32_t text;

	return map_find(&model->users, uid, &text) && text != 0 ? model_text(model, text) : NULL;
}

const struct netns_row *
model_netns(const struct model *model, uint16_t index)
{
	return index < model->netns_count ? model->netns[index] : NULL;
}

const struct netns_row *
model_netns_of_stream(const struct model *model, uint32_t id)
{
	return netns_find(model, id);
}
