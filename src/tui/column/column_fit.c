/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the columns that find room, their places and widths. */
#include <config.h>

#include "column.h"

#include <string.h>

#include "tui/term/layout.h"

enum {
	GROUP_WIDTH = 18,
	COUNT_WIDTH = 7,
	NARROWEST_TEXT = 12,
	NARROWEST_ENDPOINT = 21, /* "255.255.255.255:65535", and both ends of an IPv6 address */
	WHOLE_TEXT = 24,         /* a name of 15 bytes, a slash and a pid */
	NO_ROOM = 10000,         /* wider than any screen: it is dropped */
	COLUMNS_MAX = 128,
};

/* What gives way, from one attempt to the next. */
enum fitting {
	FITTING_STEADY, /* nothing: a column keeps the room that earlier rows needed */
	FITTING_WHOLE,  /* that room, then columns that are not essential */
	FITTING_NARROW, /* essential texts too */
};

/* It stays when there is not room for all columns. */
static bool
is_essential(const struct field *sort, const struct column *column)
{
	return column->kind != COLUMN_FIELD || column->field == sort ||
	       (column->field->flags & FIELD_ESSENTIAL) != 0;
}

static bool
is_state(const struct column *column)
{
	return column->kind == COLUMN_FIELD && column->field->meaning == FIELD_MEANING_STATE;
}

/* Its contents may be cut without becoming wrong. */
static bool
is_narrowable(const struct column *column)
{
	return column->kind == COLUMN_FIELD && !column_is_right(column) &&
	       column->field->width > NARROWEST_TEXT && column->field->kind != VALUE_UNSIGNED &&
	       column->field->kind != VALUE_REAL && column->field->meaning != FIELD_MEANING_STATE;
}

bool
column_wants_contents(const struct column *column)
{
	return column->kind == COLUMN_GROUP || is_narrowable(column) || is_state(column);
}

/* An essential text is seen as a whole, as far as that is sensible, before others have room. */
static int
least_text(const struct column *column, const struct layout_item *item, enum fitting fitting)
{
	if (!item->essential || fitting == FITTING_NARROW)
		return NARROWEST_TEXT;
	if (fitting == FITTING_WHOLE && column->now > item->wanted)
		return column->now < WHOLE_TEXT ? column->now : WHOLE_TEXT;
	return item->wanted;
}

static struct layout_item
wanted_width(const struct field *sort, const struct column *column, enum fitting fitting)
{
	struct layout_item item = {.essential = is_essential(sort, column)};
	const int title = (int)strlen(column_title(column));
	const int widest = fitting == FITTING_STEADY ? column->widest : column->now;

	switch (column->kind) {
	case COLUMN_FIELD: item.wanted = column->field->width; break;
	case COLUMN_GROUP: item.wanted = GROUP_WIDTH; break;
	case COLUMN_COUNT: item.wanted = COUNT_WIDTH; break;
	}
	if (item.wanted < title)
		item.wanted = title;
	item.minimum = item.wanted;
	item.grown = item.wanted;
	if (column->kind == COLUMN_GROUP && widest > item.grown)
		item.grown = widest;
	if (column->kind != COLUMN_FIELD)
		return item;
	item.stretch = (column->field->flags & FIELD_STRETCH) != 0;
	if (fitting != FITTING_STEADY && is_state(column) && widest > 0 && widest < item.wanted)
		item.wanted = item.minimum = item.grown = widest > title ? widest : title;
	if (fitting == FITTING_NARROW && !item.essential)
		item.minimum = item.wanted = item.grown = NO_ROOM;
	if (!is_narrowable(column) || item.minimum == NO_ROOM)
		return item;
	/* Room that its contents do not need goes to columns whose contents do. */
	if (widest > 0 && widest < item.wanted)
		item.wanted = widest > title + 1 ? widest : title + 1;
	/* An IPv6 address can lose its middle; IPv4, and a name with its pid, cannot. */
	if (column->field->kind == VALUE_ENDPOINT || column->field->kind == VALUE_ADDRESS)
		item.minimum = NARROWEST_ENDPOINT;
	else
		item.minimum = least_text(column, &item, fitting);
	if (fitting == FITTING_WHOLE && column->field->kind == VALUE_TEXT &&
		item.wanted < item.minimum)
		item.wanted = item.minimum;
	if (item.minimum > item.wanted)
		item.minimum = item.wanted;
	item.grown = widest > item.wanted ? widest : item.wanted;
	return item;
}

static void
lay(const struct field *sort, const struct column *columns, struct layout_item *items, size_t count,
	int width, enum fitting fitting)
{
	for (size_t i = 0; i < count; i++)
		items[i] = wanted_width(sort, &columns[i], fitting);
	layout_columns(items, count, width - COLUMN_GUTTER, COLUMN_GAP);
}

/* Something that is in sight does not fit: then no column keeps room for what was there before. */
static bool
is_cut(const struct column *columns, const struct layout_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const bool is_shown = items[i].width > 0;

		if (is_shown ? items[i].width < columns[i].now : items[i].essential)
			return true;
	}
	return false;
}

/* A column that tells rows apart has no room at all. */
static bool
is_lost(const struct layout_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].essential && items[i].width == 0)
			return true;
	}
	return false;
}

bool
column_fit(struct column *columns, size_t count, const struct field *sort, int width)
{
	struct layout_item items[COLUMNS_MAX];
	bool more = false;

	if (count > COLUMNS_MAX)
		count = COLUMNS_MAX;
	lay(sort, columns, items, count, width, FITTING_STEADY);
	if (is_cut(columns, items, count))
		lay(sort, columns, items, count, width, FITTING_WHOLE);
	if (is_lost(items, count))
		lay(sort, columns, items, count, width, FITTING_NARROW);
	for (size_t i = 0; i < count; i++) {
		columns[i].width = items[i].width;
		columns[i].x = items[i].x + COLUMN_GUTTER;
		more |= items[i].width == 0;
	}
	return more;
}
