/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys that mean the same on every table: to the table of rows that has the keys, or to that of
 * sockets. */
#include <config.h>

#include "rows_table.h"
#include "tui/key/handlers.h"
#include "tui/overlay/search.h"
#include "tui/table/filter_bar.h"
#include "tui/table/table.h"
#include "tui/table/table_search.h"

void
do_filter(struct tui *tui)
{
	if (rows_with_keys(tui) != NULL)
		rows_filter_prompt(tui);
	else
		filter_bar_open(tui);
}

void
do_search(struct tui *tui)
{
	search_open(tui, rows_with_keys(tui) != NULL ? &rows_search : &table_search);
}

void
do_sort(struct tui *tui)
{
	if (rows_with_keys(tui) != NULL)
		rows_sort_menu(tui);
	else
		order_sort_menu(tui);
}

static void
step_sort(struct tui *tui, bool right)
{
	if (rows_with_keys(tui) != NULL)
		rows_sort_step(tui, right);
	else
		order_sort_step(tui, right);
}

void
do_sort_previous(struct tui *tui)
{
	step_sort(tui, false);
}

void
do_sort_next(struct tui *tui)
{
	step_sort(tui, true);
}

void
do_sort_invert(struct tui *tui)
{
	if (rows_with_keys(tui) != NULL)
		rows_sort_invert(tui);
	else
		order_sort_invert(tui);
}

void
do_arrival(struct tui *tui)
{
	if (rows_with_keys(tui) != NULL)
		rows_sort_default(tui);
	else
		order_arrival(tui);
}
