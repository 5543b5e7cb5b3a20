/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question before something is changed. No is where the cursor stands. */
#ifndef SOCKWATCH_TUI_OVERLAY_CONFIRM_H
#define SOCKWATCH_TUI_OVERLAY_CONFIRM_H

struct pane;
struct tui;

extern const struct pane confirm_pane;

/* command: what one would type to the same end, or NULL. */
void confirm_open(struct tui *tui, const char *title, const char *text, const char *command,
	void (*on_yes)(struct tui *tui));

#endif
