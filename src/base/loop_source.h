/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What loop.c and loop_source.c share and nobody else sees. */
#ifndef SOCKWATCH_BASE_LOOP_SOURCE_H
#define SOCKWATCH_BASE_LOOP_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/loop.h>

struct loop {
	int epoll_fd;
	struct loop_source *sources; /* newest first, with the removed ones until the sweep */
	unsigned always_ready_count;
	bool has_removed;
	bool stopped;
	bool idle_wanted;
	int status;
	void (*after)(void *context);
	void *after_context;
	bool (*idle)(void *context);
	void *idle_context;
};

struct loop_source {
	struct loop *loop;
	struct loop_source *next;
	void (*dispatch)(struct loop_source *source, unsigned events);
	union {
		void (*on_ready)(void *context, unsigned events);
		void (*on_expire)(void *context, uint64_t times);
		void (*on_signal)(void *context, int signal);
	};
	void *context;
	int fd;
	int signal;        /* 0: is none */
	unsigned wanted;   /* enum loop_event bits */
	bool owns_fd;      /* timers and signals */
	bool always_ready; /* a file: epoll does not take it */
	bool removed;
	bool unblock_signal; /* when removed, as we have blocked it */
};

/* The epoll events that the source waits for. */
uint32_t loop_source_mask(const struct loop_source *source);
/* A file that somebody wants to read or write now. */
bool loop_source_is_always_ready(const struct loop_source *source);
/* Frees what was removed: only where nothing holds a source, neither the list nor epoll's answer.
 */
void loop_sweep(struct loop *loop);

#endif
