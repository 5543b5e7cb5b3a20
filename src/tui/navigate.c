/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves, pages and screens: what is the same wherever one is. */
#include <config.h>

#include "handlers.h"
#include "state.h"
#include "tui/overlay/help.h"
#include "tui/overlay/setup.h"
#include "tui/term/terminal.h"

static const struct pane *
pane(const struct tui *tui)
{
	return tui_pane(tui_mode(tui));
}

static void
move_by(struct tui *tui, enum move move)
{
	if (pane(tui)->move != NULL)
		pane(tui)->move(tui, move);
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
}

void
do_back(struct tui *tui)
{
	if (pane(tui)->back != NULL)
		pane(tui)->back(tui);
	else if (tui->overlay != MODE_COUNT)
		tui_close_overlay(tui);
	else
		tui_close_page(tui);
}

void
do_quit(struct tui *tui)
{
	/* What setup changed is kept, also when one leaves from there. */
	setup_save(tui);
	loop_stop(tui->loop, 0);
}

/* Where there is nothing to go back to, it is the end. */
void
do_leave(struct tui *tui)
{
	if (tui->page_count > 1)
		do_back(tui);
	else
		do_quit(tui);
}

void
do_redraw(struct tui *tui)
{
	tui->repaint = true;
	tui_redraw(tui);
}

void
do_suspend(struct tui *tui)
{
	terminal_suspend();
	do_redraw(tui);
}

void
do_help(struct tui *tui)
{
	help_open(tui);
}

void
do_setup(struct tui *tui)
{
	setup_open(tui);
}

static void
show_screen(struct tui *tui, enum screen_id id)
{
	while (tui->page_count > 1)
		tui_close_page(tui);
	tui->follow = false;
	tui->screen = id;
	tui_refresh(tui);
}

void
do_sockets(struct tui *tui)
{
	show_screen(tui, SCREEN_SOCKETS);
}

void
do_listeners(struct tui *tui)
{
	show_screen(tui, SCREEN_LISTENERS);
}

void
do_next_pane(struct tui *tui)
{
	show_screen(tui, (enum screen_id)((tui->screen + 1) % SCREEN_COUNT));
}

void
do_dismiss(struct tui *tui)
{
	tui->header.rights_dismissed = true;
	tui_redraw(tui);
}
