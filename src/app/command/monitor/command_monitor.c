/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch`: the monitor, and `sockwatch replay`: the monitor of a recording (monitor_time.c).
 * The source is opened while there are rights, which then are given up; after that the settings are
 * read (as the user who owns them; root's before), and the screen and the source run in one loop.
 */
#include <config.h>

#include "app/command/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/privilege/opener.h>
#include <sockwatch/privilege/user.h>
#include <sockwatch/resolver/resolver.h>
#include <sockwatch/source/source.h>
#include <sockwatch/tui/tui.h>

#include "app/command/confine.h"
#include "app/command/name_recall.h"
#include "app/command/open_source.h"
#include "app/command/root_files.h"
#include "app/command/subscribe.h"
#include "app/config/baseline_file.h"
#include "app/config/config_file.h"
#include "app/config/history_file.h"
#include "app/error_print.h"
#include "app/option/command_names.h"
#include "monitor_time.h"

struct monitor {
	struct monitor_time time; /* the first member: see monitor_time_hooks */
	struct options *options;
	struct config_file config;
	struct baseline_file baseline;
	struct error config_error; /* shown when there is a screen */
	char *newest_filter;       /* of the history, when it was last read or saved */
	struct source *source;
	uint32_t key; /* grows with each key frame that is asked for */
	struct loop *loop;
	struct model *model;
	struct tui *tui;
	struct resolver *resolver; /* made for the first name */
	bool has_no_resolver;      /* it could not be made */
	bool has_reported_failure; /* to find names */
};

static void
complete_subscription(const struct monitor *monitor, struct message_subscription *subscription)
{
	subscribe_set_netns(subscription, monitor->options->netns);
	subscription->key = monitor->key;
}

static void
on_subscription(void *context, const struct message_subscription *subscription)
{
	struct monitor *const monitor = context;
	struct message_subscription whole = *subscription;

	if (monitor->source == NULL)
		return;
	complete_subscription(monitor, &whole);
	source_send(monitor->source, MESSAGE_SUBSCRIPTION, &whole);
}

static void
on_request(void *context, enum message_type type, const void *body)
{
	struct monitor *const monitor = context;
	const int result =
		monitor->source != NULL ? source_send(monitor->source, type, body) : -ENOTCONN;

	if (result != 0)
		tui_show_message(monitor->tui, SEVERITY_WARNING,
			result == -ENOTCONN ? "not done: the collector does not run"
					    : "not done: the collector takes no more requests");
}

/* Once, when no server has answered: without it nobody knows why only numbers are shown. */
static void
report_failure(struct monitor *monitor, const struct message_name *name)
{
	char server[128], why[256], text[512];

	if (monitor->has_reported_failure || !resolver_is_hopeless(monitor->resolver))
		return;
	monitor->has_reported_failure = true;
	text_clean(name->server, server, sizeof server);
	text_clean(name->text, why, sizeof why);
	snprintf(text, sizeof text, "no names: %s: %s", server, why);
	tui_show_message(monitor->tui, SEVERITY_WARNING, text);
}

static void
on_name_found(void *context, const struct message_name *name)
{
	struct monitor *const monitor = context;

	if (name->status == NAME_FAILED)
		report_failure(monitor, name);
	model_take_name(monitor->model, name);
	tui_name_found(monitor->tui);
}

static bool
has_resolver(struct monitor *monitor)
{
	static const struct resolver_options options = {
		.cache = 16384, .parallel = 64, .timeout_ms = 2000, .tries = 2};
	struct error error = {.position = -1};

	if (monitor->resolver != NULL || monitor->has_no_resolver)
		return monitor->resolver != NULL;
	monitor->resolver = resolver_new(monitor->loop, &options, on_name_found, monitor, &error);
	if (monitor->resolver == NULL) {
		monitor->has_no_resolver = true;
		tui_show_message(monitor->tui, SEVERITY_WARNING, error.text);
	}
	return monitor->resolver != NULL;
}

static void
on_name(void *context, const struct address *address)
{
	struct monitor *const monitor = context;

	if (has_resolver(monitor) && name_recall(monitor->resolver, monitor->model, address))
		tui_name_found(monitor->tui);
}

static uint64_t
on_keeper_silent_ns(void *context)
{
	const struct monitor *const monitor = context;

	return monitor->source != NULL ? source_keeper_silent_ns(monitor->source) : 0;
}

static int
save_history(struct monitor *monitor, struct error *error)
{
	const struct settings *const settings = &monitor->options->settings;
	const char *const newest = settings->filter_count > 0 ? settings->filters[0] : "";
	int result;

	if (monitor->config.path[0] == '\0' ||
		(monitor->newest_filter != NULL && strcmp(newest, monitor->newest_filter) == 0))
		return 0;
	result = history_file_save(monitor->config.path, settings, error);
	free(monitor->newest_filter);
	monitor->newest_filter = strdup(newest);
	return result;
}

static int
on_save(void *context, const struct settings *settings, struct error *error)
{
	struct monitor *const monitor = context;
	const int result = config_file_save(&monitor->config, settings, error);

	return result != 0 ? result : save_history(monitor, error);
}

static int
on_save_baseline(void *context, struct error *done, struct error *error)
{
	struct monitor *const monitor = context;

	return baseline_file_save(&monitor->baseline, &monitor->options->settings.doctor,
		monitor->model, done, error);
}

static void
on_bytes(void *context, const void *bytes, size_t len)
{
	struct monitor *const monitor = context;

	monitor_time_take(&monitor->time, bytes, len);
}

static void
on_changed(void *context)
{
	struct monitor *const monitor = context;
	struct message_subscription subscription;

	/* What is shown meanwhile is of another time. */
	if (monitor->time.live == NULL)
		tui_model_changed(monitor->tui);
	if (!monitor_time_wants_key(&monitor->time))
		return;
	monitor->key++;
	tui_get_subscription(monitor->tui, &subscription);
	on_subscription(monitor, &subscription);
}

static void
on_report(void *context, enum severity severity, const char *text)
{
	const struct monitor *const monitor = context;

	tui_show_message(monitor->tui, severity, text);
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	const struct monitor *const monitor = context;

	tui_get_subscription(monitor->tui, subscription);
	complete_subscription(monitor, subscription);
}

static void
on_signal(void *context, int signal)
{
	struct monitor *const monitor = context;

	(void)signal;
	loop_stop(monitor->loop, 0);
}

static int
check_filter(const char *words, struct error *error)
{
	struct filter *const filter = filter_parse(words, &socket_fields, error);
	char first[64];
	enum command near;

	if (filter != NULL) {
		filter_free(filter);
		return 0;
	}
	snprintf(first, sizeof first, "%.*s", (int)strcspn(words, " "), words);
	near = command_names_suggest(first);
	if (near != COMMAND_COUNT) {
		const size_t len = strlen(error->text);

		snprintf(error->text + len, sizeof error->text - len,
			" (or did you mean `sockwatch %s`?)", command_rows[near].name);
	}
	return -EINVAL;
}

/* Until here there are rights but no terminal; from here on there are no rights. */
static struct source *
open_live(const struct options *options, struct error *error)
{
	const struct open_source_wish wish = {
		.rights = {.actions = true,
			.read_only = options->settings.read_only,
			.netns = options->netns},
		.netns = options->netns,
		.retries = true,
	};

	return open_source_live(&wish, error);
}

/* A mistake in the settings does not keep the monitor from starting, unless the file was named. */
static int
load_settings(struct monitor *monitor, struct error *error)
{
	struct options *const options = monitor->options;
	const int result = config_file_load(&monitor->config, options, &monitor->config_error);

	if (result != 0 && options->config_path != NULL && monitor->config.unreadable) {
		*error = monitor->config_error;
		return result;
	}
	if (result == 0)
		monitor->config_error.text[0] = '\0';
	history_file_load(monitor->config.path, &options->settings);
	monitor->newest_filter =
		strdup(options->settings.filter_count > 0 ? options->settings.filters[0] : "");
	return 0;
}

/* A mistake in it is shown when there is a screen, as one in the settings is, which comes first. */
static int
load_baseline(struct monitor *monitor, struct error *error)
{
	struct baseline_file *const file = &monitor->baseline;
	const int result = baseline_file_load(file, monitor->options, monitor->config.path, error);
	struct error *const shown = &monitor->config_error;

	if (result == 0 && file->mistake_count == 0)
		return 0;
	if (result != 0 && option_is_given(monitor->options, &monitor->options->settings.baseline))
		return result;
	if (shown->text[0] != '\0')
		return 0;
	if (result != 0)
		*shown = *error;
	else if (file->mistake_count == 1)
		*shown = file->mistakes[0];
	else
		error_set(shown, "%.380s (and %zu more lines)", file->mistakes[0].text,
			file->mistake_count - 1);
	return 0;
}

static int
add_signals(struct monitor *monitor, struct error *error)
{
	if (loop_add_signal(monitor->loop, SIGTERM, on_signal, monitor) == NULL ||
		loop_add_signal(monitor->loop, SIGHUP, on_signal, monitor) == NULL ||
		loop_add_signal(monitor->loop, SIGINT, on_signal, monitor) == NULL) {
		error_set(error, "the event loop cannot be used: %s", file_words(errno));
		return -errno;
	}
	return 0;
}

/* A name that was mistyped is seen before anything is saved under it. */
static void
show_absent(struct monitor *monitor, const char *path, const char *how)
{
	char text[512];

	snprintf(text, sizeof text, "%.200s does not exist yet; %s makes it", path, how);
	tui_show_message(monitor->tui, SEVERITY_INFO, text);
}

static int
open_screen(struct monitor *monitor, struct error *error)
{
	const bool is_replay = monitor->time.playback != NULL;
	const struct tui_hooks hooks = {.context = monitor,
		.subscription = on_subscription,
		.request = on_request,
		.name = on_name,
		.keeper_silent_ns = on_keeper_silent_ns,
		.save = on_save,
		.save_baseline = on_save_baseline,
		.time = &monitor_time_hooks};
	const char *const words = monitor->options->words;
	const struct tui_options tui_options = {
		.source = is_replay ? "replay" : "live",
		.replay = is_replay,
		.filter = !is_replay && words[0] != '\0' ? words : NULL,
	};
	const struct source_hooks source_hooks = {
		.context = monitor,
		.bytes = on_bytes,
		.changed = on_changed,
		.report = on_report,
		.get_subscription = on_get_subscription,
	};

	errno = ENOMEM; /* unless the kernel says more */
	monitor->model = model_new(0);
	if (monitor->model != NULL)
		monitor->loop = loop_new();
	if (monitor->loop == NULL) {
		error_set(error, "cannot begin: %s", file_words(errno));
		return -errno;
	}
	if (add_signals(monitor, error) != 0)
		return -EIO;
	monitor->tui = tui_new(monitor->loop, monitor->model, &monitor->options->settings, &hooks,
		&tui_options, error);
	if (monitor->tui == NULL)
		return -ENOTTY;
	monitor->time.tui = monitor->tui;
	monitor->time.loop = monitor->loop;
	monitor->time.model = &monitor->model;
	if (!is_replay && monitor_time_keep(&monitor->time, monitor->options->settings.past_bytes,
				  error) != 0)
		return -ENOMEM;
	if (monitor->config_error.text[0] != '\0')
		tui_show_message(monitor->tui, SEVERITY_WARNING, monitor->config_error.text);
	else if (monitor->config.absent && monitor->options->config_path != NULL)
		show_absent(monitor, monitor->config.path, "saving the settings (F2)");
	else if (monitor->baseline.is_absent)
		show_absent(monitor, monitor->baseline.path, "b on screen 6");
	confine_files(&(struct confined_files){.tui = monitor->tui,
		.settings = monitor->config.path,
		.settings_are_named = monitor->options->config_path != NULL,
		.written = monitor->baseline.path});
	if (is_replay) {
		return monitor_time_start(&monitor->time, error);
	}
	return source_start(monitor->source, monitor->loop, monitor->model, &source_hooks, error);
}

static int
run(struct monitor *monitor, struct error *error)
{
	int result = open_screen(monitor, error);

	if (result == -ENOTTY)
		return COMMAND_EXIT_USAGE;
	if (result == 0) {
		result = loop_run(monitor->loop);
		if (result < 0)
			error_set(error, "the event loop failed: %s", file_words(-result));
	}
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
load_files(struct monitor *monitor, struct error *error)
{
	const int result = load_settings(monitor, error);

	return result == 0 ? load_baseline(monitor, error) : result;
}

/* What is shown: this box, or a recording. */
static int
open_data(struct monitor *monitor, struct error *error)
{
	if (monitor->options->command == COMMAND_REPLAY)
		return monitor_time_open(&monitor->time, monitor->options, error) == 0
			       ? EXIT_SUCCESS
			       : COMMAND_EXIT_USAGE;
	monitor->source = open_live(monitor->options, error);
	return monitor->source != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * Settings are read without rights, as the user whose they are. Only root's are read before: after
 * that the viewer is not root any more.
 */
static int
open_halves(struct monitor *monitor, struct error *error)
{
	const bool is_root = user_is_root_login();
	int status;

	if (is_root && load_files(monitor, error) != 0)
		return COMMAND_EXIT_USAGE;
	if (is_root && root_files_open(monitor->config.path, monitor->baseline.path, error) != 0)
		return EXIT_FAILURE;
	status = open_data(monitor, error);
	if (status != EXIT_SUCCESS)
		return status;
	if (!is_root && load_files(monitor, error) != 0)
		return COMMAND_EXIT_USAGE;
	/* Nothing was asked of the half with rights yet. */
	if (monitor->source != NULL && monitor->options->settings.read_only &&
		source_forbid_changes(monitor->source, error) != 0)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

static void
fini(struct monitor *monitor)
{
	if (monitor->tui != NULL)
		tui_free(monitor->tui);
	source_close(monitor->source);
	monitor_time_fini(&monitor->time);
	resolver_free(monitor->resolver);
	model_free(monitor->model);
	if (monitor->loop != NULL)
		loop_free(monitor->loop);
	opener_stop();
	config_file_fini(&monitor->config);
	baseline_file_fini(&monitor->baseline);
	free(monitor->newest_filter);
}

int
command_monitor(struct options *options)
{
	struct monitor monitor = {.options = options, .config_error = {.position = -1}};
	struct error error = {.position = -1};
	int status;

	if (options->command == COMMAND_MONITOR && check_filter(options->words, &error) != 0) {
		error_print_at(&error, options->words);
		return COMMAND_EXIT_USAGE;
	}
	if ((options->command == COMMAND_MONITOR && options->netns != NULL &&
		    netns_check(options->netns, &error) != 0) ||
		tui_check_terminal(&error) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	status = open_halves(&monitor, &error);
	if (status == EXIT_SUCCESS)
		status = run(&monitor, &error);
	if (status == EXIT_SUCCESS && save_history(&monitor, &error) != 0)
		status = EXIT_FAILURE;
	fini(&monitor);
	if (status != EXIT_SUCCESS)
		error_print(&error);
	return status;
}
