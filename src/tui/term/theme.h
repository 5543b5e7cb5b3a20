/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The looks of things: panes draw with roles, not with colours. A theme is one table from
 * role to style for 256 colours and one for 8; a terminal without colours gets attributes.
 */
#ifndef SOCKWATCH_TUI_TERM_THEME_H
#define SOCKWATCH_TUI_TERM_THEME_H

#define NCURSES_NOMACROS /* they take names like move and refresh from everybody */
#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

enum role {
	ROLE_NORMAL,
	ROLE_STRONG,
	ROLE_DIM, /* zeros, labels: there, but not in the way */
	ROLE_TITLE,
	ROLE_GOOD,
	ROLE_WARNING,
	ROLE_CRITICAL,
	ROLE_HEADING, /* of the columns */
	ROLE_SORTED,  /* the heading that orders the rows */
	ROLE_NEW,
	ROLE_CHANGED,
	ROLE_CLOSED,
	ROLE_LISTEN,
	ROLE_WAITING, /* states that pass by themselves */
	ROLE_GROUP,
	ROLE_SECTION, /* headings within a page */
	ROLE_CHART,
	ROLE_KEY,    /* footer: the key */
	ROLE_FOOTER, /* footer: what it does */
	ROLE_PROMPT,
	ROLE_BORDER,
	ROLE_MENU,
	ROLE_MATCH, /* what was searched for */
	ROLE_COUNT,
};

enum glyph {
	GLYPH_HORIZONTAL,
	GLYPH_VERTICAL,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_ASCENDING,
	GLYPH_DESCENDING,
	GLYPH_FOLDED,
	GLYPH_UNFOLDED,
	GLYPH_BRANCH,
	GLYPH_MORE_LEFT,
	GLYPH_MORE_RIGHT,
	GLYPH_HERE, /* points down at a place in a text */
	GLYPH_CHECK,
	GLYPH_DOT,
	GLYPH_COUNT,
};

enum { THEME_SPARKS = 9 }; /* levels of a sparkline, none to full */

struct theme {
	attr_t attributes[ROLE_COUNT][2]; /* plain, and in the row under the cursor */
	const char *const *glyphs;
	const char *const *sparks;
	bool ascii;
	bool color;
};

/* name: "default", "light", "mono"; an unknown one is the default. After terminal_open. */
void theme_init(struct theme *theme, const char *name, bool color, bool ascii);
/* Rows are as grey as can be: what they show is old. Headings and what is over the rows stay. */
void theme_grey(struct theme *theme);
/* The i-th theme's name, or NULL. */
const char *theme_name(size_t i);

static inline const char *
theme_glyph(const struct theme *theme, enum glyph glyph)
{
	return theme->glyphs[glyph];
}

#endif
