/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes in the owners of sockets, and the names of processes, users, interfaces and cgroups.
 */
#include <config.h>

#include "apply.h"

#include <stdio.h>

#include "netns_private.h"
#include "texts.h"

/* Arguments end in NUL; a person reads them with spaces between. */
static uint32_t
add_cmdline(struct model *model, struct text cmdline)
{
	char joined[MODEL_CMDLINE_MAX];
	size_t len = cmdline.len < sizeof joined ? cmdline.len : sizeof joined;

	while (len != 0 && cmdline.data[len - 1] == '\0')
		len--;
	for (size_t i = 0; i < len; i++)
		joined[i] = cmdline.data[i];
	for (size_t i = 0; i < len; i++) {
		if (joined[i] == '\0')
			joined[i] = ' ';
	}
	return intern_add(model->texts, (struct text){joined, len});
}

static bool
is_same(const struct process_row *a, const struct process_row *b)
{
	return a->uid == b->uid && a->start_ticks == b->start_ticks && a->comm == b->comm &&
	       a->cmdline == b->cmdline && a->cgroup == b->cgroup && a->unit == b->unit &&
	       a->memory_cgroup == b->memory_cgroup && a->container == b->container &&
	       a->container_name == b->container_name && a->fd_error == b->fd_error;
}

void
apply_process(struct model *model, const union message_body *body)
{
	const struct message_process *const from = &body->process;
	struct process_row *row = process_table_find(&model->processes, from->pid);
	struct process_row before;

	/* Another process has this number now. */
	if (row != NULL && row->start_ticks != 0 && row->start_ticks != from->start_ticks) {
		model->socket_changes += row->held != 0;
		process_table_remove(&model->processes, from->pid);
	}
	row = process_table_get(&model->processes, from->pid);
	if (row == NULL) {
		model->processes.refused++;
		return;
	}
	before = *row;
	row->uid = from->uid;
	row->start_ticks = from->start_ticks;
	row->comm = intern_add(model->texts, from->comm);
	row->cmdline = add_cmdline(model, from->cmdline);
	row->cgroup = intern_add(model->texts, from->cgroup);
	row->unit = intern_add(model->texts, from->unit);
	row->container = intern_add(model->texts, from->container);
	row->container_name = intern_add(model->texts, from->container_name);
	row->memory_cgroup = from->memory_cgroup.len != 0
				     ? intern_add(model->texts, from->memory_cgroup)
				     : row->cgroup;
	process_table_set_error(&model->processes, row, from->fd_error);
	if (is_same(&before, row))
		return;
	model->changes++;
	model->socket_changes += row->held != 0;
}

static void
remember(struct model *model, uint32_t pid)
{
	const struct process_row *const row = process_table_find(&model->processes, pid);
	struct model_ended_process *const slot =
		&model->own->ended_processes[pid % MODEL_ENDED_PROCESSES];

	if (row == NULL || row->comm == 0)
		return;
	*slot = (struct model_ended_process){.pid = pid};
	snprintf(slot->comm, sizeof slot->comm, "%s", model_text(model, row->comm));
}

void
apply_process_gone(struct model *model, const union message_body *body)
{
	const struct array pids = body->process_gone.pids;
	const uint32_t owners = model->processes.owner_count;

	for (size_t i = 0; i < pids.count; i++) {
		remember(model, array_u32(pids, i));
		process_table_mark(&model->processes, array_u32(pids, i));
	}
	process_table_sweep(&model->processes);
	model->changes++;
	model->socket_changes += model->processes.owner_count != owners;
}

void
apply_owners(struct model *model, const union message_body *body)
{
	const struct message_owners *const owners = &body->owners;
	bool is_news = false;

	for (size_t i = 0; i < owners->released.count; i++) {
		const uint64_t pair = array_u64(owners->released, i);

		is_news |= process_table_release(
			&model->processes, owners->pid, (uint32_t)(pair >> 32), (uint32_t)pair);
	}
	for (size_t i = 0; i < owners->held.count; i++) {
		const uint64_t pair = array_u64(owners->held, i);

		is_news |= process_table_hold(
			&model->processes, owners->pid, (uint32_t)(pair >> 32), (uint32_t)pair);
	}
	if (!is_news)
		return;
	model->changes++;
	model->socket_changes++;
}

/* A process that was not reported, or that the bound refused, is skipped. */
static struct process_row *
find(struct model *model, uint64_t pair)
{
	return process_table_find(&model->processes, (uint32_t)(pair >> 32));
}

void
apply_descriptors(struct model *model, const union message_body *body)
{
	const struct message_descriptors *const from = &body->descriptors;

	for (size_t i = 0; i < from->open.count; i++) {
		struct process_row *const row = find(model, array_u64(from->open, i));

		if (row == NULL)
			continue;
		row->open_files = (uint32_t)array_u64(from->open, i);
		row->has_open_files = true;
	}
	for (size_t i = 0; i < from->limits.count; i++) {
		struct process_row *const row = find(model, array_u64(from->limits, i));

		if (row == NULL)
			continue;
		row->files_limit = (uint32_t)array_u64(from->limits, i);
		row->has_files_limit = true;
	}
	model->changes++;
}

/* Puts a name into one of the tables: true when it is new. */
static bool
set_name(struct model *model, struct map *names, uint64_t key, struct text name)
{
	const uint32_t number = intern_add(model->texts, name);
	uint32_t before = 0;
	const bool is_known = map_find(names, key, &before);

	if (is_known ? before == number : number == 0 || names->count >= MODEL_NAMES_MAX)
		return false;
	if (map_set(names, key, number) != 0)
		return false;
	model->changes++;
	model->socket_changes++;
	return true;
}

void
apply_user(struct model *model, const union message_body *body)
{
	set_name(model, &model->own->users, body->user.uid, body->user.name);
}

void
apply_link(struct model *model, const union message_body *body)
{
	const struct netns_row *const netns = netns_get(model, body->link.netns);

	if (netns == NULL)
		return;
	set_name(model, &model->links, (uint64_t)netns->index << 32 | body->link.ifindex,
		body->link.name);
}

void
apply_cgroup(struct model *model, const union message_body *body)
{
	texts_name_cgroup(model, body->cgroup.id, body->cgroup.path);
}
