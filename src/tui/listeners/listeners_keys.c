/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the screen of listeners. */
#include <config.h>

#include "tui/key/handlers.h"
#include "tui/state.h"

void
do_listeners_other(struct tui *tui)
{
	struct listeners_page *const page = &tui->listeners;
	struct rows *const other =
		rows_with_keys(tui) == &page->listeners ? &page->destinations : &page->listeners;

	rows_open(tui, PAGE_LISTENERS, other, other->kind);
}
