/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes and which sockets they hold. Owners are short records in a list for each socket inode,
 * because one socket may be held by many processes and descriptors. Written by the model; texts are
 * interned in model.texts.
 */
#ifndef SOCKWATCH_MODEL_PROCESS_H
#define SOCKWATCH_MODEL_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>

#define OWNER_NONE UINT32_MAX

/* Processes at most, and owners of one socket at most; more are refused and counted. */
enum { PROCESS_ROWS_MAX = 262144, PROCESS_OWNERS_MAX = 1024 };

struct owner {
	uint32_t pid;
	uint32_t fd;
	uint32_t inode; /* 0: free record */
	uint32_t next;  /* in the list of its inode, or OWNER_NONE */
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
	uint32_t memory_cgroup; /* where its memory is counted: see cgroup_memory.h */
	int32_t fd_error;       /* errno of reading its descriptors, or 0 */
	uint32_t held;          /* descriptors of sockets */
	uint32_t open_files;    /* descriptors of any kind; when has_open_files */
	uint32_t files_limit; /* how many it may have (RLIMIT_NOFILE, soft); when has_files_limit */
	bool has_open_files, has_files_limit;
	bool dying; /* marked: the next process_table_sweep removes it */
};

struct process_table {
	struct map by_pid; /* to index in rows */
	struct process_row *rows;
	uint32_t count, capacity;
	uint32_t dying;  /* rows marked */
	uint32_t hidden; /* rows with fd_error */
	struct owner *owners;
	uint32_t owner_count; /* in use */
	uint32_t owner_used;  /* records used so far, free ones (without inode) included */
	uint32_t owner_capacity;
	uint32_t owner_free; /* head of the list of free records, or OWNER_NONE */
	uint32_t owner_limit;
	uint32_t *heads; /* first owner of an inode; open addressing, 4 bytes a slot */
	size_t head_capacity;
	size_t head_count;
	uint64_t refused;
};

void process_table_init(struct process_table *table, uint32_t owner_limit);
void process_table_fini(struct process_table *table);
struct process_row *process_table_find(const struct process_table *table, uint32_t pid);
/* Finds or adds; NULL when out of memory or at the bound. Lives until the next add or remove. */
struct process_row *process_table_get(struct process_table *table, uint32_t pid);
/* Forgets the process and the sockets that it holds. */
void process_table_remove(struct process_table *table, uint32_t pid);
/* The same for many: mark each, then sweep once. A sweep reads all owners. */
void process_table_mark(struct process_table *table, uint32_t pid);
void process_table_sweep(struct process_table *table);
/* Forgets all. */
void process_table_clear(struct process_table *table);
/* Sets why the descriptors are unknown (0: they are known) and keeps `hidden` right. */
void process_table_set_error(
	struct process_table *table, struct process_row *process, int32_t fd_error);

/* True when this changed something. */
bool process_table_hold(struct process_table *table, uint32_t pid, uint32_t inode, uint32_t fd);
bool process_table_release(struct process_table *table, uint32_t pid, uint32_t inode, uint32_t fd);
/* First owner of a socket inode, or NULL; then by next. Lowest pid and descriptor first. */
const struct owner *process_table_owner(const struct process_table *table, uint32_t inode);
/*
 * For loops over many sockets: brings what process_table_owner will read for this inode into the
 * cache. Call it some rows ahead for the slot, then nearer (record) for the owner's record.
 */
void process_table_prefetch(const struct process_table *table, uint32_t inode, bool record);
const struct owner *process_table_next(
	const struct process_table *table, const struct owner *owner);

#endif
