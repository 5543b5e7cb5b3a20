/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-ups in the model that need nothing else of it. */
#include <config.h>

#include <sockwatch/model/model.h>

#include <sockwatch/base/clock.h>

#include "model_private.h"

uint32_t
model_now_ms(const struct model *model)
{
	return (uint32_t)(model->now_ns / CLOCK_NS_PER_MS - model->epoch_ms);
}

struct text
model_link_name(const struct model *model, uint16_t netns, uint32_t ifindex)
{
	uint32_t name;

	if (ifindex == 0 || !map_find(&model->links, (uint64_t)netns << 32 | ifindex, &name))
		return (struct text){"", 0};
	return intern_get(model->texts, name);
}

const char *
model_text(const struct model *model, uint32_t id)
{
	return intern_get(model->texts, id).data;
}

const char *
model_host_name(const struct model *model, const struct address *address)
{
	return names_find(model->own->names, address, model->now_ns);
}

const char *
model_ended_process(const struct model *model, uint32_t pid)
{
	const struct model_ended_process *const slot =
		&model->own->ended_processes[pid % MODEL_ENDED_PROCESSES];

	return pid != 0 && slot->pid == pid ? slot->comm : NULL;
}

const char *
model_user(const struct model *model, uint32_t uid)
{
	uint32_t text;

	return map_find(&model->own->users, uid, &text) && text != 0 ? model_text(model, text)
								     : NULL;
}

const struct netns_row *
model_netns(const struct model *model, uint16_t index)
{
	return index < model->netns_count ? model->netns[index] : NULL;
}

const struct netns_row *
model_netns_of_stream(const struct model *model, uint32_t id)
{
	uint32_t index;

	return map_find(&model->own->netns_by_id, id, &index) ? model->netns[index] : NULL;
}
