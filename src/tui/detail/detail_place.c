/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps what is read in its place. Facts come one after the other (a close, a retransmission); a
 * page that was scrolled must not move when one comes above the window.
 */
#include <config.h>

#include "detail_place.h"

#include <stdint.h>
#include <string.h>

static bool
is_named(const struct facts_line *line)
{
	return line->label[0] != '\0';
}

void
detail_place_note(struct detail_place *place, const struct facts *facts, size_t top)
{
	size_t line = top;

	*place = (struct detail_place){.top = top, .lines = facts->count};
	if (top == 0 || top >= facts->count)
		return;
	while (line > 0 && !is_named(&facts->lines[line]))
		line--;
	place->line = line;
	place->named = facts->lines[line];
}

/* The line of that name which is nearest to where it was; SIZE_MAX: none. */
static size_t
find(const struct detail_place *place, const struct facts *facts)
{
	size_t nearest = SIZE_MAX, least = SIZE_MAX;

	for (size_t i = 0; i < facts->count; i++) {
		const struct facts_line *const line = &facts->lines[i];
		const size_t distance = i > place->line ? i - place->line : place->line - i;

		if (line->kind != place->named.kind || distance >= least ||
			strcmp(line->label, place->named.label) != 0)
			continue;
		nearest = i;
		least = distance;
	}
	return nearest;
}

size_t
detail_place_find(const struct detail_place *place, const struct facts *facts)
{
	size_t line;

	if (place->top == 0 || facts->count == place->lines)
		return place->top;
	if (place->top >= place->lines) /* in the segments below */
		return place->top + facts->count - place->lines;
	line = is_named(&place->named) ? find(place, facts) : SIZE_MAX;
	return line != SIZE_MAX ? line + (place->top - place->line) : place->top;
}
