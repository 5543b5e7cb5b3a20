/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands each snapshot that is whole to its user once, whatever slices its records came in. */
#include <config.h>

#include "snapshots.h"

#include <errno.h>

#include <sockwatch/base/file_words.h>

#include "open_source.h"

int
snapshots_open(struct snapshots *snapshots, const struct options *options, uint32_t without,
	struct error *error)
{
	*snapshots = (struct snapshots){.options = options};
	snapshots->source = open_source(options, without, error);
	return snapshots->source != NULL ? 0 : -EPERM;
}

void
snapshots_close(struct snapshots *snapshots)
{
	source_close(snapshots->source);
	loop_free(snapshots->loop);
}

static void
finish(struct snapshots *snapshots, int result)
{
	snapshots->is_done = true;
	snapshots->result = result;
	if (snapshots->loop != NULL)
		loop_stop(snapshots->loop, 0);
}

/* Before --begin it only completes the model. */
static bool
is_early(const struct snapshots *snapshots)
{
	const struct model *const model = snapshots->model;

	return model_wall_ns(model, model->now_ns) < source_span(snapshots->source).begin_ns;
}

/* When a snapshot has ended since the last call. */
static void
take(struct snapshots *snapshots)
{
	const struct snapshots_user *const user = snapshots->user;
	int result;

	if (snapshots->is_done || snapshots->model->complete_sequence == snapshots->sequence)
		return;
	snapshots->sequence = snapshots->model->complete_sequence;
	if (is_early(snapshots)) {
		if (user->take_early != NULL)
			user->take_early(user->context);
		return;
	}
	result = user->take(user->context, snapshots->error);
	/* Without a loop what was asked for is read to its end. */
	if (result < 0 || (result == SNAPSHOTS_ENOUGH && snapshots->loop != NULL))
		finish(snapshots, result);
}

/* A message ends what comes at once, so that each snapshot is seen here. */
static bool
on_records(void *context, const struct record *records, unsigned count)
{
	struct snapshots *const snapshots = context;

	(void)records;
	(void)count;
	take(snapshots);
	return !snapshots->is_done;
}

static void
on_changed(void *context)
{
	take(context);
}

static void
on_ended(void *context, int result, const struct error *error)
{
	struct snapshots *const snapshots = context;
	const struct snapshots_user *const user = snapshots->user;

	take(snapshots);
	if (snapshots->is_done)
		return;
	if (result != 0)
		*snapshots->error = *error;
	else if (user->end != NULL)
		result = user->end(user->context, snapshots->error);
	finish(snapshots, result);
}

static void
on_stop(void *context)
{
	struct snapshots *const snapshots = context;
	const struct snapshots_user *const user = snapshots->user;

	if (!snapshots->is_done)
		finish(snapshots,
			user->stop != NULL ? user->stop(user->context, snapshots->error) : 0);
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	const struct snapshots *const snapshots = context;

	snapshots->user->get_subscription(snapshots->user->context, subscription);
}

static void
prepare(struct snapshots *snapshots, struct model *model, const struct snapshots_user *user,
	struct error *error)
{
	snapshots->model = model;
	snapshots->user = user;
	snapshots->error = error;
}

static int
make_loop(struct snapshots *snapshots, struct output *output)
{
	int result;

	snapshots->loop = loop_new();
	result = -errno;
	if (snapshots->loop != NULL) {
		snapshots->stops = (struct stops){.loop = snapshots->loop,
			.output = output,
			.on_signal = on_stop,
			.on_closed = on_stop,
			.context = snapshots};
		result = stops_watch(&snapshots->stops);
	}
	if (result != 0)
		error_set(snapshots->error, "cannot look at the box: %s", file_words(-result));
	return result;
}

int
snapshots_run(struct snapshots *snapshots, struct model *model, const struct snapshots_user *user,
	struct output *output, struct error *error)
{
	const struct source_hooks hooks = {.context = snapshots,
		.records = on_records,
		.changed = on_changed,
		.get_subscription = on_get_subscription,
		.ended = on_ended};
	int result;

	prepare(snapshots, model, user, error);
	result = make_loop(snapshots, output);
	if (result == 0)
		result = source_start(snapshots->source, snapshots->loop, model, &hooks, error);
	if (result != 0)
		return result;
	result = loop_run(snapshots->loop);
	if (result < 0)
		error_set(error, "cannot look at the box: %s", file_words(-result));
	return result < 0 ? result : snapshots->result;
}

/* Live, until the next one is whole. */
static int
read_next(struct snapshots *snapshots, struct error *error)
{
	const uint32_t before = snapshots->model->complete_sequence;
	const char *words;
	int result = 1;

	while (snapshots->model->complete_sequence == before && result > 0)
		result = source_read(snapshots->source, error);
	if (result != 0)
		return result < 0 ? result : 0;
	words = source_last_words(snapshots->model);
	error_set(error, "%s",
		words != NULL ? words : "the collector ended before it had looked a second time");
	return -EPIPE;
}

/* Takes it; whether more are wanted, or negative errno. */
static int
take_now(struct snapshots *snapshots, struct error *error)
{
	if (snapshots->is_done)
		return snapshots->result;
	snapshots->sequence = snapshots->model->complete_sequence;
	return snapshots->user->take(snapshots->user->context, error);
}

int
snapshots_read(struct snapshots *snapshots, struct model *model, const struct snapshots_user *user,
	bool only_last, struct error *error)
{
	const bool is_live = snapshots->options->from == NULL;
	/* Records of the next snapshot are about to come: the one before is whole. */
	const struct source_hooks hooks = {.context = snapshots,
		.get_subscription = on_get_subscription,
		.records = is_live || only_last ? NULL : on_records,
		.changed = is_live || only_last ? NULL : on_changed};
	int result;

	prepare(snapshots, model, user, error);
	result = source_start(snapshots->source, NULL, model, &hooks, error);
	if (result == 0)
		result = source_read_snapshot(snapshots->source, snapshots->options->at, error);
	if (result != 0)
		return result;
	if (is_live || only_last || model->complete_sequence != snapshots->sequence)
		result = take_now(snapshots, error);
	while (is_live && result == SNAPSHOTS_MORE) {
		result = read_next(snapshots, error);
		if (result == 0)
			result = take_now(snapshots, error);
	}
	return result < 0 ? result : snapshots->result;
}
