/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the program was started from a set-id file. */
#ifndef SOCKWATCH_PRIVILEGE_SET_ID_H
#define SOCKWATCH_PRIVILEGE_SET_ID_H

#include <sockwatch/base/error.h>

/*
 * Compares the real, effective and saved ids of user and group (credentials(7)). Call it before
 * anything else: what follows believes the environment. 0; -EPERM with a sentence when they differ.
 */
int set_id_refuse(struct error *error);

#endif
