/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of pages. A new page is a name in page.h, a row here, a row in key/actions.c, a room.
 */
#include <config.h>

#include "pages.h"

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/stream/needs.h>

#include "state.h"
#include "tui/detail/detail.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/help.h"
#include "tui/overlay/menu.h"
#include "tui/overlay/prompt.h"
#include "tui/overlay/setup.h"
#include "tui/table/table_pane.h"
#include "tui/table/table_print.h"

enum { NEED_EVENTS = NEED_PACKETS | NEED_CLOSINGS | NEED_LINKS };

/* Columns, order and filter, and the pane of events below the table. */
static void
subscribe_table(const struct tui *tui, struct message_subscription *subscription)
{
	subscription->needs |= table_needs(&tui->tables[tui->stack[0]]);
	if (tui->events.show != EVENTS_SHOW_NONE)
		subscription->needs |= NEED_EVENTS;
}

/* The row of the table that the page was opened from; it stays when its socket goes. */
static bool
copy_detail(struct tui *tui, struct buffer *out)
{
	const struct socket_row *const row = table_row(tui, tui_row_in_question(tui));

	table_print_row(tui, row != NULL ? row : &tui->detail.row, out);
	return true;
}

/* clang-format off */
const struct page pages[PAGE_COUNT] = {
	[PAGE_SOCKETS] = {
		.title = "sockets",
		.pane = &table_pane,
		.fields = &socket_fields,
		.subscribe = subscribe_table,
		.copy = table_print_selected,
		.print = table_print,
	},
	[PAGE_LISTENERS] = {
		.title = "listeners",
		.pane = &table_pane,
		.fields = &socket_fields,
		.condition = "state listen",
		.columns = "listeners",
		.half_open = true,
		.subscribe = subscribe_table,
		.copy = table_print_selected,
		.print = table_print,
	},
	[PAGE_EVENTS] = {
		.pane = &events_pane,
		.fields = &event_fields,
		.needs = NEED_EVENTS,
		.open = events_open,
		.copy = events_print_selected,
		.print = events_print,
	},
	[PAGE_PATHS] = {
		.pane = &paths_pane,
		.fields = &hop_fields,
		.copy = paths_print_row,
		.print = paths_print,
	},
	[PAGE_DETAIL] = {
		.pane = &detail_pane,
		.fields = &socket_fields,
		.needs = NEED_ALL & ~NEED_INTERNALS,
		.subscribe = detail_subscribe,
		.copy = copy_detail,
		.print = detail_print,
	},
	[PAGE_HELP] = {.pane = &help_pane},
	[PAGE_SETUP] = {.pane = &setup_pane},
	[PAGE_MENU] = {.pane = &menu_pane},
	[PAGE_CONFIRM] = {.pane = &confirm_pane},
	[PAGE_PROMPT] = {.pane = &prompt_pane},
};
/* clang-format on */
