/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A digest of what was last sent of each socket of one table (TCP or UDP of one namespace), 16
 * bytes a socket. Only what differs is sent again, and what is gone is noticed. Only the dump
 * writes it.
 *
 * Open addressing with linear probing, of any capacity (the home of a key is its hash scaled to
 * it), grown by a quarter and filled to seven eighths at most: 18 to 23 bytes a socket.
 */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_DIGEST_H
#define SOCKWATCH_COLLECTOR_NETLINK_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag_scan.h"

/* The kinds of sockets that a dump can leave out. */
enum digest_class {
	DIGEST_CONNECTION = 1,
	DIGEST_LISTENER = 2,
	DIGEST_UNCONNECTED = 4, /* TCP_CLOSE: merely bound; of UDP, without a peer */
	DIGEST_ALL = 7,
};

/*
 * mark, from its low end: 5 bits the dump that last listed it, 3 bits its class, 16 bits when its
 * timer ends, 40 bits hash.
 */
struct digest {
	uint64_t cookie; /* 0: free */
	uint64_t mark;
};

struct digest_table {
	struct digest *entries;
	size_t capacity;
	size_t count;
	uint8_t generation; /* of the current dump */
};

enum digest_verdict { DIGEST_NEW, DIGEST_CHANGED, DIGEST_SAME };

/* A zeroed table is empty. */
void digest_clear(struct digest_table *table);

/* A dump begins: what it does not list is found by digest_sweep. */
void digest_begin(struct digest_table *table);

/*
 * The mark of a socket as the kernel listed it at now_ms (CLOCK_MONOTONIC). It leaves out keys and
 * what changes as time passes: ages in tcp_info and what is left of a timer (its end counts).
 */
uint64_t digest_of(const struct diag_view *view, uint64_t now_ms);

/* Prefetches the socket's entry: in a large table it is not in the cache. */
void digest_prefetch(const struct digest_table *table, uint64_t cookie);

/* Compares with the mark before and keeps the new one. Without memory a socket is new each time and
 * *refused grows. */
enum digest_verdict digest_see(
	struct digest_table *table, uint64_t cookie, uint64_t mark, uint64_t *refused);

/*
 * Takes out what the current dump did not list, of these classes (enum digest_class), and
 * writes at most max of their cookies. Call again with the same position (0 at first) until it
 * returns 0.
 */
size_t digest_sweep(struct digest_table *table, unsigned classes, size_t *position,
	uint64_t *cookies, size_t max);

#endif
