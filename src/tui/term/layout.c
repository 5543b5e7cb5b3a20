/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Divides the width of a line among columns, and among the labels of the footer. */
#include <config.h>

#include "layout.h"

/* Room that the shown items take. */
static int
taken(const struct layout_item *items, size_t count, int gap)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (items[i].width > 0)
			sum += items[i].width + (sum > 0 ? gap : 0);
	}
	return sum;
}

/* Drops from the right until the minimum widths fit. */
static void
drop(struct layout_item *items, size_t count, int room, int gap, bool essential)
{
	for (size_t i = count; i-- > 0 && taken(items, count, gap) > room;) {
		if (items[i].essential == essential)
			items[i].width = 0;
	}
}

/* Gives each item, from the left, up to `limit` what it still lacks; evenly where room is short. */
static void
grow(struct layout_item *items, size_t count, int *left, bool to_grown)
{
	bool any = true;

	while (*left > 0 && any) {
		any = false;
		for (size_t i = 0; i<count && * left> 0; i++) {
			const int limit = to_grown ? items[i].grown : items[i].wanted;

			if (items[i].width == 0 || items[i].width >= limit)
				continue;
			items[i].width++;
			(*left)--;
			any = true;
		}
	}
}

/* All to the last that stretches: the others stay close together. */
static void
stretch(struct layout_item *items, size_t count, int left)
{
	for (size_t i = count; i-- > 0;) {
		if (items[i].width > 0 && items[i].stretch) {
			items[i].width += left;
			return;
		}
	}
}

void
layout_columns(struct layout_item *items, size_t count, int room, int gap)
{
	int left;
	int x = 0;

	for (size_t i = 0; i < count; i++)
		items[i].width = items[i].minimum;
	drop(items, count, room, gap, false);
	drop(items, count, room, gap, true);
	left = room - taken(items, count, gap);
	if (left == room && count > 0 && room > 0) {
		items[0].width = room; /* better a part of one than nothing */
		left = 0;
	}
	grow(items, count, &left, false);
	grow(items, count, &left, true);
	stretch(items, count, left);
	for (size_t i = 0; i < count; i++) {
		items[i].x = x;
		if (items[i].width > 0)
			x += items[i].width + gap;
	}
}

void
layout_footer(const int *widths, size_t count, int room, bool *shown)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		shown[i] = false;
	if (count == 0)
		return;
	shown[0] = true;
	sum = widths[0];
	if (count > 1) {
		shown[count - 1] = true;
		sum += widths[count - 1];
	}
	for (size_t i = 1; i + 1 < count && sum + widths[i] <= room; i++) {
		shown[i] = true;
		sum += widths[i];
	}
}
