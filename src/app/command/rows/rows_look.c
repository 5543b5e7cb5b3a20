/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One look at the sockets, or two a delay apart where rates are wanted; before them one at a
 * recording. */
#include <config.h>

#include "rows_private.h"

#include <errno.h>

#include <sockwatch/privilege/user.h>
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
	if (!rows->kind->has_udp)
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

static int
open_beside(struct rows *rows, struct error *error)
{
	rows->beside_model = model_new(0);
	if (rows->beside_model == NULL) {
		error_set(error, "there is not enough memory for another table of sockets");
		return -ENOMEM;
	}
	rows->beside = source_open_file_besides(rows->kind->beside, error);
	return rows->beside != NULL ? 0 : -ENOENT;
}

/* Files are opened as the user who named them. */
static int
open_all(struct rows *rows, struct snapshots *snapshots, struct error *error)
{
	const bool has_beside = rows->kind->beside != NULL;
	const bool is_root = user_is_root_login();
	int result = has_beside && is_root ? open_beside(rows, error) : 0;

	if (result == 0)
		result = snapshots_open(snapshots, rows->options, NEED_PACKETS, error);
	if (result == 0 && has_beside && !is_root)
		result = open_beside(rows, error);
	return result;
}

static struct list_file
file_of(const struct source *source)
{
	return (struct list_file){.damage = source_damage(source), .is_cut = source_is_cut(source)};
}

static int
read_beside(struct rows *rows, struct error *error)
{
	const struct source_hooks hooks = {.context = NULL};
	int result = source_start(rows->beside, NULL, rows->beside_model, &hooks, error);

	if (result == 0)
		result = source_read_snapshot(rows->beside, rows->kind->beside_at, error);
	rows->beside_file = file_of(rows->beside);
	if (result == 0)
		rows->kind->take_beside(rows->context, rows->beside_model);
	return result;
}

/* Connections that end between the looks stay to be counted. */
enum { LINGER_MS = 600000 };

int
rows_look(struct rows *rows, struct error *error)
{
	const struct snapshots_user user = {
		.context = rows, .get_subscription = on_get_subscription, .take = take};
	struct snapshots snapshots = {.source = NULL};
	int result;

	rows->model = model_new(0);
	if (rows->model == NULL) {
		error_set(error, "there is not enough memory for the table of sockets");
		return -ENOMEM;
	}
	if (wants_two(rows) && rows->options->from == NULL)
		rows->model->linger_ms = LINGER_MS;
	result = open_all(rows, &snapshots, error);
	if (result == 0) {
		confine(SANDBOX_VIEWER);
		result = rows->beside != NULL ? read_beside(rows, error) : 0;
	}
	if (result == 0) {
		result = snapshots_read(&snapshots, rows->model, &user, false, error);
		rows->file = file_of(snapshots.source);
	}
	source_close(rows->beside);
	snapshots_close(&snapshots);
	return result;
}
