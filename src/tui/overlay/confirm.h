/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question before something is changed. The cursor stands on No. */
#ifndef SOCKWATCH_TUI_OVERLAY_CONFIRM_H
#define SOCKWATCH_TUI_OVERLAY_CONFIRM_H

struct pane;
struct tui;

extern const struct pane confirm_pane;

/* command: a shell command that does the same, or NULL. */
void confirm_open(struct tui *tui, const char *title, const char *text, const char *command,
	void (*on_yes)(struct tui *tui));

#endif
