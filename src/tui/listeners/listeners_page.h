/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of listeners and destinations: who waits for connections and whether it keeps up, and
 * below that how many local ports the outgoing connections use. Tab gives the other table the keys.
 *
 * They are counted while the screen is open, also under another one: each look goes over all rows.
 */
#ifndef SOCKWATCH_TUI_LISTENERS_LISTENERS_PAGE_H
#define SOCKWATCH_TUI_LISTENERS_LISTENERS_PAGE_H

#include <stdbool.h>

#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>

#include "tui/rows/rows_table.h"

struct pane;
struct tui;

extern const struct pane listeners_pane;

struct listeners_page {
	struct listener_table table;
	struct port_budget budget;       /* our own, where doctor counts none */
	const struct port_budget *ports; /* doctor's or our own */
	struct rows listeners, destinations;
	/* What the tables point to. */
	struct listener_row *listener_rows;
	struct destination_row *destination_rows;
	uint32_t sequence; /* of the snapshot that was taken in last */
};

void listeners_page_init(struct tui *tui);
void listeners_page_fini(struct tui *tui);
/* What is shown from now on is of another time. */
void listeners_page_forget(struct tui *tui);
/* A snapshot ended. */
void listeners_page_update(struct tui *tui);
void listeners_page_open(struct tui *tui);
/*
 * The budget of local ports as of the last snapshot: doctor's, or that of the screen while it is
 * open. NULL: nobody counts it.
 */
const struct port_budget *listeners_page_ports(const struct tui *tui);

#endif
