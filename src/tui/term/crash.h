/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals that end the program where it stands, crashes (SIGSEGV, SIGABRT …) and sent ones
 * (SIGQUIT, SIGUSR1, SIGALRM, real-time ones …): the terminal is given back first, then the signal
 * ends the program as usual, so that the shell, a core dump or a sanitizer see it as it was.
 */
#ifndef SOCKWATCH_TUI_TERM_CRASH_H
#define SOCKWATCH_TUI_TERM_CRASH_H

/* restore: gives the terminal back; must be async-signal-safe. */
void crash_install(void (*restore)(void));
void crash_remove(void);

#endif
