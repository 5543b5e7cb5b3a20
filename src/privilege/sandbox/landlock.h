/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock (landlock(7)): a process gives up to name files, but for the places that it lists, and
 * to connect elsewhere. What an older kernel does not know is left out.
 *
 * A process in a domain of Landlock may look into no process outside of it (ptrace access mode,
 * which /proc/PID/fd asks for), whatever capability it has. So the collector cannot have one.
 */
#ifndef SOCKWATCH_PRIVILEGE_SANDBOX_LANDLOCK_H
#define SOCKWATCH_PRIVILEGE_SANDBOX_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct landlock {
	int fd;  /* of the rules */
	int abi; /* what the kernel knows */
};

/* 0: none; or the version that the kernel has. */
int landlock_abi(void);
/*
 * Begins with rules that allow nothing. are_ports_bounded: TCP too (from version 4). 0, or negative
 * errno: -ENOSYS, -EOPNOTSUPP where there is none, or it is turned off.
 */
int landlock_begin(struct landlock *landlock, bool are_ports_bounded);
/* Allows to read what is beneath path, or it if it is a file. What does not exist is left out. */
void landlock_allow_reading(const struct landlock *landlock, const char *path);
/* Allows to make, replace, write and remove files beneath the folder path, too. */
void landlock_allow_writing(const struct landlock *landlock, const char *path);
/* Allows TCP connections to this port. */
void landlock_allow_port(const struct landlock *landlock, uint16_t port);
/* Puts them in force and ends. 0, or negative errno. */
int landlock_enforce(struct landlock *landlock);

#endif
