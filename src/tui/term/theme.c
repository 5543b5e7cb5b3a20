/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Themes: one row for each role. -1 is the terminal's own colour, so that its background shows
 * through and both dark and light terminals stay what they are. Colours above 7 are of the 256
 * colour cube; the second pair of columns is for terminals that have only eight.
 */
#include <config.h>

#include "theme.h"

#include <string.h>

struct style {
	short foreground, background; /* 256 colours */
	short foreground8, background8;
	attr_t attributes;
};

struct palette {
	const char *name;
	struct style selected; /* the row under the cursor: its background, and text's default */
	struct style styles[ROLE_COUNT];
};

/* clang-format off */
static const struct palette palettes[] = {
	{
		.name = "default",
		.selected = {255, 24, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
		.styles = {
			[ROLE_NORMAL] = {-1, -1, -1, -1, A_NORMAL},
			[ROLE_STRONG] = {-1, -1, -1, -1, A_BOLD},
			[ROLE_DIM] = {243, -1, -1, -1, A_DIM},
			[ROLE_TITLE] = {117, -1, COLOR_CYAN, -1, A_BOLD},
			[ROLE_GOOD] = {114, -1, COLOR_GREEN, -1, A_NORMAL},
			[ROLE_WARNING] = {221, -1, COLOR_YELLOW, -1, A_BOLD},
			[ROLE_CRITICAL] = {203, -1, COLOR_RED, -1, A_BOLD},
			[ROLE_HEADING] = {252, 237, COLOR_BLACK, COLOR_GREEN, A_NORMAL},
			[ROLE_SORTED] = {117, 237, COLOR_BLACK, COLOR_CYAN, A_BOLD},
			[ROLE_NEW] = {114, -1, COLOR_GREEN, -1, A_NORMAL},
			[ROLE_CHANGED] = {221, -1, COLOR_YELLOW, -1, A_NORMAL},
			[ROLE_CLOSED] = {203, -1, COLOR_RED, -1, A_NORMAL},
			[ROLE_LISTEN] = {111, -1, COLOR_CYAN, -1, A_NORMAL},
			[ROLE_WAITING] = {246, -1, -1, -1, A_NORMAL},
			[ROLE_GROUP] = {117, -1, COLOR_CYAN, -1, A_BOLD},
			[ROLE_SECTION] = {109, -1, COLOR_CYAN, -1, A_NORMAL},
			[ROLE_CHART] = {109, -1, COLOR_CYAN, -1, A_NORMAL},
			[ROLE_KEY] = {-1, -1, -1, -1, A_NORMAL},
			[ROLE_FOOTER] = {234, 109, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[ROLE_PROMPT] = {255, 238, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[ROLE_BORDER] = {109, 235, COLOR_CYAN, -1, A_NORMAL},
			[ROLE_MENU] = {252, 235, -1, -1, A_NORMAL},
			[ROLE_MATCH] = {16, 221, COLOR_BLACK, COLOR_YELLOW, A_NORMAL},
		},
	},
	{
		.name = "light",
		.selected = {16, 153, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
		.styles = {
			[ROLE_NORMAL] = {-1, -1, -1, -1, A_NORMAL},
			[ROLE_STRONG] = {-1, -1, -1, -1, A_BOLD},
			[ROLE_DIM] = {246, -1, -1, -1, A_DIM},
			[ROLE_TITLE] = {25, -1, COLOR_BLUE, -1, A_BOLD},
			[ROLE_GOOD] = {28, -1, COLOR_GREEN, -1, A_NORMAL},
			[ROLE_WARNING] = {130, -1, COLOR_MAGENTA, -1, A_BOLD},
			[ROLE_CRITICAL] = {160, -1, COLOR_RED, -1, A_BOLD},
			[ROLE_HEADING] = {236, 252, COLOR_BLACK, COLOR_GREEN, A_NORMAL},
			[ROLE_SORTED] = {25, 252, COLOR_BLACK, COLOR_CYAN, A_BOLD},
			[ROLE_NEW] = {28, -1, COLOR_GREEN, -1, A_NORMAL},
			[ROLE_CHANGED] = {130, -1, COLOR_MAGENTA, -1, A_NORMAL},
			[ROLE_CLOSED] = {160, -1, COLOR_RED, -1, A_NORMAL},
			[ROLE_LISTEN] = {25, -1, COLOR_BLUE, -1, A_NORMAL},
			[ROLE_WAITING] = {242, -1, -1, -1, A_NORMAL},
			[ROLE_GROUP] = {25, -1, COLOR_BLUE, -1, A_BOLD},
			[ROLE_SECTION] = {30, -1, COLOR_BLUE, -1, A_NORMAL},
			[ROLE_CHART] = {30, -1, COLOR_BLUE, -1, A_NORMAL},
			[ROLE_KEY] = {-1, -1, -1, -1, A_NORMAL},
			[ROLE_FOOTER] = {255, 30, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[ROLE_PROMPT] = {16, 252, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[ROLE_BORDER] = {30, 254, COLOR_BLUE, -1, A_NORMAL},
			[ROLE_MENU] = {236, 254, -1, -1, A_NORMAL},
			[ROLE_MATCH] = {16, 221, COLOR_BLACK, COLOR_YELLOW, A_NORMAL},
		},
	},
	{.name = "mono"},
};
/* clang-format on */

enum { PALETTES = sizeof palettes / sizeof palettes[0] };

/* Without colours. Whatever a colour shows, a mark in the row shows as well. */
static const attr_t mono[ROLE_COUNT] = {
	[ROLE_STRONG] = A_BOLD,
	[ROLE_TITLE] = A_BOLD,
	[ROLE_WARNING] = A_BOLD,
	[ROLE_CRITICAL] = A_BOLD | A_UNDERLINE,
	[ROLE_HEADING] = A_REVERSE,
	[ROLE_SORTED] = A_REVERSE | A_BOLD,
	[ROLE_NEW] = A_BOLD,
	[ROLE_CHANGED] = A_UNDERLINE,
	[ROLE_CLOSED] = A_UNDERLINE | A_BOLD,
	[ROLE_GROUP] = A_BOLD,
	[ROLE_SECTION] = A_BOLD,
	[ROLE_FOOTER] = A_REVERSE,
	[ROLE_PROMPT] = A_REVERSE,
	[ROLE_MATCH] = A_REVERSE,
};

static const char *const glyphs_utf8[GLYPH_COUNT] = {
	[GLYPH_HORIZONTAL] = "─",
	[GLYPH_VERTICAL] = "│",
	[GLYPH_TOP_LEFT] = "┌",
	[GLYPH_TOP_RIGHT] = "┐",
	[GLYPH_BOTTOM_LEFT] = "└",
	[GLYPH_BOTTOM_RIGHT] = "┘",
	[GLYPH_ASCENDING] = "▲",
	[GLYPH_DESCENDING] = "▼",
	[GLYPH_FOLDED] = "▸",
	[GLYPH_UNFOLDED] = "▾",
	[GLYPH_BRANCH] = "└",
	[GLYPH_MORE_LEFT] = "«",
	[GLYPH_MORE_RIGHT] = "»",
	[GLYPH_HERE] = "▼",
	[GLYPH_CHECK] = "✓",
	[GLYPH_DOT] = "·",
};

static const char *const glyphs_ascii[GLYPH_COUNT] = {
	[GLYPH_HORIZONTAL] = "-",
	[GLYPH_VERTICAL] = "|",
	[GLYPH_TOP_LEFT] = "+",
	[GLYPH_TOP_RIGHT] = "+",
	[GLYPH_BOTTOM_LEFT] = "+",
	[GLYPH_BOTTOM_RIGHT] = "+",
	[GLYPH_ASCENDING] = "^",
	[GLYPH_DESCENDING] = "v",
	[GLYPH_FOLDED] = "+",
	[GLYPH_UNFOLDED] = "-",
	[GLYPH_BRANCH] = "`",
	[GLYPH_MORE_LEFT] = "<",
	[GLYPH_MORE_RIGHT] = ">",
	[GLYPH_HERE] = "v",
	[GLYPH_CHECK] = "x",
	[GLYPH_DOT] = "-",
};

static const char *const sparks_utf8[THEME_SPARKS] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const sparks_ascii[THEME_SPARKS] = {" ", "_", ".", ":", "-", "=", "+", "*", "#"};

const char *
theme_name(size_t i)
{
	return i < PALETTES ? palettes[i].name : NULL;
}

static const struct palette *
find(const char *name)
{
	for (size_t i = 0; i < PALETTES; i++) {
		if (strcmp(palettes[i].name, name) == 0)
			return &palettes[i];
	}
	return &palettes[0];
}

static void
init_mono(struct theme *theme)
{
	for (int role = 0; role < ROLE_COUNT; role++) {
		theme->attributes[role][0] = mono[role];
		/* Reversed text that was reverse already must still be seen as under the cursor. */
		theme->attributes[role][1] = (mono[role] & ~A_REVERSE) | A_REVERSE;
	}
}

/* Pairs 2 * role + 1 and the one after it. */
static void
init_color_theme(struct theme *theme, const struct palette *palette)
{
	const bool many = COLORS >= 256;
	const struct style *const selected = &palette->selected;

	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct style *const style = &palette->styles[role];
		const short pair = (short)(2 * role + 1);
		const short foreground = many ? style->foreground : style->foreground8;
		attr_t attributes = style->attributes;

		if (many)
			attributes &= ~A_DIM; /* it has a grey of its own */
		init_pair(pair, foreground, many ? style->background : style->background8);
		theme->attributes[role][0] = attributes | (attr_t)COLOR_PAIR(pair);
		/* Eight colours: none of them is readable on the cursor's but black. */
		init_pair((short)(pair + 1),
			!many              ? selected->foreground8
			: foreground == -1 ? selected->foreground
					   : foreground,
			many ? selected->background : selected->background8);
		attributes &= ~A_DIM;
		theme->attributes[role][1] = attributes | (attr_t)COLOR_PAIR(pair + 1);
	}
	/* A grey that is dim on the background would vanish on the cursor's blue. */
	theme->attributes[ROLE_DIM][1] = theme->attributes[ROLE_NORMAL][1];
	theme->attributes[ROLE_WAITING][1] = theme->attributes[ROLE_NORMAL][1];
}

void
theme_init(struct theme *theme, const char *name, bool color, bool ascii)
{
	const struct palette *const palette = find(name);

	theme->color = color && has_colors() && COLORS >= 8 && COLOR_PAIRS > 2 * ROLE_COUNT &&
		       strcmp(palette->name, "mono") != 0;
	theme->ascii = ascii;
	theme->glyphs = ascii ? glyphs_ascii : glyphs_utf8;
	theme->sparks = ascii ? sparks_ascii : sparks_utf8;
	if (theme->color)
		init_color_theme(theme, palette);
	else
		init_mono(theme);
}

void
theme_grey(struct theme *theme)
{
	static const enum role of_rows[] = {ROLE_NORMAL, ROLE_STRONG, ROLE_DIM, ROLE_GOOD,
		ROLE_WARNING, ROLE_CRITICAL, ROLE_NEW, ROLE_CHANGED, ROLE_CLOSED, ROLE_LISTEN,
		ROLE_WAITING, ROLE_GROUP, ROLE_SECTION, ROLE_CHART};
	const attr_t grey = theme->color ? theme->attributes[ROLE_DIM][0] : A_DIM;

	for (size_t i = 0; i < sizeof of_rows / sizeof of_rows[0]; i++)
		theme->attributes[of_rows[i]][0] = grey;
}
