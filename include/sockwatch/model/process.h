/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes and which sockets they hold. Owners are short records chained per socket inode, because
 * one socket may be held by many processes and descriptors. Written by the model; texts are
 * interned in model.texts.
 */
#ifndef SOCKWATCH_MODEL_PROCESS_H
#define SOCKWATCH_MODEL_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>

#define OWNER_NONE UINT32_MAX

struct owner {
	uint32_t pid;
	uint32_t fd;
	uint32_t next; /* in the chain of its inode, or OWNER_NONE */
};

struct process_row {
	uint32_t pid;
	uint32_t uid;
	uint64_t start_ticks;
	uint32_t comm; /* intern numbers */
	uint32_t cmdline;
	uint32_t cgroup;
	uint32_t unit;
	uint32_t container;
	uint32_t container_name;
	int32_t fd_error; /* errno why its descriptors are unknown, or 0 */
	uint32_t held;    /* descriptors of sockets */
};

struct process_table {
	struct map by_pid; /* to index in rows */
	struct process_row *rows;
	uint32_t count, capacity;
	struct map by_inode; /* socket inode to first owner */
	struct owner *owners;
	uint32_t owner_count, owner_capacity, owner_free; /* head of free chain */
	uint32_t owner_limit;
	uint32_t hidden; /* processes with fd_error */
	uint64_t refused;
};

void process_table_init(struct process_table *table, uint32_t owner_limit);
void process_table_fini(struct process_table *table);
struct process_row *process_table_find(const struct process_table *table, uint32_t pid);
/* Finds or adds; NULL when out of memory. The pointer lives until the next add or remove. */
struct process_row *process_table_get(struct process_table *table, uint32_t pid);
/* Forgets the process and all that it holds. */
void process_table_remove(struct process_table *table, uint32_t pid);
void process_table_hold(struct process_table *table, uint32_t pid, uint32_t inode, uint32_t fd);
void process_table_release(struct process_table *table, uint32_t pid, uint32_t inode, uint32_t fd);
/* First owner of a socket inode, or NULL; then by next. Lowest pid and descriptor first. */
const struct owner *process_table_owner(const struct process_table *table, uint32_t inode);
const struct owner *process_table_next(
	const struct process_table *table, const struct owner *owner);

#endif
