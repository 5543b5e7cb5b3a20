/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of pages. A new page is a name in page.h, a row here, a row in key/actions.c, a room.
 */
#include <config.h>

#include "pages.h"

#include <sockwatch/stream/needs.h>

#include "state.h"
#include "tui/counters/counters_page.h"
#include "tui/detail/detail.h"
#include "tui/findings/findings_page.h"
#include "tui/listeners/listeners_page.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/help.h"
#include "tui/overlay/menu.h"
#include "tui/overlay/prompt.h"
#include "tui/overlay/setup.h"
#include "tui/table/table_pane.h"
#include "tui/table/table_print.h"

enum {
	NEED_EVENTS = NEED_PACKETS | NEED_CLOSINGS | NEED_LINKS,
	NEED_LISTENERS = NEED_OWNERS | NEED_MEMORY | NEED_LINKS | NEED_SYSCTLS | NEED_CLOSINGS,
};

/* Columns, order and filter, and the pane of events below the table. */
static void
subscribe_table(const struct tui *tui, struct message_subscription *subscription)
{
	subscription->needs |= table_needs(&tui->tables[tui->stack[0]]);
	if (!tui->settings->own)
		subscription->needs |= NEED_OWNERS; /* whose sockets are ours */
	if (events_is_wanted(tui))
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
		.pane = &listeners_pane,
		.needs = NEED_LISTENERS,
		.open = listeners_page_open,
		.copy = rows_print_selected,
		.print = rows_print,
	},
	[PAGE_EVENTS] = {
		.pane = &events_pane,
		.needs = NEED_EVENTS,
		.open = events_open,
		.copy = events_print_selected,
		.print = events_print,
	},
	[PAGE_PATHS] = {
		.pane = &paths_pane,
		.copy = paths_print_row,
		.print = paths_print,
	},
	[PAGE_COUNTERS] = {
		.pane = &counters_pane,
		.needs = NEED_COUNTERS | NEED_SNMP6 | NEED_SYSCTLS,
		.open = counters_page_open,
		.copy = rows_print_selected,
		.print = rows_print,
	},
	[PAGE_FINDINGS] = {
		.pane = &findings_pane,
		.open = findings_page_open,
		.copy = rows_print_selected,
		.print = rows_print,
	},
	[PAGE_DETAIL] = {
		.pane = &detail_pane,
		.needs = NEED_ALL & ~(NEED_INTERNALS | NEED_SYSTEM),
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
