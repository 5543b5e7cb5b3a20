/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One look at the sockets, or two a delay apart where rates are wanted. */
#include <config.h>

#include "rows_private.h"

#include <errno.h>

#include <sockwatch/source/source.h>
#include <sockwatch/stream/needs.h>

#include "app/command/confine.h"
#include "app/command/snapshots.h"

static bool
wants_two(const struct rows *rows)
{
	return (rows->needs & NEED_TWO_LOOKS) != 0;
}

/* The rows are made of all sockets of TCP, so the filter, which is about rows, chooses none. */
static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	struct rows *const rows = context;
	struct message_subscription *const message = &rows->subscription.message;

	subscribe_fill(&rows->subscription, rows->options, NULL);
	message->needs = rows->needs & ~(uint32_t)(NEED_NAMES | NEED_TWO_LOOKS);
	if (!wants_two(rows))
		message->needs &= ~(uint32_t)NEED_CLOSINGS;
	message->protocols = PROTOCOL_TCP;
	message->once = !wants_two(rows);
	*subscription = *message;
}

static int
take(void *context, struct error *error)
{
	struct rows *const rows = context;

	(void)error;
	rows->kind->update(rows->context, rows->model);
	rows->looks++;
	return wants_two(rows) && rows->looks < 2 ? SNAPSHOTS_MORE : SNAPSHOTS_ENOUGH;
}

/* Connections that end between the looks stay to be counted. */
enum { LINGER_MS = 600000 };

int
rows_look(struct rows *rows, struct error *error)
{
	const struct snapshots_user user = {
		.context = rows, .get_subscription = on_get_subscription, .take = take};
	struct snapshots snapshots;
	int result;

	rows->model = model_new(0);
	if (rows->model == NULL) {
		error_set(error, "there is not enough memory for the table of sockets");
		return -ENOMEM;
	}
	if (wants_two(rows) && rows->options->from == NULL)
		rows->model->linger_ms = LINGER_MS;
	result = snapshots_open(&snapshots, rows->options, NEED_PACKETS, error);
	if (result == 0) {
		confine(SANDBOX_VIEWER);
		result = snapshots_read(&snapshots, rows->model, &user, false, error);
		rows->file = (struct list_file){.damage = source_damage(snapshots.source),
			.is_cut = source_is_cut(snapshots.source)};
	}
	snapshots_close(&snapshots);
	return result;
}
