/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a process holds a socket at this moment: asked before something is done to it. */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_HOLDS_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_HOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "owner_walk.h"

/*
 * Reads the descriptors of the process, those of its threads too, until the socket is found. 1: it
 * holds it; 0: it does not; negative errno (-EACCES: may not be read; -ENOENT: no such process).
 */
int owner_holds(int proc, uint32_t pid, uint32_t inode);

/* The same, and the socket must be of a protocol that the dumps list: -EPROTOTYPE when it is not.
 */
int owner_holds_listed(int proc, uint32_t pid, uint32_t inode);

/* The process, and that it holds the socket, was reported, and is so as far as is known. */
bool owner_holds_reported(const struct owner_walk *walk, uint32_t pid, uint32_t inode);

/* That descriptor of the process is the socket: one look in place of all. */
bool owner_holds_at(int proc, uint32_t pid, uint32_t inode, uint32_t fd);

struct owner_holds_counts {
	uint32_t held; /* processes that still hold it */
	uint32_t lost; /* that were known to hold it and do not */
};

/*
 * Looks at every process that is known to hold the socket. What is not so any more is reported as
 * released at once, and the next refresh reads these processes whole.
 */
struct owner_holds_counts owner_holds_verify(struct owner_walk *walk, uint32_t inode);

#endif
