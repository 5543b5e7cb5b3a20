/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to DNS servers, and the members of the resolver that they share with it. */
#ifndef SOCKWATCH_RESOLVER_QUERY_H
#define SOCKWATCH_RESOLVER_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/resolver/resolver.h>

#include "answer.h"
#include "cache.h"
#include "channels.h"
#include "hosts.h"

enum {
	QUERY_TTL_FAILED_S = 15, /* how long it is kept that no server could answer */
	QUERY_NOTE_SIZE = 160,
};

struct resolver {
	struct loop *loop;
	struct resolver_options options;
	void (*found)(void *context, const struct message_name *name);
	void *context;
	struct hosts hosts;
	struct channels servers;
	size_t preferred; /* server to ask first, until preferred_until_ns */
	uint64_t preferred_until_ns;
	struct cache cache;
	uint32_t busy;
	struct resolver_counts counts;
	bool ending;
};

/* One question to a server. It goes from server to server until one answers. */
struct query {
	struct resolver *resolver;
	struct address address; /* of a reverse question */
	char name[ANSWER_NAME_SIZE];
	int type; /* ns_t_ptr, ns_t_a, ns_t_aaaa */
	size_t server;
	size_t servers_left; /* not asked yet */
	uint64_t begin_ns;
	char note[QUERY_NOTE_SIZE]; /* which servers failed before */
	struct lookup *lookup;      /* of a forward question */
};

/* Both questions of a forward look-up. Its end is reported when none is open. */
struct lookup {
	unsigned open;
	unsigned found;
	int status; /* worst that was not "no data" */
	int type;   /* of the question with that status */
};

/* type: ns_t_ptr, ns_t_a, ns_t_aaaa. The caller fills in what is asked. NULL: no memory. */
struct query *query_new(struct resolver *resolver, int type);
/* Asks the query's server. c-ares may call back at once: then the query is gone. */
void query_ask(struct query *query);

#endif
