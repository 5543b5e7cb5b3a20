/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line of time, for what was recorded: which moment is shown, of which span, and how fast time
 * goes on. Its keys are in time_keys.c; time_other.c shows another moment.
 */
#ifndef SOCKWATCH_TUI_TIME_TIME_LINE_H
#define SOCKWATCH_TUI_TIME_TIME_LINE_H

#include <stddef.h>

#include <sockwatch/tui/tui.h>

#include "tui/term/draw.h"

struct tui;

enum { TIME_LINE_SIZE = 64, TIME_BAR_MAX = 256 };

/* "14:02:31.004 +0100" */
void time_line_format_moment(uint64_t realtime_ns, char *out, size_t size);
/* "3:12 of 10:00" */
void time_line_format_place(const struct tui_time *time, char *out, size_t size);
/* "4x", "0.5x", "max" */
void time_line_format_speed(double speed, char *out, size_t size);
/*
 * A bar of width cells: '=' what is behind the moment, '|' the moment, '-' what is before it, '^' a
 * mark.
 */
void time_line_fill_bar(const struct tui_time *time, size_t width, char bar[TIME_BAR_MAX]);
void time_line_draw(struct tui *tui, const struct rect *rect);

/* time_other.c: what was found of now is laid aside while the past is shown, and taken back. */
void time_lay_aside(struct tui *tui);
void time_take_back(struct tui *tui);

/* time_keys.c: from the past to now. */
void time_come_back(struct tui *tui);

#endif
