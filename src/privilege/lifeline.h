/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lifeline ends a process when another one is gone or lets go, whatever state it is in: a process
 * that was stopped (SIGSTOP) cannot see the end of a socket. PR_SET_PDEATHSIG does not serve: that
 * signal is sent with the rights of the dying parent, and a viewer that became another user has
 * none over the keeper.
 */
#ifndef SOCKWATCH_PRIVILEGE_LIFELINE_H
#define SOCKWATCH_PRIVILEGE_LIFELINE_H

/* [0] is for the one that is needed, [1] for the one that shall end with it. 0, or negative errno.
 */
int lifeline_make(int ends[2]);
/*
 * From now on the kernel sends this process the signal when the other end is closed, by whoever:
 * SIGKILL, or SIGCONT where it ends by itself unless it is stopped. Call it after the last change
 * of user. 0, or negative errno.
 */
int lifeline_hold(int end, int signal);

#endif
