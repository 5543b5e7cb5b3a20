/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws clean text, boxes and bars with a pen that stays on its line. */
#include <config.h>

#include "draw.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>

enum { TEXT_SIZE = 1024 }; /* of one piece; a terminal line is shorter */

bool
rect_contains(const struct rect *rect, int y, int x)
{
	return y >= rect->y && y < rect->y + rect->height && x >= rect->x &&
	       x < rect->x + rect->width;
}

struct pen
draw_pen(const struct theme *theme, int y, int x, int width)
{
	struct pen pen = {.theme = theme, .y = y, .x = x, .end = x + width};

	if (pen.end > COLS)
		pen.end = COLS;
	if (y < 0 || y >= LINES || x < 0)
		pen.end = pen.x;
	return pen;
}

/* Each pair has the same number of bytes. */
static const struct {
	const char *character, *ascii;
} plain[] = {{"±", "+-"}, {"…", "..."}};

/* Where only ASCII can be shown, each character that has no likeness there becomes one '?'. */
static void
to_ascii(char *text)
{
	char *out = text;

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		for (char *at = text; (at = strstr(at, plain[i].character)) != NULL;)
			memcpy(at, plain[i].ascii, strlen(plain[i].ascii));
	for (const char *in = text; *in != '\0'; in++) {
		const unsigned char byte = (unsigned char)*in;

		if (byte < 0x80)
			*out++ = *in;
		else if (byte >= 0xc0)
			*out++ = '?';
	}
	*out = '\0';
}

/* Clean text of at most `room` columns at the pen. */
static int
put(struct pen *pen, enum role role, const char *text, int room, bool mark)
{
	char clean[TEXT_SIZE];
	size_t columns;

	if (room > pen->end - pen->x)
		room = pen->end - pen->x;
	if (room <= 0)
		return 0;
	text_clean(text_of(text), clean, sizeof clean);
	if (pen->theme->ascii)
		to_ascii(clean);
	columns = text_truncate(clean, (size_t)room, mark);
	attrset((int)pen->theme->attributes[role][pen->selected]);
	mvaddstr(pen->y, pen->x, clean);
	pen->x += (int)columns;
	return (int)columns;
}

int
draw_text(struct pen *pen, enum role role, const char *text)
{
	return put(pen, role, text, pen->end - pen->x, false);
}

int
draw_format(struct pen *pen, enum role role, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return draw_text(pen, role, text);
}

void
draw_spaces(struct pen *pen, enum role role, int count)
{
	if (count > pen->end - pen->x)
		count = pen->end - pen->x;
	if (count <= 0)
		return;
	attrset((int)pen->theme->attributes[role][pen->selected]);
	mvprintw(pen->y, pen->x, "%*s", count, "");
	pen->x += count;
}

void
draw_rest(struct pen *pen, enum role role)
{
	draw_spaces(pen, role, pen->end - pen->x);
}

void
draw_cell(struct pen *pen, enum role role, const char *text, int width, bool right)
{
	const int start = pen->x;

	if (right) {
		const int columns = (int)text_width(text);

		if (columns < width)
			draw_spaces(pen, role, width - columns);
	}
	put(pen, role, text, width - (pen->x - start), true);
	draw_spaces(pen, role, width - (pen->x - start));
}

void
draw_glyph(struct pen *pen, enum role role, enum glyph glyph)
{
	draw_text(pen, role, theme_glyph(pen->theme, glyph));
}

void
draw_rule(struct pen *pen, enum role role, const char *title)
{
	if (title != NULL) {
		draw_glyph(pen, role, GLYPH_HORIZONTAL);
		draw_glyph(pen, role, GLYPH_HORIZONTAL);
		draw_format(pen, role, " %s ", title);
	}
	while (pen->x < pen->end)
		draw_glyph(pen, role, GLYPH_HORIZONTAL);
}

static void
draw_edge(const struct theme *theme, const struct rect *rect, int y, enum glyph left,
	enum glyph right, const char *title)
{
	struct pen pen = draw_pen(theme, y, rect->x, rect->width - 1);

	draw_glyph(&pen, ROLE_BORDER, left);
	if (title != NULL)
		draw_format(
			&pen, ROLE_BORDER, "%s %s ", theme_glyph(theme, GLYPH_HORIZONTAL), title);
	draw_rule(&pen, ROLE_BORDER, NULL);
	pen.end++;
	draw_glyph(&pen, ROLE_BORDER, right);
}

void
draw_box(const struct theme *theme, const struct rect *rect, const char *title)
{
	const int last = rect->y + rect->height - 1;

	draw_edge(theme, rect, rect->y, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, title);
	for (int y = rect->y + 1; y < last; y++) {
		struct pen pen = draw_pen(theme, y, rect->x, rect->width);

		draw_glyph(&pen, ROLE_BORDER, GLYPH_VERTICAL);
		draw_spaces(&pen, ROLE_MENU, rect->width - 2);
		draw_glyph(&pen, ROLE_BORDER, GLYPH_VERTICAL);
	}
	draw_edge(theme, rect, last, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT, NULL);
}

void
draw_sparks(struct pen *pen, enum role role, const double *values, size_t count, double low,
	double high, int rows, int row)
{
	const double span = high > low ? high - low : 1;
	const int full = (THEME_SPARKS - 1) * rows;

	for (size_t i = 0; i < count && pen->x < pen->end; i++) {
		int level = 0;

		if (!isnan(values[i])) {
			level = (int)lround((values[i] - low) / span * full);
			if (level < 1)
				level = 1; /* known, if only just */
			level -= (rows - 1 - row) * (THEME_SPARKS - 1);
		}
		if (level < 0)
			level = 0;
		if (level > THEME_SPARKS - 1)
			level = THEME_SPARKS - 1;
		draw_text(pen, role, pen->theme->sparks[level]);
	}
}
