/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a socket, or a capture, inside another network namespace and comes back: what was opened
 * stays in that namespace. This moves the calling thread; our processes have only one.
 */
#ifndef SOCKWATCH_PRIVILEGE_ENTER_H
#define SOCKWATCH_PRIVILEGE_ENTER_H

/*
 * Calls open inside the namespace to which the given socket belongs and returns what it returned.
 * home: our own namespace file. Negative errno when it cannot be entered; -ENOTRECOVERABLE when it
 * cannot come back.
 */
int enter_and_open(int socket, int home, int (*open)(void *context), void *context);

#endif
