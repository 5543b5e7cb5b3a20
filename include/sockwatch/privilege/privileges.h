/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities, kept and dropped with libcap-ng. Every drop is verified: the kernel is asked what
 * is left.
 */
#ifndef SOCKWATCH_PRIVILEGE_PRIVILEGES_H
#define SOCKWATCH_PRIVILEGE_PRIVILEGES_H

#include <stdint.h>

#include <sockwatch/base/error.h>

/*
 * The viewer's half: becomes the viewer's user (user.h), clears every capability set and the
 * bounding set, sets no_new_privs. 0, or negative errno with a sentence; then the process must not
 * go on.
 */
int privileges_drop_viewer(struct error *error);
/* The same for the process that writes root's files (opener.h), which stays who it is. */
int privileges_drop_opener(struct error *error);

/*
 * The collector's half: becomes an unprivileged user (user.h), keeps only these capabilities (enum
 * right), as far as it has them, sets no_new_privs, and may not be traced (lock.h). RIGHT_BPF and
 * RIGHT_PERFMON are not in force until they are raised. 0, or negative errno with a sentence.
 */
int privileges_drop_collector(uint32_t rights, struct error *error);

/* Puts kept rights in force. 0, or -EPERM: the process does not have them. */
int privileges_raise(uint32_t rights);
/* Gives these rights up for good. 0, or -EPERM: one is left. */
int privileges_forget(uint32_t rights);

/* The rights in force, enum right. */
uint32_t privileges_get(void);

#endif
