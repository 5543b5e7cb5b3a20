/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rights, kept and dropped with libcap-ng. Every drop is verified by reading back what the kernel
 * says.
 */
#ifndef SOCKWATCH_PRIVILEGE_PRIVILEGES_H
#define SOCKWATCH_PRIVILEGE_PRIVILEGES_H

#include <stdint.h>

#include <sockwatch/base/error.h>

/*
 * The viewer's half: becomes the user who typed sudo (SUDO_UID, SUDO_GID with their groups) where
 * root started it, clears every capability set and the bounding set, sets no_new_privs. 0, or
 * negative errno with a sentence; then the process must not go on.
 */
int privileges_drop_viewer(struct error *error);

/* The collector's half: keeps of what it has only the given (enum right) capabilities, sets
 * no_new_privs. RIGHT_BPF and RIGHT_PERFMON are not in force until they are raised. */
int privileges_drop_collector(uint32_t rights, struct error *error);

/* Puts rights in force that were kept for this moment. 0, or -EPERM: they are not to be had. */
int privileges_raise(uint32_t rights);
/* Gives them up for good. */
void privileges_forget(uint32_t rights);

/* Rights in force, enum right. */
uint32_t privileges_get(void);

#endif
