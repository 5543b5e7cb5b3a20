/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * F3: jumps to lines that show a text, without hiding the others. What is searched is a struct
 * search_list: the table of sockets, or a table of rows. Long ones are searched in slices.
 */
#ifndef SOCKWATCH_TUI_OVERLAY_SEARCH_H
#define SOCKWATCH_TUI_OVERLAY_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/text.h>

struct tui;

/* Lines that can be searched: a constant. */
struct search_list {
	size_t (*count)(struct tui *tui);
	size_t (*cursor)(struct tui *tui); /* its line */
	void (*go)(struct tui *tui, size_t line);
	/*
	 * Looks at `most` lines at most, from `first` on: returns how many, 0 at the end. *found is
	 * the first of them that shows the text, and the last looked at; SIZE_MAX: none does.
	 */
	size_t (*look)(
		struct tui *tui, size_t first, size_t most, struct text wanted, size_t *found);
};

/* Asks for the text and jumps while it is typed. */
void search_open(struct tui *tui, const struct search_list *list);
/* The next slice of a running search; from the loop. */
void search_continue(struct tui *tui);
/* A cell of the row contains the text; case is ignored. */
bool search_row_shows(struct tui *tui, const struct field *const *columns, size_t count,
	const void *row, struct text wanted);

#endif
