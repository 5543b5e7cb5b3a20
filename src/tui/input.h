/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and mouse, from the terminal to the pane or the action that they are for. */
#ifndef SW_TUI_INPUT_H
#define SW_TUI_INPUT_H

/* A callback of the loop; context is the struct tui. */
void input_ready(void *context, unsigned events);

#endif
