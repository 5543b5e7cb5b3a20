/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the resolver for the names of all remote addresses, a few at a time, and waits for them.
 */
#include <config.h>

#include "list_names.h"

#include <errno.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/resolver/resolver.h>

enum { PARALLEL = 64, WAIT_S = 10 };

struct names_run {
	struct model *model;
	struct loop *loop;
	struct resolver *resolver;
	uint32_t next;     /* the socket whose peer is asked for next */
	char failure[300]; /* of the server that failed first */
};

static void
on_found(void *context, const struct message_name *name)
{
	struct names_run *const run = context;

	model_take_name(run->model, name);
	if (name->status == NAME_FAILED && run->failure[0] == '\0')
		snprintf(run->failure, sizeof run->failure, "%.*s: %.*s", (int)name->server.len,
			name->server.data, (int)name->text.len, name->text.data);
}

/* The resolver's cache keeps addresses of several sockets from being asked for twice. */
static void
ask_more(struct names_run *run)
{
	const struct socket_table *const sockets = &run->model->sockets;

	for (; run->next < sockets->used && resolver_busy(run->resolver) < PARALLEL; run->next++) {
		const struct socket_row *const row = socket_table_row(sockets, run->next);

		if ((row->flags & SOCKET_FREE) == 0 && !address_is_any(&row->remote))
			(void)resolver_name(run->resolver, &row->remote);
	}
}

static bool
is_done(const struct names_run *run)
{
	return run->next == run->model->sockets.used && resolver_busy(run->resolver) == 0;
}

static void
after(void *context)
{
	struct names_run *const run = context;

	ask_more(run);
	if (is_done(run) || resolver_is_hopeless(run->resolver))
		loop_stop(run->loop, 0);
}

static void
on_timeout(void *context, uint64_t times)
{
	const struct names_run *const run = context;

	(void)times;
	loop_stop(run->loop, 0);
}

static int
report_result(const struct names_run *run, struct error *error)
{
	const struct resolver_counts counts = resolver_counts(run->resolver);

	if (is_done(run) && counts.failed + counts.unanswered == 0)
		return 0;
	if (run->failure[0] != '\0')
		error_set(error, "not all names were found: %s", run->failure);
	else
		error_set(error, "not all names were found within %d s", WAIT_S);
	return 1;
}

static int
find(struct names_run *run, struct error *error)
{
	const struct resolver_options options = {.cache = MODEL_HOST_NAMES_MAX,
		.parallel = PARALLEL,
		.timeout_ms = 1500,
		.tries = 2};
	struct loop_source *timer;
	int result = 0;

	run->resolver = resolver_new(run->loop, &options, on_found, run, error);
	if (run->resolver == NULL)
		return -EINVAL;
	timer = loop_add_timer(run->loop, on_timeout, run);
	if (timer == NULL) {
		error_set(error, "the event loop cannot be used: %s", file_words(errno));
		return -ENOMEM;
	}
	loop_arm(timer, WAIT_S * CLOCK_NS_PER_S, 0);
	loop_set_after(run->loop, after, run);
	ask_more(run);
	if (!is_done(run))
		result = loop_run(run->loop);
	return result != 0 ? result : report_result(run, error);
}

int
list_names_find(struct model *model, struct error *error)
{
	struct names_run run = {.model = model, .loop = loop_new()};
	int result;

	if (run.loop == NULL) {
		error_set(error, "the event loop cannot be used: %s", file_words(errno));
		return -ENOMEM;
	}
	result = find(&run, error);
	resolver_free(run.resolver);
	loop_free(run.loop);
	return result;
}
