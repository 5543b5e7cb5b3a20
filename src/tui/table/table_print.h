/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of sockets as text. */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_PRINT_H
#define SOCKWATCH_TUI_TABLE_TABLE_PRINT_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct socket_row;
struct tui;

/* The cells of a row in the columns of the table, between tabs. */
void table_print_row(struct tui *tui, const struct socket_row *row, struct buffer *out);
/* The row or group under the cursor; false: there is none. */
bool table_print_selected(struct tui *tui, struct buffer *out);
/* All lines of the view, not only those in sight, and the path below them; returns the lines. */
size_t table_print(struct tui *tui, struct buffer *out);

#endif
