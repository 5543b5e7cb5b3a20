/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names by c-ares: it never blocks, caches an answer for its lifetime (within bounds), and limits
 * the queries at once and the names in all. It is a source like the collector, but needs no rights,
 * so it lives with the viewer; it reports names as the stream's MESSAGE_NAME.
 */
#ifndef SOCKWATCH_RESOLVER_RESOLVER_H
#define SOCKWATCH_RESOLVER_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/stream/message.h>

struct resolver;

struct resolver_options {
	uint32_t cache;      /* names at most */
	uint32_t parallel;   /* queries at once */
	uint32_t timeout_ms; /* a try */
	uint32_t tries;
	const char *servers; /* "127.0.0.1:5353,…" instead of resolv.conf, or NULL */
};

/*
 * NULL with a sentence. found is called from the loop, and directly where /etc/hosts or a refused
 * connection gives the answer.
 */
struct resolver *resolver_new(struct loop *loop, const struct resolver_options *options,
	void (*found)(void *context, const struct message_name *name), void *context,
	struct error *error);
void resolver_free(struct resolver *resolver);

/*
 * The cached name of an address, not clean. NULL when there is none yet: then it asks, unless too
 * many queries are open.
 */
const char *resolver_name(struct resolver *resolver, const struct address *address);

/*
 * Asks for the addresses (A and AAAA) of a name: found is called for each, and once with its status
 * at the end.
 */
int resolver_lookup(struct resolver *resolver, const char *name, struct error *error);

/* Open queries. */
uint32_t resolver_busy(const struct resolver *resolver);

struct resolver_counts {
	uint64_t asked; /* questions to a server, without their repetitions */
	/* Results for names and addresses; unanswered: no server answered. */
	uint64_t found, none, failed, unanswered;
	uint64_t postponed; /* times that nothing was asked because too many queries were open */
	uint64_t forgotten; /* names that made room for new ones */
	uint64_t refused;   /* sockets of c-ares that the loop had no room for */
};

/* No question was ever answered: there is no server, or it is cut off. */
bool resolver_is_hopeless(const struct resolver *resolver);

struct resolver_counts resolver_counts(const struct resolver *resolver);

#endif
