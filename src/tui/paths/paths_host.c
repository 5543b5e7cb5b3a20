/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and draws the address of a router with its name, and asks for the names. */
#include <config.h>

#include "paths_host.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>

#include "tui/state.h"
#include "tui/term/draw.h"

const char *
paths_host_name(void *context, const struct address *address)
{
	const struct tui *const tui = context;

	return tui->settings->numeric ? NULL : model_host_name(tui->model, address);
}

void
paths_host_want_names(struct tui *tui, const struct path *path)
{
	if (tui->settings->numeric)
		return;
	in_sight_add(tui, &path->start.target);
	for (unsigned i = 0; i < path->hop_count; i++) {
		const struct hop *const hop = &path->hops[i];

		for (unsigned k = 0; k < hop->address_count; k++)
			in_sight_add(tui, &hop->addresses[k].address);
	}
}

int
paths_host_width(const struct hop_row *row, bool names)
{
	int widest = 0;

	for (unsigned i = 0; i < row->hop->address_count; i++) {
		int width = (int)strlen(row->addresses[i]);

		if (names && row->names[i][0] != '\0')
			width += 1 + (int)text_width(row->names[i]);
		if (width > widest)
			widest = width;
	}
	return widest;
}

void
paths_host_format(const struct hop_row *row, unsigned index, char *out, size_t size)
{
	if (row->hop->address_count <= index)
		snprintf(out, size, "???");
	else
		snprintf(out, size, "%s%s%s", row->addresses[index],
			row->names[index][0] != '\0' ? " " : "", row->names[index]);
}

void
paths_host_draw(struct pen *pen, const struct hop_row *row, unsigned index, int width)
{
	struct pen cell = *pen;

	if (cell.end > cell.x + width)
		cell.end = cell.x + width;
	if (row->hop->address_count == 0)
		draw_text(&cell, ROLE_DIM, "???");
	else
		draw_text(&cell, ROLE_NORMAL, row->addresses[index]);
	if (row->hop->address_count > index && row->names[index][0] != '\0') {
		draw_spaces(&cell, ROLE_NORMAL, 1);
		draw_cell(&cell, ROLE_DIM, row->names[index], cell.end - cell.x, false);
	}
	draw_rest(&cell, ROLE_NORMAL);
	pen->x = cell.x;
}

void
paths_host_format_other(
	const struct path *path, const struct hop_row *row, unsigned index, char *out, size_t size)
{
	const struct hop_address *const address = &row->hop->addresses[index];
	char when[CLOCK_TEXT_SIZE];

	if (path->start.flows > 1) {
		const unsigned flows = (unsigned)__builtin_popcount(address->flows);

		snprintf(out, size, "%u of %u flows", flows, (unsigned)path->start.flows);
		return;
	}
	clock_format_time(address->last_ns, when, sizeof when);
	snprintf(out, size, "last at %.8s", when);
}
