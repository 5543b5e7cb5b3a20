/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to DNS servers, and the members of the resolver that they share with it. */
#ifndef SOCKWATCH_RESOLVER_QUERY_H
#define SOCKWATCH_RESOLVER_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/resolver/nsswitch.h>
#include <sockwatch/resolver/resolver.h>

#include "cache.h"
#include "channels.h"
#include "hosts.h"
#include "resolver/dns/answer.h"
#include "resolver/dns/question.h"

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
	struct nsswitch nsswitch;
	struct file_mark nsswitch_mark;
	struct channels servers;
	size_t turn;      /* server that begins, where they take turns */
	size_t preferred; /* server to ask first, until preferred_until_ns */
	uint64_t preferred_until_ns;
	struct cache cache;
	uint32_t busy;
	struct resolver_counts counts;
	bool ending;
};

/* What is asked for at a server. It goes from server to server until one answers. */
struct query {
	struct resolver *resolver;
	struct question question;
	/* Takes the answer, reports it, and calls query_end. */
	void (*done)(struct query *query, int status, const uint8_t *reply, size_t len);
	struct address address; /* of a reverse question */
	char name[ANSWER_NAME_SIZE];
	int type; /* ns_t_ptr, ns_t_a, ns_t_aaaa */
	size_t server;
	size_t servers_left; /* not asked yet */
	uint64_t begin_ns;
	char note[QUERY_NOTE_SIZE]; /* which servers failed before */
	struct lookup *lookup;      /* of a forward question; lookup.c */
};

/* type: ns_t_ptr, ns_t_a, ns_t_aaaa. The caller fills in what is asked. NULL: no memory. */
struct query *query_new(struct resolver *resolver, int type,
	void (*done)(struct query *query, int status, const uint8_t *reply, size_t len));
/* Asks the query's server. It may be answered at once: then the query is gone. */
void query_ask(struct query *query);
/* Reports what came of it. status: of c-ares. text: beside the name. */
void query_report(const struct query *query, const struct address *address, const char *name,
	int status, uint32_t ttl_s, const char *text);
/* Counts a result. */
void query_count(struct resolver *resolver, int status);
/* The name does not exist, or has no such record. */
bool query_is_none(int status);
void query_end(struct query *query);

#endif
