/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of pages: one row for everything that fills the body of the screen or lies over it.
 * Drawing, moves, clicks, copying, writing and the subscription go through it. The number key of a
 * page is a row of the action table, as every key is.
 */
#ifndef SOCKWATCH_TUI_PAGES_H
#define SOCKWATCH_TUI_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/message.h>

#include "page.h"
#include "tui/term/draw.h"
#include "tui/term/scroll.h"

struct tui;

/* How a page draws and answers. Every member but draw may be NULL: the page has no use for it. */
struct pane {
	/* Draws all of the page into the rectangle, which is at least one line high. */
	void (*draw)(struct tui *tui, const struct rect *rect);
	/* A page that merely scrolls gives its position: moves and the wheel change that. */
	struct scroll *(*scroll)(struct tui *tui);
	/* Moves the cursor; comes before scroll. */
	void (*move)(struct tui *tui, enum move move);
	/* Opens what is under the cursor, or takes it. */
	void (*enter)(struct tui *tui);
	/* A click on a cell of the screen; twice: it is the second of a double click. */
	void (*click)(struct tui *tui, int y, int x, bool twice);
	/* The wheel turned by so many lines, down when positive; comes before scroll. */
	void (*wheel)(struct tui *tui, int lines);
	/* Esc; NULL: the page or overlay closes. */
	void (*back)(struct tui *tui);
	/* Sees a key before the action table does; true: it is used up. */
	bool (*key)(struct tui *tui, uint32_t key);
};

struct page {
	/* The name of a table of sockets in the header; NULL for other pages. */
	const char *title;
	const struct pane *pane;
	/* Fields of a table's rows, the words of its filter; NULL: no table of sockets. */
	const struct field_table *fields;
	/* NEED_… that hold while the page is open, also under another one. */
	uint32_t needs;
	/* Adds what depends on the state of the page to the subscription; may be NULL. */
	void (*subscribe)(const struct tui *tui, struct message_subscription *subscription);
	/* Gets the page ready when its number key opens it; may be NULL. */
	void (*open)(struct tui *tui);
	/* Appends the row under the cursor for the clipboard; false: there is none. NULL: never. */
	bool (*copy)(struct tui *tui, struct buffer *out);
	/* Appends all of the page as text for a file, returns its lines. NULL: cannot be written.
	 */
	size_t (*print)(struct tui *tui, struct buffer *out);
};

extern const struct page pages[PAGE_COUNT];

#endif
