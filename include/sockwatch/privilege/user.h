/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The users that our processes are, where root started the program: the viewer is the user who
 * typed sudo, or after a login as root an unprivileged one; keeper and collector are that
 * unprivileged one. Where another user started it, all are this user. Files that are named on the
 * command line, and those in the home directory, are those of the user who typed the command.
 *
 * Names are looked up in /etc/passwd and /etc/group alone: what else answers for the C library
 * (NSS) is not asked while there are rights.
 */
#ifndef SOCKWATCH_PRIVILEGE_USER_H
#define SOCKWATCH_PRIVILEGE_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <sockwatch/base/error.h>

/* Finds out who typed the command. First of all, and once. */
void user_init(void);
/*
 * The unprivileged user by name; NULL: the one that the program was built with, or, where there is
 * none of that name, the kernel's overflow ids. Does nothing unless root started the program. 0, or
 * negative errno with a sentence.
 */
int user_choose(const char *name, struct error *error);

/* A login as root started it: files are to be opened before the viewer becomes another user. */
bool user_is_root_login(void);
/* The user who typed the command. */
uid_t user_owner(void);
/* This user's home directory as /etc/passwd has it. False: it has none. */
bool user_home(char *out, size_t size);

/*
 * Becomes the viewer's user, or that of keeper and collector, with its groups, for good, and
 * verifies it. Whoever was not root stays who it is. What is left of capabilities is for the
 * caller to say. 0 (also where this box has no other user for us, see user.c), or negative errno
 * with a sentence.
 */
int user_become_viewer(struct error *error);
int user_become_helper(struct error *error);

#endif
