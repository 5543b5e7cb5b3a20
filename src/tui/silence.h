/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the processes that bring what is shown still answer, by the viewer's own clock: one that
 * hangs or was stopped cannot say so itself.
 */
#ifndef SOCKWATCH_TUI_SILENCE_H
#define SOCKWATCH_TUI_SILENCE_H

struct tui;

/* Records came; or from now on they are due at another time than before. */
void silence_end(struct tui *tui);
/* Seconds since the collector said anything, if that is longer than three refreshes; or 0. */
unsigned silence_of_collector_s(const struct tui *tui);
/* Seconds for which the keeper has not answered, if that is longer than three; or 0. */
unsigned silence_of_keeper_s(const struct tui *tui);

#endif
