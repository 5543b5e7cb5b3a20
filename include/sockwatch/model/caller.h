/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which process opened or closed a connection, as the kernel reported it at that moment. This finds
 * the owner of a connection whose process was gone before /proc could be read. The newest caller of
 * each end of a connection is kept, CALLER_ROWS_MAX in all. Written by the model from
 * MESSAGE_CALLERS.
 */
#ifndef SOCKWATCH_MODEL_CALLER_H
#define SOCKWATCH_MODEL_CALLER_H

#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/stream/message.h>

/* Both ends of 16,000 connections: three quarters of a second of 20,000 a second. */
enum { CALLER_ROWS_MAX = 32768, CALLER_COMM_SIZE = 16 };

/* One end of a connection: local is this end. */
struct caller_end {
	struct address local;
	struct address remote;
	uint16_t local_port;
	uint16_t remote_port;
	uint32_t netns; /* the stream's number */
};

struct caller_row {
	struct caller_end end;
	uint32_t pid;
	char comm[CALLER_COMM_SIZE]; /* as it came: not clean; NUL-terminated */
	uint64_t time_ns;            /* of the record that reported it, CLOCK_REALTIME */
};

struct caller_table {
	struct caller_row *rows; /* a ring once it is full */
	uint32_t count, capacity;
	uint32_t oldest;    /* once it is full */
	struct map by_ends; /* hash of the end to its row */
};

void caller_table_init(struct caller_table *table);
/* Empty, without memory; callers may be added again. */
void caller_table_fini(struct caller_table *table);
/* 0; -ENOMEM; -EINVAL: no process, or no connection. */
int caller_table_add(struct caller_table *table, const struct caller *caller, uint64_t time_ns);
/* NULL when no caller was reported. Lives until the next add. */
const struct caller_row *caller_table_find(
	const struct caller_table *table, const struct caller_end *end);

#endif
