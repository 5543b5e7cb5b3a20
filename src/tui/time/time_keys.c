/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of time: run and stand, a snapshot or a minute on or back, to a moment, how fast. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>

#include "time_line.h"
#include "tui/key/handlers.h"
#include "tui/overlay/prompt.h"
#include "tui/state.h"

static void
get(struct tui *tui, struct tui_time *time)
{
	tui->hooks.time->get(tui->hooks.context, time);
}

void
do_time_run(struct tui *tui)
{
	struct tui_time time;

	get(tui, &time);
	tui->hooks.time->run(tui->hooks.context, !time.is_running);
	tui_redraw(tui);
}

/* What is live is left for its own past. */
static void
look_back(struct tui *tui)
{
	if (tui->hooks.time == NULL || tui->hooks.time->look_back == NULL) {
		tui_show_message(tui, SEVERITY_INFO, "there is no past here");
		return;
	}
	time_lay_aside(tui);
	if (!tui->hooks.time->look_back(tui->hooks.context)) {
		time_take_back(tui);
		return;
	}
	tui->replay = tui->is_past = true;
	tui_show_message(tui, SEVERITY_WARNING,
		"the past; Space lets time run, [ ] a snapshot, { } a minute, b to a moment, End to now");
	tui_refresh(tui);
}

void
time_come_back(struct tui *tui)
{
	tui->hooks.time->come_back(tui->hooks.context);
	time_take_back(tui);
	tui->replay = tui->is_past = false;
	tui_show_message(tui, SEVERITY_INFO, "now");
	tui_refresh(tui);
}

void
do_time_back(struct tui *tui)
{
	if (tui->replay)
		(void)tui->hooks.time->step(tui->hooks.context, -1);
	else
		look_back(tui);
}

void
do_time_on(struct tui *tui)
{
	if (!tui->hooks.time->step(tui->hooks.context, 1) && tui->is_past)
		time_come_back(tui);
}

void
do_time_back_minute(struct tui *tui)
{
	struct tui_time time;

	get(tui, &time);
	tui->hooks.time->seek(tui->hooks.context,
		time.now_ns > 60 * CLOCK_NS_PER_S ? time.now_ns - 60 * CLOCK_NS_PER_S : 0);
}

void
do_time_on_minute(struct tui *tui)
{
	struct tui_time time;

	get(tui, &time);
	tui->hooks.time->seek(tui->hooks.context, time.now_ns + 60 * CLOCK_NS_PER_S);
}

/* The next mark in a direction. */
static void
go_to_mark(struct tui *tui, bool on)
{
	struct tui_time time;
	uint64_t found = 0;

	get(tui, &time);
	for (size_t i = 0; i < time.mark_count; i++) {
		const uint64_t mark = time.marks_ns[i];

		if (on ? mark > time.now_ns && found == 0 : mark < time.now_ns)
			found = mark;
	}
	if (found == 0)
		tui_show_message(tui, SEVERITY_INFO,
			on ? "there is no mark after this moment"
			   : "there is no mark before this moment");
	else
		tui->hooks.time->seek(tui->hooks.context, found);
}

void
do_time_mark_before(struct tui *tui)
{
	go_to_mark(tui, false);
}

void
do_time_mark_after(struct tui *tui)
{
	go_to_mark(tui, true);
}

static bool
accept_jump(struct tui *tui, const char *text, struct error *error)
{
	uint64_t to_ns;

	if (tui->hooks.time->parse(tui->hooks.context, text, &to_ns, error) != 0)
		return false;
	tui->hooks.time->seek(tui->hooks.context, to_ns);
	return true;
}

void
do_time_jump(struct tui *tui)
{
	static const struct prompt_ops ops = {
		.label = "Go to (14:02:31, +90, -5m)", .accept = accept_jump, .replaced = true};
	char moment[TIME_LINE_SIZE];
	struct tui_time time;

	get(tui, &time);
	time_line_format_moment(time.now_ns, moment, sizeof moment);
	moment[strlen("14:02:31")] = '\0';
	prompt_open(tui, &ops, moment);
}

int
tui_parse_speed(const char *text, double *speed, struct error *error)
{
	if (strcmp(text, "max") == 0) {
		*speed = TUI_TIME_SPEED_MAX;
		return 0;
	}
	if (number_parse_unit(text, strlen(text), UNIT_NONE, speed) == 0 &&
		*speed >= TUI_TIME_SPEED_LEAST && *speed <= TUI_TIME_SPEED_MOST)
		return 0;
	error_set(error, "\"%s\" is not a speed; it is 0.1 to 100, or max", text);
	return -EINVAL;
}

static bool
accept_speed(struct tui *tui, const char *text, struct error *error)
{
	double speed;

	if (tui_parse_speed(text, &speed, error) != 0)
		return false;
	tui->hooks.time->set_speed(tui->hooks.context, speed);
	tui_redraw(tui);
	return true;
}

void
do_time_speed(struct tui *tui)
{
	static const struct prompt_ops ops = {
		.label = "How fast (1, 0.5, 10, max)", .accept = accept_speed, .replaced = true};
	char text[16];
	struct tui_time time;

	get(tui, &time);
	time_line_format_speed(time.speed, text, sizeof text);
	text[strcspn(text, "x")] = '\0';
	prompt_open(tui, &ops, strcmp(text, "ma") == 0 ? "max" : text);
}
