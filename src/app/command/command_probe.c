/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch probe`: a path, live on a terminal, and as a report at the end. It ends when the last
 * cycle is sent and every answer that can still be expected has come, so it waits for nothing in
 * vain. probe_screen.c opens the screen.
 */
#include <config.h>

#include "command.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/collector/collector.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/report/path_report.h>
#include <sockwatch/resolver/resolver.h>
#include <sockwatch/source/source.h>

#include "app/error_print.h"
#include "app/output.h"
#include "host.h"
#include "probe_screen.h"

enum {
	PATH_ID = 1,
	REPORT_CYCLES = 10,
	TIMEOUT_MS = 3000,
	TICK_MS = 50,
	/* The wait after the last probe, in longest round-trip times. */
	SETTLE_FACTOR = 4,
	SETTLE_MIN_MS = 250,
	NAMES_WAIT_MS = 1000,
};

struct probe {
	struct options *options;
	struct host host;
	struct message_probe_start start;
	struct source *source;
	struct loop *loop;
	struct loop_source *timer;
	struct model *model;
	struct resolver *resolver; /* NULL: no names */
	struct output output;
	bool is_live;
	bool is_stopped;       /* by the user */
	bool is_source_ended;  /* error says why */
	uint64_t last_sent_ns; /* CLOCK_MONOTONIC: when the last probe was sent; 0: not yet */
	uint64_t settled_ns;   /* CLOCK_MONOTONIC: when all answers had come; 0: not yet */
	struct probe_screen screen;
	struct error error;
};

static const struct path *
path_of(const struct probe *probe)
{
	return probe->model == NULL ? NULL : path_table_find(probe->model->paths, PATH_ID);
}

static const char *
name_of(void *context, const struct address *address)
{
	return resolver_name(context, address);
}

static void
on_name(void *context, const struct message_name *name)
{
	const struct probe *const probe = context;

	if (probe->screen.tui != NULL)
		probe_screen_take_name(&probe->screen, name);
}

static bool
wants_names(const struct probe *probe)
{
	return probe->resolver != NULL && !probe->options->settings.numeric;
}

static struct path_report
report_of(const struct probe *probe)
{
	return (struct path_report){.target = probe->host.name,
		.host = probe->model->host.host,
		.columns = output_columns(),
		.name = wants_names(probe) ? name_of : NULL,
		.context = probe->resolver};
}

static bool
has_open(const struct path *path)
{
	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].pending != 0)
			return true;
	return false;
}

static uint64_t
settle_ns(const struct path *path)
{
	uint64_t worst_us = 0, ns;
	const uint64_t most_ns = path->start.timeout_ms * CLOCK_NS_PER_MS;

	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].worst_us > worst_us)
			worst_us = path->hops[i].worst_us;
	ns = worst_us * SETTLE_FACTOR * CLOCK_NS_PER_US;
	if (ns < SETTLE_MIN_MS * CLOCK_NS_PER_MS)
		ns = SETTLE_MIN_MS * CLOCK_NS_PER_MS;
	/* A target that has not answered yet may be at any distance. */
	return !path->ended || ns > most_ns ? most_ns : ns;
}

/* Every answer that can be expected has come. */
static bool
is_settled(struct probe *probe, const struct path *path, uint64_t now_ns)
{
	if (path->running ||
		(probe->screen.tui != NULL && tui_is_probe_paused(probe->screen.tui))) {
		probe->last_sent_ns = 0;
		return false;
	}
	if (probe->last_sent_ns == 0)
		probe->last_sent_ns = now_ns;
	if (path->ended && !has_open(path))
		return true;
	return now_ns >= probe->last_sent_ns + settle_ns(path);
}

/* Whether the names of the hops have come, or were waited for long enough. */
static bool
has_names(struct probe *probe, uint64_t now_ns)
{
	const struct path *const path = path_of(probe);

	if (!wants_names(probe))
		return true;
	for (unsigned i = 0; i < path->hop_count; i++)
		for (unsigned k = 0; k < path->hops[i].address_count; k++)
			(void)resolver_name(probe->resolver, &path->hops[i].addresses[k].address);
	return resolver_busy(probe->resolver) == 0 ||
	       now_ns >= probe->settled_ns + NAMES_WAIT_MS * CLOCK_NS_PER_MS;
}

static void
check_end(struct probe *probe)
{
	const struct path *const path = path_of(probe);
	const uint64_t now_ns = clock_monotonic_ns();

	if (probe->is_source_ended) {
		loop_stop(probe->loop, -EPIPE);
		return;
	}
	if (path == NULL)
		return;
	if (!probe->is_stopped && !is_settled(probe, path, now_ns))
		return;
	if (probe->settled_ns == 0)
		probe->settled_ns = now_ns;
	if (probe->is_stopped || has_names(probe, now_ns))
		loop_stop(probe->loop, 0);
}

/* The screen has the loop's `after`, so with it the end is checked here. */
static void
on_tick(void *context, uint64_t times)
{
	struct probe *const probe = context;

	(void)times;
	model_tick(probe->model, clock_realtime_ns());
	if (probe->is_live)
		check_end(probe);
}

static void
after(void *context)
{
	check_end(context);
}

static void
on_signal(void *context, int number)
{
	struct probe *const probe = context;

	(void)number;
	probe->is_stopped = true;
	if (probe->is_live)
		loop_stop(probe->loop, 0);
}

static int
fill_start(struct probe *probe, struct error *error)
{
	const struct options_probe *const options = &probe->options->probe;
	const bool is_endless = probe->is_live && options->cycles == 0;
	struct address source = {.bytes = {0}};

	if (options->source != NULL &&
		address_parse(options->source, strlen(options->source), &source, error) != 0)
		return -EINVAL;
	if (options->first_ttl > options->max_ttl) {
		error_set(error, "--first-ttl %u is above --max-ttl %u", options->first_ttl,
			options->max_ttl);
		return -EINVAL;
	}
	probe->start = (struct message_probe_start){.id = PATH_ID,
		.protocol = (uint8_t)options->protocol,
		.flows = (uint8_t)options->flows,
		.first_ttl = (uint8_t)options->first_ttl,
		.max_ttl = (uint8_t)options->max_ttl,
		.target = probe->host.addresses[0],
		.interface = probe->host.interface,
		.source = source,
		.port = options->port,
		.interval_ms = options->interval_ms,
		.cycles = is_endless             ? 0
			  : options->cycles != 0 ? options->cycles
						 : REPORT_CYCLES,
		.timeout_ms = options->timeout_ms != 0 ? options->timeout_ms : TIMEOUT_MS,
		.size = (uint16_t)options->size,
		.dont_fragment = options->dont_fragment,
		.router_rate = (uint16_t)options->router_rate};
	return 0;
}

/* The one word that is not an option. */
static int
take_host(struct probe *probe, struct error *error)
{
	const char *const words = probe->options->words;

	if (words[0] == '\0' || strchr(words, ' ') != NULL) {
		error_set(error,
			words[0] == '\0' ? "probe needs a host: `sockwatch probe example.org`"
					 : "probe takes one host, not several words: \"%s\"",
			words);
		return -EINVAL;
	}
	return host_find(words, probe->options->probe.family, &probe->host, error);
}

static int
make_loop(struct probe *probe)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	const struct resolver_options resolver = {
		.cache = 4096, .parallel = 64, .timeout_ms = 1000, .tries = 2};

	probe->loop = loop_new();
	probe->model = model_new(1);
	if (probe->loop == NULL || probe->model == NULL)
		return -ENOMEM;
	probe->timer = loop_add_timer(probe->loop, on_tick, probe);
	if (probe->timer == NULL)
		return -ENOMEM;
	loop_arm(probe->timer, TICK_MS * CLOCK_NS_PER_MS, TICK_MS * CLOCK_NS_PER_MS);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		(void)loop_add_signal(probe->loop, signals[i], on_signal, probe);
	if (!probe->is_live)
		loop_set_after(probe->loop, after, probe);
	/* Without a resolver there are only numbers; on the screen a key may ask for names. */
	if (probe->is_live || !probe->options->settings.numeric)
		probe->resolver = resolver_new(probe->loop, &resolver, on_name, probe, NULL);
	return 0;
}

/* Probes that are still open after the wait have no answer, unless nobody waited. */
static void
decide_open(struct probe *probe, const struct path *path)
{
	if (probe->is_stopped)
		path_table_drain(probe->model->paths, PATH_ID);
	path_tick(probe->model->paths,
		clock_realtime_ns() + path->start.timeout_ms * CLOCK_NS_PER_MS);
}

static int
print(struct probe *probe)
{
	const struct path *const path = path_of(probe);
	const struct path_report report = report_of(probe);

	if (path == NULL)
		return probe->is_live ? 0 : -EIO;
	if (path->method == PROBE_METHOD_NONE) {
		error_set(&probe->error, "%s", path->text);
		return -path->error;
	}
	decide_open(probe, path);
	if (probe->options->format == REPORT_JSON)
		(void)path_report_json(&report, path, &probe->output.buffer);
	else
		(void)path_report_text(&report, path, &probe->output.buffer);
	return output_write(&probe->output, true, &probe->error);
}

/* Runs until the end, which on a screen the user decides. */
static int
watch(struct probe *probe)
{
	const struct path *path;
	int result;

	if (!probe->is_live) {
		result = source_send(probe->source, MESSAGE_PROBE_START, &probe->start);
		return result != 0 ? result : loop_run(probe->loop);
	}
	probe->screen = (struct probe_screen){.options = probe->options,
		.loop = probe->loop,
		.model = probe->model,
		.source = probe->source,
		.resolver = probe->resolver,
		.host = probe->host.name};
	result = probe_screen_open(&probe->screen, &probe->start, &probe->error);
	if (result == 0)
		result = loop_run(probe->loop);
	/* A user who quits does not wait for probes in flight. */
	path = path_of(probe);
	if (path != NULL && path->running)
		probe->is_stopped = true;
	probe_screen_close(&probe->screen);
	return result;
}

static void
on_changed(void *context)
{
	const struct probe *const probe = context;

	if (probe->screen.tui != NULL)
		tui_model_changed(probe->screen.tui);
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
	struct probe *const probe = context;

	(void)result;
	probe->error = *error;
	probe->is_source_ended = true;
}

/* The collector keeps CAP_NET_RAW and no other right; we keep none. */
static int
open_source(struct probe *probe)
{
	static const struct collector_options rights = {.only_probes = true};
	const struct source_live_options options = {
		.start_keeper = collector_keeper_start, .collector = &rights};

	probe->source = source_open_live(&options, &probe->error);
	return probe->source != NULL ? 0 : -EPERM;
}

static int
run(struct probe *probe)
{
	const struct source_hooks hooks = {.context = probe,
		.changed = on_changed,
		.get_subscription = on_get_subscription,
		.ended = on_ended};
	int result;

	if (probe->options->netns != NULL && netns_enter(probe->options->netns, &probe->error) != 0)
		return COMMAND_EXIT_USAGE;
	if (open_source(probe) != 0 || output_init(&probe->output, &probe->error) != 0)
		return EXIT_FAILURE;
	if (make_loop(probe) != 0) {
		error_set(&probe->error, "cannot start: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	result = source_start(probe->source, probe->loop, probe->model, &hooks, &probe->error);
	if (result == 0)
		result = watch(probe);
	/* What was measured is printed even when the collector has ended. */
	if (result == 0)
		result = print(probe);
	else if (probe->is_live && probe->is_source_ended)
		(void)print(probe);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
command_probe(struct options *options)
{
	struct probe probe = {.options = options,
		.is_live = !options->probe.report && options->format == REPORT_TEXT &&
			   tui_is_possible(),
		.error = {.position = -1}};
	int status = COMMAND_EXIT_USAGE;

	if (take_host(&probe, &probe.error) == 0 && fill_start(&probe, &probe.error) == 0)
		status = run(&probe);
	if (probe.error.text[0] != '\0')
		error_print(&probe.error);
	resolver_free(probe.resolver);
	source_close(probe.source);
	output_fini(&probe.output);
	model_free(probe.model);
	loop_free(probe.loop);
	return status;
}
