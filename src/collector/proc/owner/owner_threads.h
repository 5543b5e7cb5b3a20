/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that do not share the descriptor table of their process's leader: the leader has exited
 * (it stays as a zombie without descriptors while its threads work), or a thread left the common
 * table with unshare(CLONE_FILES). What their tables hold is held by the process.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_THREADS_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_THREADS_H

#include <stddef.h>
#include <stdint.h>

#include "holders.h"

/* "4194304/task/4194304/fd/2147483647" fits. */
enum { OWNER_THREADS_PATH_SIZE = 48, OWNER_THREADS_TABLES_MAX = 64 };

/*
 * Path below /proc of a table of the holder: 0 is the leader's, i the one of tids[i - 1]. Returns
 * its length.
 */
size_t owner_threads_path(const struct holder *holder, uint32_t table, char *path);

/*
 * Looks through the threads of the process and makes holder->tids one thread of each table that is
 * not the leader's. A process with one thread costs one system call.
 */
void owner_threads_look(int proc, struct holder *holder);

/* Open descriptors in the tables of holder->tids (kernels from 6.2 on; 0 before). */
uint32_t owner_threads_count(int proc, const struct holder *holder);

#endif
