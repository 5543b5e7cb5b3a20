/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and mouse, from the terminal to the pane or the action that they are for. */
#ifndef SOCKWATCH_TUI_KEY_INPUT_H
#define SOCKWATCH_TUI_KEY_INPUT_H

struct tui;

/* A callback of the loop; context is the struct tui. */
void input_ready(void *context, unsigned events);

/*
 * Keys for a row that were typed before the first rows came wait for them, and what was typed after
 * them as well. Runs them once there are rows; before a draw.
 */
void input_take_ahead(struct tui *tui);

#endif
