/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the line of time. */
#include <config.h>

#include "time_line.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sockwatch/base/clock.h>

#include "tui/state.h"

enum { BAR_LEAST = 10 };

void
time_line_format_moment(uint64_t realtime_ns, char *out, size_t size)
{
	const time_t seconds = (time_t)(realtime_ns / CLOCK_NS_PER_S);
	char time[16] = "", zone[8] = "";
	struct tm local;

	if (localtime_r(&seconds, &local) != NULL) {
		strftime(time, sizeof time, "%H:%M:%S", &local);
		strftime(zone, sizeof zone, "%z", &local);
	}
	snprintf(out, size, "%s.%03u %s", time,
		(unsigned)(realtime_ns % CLOCK_NS_PER_S / CLOCK_NS_PER_MS), zone);
}

/* "3:12", "1:03:12" */
static void
format_length(uint64_t ns, char *out, size_t size)
{
	const unsigned long long s = ns / CLOCK_NS_PER_S;

	if (s < 3600)
		snprintf(out, size, "%llu:%02llu", s / 60, s % 60);
	else
		snprintf(out, size, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
}

void
time_line_format_place(const struct tui_time *time, char *out, size_t size)
{
	char at[24], all[24];

	format_length(time->now_ns - time->begin_ns, at, sizeof at);
	format_length(time->end_ns - time->begin_ns, all, sizeof all);
	snprintf(out, size, "%s of %s", at, all);
}

void
time_line_format_speed(double speed, char *out, size_t size)
{
	if (speed >= TUI_TIME_SPEED_MAX)
		snprintf(out, size, "max");
	else
		snprintf(out, size, "%.3gx", speed);
}

static size_t
cell_of(const struct tui_time *time, uint64_t at_ns, size_t width)
{
	const double span = (double)(time->end_ns - time->begin_ns);
	const double part = span > 0 ? (double)(at_ns - time->begin_ns) / span : 1;
	const size_t cell = (size_t)(part * (double)(width - 1) + 0.5);

	return cell < width ? cell : width - 1;
}

void
time_line_fill_bar(const struct tui_time *time, size_t width, char bar[TIME_BAR_MAX])
{
	size_t now;

	if (width == 0 || width >= TIME_BAR_MAX)
		width = width == 0 ? 0 : TIME_BAR_MAX - 1;
	bar[width] = '\0';
	if (width == 0)
		return;
	now = cell_of(time, time->now_ns, width);
	memset(bar, '-', width);
	memset(bar, '=', now);
	for (size_t i = 0; i < time->mark_count; i++) {
		if (time->marks_ns[i] >= time->begin_ns && time->marks_ns[i] <= time->end_ns)
			bar[cell_of(time, time->marks_ns[i], width)] = '^';
	}
	bar[now] = '|';
}

static void
draw_bar(struct pen *pen, const struct tui_time *time, size_t width)
{
	char bar[TIME_BAR_MAX];

	if (width < BAR_LEAST)
		return;
	time_line_fill_bar(time, width, bar);
	draw_format(pen, ROLE_NORMAL, "[%s]", bar);
}

void
time_line_draw(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char moment[TIME_LINE_SIZE], place[TIME_LINE_SIZE], speed[16], rest[TIME_LINE_SIZE * 3];
	struct tui_time time;
	int room;

	tui->hooks.time->get(tui->hooks.context, &time);
	time_line_format_moment(time.now_ns, moment, sizeof moment);
	time_line_format_place(&time, place, sizeof place);
	time_line_format_speed(time.speed, speed, sizeof speed);
	snprintf(rest, sizeof rest, "  %s  %s", place, speed);
	if (time.gaps != 0)
		snprintf(rest + strlen(rest), sizeof rest - strlen(rest), "  %zu gap%s", time.gaps,
			time.gaps == 1 ? "" : "s");
	draw_format(&pen, time.is_running ? ROLE_GOOD : ROLE_WARNING, " %s",
		time.is_running ? "plays " : "stands");
	draw_format(&pen, ROLE_STRONG, " %s  ", moment);
	room = pen.end - pen.x - (int)strlen(rest) - 3;
	draw_bar(&pen, &time, room > 0 ? (size_t)room : 0);
	draw_text(&pen, ROLE_NORMAL, rest);
	draw_rest(&pen, ROLE_NORMAL);
}
