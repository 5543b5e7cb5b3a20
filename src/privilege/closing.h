/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that is forked from the viewer has no use for. */
#ifndef SOCKWATCH_PRIVILEGE_CLOSING_H
#define SOCKWATCH_PRIVILEGE_CLOSING_H

/*
 * Closes everything that the viewer has open, its terminal and its files, but these two, which may
 * be the same; the standard files become /dev/null. 0, or negative errno.
 */
int closing_all_but(int one, int other);

#endif
