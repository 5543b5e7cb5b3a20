/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch probe`: a path, live on a terminal, or several; and a report of each at the end. It
 * ends when the last cycle is sent and every answer that can still be expected has come, so it
 * waits for nothing in vain.
 *   probe_targets.c   what is probed: words, options, addresses
 *   probe_run.c       what these files ask of the run
 *   probe_screen.c    the screen
 *   probe_end.c       when all has come that can come
 *   probe_print.c     the reports and the exit status
 */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/privilege/user.h>

#include "app/command/command.h"
#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/root_files.h"
#include "app/error_print.h"
#include "probe_run.h"

enum { TICK_MS = 50 };

static void
on_name(void *context, const struct message_name *name)
{
	const struct probe_run *const run = context;

	if (run->screen.tui != NULL)
		probe_screen_take_name(&run->screen, name);
}

/* The screen has the loop's `after`, so with it the end is checked here. */
static void
on_tick(void *context, uint64_t times)
{
	struct probe_run *const run = context;

	(void)times;
	model_tick_live(run->model, clock_monotonic_ns());
	if (run->is_live)
		probe_end_check(run);
}

static void
after(void *context)
{
	probe_end_check(context);
}

static void
on_signal(void *context, int number)
{
	struct probe_run *const run = context;

	(void)number;
	run->is_stopped = true;
	if (run->is_live)
		loop_stop(run->loop, 0);
}

static int
make_loop(struct probe_run *run)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	const struct resolver_options resolver = {
		.cache = 4096, .parallel = 64, .timeout_ms = 1000, .tries = 2};

	run->loop = loop_new();
	run->model = model_new(1);
	if (run->loop == NULL || run->model == NULL)
		return -ENOMEM;
	run->timer = loop_add_timer(run->loop, on_tick, run);
	if (run->timer == NULL)
		return -ENOMEM;
	loop_arm(run->timer, TICK_MS * CLOCK_NS_PER_MS, TICK_MS * CLOCK_NS_PER_MS);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		(void)loop_add_signal(run->loop, signals[i], on_signal, run);
	if (!run->is_live)
		loop_set_after(run->loop, after, run);
	/* Without a resolver there are only numbers; on the screen a key may ask for names. */
	if (run->is_live || !run->options->settings.numeric)
		run->resolver = resolver_new(run->loop, &resolver, on_name, run, NULL);
	return 0;
}

static int
watch_all(struct probe_run *run)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < run->count; i++)
		result = source_send(run->source, MESSAGE_PROBE_START, &run->targets[i].start);
	return result != 0 ? result : loop_run(run->loop);
}

/* The user decides on the screen when it ends. */
static int
watch_on_screen(struct probe_run *run)
{
	const struct path *path;
	int result;

	run->screen.loop = run->loop;
	run->screen.model = run->model;
	run->screen.source = run->source;
	run->screen.resolver = run->resolver;
	run->screen.host = run->targets[0].name;
	result = probe_screen_open(&run->screen, &run->targets[0].start, &run->error);
	if (result == 0)
		result = loop_run(run->loop);
	/* A user who quits does not wait for probes in flight. */
	path = probe_run_path(run, 0);
	if (path != NULL && path->running)
		run->is_stopped = true;
	probe_screen_close(&run->screen);
	return result;
}

static void
on_changed(void *context)
{
	const struct probe_run *const run = context;

	if (run->screen.tui != NULL)
		tui_model_changed(run->screen.tui);
}

/* Paused: no socket is looked at. */
static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	(void)context;
	*subscription = (struct message_subscription){.paused = 1, .interval_ms = 1000};
}

static void
on_ended(void *context, int result, const struct error *error)
{
	struct probe_run *const run = context;

	(void)result;
	run->error = *error;
	run->is_source_ended = true;
}

static int
run_all(struct probe_run *run)
{
	/* The collector keeps CAP_NET_RAW and no other right; we keep none. */
	static const struct open_source_wish wish = {.rights = {.only_probes = true}};
	const struct source_hooks hooks = {.context = run,
		.changed = on_changed,
		.get_subscription = on_get_subscription,
		.ended = on_ended};
	int result;

	/* The namespace comes before names and zones, which are looked up without a right. */
	if (run->options->netns != NULL && netns_enter(run->options->netns, &run->error) != 0)
		return COMMAND_EXIT_USAGE;
	run->screen.options = run->options;
	if (run->is_live && user_is_root_login()) {
		if (probe_screen_load(&run->screen, &run->error) != 0)
			return COMMAND_EXIT_USAGE;
		if (root_files_open(run->screen.config.path, "", &run->error) != 0)
			return EXIT_FAILURE;
	}
	run->source = open_source_live(&wish, &run->error);
	if (run->source == NULL || output_init(&run->output, &run->error) != 0)
		return EXIT_FAILURE;
	confine_lookup();
	if (probe_targets_take(run, &run->error) != 0)
		return COMMAND_EXIT_USAGE;
	if (!run->is_live)
		confine(SANDBOX_VIEWER);
	if (make_loop(run) != 0) {
		error_set(&run->error, "cannot start: %s", file_words(errno));
		return EXIT_FAILURE;
	}
	result = source_start(run->source, run->loop, run->model, &hooks, &run->error);
	if (result == 0)
		result = run->is_live ? watch_on_screen(run) : watch_all(run);
	/* What was measured is printed even when the collector has ended. */
	if (result == 0)
		result = probe_print(run);
	else if (run->is_live && run->is_source_ended)
		(void)probe_print(run);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
free_run(struct probe_run *run)
{
	resolver_free(run->resolver);
	source_close(run->source);
	output_fini(&run->output);
	model_free(run->model);
	loop_free(run->loop);
	free(run);
}

int
command_probe(struct options *options)
{
	struct probe_run *const run = calloc(1, sizeof *run);
	int status;

	if (run == NULL)
		return EXIT_FAILURE;
	run->options = options;
	run->error.position = -1;
	run->is_live = !options->probe.report && options->format == REPORT_TEXT &&
		       tui_check_terminal(NULL) == 0;
	status = run_all(run);
	if (run->error.text[0] != '\0')
		error_print(&run->error);
	free_run(run);
	return status;
}
