/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces: finds, adds, binds and ends them. */
#include <config.h>

#include "model/socket/timewait.h"
#include "netns_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/stream/losses.h>

#include "model/socket/close.h"

/* The collector's own namespace has this number, also before it is described. */
enum { OWN_ID = 1 };

struct netns_row *
netns_find(const struct model *model, uint32_t id)
{
	uint32_t index;

	return map_find(&model->own->netns_by_id, id, &index) ? model->netns[index] : NULL;
}

/* Names of interfaces are kept by our number, which another namespace gets now. */
static void
forget_links(struct model *model, uint16_t index)
{
	struct map kept;
	size_t position = 0;
	uint64_t key;
	uint32_t value;

	map_init(&kept);
	while (map_next(&model->links, &position, &key, &value)) {
		if (key >> 32 != index)
			map_set(&kept, key, value);
	}
	map_fini(&model->links);
	model->links = kept;
}

static void
forget_mptcp(struct netns_row *netns)
{
	map_fini(&netns->own->mptcp_receive);
	map_fini(&netns->own->mptcp_send);
}

static void
forget_sysctls(struct netns_row *netns)
{
	if (netns->own->sysctls == NULL)
		return;
	sysctl_values_clear(netns->own->sysctls);
	free(netns->own->sysctls);
	netns->own->sysctls = NULL;
}

/* A row that nothing refers to, or NULL. */
static struct netns_row *
find_unused(struct model *model)
{
	for (uint32_t i = 0; i < model->netns_count; i++) {
		struct netns_row *const netns = model->netns[i];

		if (netns->gone && netns->own->references == 0)
			return netns;
	}
	return NULL;
}

static struct netns_row *
reuse(struct model *model, struct netns_row *netns)
{
	struct netns_private *const own = netns->own;
	const uint16_t index = netns->index;
	struct counters counters = netns->counters;

	map_remove(&model->own->netns_by_id, netns->id);
	if (model->own->dump == netns)
		model->own->dump = NULL;
	forget_links(model, index);
	timewait_fini(model, netns);
	counters_clear(&counters);
	forget_mptcp(netns);
	forget_sysctls(netns);
	*own = (struct netns_private){.references = 0};
	*netns = (struct netns_row){.index = index, .counters = counters, .own = own};
	return netns;
}

static struct netns_row *
make(void)
{
	struct netns_row *const netns = calloc(1, sizeof *netns);

	if (netns == NULL)
		return NULL;
	netns->own = calloc(1, sizeof *netns->own);
	if (netns->own == NULL || counters_init(&netns->counters) != 0) {
		free(netns->own);
		free(netns);
		return NULL;
	}
	return netns;
}

static struct netns_row *
new_row(struct model *model)
{
	struct netns_row *netns = find_unused(model);

	if (netns != NULL)
		return reuse(model, netns);
	if (model->netns_count == MODEL_NETNS_MAX)
		return NULL;
	if (model->netns == NULL) {
		model->netns = calloc(MODEL_NETNS_MAX, sizeof *model->netns);
		if (model->netns == NULL)
			return NULL;
	}
	netns = make();
	if (netns == NULL)
		return NULL;
	netns->index = (uint16_t)model->netns_count;
	model->netns[model->netns_count++] = netns;
	return netns;
}

/* Gives the row the stream's number. */
static bool
bind_row(struct model *model, struct netns_row *netns, uint32_t id)
{
	if (map_set(&model->own->netns_by_id, id, netns->index) != 0)
		return false;
	netns->id = id;
	return true;
}

/* Finds one that the previous collector knew, by inode; its own needs none. */
static struct netns_row *
find_unbound(struct model *model, uint32_t id, uint64_t inode)
{
	for (uint32_t i = 0; i < model->netns_count; i++) {
		struct netns_row *const netns = model->netns[i];

		if (netns->id != 0 || netns->gone)
			continue;
		if (netns->inode != 0 && inode != 0 ? netns->inode == inode
						    : i == 0 && id == OWN_ID)
			return netns;
	}
	return NULL;
}

static struct netns_row *
get(struct model *model, uint32_t id, uint64_t inode)
{
	struct netns_row *netns = netns_find(model, id);

	if (netns != NULL || id == 0)
		return netns;
	netns = find_unbound(model, id, inode);
	if (netns == NULL)
		netns = new_row(model);
	if (netns == NULL || !bind_row(model, netns, id)) {
		model->own->loss_base[LOSS_BOUNDED]++;
		model->losses[LOSS_BOUNDED]++;
		if (netns != NULL)
			netns->gone = true;
		return NULL;
	}
	model->changes++;
	return netns;
}

struct netns_row *
netns_get(struct model *model, uint32_t id)
{
	return get(model, id, 0);
}

void
netns_apply(struct model *model, const struct message_netns *message)
{
	struct netns_row *const netns = get(model, message->id, message->inode);

	if (netns == NULL)
		return;
	netns->inode = message->inode;
	netns->name = intern_add(model->texts, message->name);
	netns->pid = message->pid;
	netns->error = message->error;
	netns->name_gone = message->name_gone != 0;
	model->changes++;
	if (netns->gone != (message->gone != 0)) {
		netns->gone = message->gone != 0;
		model->socket_changes++;
	}
	if (netns->gone)
		close_netns(model, netns);
}

void
netns_unbind(struct model *model)
{
	map_clear(&model->own->netns_by_id);
	for (uint32_t i = 0; i < model->netns_count; i++) {
		struct netns_row *const netns = model->netns[i];

		netns->id = 0;
		forget_sysctls(netns);
		/* The last collector's dumps are no start for the next one's rates and births. */
		memset(netns->own->dump, 0, sizeof netns->own->dump);
		memset(netns->own->last, 0, sizeof netns->own->last);
		memset(netns->own->complete, 0, sizeof netns->own->complete);
	}
	model->own->rebinding = true;
}

void
netns_settle(struct model *model)
{
	if (!model->own->rebinding)
		return;
	model->own->rebinding = false;
	for (uint32_t i = 0; i < model->netns_count; i++) {
		struct netns_row *const netns = model->netns[i];

		if (netns->id != 0 || netns->gone)
			continue;
		netns->gone = true;
		close_netns(model, netns);
		model->changes++;
	}
}

void
netns_free_all(struct model *model)
{
	for (uint32_t i = 0; i < model->netns_count; i++) {
		timewait_fini(model, model->netns[i]);
		counters_fini(&model->netns[i]->counters);
		forget_mptcp(model->netns[i]);
		forget_sysctls(model->netns[i]);
		free(model->netns[i]->own);
		free(model->netns[i]);
	}
	free(model->netns);
	map_fini(&model->own->netns_by_id);
}

bool
model_is_partial(const struct model *model)
{
	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct netns_row *const netns = model->netns[i];

		if (!netns->gone && (netns->own->is_partial[0] || netns->own->is_partial[1]))
			return true;
	}
	return false;
}

struct text
netns_label(const struct model *model, const struct netns_row *netns, char out[NETNS_LABEL_SIZE])
{
	if (netns->name != 0)
		return intern_get(model->texts, netns->name);
	if (netns->id == OWN_ID)
		return text_of("own");
	text_add(out, NETNS_LABEL_SIZE, 0, "net:[%" PRIu64 "]", netns->inode);
	return text_of(out);
}
