/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bottom of the monitor: marks what must be drawn, which page and which overlay are open, and
 * the message of the status line. Every file of the folder may call it; it calls none of them.
 */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>

#include "state.h"
#include "tui/term/terminal.h"

enum { MESSAGE_S = 6 };

void
tui_redraw(struct tui *tui)
{
	tui->dirty = true;
}

void
tui_redraw_within(struct tui *tui, uint64_t ms)
{
	if (tui->redraw_due)
		return;
	tui->redraw_due = true;
	loop_arm(tui->ticker, ms * CLOCK_NS_PER_MS, 0);
}

void
tui_refresh(struct tui *tui)
{
	tui->forced = true;
	tui->dirty = true;
}

void
tui_repaint(struct tui *tui)
{
	tui->repaint = true;
	tui_redraw(tui);
}

void
tui_show_message(struct tui *tui, enum severity severity, const char *text)
{
	struct status *const status = &tui->status;

	snprintf(status->text, sizeof status->text, "%s", text);
	status->severity = severity;
	status->until_ns = clock_monotonic_ns() + MESSAGE_S * CLOCK_NS_PER_S;
	tui_redraw(tui);
}

void
tui_show_format(struct tui *tui, enum severity severity, const char *format, ...)
{
	char text[STATUS_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	tui_show_message(tui, severity, text);
}

enum page_id
tui_page(const struct tui *tui)
{
	return tui->stack[tui->stack_count - 1];
}

enum page_id
tui_front(const struct tui *tui)
{
	return tui->overlay != PAGE_NONE ? tui->overlay : tui_page(tui);
}

bool
tui_is_on_table(const struct tui *tui)
{
	return tui_page(tui) < PAGE_TABLES;
}

void
tui_open_page(struct tui *tui, enum page_id page)
{
	if (tui->stack_count < STACK_MAX && tui_page(tui) != page)
		tui->stack[tui->stack_count++] = page;
	tui_refresh(tui);
}

void
tui_close_page(struct tui *tui)
{
	/* The menu that help was asked in has kept its items. */
	if (tui_page(tui) == PAGE_HELP && tui->help.is_of_menu)
		tui->overlay = PAGE_MENU;
	if (tui->stack_count > 1)
		tui->stack_count--;
	tui_refresh(tui);
}

void
tui_open_overlay(struct tui *tui, enum page_id page)
{
	tui->overlay = page;
	tui_redraw(tui);
}

void
tui_close_overlay(struct tui *tui)
{
	tui->overlay = PAGE_NONE;
	tui_refresh(tui);
}

struct table *
tui_table(struct tui *tui)
{
	const enum page_id first = tui->stack[0];

	return &tui->tables[first < PAGE_TABLES ? first : PAGE_SOCKETS];
}

bool
tui_shows_names(const struct tui *tui)
{
	return tui->settings->names && !tui->settings->numeric;
}

struct field_context
tui_context(const struct tui *tui)
{
	return (struct field_context){
		.model = tui->model, .doctor = tui->doctor, .numeric = !tui_shows_names(tui)};
}

bool
tui_is_held(const struct tui *tui)
{
	return tui->hold || tui->overlay == PAGE_MENU || tui->overlay == PAGE_CONFIRM;
}

void
tui_set_theme(struct tui *tui)
{
	const struct settings *const settings = tui->settings;

	theme_init(&tui->theme, settings->theme, settings->color,
		settings->ascii || !terminal_is_utf8());
	tui_repaint(tui);
}
