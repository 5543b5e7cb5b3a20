/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After a crash the terminal is as it was. */
#ifndef SOCKWATCH_APP_CRASH_H
#define SOCKWATCH_APP_CRASH_H

/* From now on a signal that kills for a mistake of ours first restores the terminal. */
void crash_restore_terminal(void);

#endif
