/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between a playback, the screen that shows it, and the model that it fills. */
#include <config.h>

#include "monitor_time.h"

#include <errno.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>

/* Of which the past consists: so much of it goes at a time. */
enum { PIECES = 8 };

static struct playback *
playback_of(void *context)
{
	const struct monitor_time *const time = context;

	return time->playback;
}

static void
get(void *context, struct tui_time *time)
{
	struct playback_state state;

	playback_get(playback_of(context), &state);
	*time = (struct tui_time){.is_running = state.is_running,
		.speed = state.speed,
		.begin_ns = state.begin_ns,
		.end_ns = state.end_ns,
		.now_ns = state.now_ns,
		.gaps = state.gaps,
		.marks_ns = state.marks_ns,
		.mark_count = state.mark_count};
}

static void
run(void *context, bool runs)
{
	playback_run(playback_of(context), runs);
}

static bool
step(void *context, int direction)
{
	return playback_step(playback_of(context), direction);
}

static void
seek(void *context, uint64_t to_ns)
{
	playback_seek(playback_of(context), to_ns);
}

static void
set_speed(void *context, double speed)
{
	playback_set_speed(playback_of(context), speed);
}

static int
parse(void *context, const char *text, uint64_t *time_ns, struct error *error)
{
	return playback_parse(playback_of(context), text, time_ns, error);
}

static struct model *
on_begin(void *context)
{
	struct monitor_time *const time = context;
	struct model *const before = *time->model;
	struct model *const next = model_new_after(before);

	if (next == NULL)
		return NULL;
	*time->model = next;
	tui_set_model(time->tui, next);
	if (before != time->live)
		model_free(before);
	return next;
}

static void
on_changed(void *context)
{
	const struct monitor_time *const time = context;

	tui_model_changed(time->tui);
	tui_time_changed(time->tui);
}

static void
on_report(void *context, enum severity severity, const char *text)
{
	const struct monitor_time *const time = context;

	tui_show_message(time->tui, severity, text);
}

static const struct playback_hooks playback_hooks = {
	.begin = on_begin, .changed = on_changed, .report = on_report};

static int
start(struct monitor_time *time, uint64_t at_ns, struct error *error)
{
	struct playback_hooks hooks = playback_hooks;

	hooks.context = time;
	return playback_start(time->playback, time->loop, &hooks, at_ns, error);
}

/* From the past to now. */
static void
come_back(void *context)
{
	struct monitor_time *const time = context;
	struct model *const past = *time->model;

	playback_free(time->playback);
	time->playback = NULL;
	*time->model = time->live;
	tui_set_model(time->tui, time->live);
	if (past != time->live)
		model_free(past);
	time->live = NULL;
}

static struct playback *
open_past(struct recorder *recorder, struct error *error)
{
	int fds[PIECES + 1];
	int count;

	if (recorder == NULL) {
		error_set(
			error, "nothing is kept of the past (past = 64M in the settings keeps it)");
		return NULL;
	}
	count = recorder_open(recorder, fds, sizeof fds / sizeof *fds);
	if (count != 0)
		return playback_open_files(fds, (size_t)count, error);
	error_set(error, "nothing was kept yet; try again in a moment");
	return NULL;
}

static bool
look_back(void *context)
{
	struct monitor_time *const time = context;
	struct error error = {.position = -1};

	time->playback = open_past(time->recorder, &error);
	if (time->playback != NULL) {
		time->live = *time->model;
		if (start(time, UINT64_MAX, &error) == 0)
			return true;
		come_back(time);
	}
	on_report(time, SEVERITY_INFO, error.text);
	return false;
}

static int
save(void *context, int (*write)(void *file, const void *bytes, size_t len), void *file,
	struct error *error)
{
	const struct monitor_time *const time = context;
	int result = -ENODATA;

	if (time->recorder != NULL)
		result = recorder_copy(time->recorder, write, file);
	if (result == -ENODATA)
		error_set(
			error, "nothing is kept of the past (past = 64M in the settings keeps it)");
	else if (result != 0)
		error_set(error, "the past cannot be written: %s", file_words(result));
	return result;
}

const struct tui_time_hooks monitor_time_hooks = {
	.get = get,
	.run = run,
	.step = step,
	.seek = seek,
	.set_speed = set_speed,
	.parse = parse,
	.look_back = look_back,
	.come_back = come_back,
	.save = save,
};

static int
parse_options(struct monitor_time *time, const struct options *options, struct error *error)
{
	struct playback_state state;
	struct error why = {.position = -1};

	playback_get(time->playback, &state);
	time->at_ns = state.begin_ns;
	time->speed = 1;
	if (options->at != NULL &&
		playback_parse(time->playback, options->at, &time->at_ns, &why) < 0) {
		error_set(error, "--at: %s", why.text);
		return -EINVAL;
	}
	if (options->speed != NULL && tui_parse_speed(options->speed, &time->speed, &why) != 0) {
		error_set(error, "--speed: %s", why.text);
		return -EINVAL;
	}
	return 0;
}

int
monitor_time_open(struct monitor_time *time, const struct options *options, struct error *error)
{
	if (options->words[0] == '\0') {
		error_set(error, "which recording? `sockwatch record FILE` makes one");
		return -EINVAL;
	}
	if (options->netns != NULL) {
		error_set(error,
			"--netns is about what is now; `netns NAME` as a filter chooses in a recording");
		return -EINVAL;
	}
	time->playback = playback_open(options->words, error);
	return time->playback != NULL ? parse_options(time, options, error) : -EINVAL;
}

int
monitor_time_start(struct monitor_time *time, struct error *error)
{
	const int result = start(time, time->at_ns, error);

	if (result == 0)
		playback_set_speed(time->playback, time->speed);
	tui_model_changed(time->tui);
	if (result == 0)
		tui_show_message(time->tui, SEVERITY_INFO,
			"Space lets time run; [ ] a snapshot, { } a minute, b to a moment; F1 has all keys");
	return result;
}

int
monitor_time_keep(struct monitor_time *time, uint64_t bytes, struct error *error)
{
	const struct recorder_options options = {.max_bytes = bytes, .files = PIECES};

	time->recorder = bytes != 0 ? recorder_new(&options, error) : NULL;
	return bytes == 0 || time->recorder != NULL ? 0 : -ENOMEM;
}

void
monitor_time_take(struct monitor_time *time, const void *bytes, size_t len)
{
	struct error error = {.position = -1};
	char text[512];
	int result = 0;

	if (time->recorder == NULL)
		return;
	if (bytes == NULL)
		recorder_restart(time->recorder);
	else
		result = recorder_take(time->recorder, bytes, len, &error);
	if (result == 0)
		return;
	recorder_free(time->recorder);
	time->recorder = NULL;
	if (result == -EMSGSIZE)
		snprintf(text, sizeof text,
			"the past is not kept: all sockets of this box once take too large a part of it (past = BYTES in the settings)");
	else
		snprintf(text, sizeof text, "the past is not kept: %.400s", error.text);
	on_report(time, SEVERITY_INFO, text);
}

bool
monitor_time_wants_key(const struct monitor_time *time)
{
	return time->recorder != NULL && recorder_wants_key(time->recorder, clock_monotonic_ns());
}

void
monitor_time_fini(struct monitor_time *time)
{
	playback_free(time->playback);
	recorder_free(time->recorder);
	model_free(time->live);
}
