/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves, and opens and closes pages: what is the same wherever the cursor is. */
#include <config.h>

#include "navigate.h"

#include "handlers.h"
#include "tui/header.h"
#include "tui/overlay/setup.h"
#include "tui/pages.h"
#include "tui/state.h"
#include "tui/term/terminal.h"
#include "tui/time/time_line.h"

static const struct pane *
pane(const struct tui *tui)
{
	return pages[tui_front(tui)].pane;
}

static void
move_by(struct tui *tui, enum move move)
{
	if (pane(tui)->move != NULL)
		pane(tui)->move(tui, move);
	else if (pane(tui)->scroll != NULL)
		scroll_move(pane(tui)->scroll(tui), move);
	tui_redraw(tui);
}

void
do_up(struct tui *tui)
{
	move_by(tui, MOVE_UP);
}

void
do_down(struct tui *tui)
{
	move_by(tui, MOVE_DOWN);
}

void
do_page_up(struct tui *tui)
{
	move_by(tui, MOVE_PAGE_UP);
}

void
do_page_down(struct tui *tui)
{
	move_by(tui, MOVE_PAGE_DOWN);
}

void
do_top(struct tui *tui)
{
	move_by(tui, MOVE_TOP);
}

void
do_bottom(struct tui *tui)
{
	if (tui->is_past && tui->overlay == PAGE_NONE) {
		time_come_back(tui);
		return;
	}
	move_by(tui, MOVE_BOTTOM);
}

void
do_left(struct tui *tui)
{
	move_by(tui, MOVE_LEFT);
}

void
do_right(struct tui *tui)
{
	move_by(tui, MOVE_RIGHT);
}

void
do_enter(struct tui *tui)
{
	if (pane(tui)->enter != NULL)
		pane(tui)->enter(tui);
	else
		tui_show_message(tui, SEVERITY_INFO, "there is nothing to open here");
}

void
do_back(struct tui *tui)
{
	if (pane(tui)->back != NULL)
		pane(tui)->back(tui);
	else if (tui->overlay != PAGE_NONE)
		tui_close_overlay(tui);
	else if (tui->stack_count > 1)
		tui_close_page(tui);
	else
		tui_show_message(tui, SEVERITY_INFO, "there is no page to go back to; q quits");
}

void
do_quit(struct tui *tui)
{
	/* The changes of the setup page are kept, also when it is left by this key. */
	setup_save(tui);
	loop_stop(tui->loop, 0);
}

/* Where there is no page to go back to, the program ends. */
void
do_leave(struct tui *tui)
{
	if (tui->stack_count > 1)
		do_back(tui);
	else
		do_quit(tui);
}

void
do_redraw(struct tui *tui)
{
	tui_repaint(tui);
}

void
do_suspend(struct tui *tui)
{
	terminal_suspend();
	tui_repaint(tui);
}

void
navigate_open(struct tui *tui, enum page_id page)
{
	if (tui_page(tui) == page)
		tui_show_message(tui, SEVERITY_INFO, "that is this screen");
	while (tui->stack_count > 1)
		tui_close_page(tui);
	if (pages[page].open != NULL)
		pages[page].open(tui);
	if (page >= PAGE_TABLES) {
		tui_open_page(tui, page);
		return;
	}
	tui->follow = false;
	tui->stack[0] = page;
	tui_refresh(tui);
}

void
do_next_pane(struct tui *tui)
{
	navigate_open(tui, PAGE_LISTENERS);
}

void
do_dismiss(struct tui *tui)
{
	if (!header_dismiss(tui)) {
		tui_show_message(tui, SEVERITY_INFO, "there is no line about missing rights");
		return;
	}
	tui_redraw(tui);
}
