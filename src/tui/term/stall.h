/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal that takes no output, because whoever has its other end does not read: what is written
 * would wait for as long as that lasts, and keys and the end of the program with it. Between
 * stall_begin and stall_end that is bounded: what the terminal did not take is thrown away.
 */
#ifndef SOCKWATCH_TUI_TERM_STALL_H
#define SOCKWATCH_TUI_TERM_STALL_H

#include <stdbool.h>

/* Something can be written without waiting; async-signal-safe. */
bool stall_is_over(void);
/* Throws away what the terminal has not taken yet; async-signal-safe. */
void stall_discard(void);
/* Around all that is written. crash.c must be installed: the timer's signal is among its own. */
void stall_begin(void);
/* True: something was thrown away, so the whole screen must be drawn again. */
bool stall_end(void);
/* crash.c calls it at the timer's signal. */
void stall_on_timer(void);

#endif
