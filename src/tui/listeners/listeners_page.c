/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of listeners and destinations. The rest of the room:
 *
 *	listeners_rows.c  the two tables: their rows, colours, and what Enter does
 *	listeners_facts.c  the lines above the listeners
 *	listeners_keys.c  the keys of the screen
 */
#include <config.h>

#include "listeners_page.h"

#include <stdlib.h>

#include "listeners_facts.h"
#include "listeners_rows.h"
#include "tui/pages.h"
#include "tui/state.h"

enum {
	LEAST_BOTH = 10,        /* lines of the page from which on both tables stand on it */
	LEAST_DESTINATIONS = 4, /* with the rule above them and their heading */
};

void
listeners_page_init(struct tui *tui)
{
	listener_table_init(&tui->listeners.table);
	port_budget_init(&tui->listeners.budget);
	tui->listeners.ports = &tui->listeners.budget;
}

void
listeners_page_fini(struct tui *tui)
{
	rows_fini(&tui->listeners.listeners);
	rows_fini(&tui->listeners.destinations);
	free(tui->listeners.listener_rows);
	free(tui->listeners.destination_rows);
	listener_table_fini(&tui->listeners.table);
	port_budget_fini(&tui->listeners.budget);
}

void
listeners_page_forget(struct tui *tui)
{
	listener_table_fini(&tui->listeners.table);
	port_budget_fini(&tui->listeners.budget);
	listeners_page_init(tui);
}

static bool
is_open(const struct tui *tui)
{
	for (size_t i = 0; i < tui->stack_count; i++)
		if (tui->stack[i] == PAGE_LISTENERS)
			return true;
	return false;
}

const struct port_budget *
listeners_page_ports(const struct tui *tui)
{
	const struct port_budget *const of_doctor =
		tui->doctor != NULL ? doctor_ports(tui->doctor) : NULL;

	if (of_doctor != NULL)
		return of_doctor;
	return is_open(tui) ? &tui->listeners.budget : NULL;
}

static void
take_in(struct tui *tui)
{
	struct listeners_page *const page = &tui->listeners;
	const struct port_budget *const of_doctor =
		tui->doctor != NULL ? doctor_ports(tui->doctor) : NULL;

	if (page->sequence == tui->model->complete_sequence)
		return;
	page->sequence = tui->model->complete_sequence;
	listener_table_update(&page->table, tui->model);
	page->ports = of_doctor != NULL ? of_doctor : &page->budget;
	if (of_doctor == NULL)
		port_budget_update(&page->budget, tui->model);
}

void
listeners_page_update(struct tui *tui)
{
	if (is_open(tui))
		take_in(tui);
}

void
listeners_page_open(struct tui *tui)
{
	take_in(tui);
	/* Both are made ready; the one above has the keys. */
	rows_open(tui, PAGE_LISTENERS, &tui->listeners.destinations, &listeners_rows_destinations);
	rows_open(tui, PAGE_LISTENERS, &tui->listeners.listeners, &listeners_rows_listeners);
}

/* The table that does not have the keys. */
static struct rows *
other_of(struct tui *tui)
{
	struct listeners_page *const page = &tui->listeners;

	return rows_with_keys(tui) == &page->destinations ? &page->listeners : &page->destinations;
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct listeners_page *const page = &tui->listeners;
	struct rect facts = *rect, above = *rect, below = *rect;
	struct pen pen;

	if (rect->height < LEAST_BOTH) {
		struct rows *const other = other_of(tui);

		other->rect = (struct rect){.height = 0};
		other->heading_y = -1;
		rows_draw(tui, other == &page->listeners ? &page->destinations : &page->listeners,
			rect);
		return;
	}
	below.height =
		rect->height / 3 > LEAST_DESTINATIONS ? rect->height / 3 : (int)LEAST_DESTINATIONS;
	below.y += rect->height - below.height;
	facts.height = listeners_facts_height(rect->height);
	above.y += facts.height;
	above.height -= facts.height + below.height;
	rows_draw(tui, &page->listeners, &above);
	/* After the rows: one of them is under the cursor. */
	listeners_facts_draw(tui, &facts);
	pen = draw_pen(&tui->theme, below.y, below.x, below.width);
	draw_rule(&pen, ROLE_SECTION,
		"destinations of outgoing connections, by local ports used (Tab)");
	below.y++;
	below.height--;
	rows_draw(tui, &page->destinations, &below);
}

/* A click on the other table gives it the keys first. */
static void
click(struct tui *tui, int y, int x, bool twice)
{
	struct rows *const other = other_of(tui);

	if (y == other->heading_y || rect_contains(&other->rect, y, x))
		rows_open(tui, PAGE_LISTENERS, other, other->kind);
	rows_pane_click(tui, y, x, twice);
}

const struct pane listeners_pane = {
	.draw = draw,
	.move = rows_pane_move,
	.enter = rows_pane_enter,
	.click = click,
	.wheel = rows_pane_wheel,
	.back = rows_pane_back,
};
