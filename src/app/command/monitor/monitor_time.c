/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between a playback, the screen that shows it, and the model that it fills. */
#include <config.h>

#include "monitor_time.h"

#include <errno.h>

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

static void
step(void *context, int direction)
{
	playback_step(playback_of(context), direction);
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

const struct tui_time_hooks monitor_time_hooks = {
	.get = get,
	.run = run,
	.step = step,
	.seek = seek,
	.set_speed = set_speed,
	.parse = parse,
};

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
monitor_time_start(struct monitor_time *time, struct loop *loop, struct error *error)
{
	const struct playback_hooks hooks = {
		.context = time, .begin = on_begin, .changed = on_changed, .report = on_report};
	const int result = playback_start(time->playback, loop, &hooks, time->at_ns, error);

	if (result == 0)
		playback_set_speed(time->playback, time->speed);
	if (result == 0)
		tui_show_message(time->tui, SEVERITY_INFO,
			"Space lets time run; [ ] a snapshot, { } a minute, b to a moment; F1 has all keys");
	return result;
}
