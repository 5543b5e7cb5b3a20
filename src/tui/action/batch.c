/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends the requests of an action on many, and counts what became of them. */
#include <config.h>

#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <sockwatch/base/map.h>
#include <sockwatch/base/text.h>

#include "destroy_message.h"
#include "tui/state.h"

/* Asked for at once; the collector keeps twice as many. Answers: MODEL_RESULTS are kept. */
enum { AT_ONCE = 32 };

static struct batch_target
target_of(const struct model *model, const struct socket_row *row)
{
	const struct owner *const owner =
		row->inode != 0 ? process_table_owner(&model->processes, row->inode) : NULL;
	const struct process_row *const process =
		owner != NULL ? process_table_find(&model->processes, owner->pid) : NULL;

	return (struct batch_target){.cookie = row->cookie,
		.netns = row->netns,
		.inode = row->inode,
		.pid = process != NULL ? process->pid : 0,
		.start_ticks = process != NULL ? process->start_ticks : 0,
		.fd = process != NULL ? owner->fd + 1 : 0};
}

bool
batch_take_sockets(struct tui *tui, const uint32_t *ids, size_t count, size_t total)
{
	struct batch *const batch = &tui->batch;

	batch_fini(tui);
	batch->targets = calloc(count + 1, sizeof *batch->targets);
	if (batch->targets == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		batch->targets[i] =
			target_of(tui->model, socket_table_row(&tui->model->sockets, ids[i]));
	batch->count = count;
	batch->total = total;
	return true;
}

static uint32_t
find_row(const struct tui *tui, const struct batch_target *target)
{
	const struct socket_table *const sockets = &tui->model->sockets;
	const uint32_t id = socket_table_find(sockets, target->netns, target->cookie);

	return id != SOCKET_NONE && (socket_table_row(sockets, id)->flags & SOCKET_CLOSED) == 0
		       ? id
		       : SOCKET_NONE;
}

size_t
batch_sockets(const struct tui *tui, uint32_t *ids, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < tui->batch.count && count < max; i++) {
		ids[count] = find_row(tui, &tui->batch.targets[i]);
		count += ids[count] != SOCKET_NONE;
	}
	return count;
}

/* The processes that hold the socket, each once for all sockets. */
static void
add_holders(const struct tui *tui, const struct batch_target *target, struct map *known,
	struct batch_target *processes, size_t *count)
{
	const struct process_table *const table = &tui->model->processes;
	const struct owner *owner =
		target->inode != 0 ? process_table_owner(table, target->inode) : NULL;

	for (; owner != NULL && *count < BATCH_MAX; owner = process_table_next(table, owner)) {
		const struct process_row *const process = process_table_find(table, owner->pid);
		uint32_t ignored;

		if (process == NULL || map_find(known, owner->pid, &ignored) ||
			map_set(known, owner->pid, 1) != 0)
			continue;
		processes[(*count)++] = (struct batch_target){.pid = process->pid,
			.start_ticks = process->start_ticks,
			.inode = target->inode};
	}
}

bool
batch_take_processes(struct tui *tui)
{
	struct batch *const batch = &tui->batch;
	struct batch_target *const processes = calloc(BATCH_MAX, sizeof *processes);
	struct map known;
	size_t count = 0;

	if (processes == NULL)
		return false;
	map_init(&known);
	for (size_t i = 0; i < batch->count; i++)
		add_holders(tui, &batch->targets[i], &known, processes, &count);
	map_fini(&known);
	free(batch->targets);
	batch->targets = processes;
	batch->count = batch->total = count;
	return true;
}

/* "closed 2990 of 3000 sockets, 8 were gone, 2 refused: …" */
static void
show_outcome(struct tui *tui, size_t lost)
{
	const struct batch *const batch = &tui->batch;
	const char *const noun = batch->signal != 0 ? "process" : "socket";
	const char *const plural = batch->signal != 0 ? "es" : "s";
	char text[STATUS_SIZE];
	size_t len;

	len = (size_t)snprintf(text, sizeof text, "%s %zu of %zu %s%s",
		batch->signal != 0 ? "signalled" : "closed", batch->done, batch->count, noun,
		batch->count == 1 ? "" : plural);
	if (batch->gone > 0)
		len = text_add(text, sizeof text, len, ", %zu gone before", batch->gone);
	if (lost > 0)
		len = text_add(text, sizeof text, len, ", %zu not answered", lost);
	if (batch->refused > 0)
		text_add(text, sizeof text, len, ", %zu refused: %s", batch->refused,
			tui->model->last_refusal);
	tui_show_message(tui, batch->refused + lost > 0 ? SEVERITY_WARNING : SEVERITY_INFO, text);
}

static void
finish(struct tui *tui, size_t lost)
{
	show_outcome(tui, lost);
	batch_fini(tui);
}

/* False: it is gone already. */
static bool
ask_close(struct tui *tui, const struct batch_target *target, uint32_t request)
{
	const uint32_t id = find_row(tui, target);
	struct message_destroy message;

	if (id == SOCKET_NONE)
		return false;
	message = destroy_message(tui->model, socket_table_row(&tui->model->sockets, id));
	message.request = request;
	message.pid = target->pid;
	message.start_ticks = target->start_ticks;
	message.fd = target->fd;
	tui->hooks.request(tui->hooks.context, MESSAGE_DESTROY, &message);
	return true;
}

static bool
ask_signal(struct tui *tui, const struct batch_target *target, uint32_t request)
{
	const struct process_row *const process =
		process_table_find(&tui->model->processes, target->pid);
	const struct message_signal message = {.request = request,
		.pid = target->pid,
		.start_ticks = target->start_ticks,
		.inode = target->inode,
		.signal = (uint32_t)tui->batch.signal};

	if (process == NULL || process->start_ticks != target->start_ticks)
		return false;
	tui->hooks.request(tui->hooks.context, MESSAGE_SIGNAL, &message);
	return true;
}

static void
ask_more(struct tui *tui)
{
	struct batch *const batch = &tui->batch;

	while (batch->waiting < AT_ONCE && batch->next < batch->count) {
		const struct batch_target *const target = &batch->targets[batch->next++];
		const uint32_t request = tui->close_signal.next + 1;

		if (!(batch->signal != 0 ? ask_signal(tui, target, request)
					 : ask_close(tui, target, request))) {
			batch->gone++;
			continue;
		}
		tui->close_signal.next = request;
		batch->waiting++;
	}
}

static void
count_result(struct tui *tui, const struct model_result *result)
{
	struct batch *const batch = &tui->batch;

	if (result->request < batch->first || batch->waiting == 0)
		return;
	batch->waiting--;
	switch (result->error) {
	case 0: batch->done++; return;
	case ENOENT:
	case ESRCH: batch->gone++; return;
	default: break;
	}
	batch->refused++;
}

void
batch_start(struct tui *tui, int signal)
{
	struct batch *const batch = &tui->batch;

	batch->signal = signal;
	batch->first = tui->close_signal.next + 1;
	batch->seen = tui->model->result_count;
	batch->hellos = tui->model->host.hellos;
	batch->running = true;
	batch_continue(tui);
}

void
batch_continue(struct tui *tui)
{
	struct batch *const batch = &tui->batch;
	const struct model *const model = tui->model;

	if (!batch->running)
		return;
	if (model->result_count - batch->seen > MODEL_RESULTS)
		batch->seen = model->result_count - MODEL_RESULTS;
	for (; batch->seen < model->result_count; batch->seen++)
		count_result(tui, &model->results[batch->seen % MODEL_RESULTS]);
	/* A collector that ended answers nothing more. */
	if (model->ended || model->host.hellos != batch->hellos) {
		finish(tui, batch->count - batch->done - batch->gone - batch->refused);
		return;
	}
	ask_more(tui);
	if (batch->waiting == 0)
		finish(tui, 0);
	else
		tui_show_format(tui, SEVERITY_INFO, "%s: %zu of %zu …",
			batch->signal != 0 ? "signalling" : "closing",
			batch->done + batch->gone + batch->refused, batch->count);
}

void
batch_fini(struct tui *tui)
{
	free(tui->batch.targets);
	tui->batch = (struct batch){.targets = NULL};
}
