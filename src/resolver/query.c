/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question: goes from server to server until one answers. */
#include <config.h>

#include "query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

/* After a server failed, the one that answered instead is asked first for so long. */
enum { PREFER_S = 30 };

bool
query_is_none(int status)
{
	return status == ARES_ENOTFOUND || status == ARES_ENODATA;
}

static enum name_status
name_status(int status)
{
	return status == ARES_SUCCESS  ? NAME_FOUND
	       : query_is_none(status) ? NAME_NONE
				       : NAME_FAILED;
}

void
query_report(const struct query *query, const struct address *address, const char *name, int status,
	uint32_t ttl_s, const char *text)
{
	struct resolver *const resolver = query->resolver;
	char whole[QUERY_NOTE_SIZE + ANSWER_NAME_SIZE + 32];
	struct message_name message = {.address = *address,
		.name = text_of(name),
		.status = (uint8_t)name_status(status),
		.source = NAME_FROM_SERVER,
		.ttl_s = ttl_s,
		.took_us = (uint32_t)((clock_monotonic_ns() - query->begin_ns) / CLOCK_NS_PER_US),
		.server = text_of(resolver->servers.list[query->server].server),
		.text = text_of(text)};

	if (query->note[0] != '\0') {
		snprintf(whole, sizeof whole, "%s%s%s", text, text[0] != '\0' ? "; " : "",
			query->note);
		message.text = text_of(whole);
	}
	resolver->found(resolver->context, &message);
}

void
query_end(struct query *query)
{
	query->resolver->busy--;
	free(query);
}

void
query_count(struct resolver *resolver, int status)
{
	if (status == ARES_ETIMEOUT || status == ARES_ECONNREFUSED) {
		resolver->counts.unanswered++;
		return;
	}
	switch (name_status(status)) {
	case NAME_FOUND: resolver->counts.found++; break;
	case NAME_NONE: resolver->counts.none++; break;
	case NAME_FAILED: resolver->counts.failed++; break;
	}
}

/* When a server did not answer, or could not, the next one may. */
static bool
try_next(struct query *query, int status)
{
	struct resolver *const resolver = query->resolver;
	const size_t len = strlen(query->note);

	if (status != ARES_ETIMEOUT && status != ARES_ECONNREFUSED && status != ARES_ESERVFAIL &&
		status != ARES_EREFUSED && status != ARES_ENOTIMP && status != ARES_EBADRESP)
		return false;
	if (query->servers_left == 0)
		return false;
	snprintf(query->note + len, sizeof query->note - len, "%s%s: %s",
		len == 0 ? "before it " : ", ", resolver->servers.list[query->server].server,
		answer_words(status));
	query->server = (query->server + 1) % resolver->servers.count;
	query_ask(query);
	return true;
}

static void
on_answer(void *context, int status, const uint8_t *reply, size_t len)
{
	struct query *const query = context;
	struct resolver *const resolver = query->resolver;

	if (resolver->ending) {
		query->done(query, ARES_EDESTRUCTION, NULL, 0);
		return;
	}
	if (status == ARES_SUCCESS && !answer_is_to(reply, len, query->name, query->type))
		status = ARES_EBADRESP;
	if (try_next(query, status))
		return;
	if (query->note[0] != '\0' && name_status(status) != NAME_FAILED) {
		resolver->preferred = query->server;
		resolver->preferred_until_ns = clock_monotonic_ns() + PREFER_S * CLOCK_NS_PER_S;
	}
	query->done(query, status, reply, len);
}

void
query_ask(struct query *query)
{
	struct resolver *const resolver = query->resolver;
	struct channel *const channel = &resolver->servers.list[query->server];

	query->servers_left--;
	resolver->counts.asked++;
	query->question = (struct question){.answered = on_answer, .context = query};
	question_ask(channel->ares, query->name, query->type, &query->question);
	channel_arm(channel);
}

/* One that answered while others failed; in turn, where resolv.conf says so; or the first. */
static size_t
first_server(struct resolver *resolver, uint64_t now_ns)
{
	if (now_ns < resolver->preferred_until_ns)
		return resolver->preferred;
	return resolver->servers.conf.rotate ? resolver->turn++ % resolver->servers.count : 0;
}

struct query *
query_new(struct resolver *resolver, int type,
	void (*done)(struct query *query, int status, const uint8_t *reply, size_t len))
{
	struct query *const query = calloc(1, sizeof *query);
	const uint64_t now_ns = clock_monotonic_ns();

	if (query == NULL)
		return NULL;
	*query = (struct query){.resolver = resolver,
		.done = done,
		.type = type,
		.server = first_server(resolver, now_ns),
		.servers_left = resolver->servers.count,
		.begin_ns = now_ns};
	resolver->busy++;
	return query;
}
