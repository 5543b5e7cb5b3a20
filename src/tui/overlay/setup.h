/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The setup page: columns, theme, options; kept in the config when it is left. */
#ifndef SOCKWATCH_TUI_OVERLAY_SETUP_H
#define SOCKWATCH_TUI_OVERLAY_SETUP_H

struct field;
struct pane;
struct tui;

extern const struct pane setup_pane;

/* The column under the cursor; NULL: it is on an option. */
const struct field *setup_field_under_cursor(const struct tui *tui);
/* Saves what was changed since it was opened, if anything was. */
void setup_save(struct tui *tui);

#endif
