/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An action on many sockets or processes: asked for a few at a time, each checked by the half with
 * rights as a single one is, and counted: done, refused, gone.
 */
#ifndef SOCKWATCH_TUI_ACTION_BATCH_H
#define SOCKWATCH_TUI_ACTION_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tui;

/* Sockets of one action at most. */
enum { BATCH_MAX = 10000 };

struct batch_target {
	uint64_t cookie; /* of a socket; 0: the process alone is meant */
	uint64_t start_ticks;
	uint32_t pid; /* the process to signal, or that must still hold the socket; 0: none known */
	uint32_t inode, fd; /* fd: plus 1; 0: not known */
	uint16_t netns;
};

struct batch {
	struct batch_target *targets; /* owned */
	size_t count, total;          /* total: with those beyond BATCH_MAX */
	int signal;                   /* 0: close */
	bool running;
	size_t next;    /* the first that was not asked for yet */
	size_t waiting; /* asked for, not answered */
	size_t done, gone, refused;
	uint32_t first; /* the number of its first request */
	uint64_t seen;  /* results of the model that were counted */
	uint32_t hellos;
};

/* The sockets (ids) with who holds them now, for a later start. false: no memory. */
bool batch_take_sockets(struct tui *tui, const uint32_t *ids, size_t count, size_t total);
/* The ids of its sockets that live; at most max. Returns how many. */
size_t batch_sockets(const struct tui *tui, uint32_t *ids, size_t max);
/* Processes that hold any of its sockets take the place of these. false: no memory. */
bool batch_take_processes(struct tui *tui);
/* signal 0: closes. Call it once, after an answer of the user. */
void batch_start(struct tui *tui, int signal);
/* Counts the answers that came, and asks for more. */
void batch_continue(struct tui *tui);
void batch_fini(struct tui *tui);

#endif
