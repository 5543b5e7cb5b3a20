/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question: goes from server to server until one answers, keeps and reports the answer. */
#include <config.h>

#include "query.h"

#include <arpa/nameser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sockwatch/base/clock.h>

/*
 * How long the answer that there is no name is kept. After a server failed, the one that answered
 * instead is asked first for PREFER_S.
 */
enum { TTL_NONE_S = 300, PREFER_S = 30 };

static bool
is_none(int status)
{
	return status == ARES_ENOTFOUND || status == ARES_ENODATA;
}

static enum name_status
name_status(int status)
{
	return status == ARES_SUCCESS ? NAME_FOUND : is_none(status) ? NAME_NONE : NAME_FAILED;
}

static void
report(const struct query *query, const struct address *address, const char *name, int status,
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

static void
end_query(struct query *query)
{
	query->resolver->busy--;
	free(query);
}

static void
count(struct resolver *resolver, int status)
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

static void
on_ptr(struct query *query, int status, const uint8_t *reply, size_t len)
{
	struct resolver *const resolver = query->resolver;
	struct cache_entry *const entry = cache_find(&resolver->cache, &query->address);
	struct answer_name name = {.others = 0};
	char text[64] = "";

	if (status == ARES_SUCCESS)
		status = answer_read_ptr(reply, len, &name);
	if (status != ARES_SUCCESS)
		name.ttl_s = is_none(status) ? TTL_NONE_S : QUERY_TTL_FAILED_S;
	else if (name.others != 0)
		snprintf(text, sizeof text, "and %u more name%s", name.others,
			name.others == 1 ? "" : "s");
	if (entry != NULL)
		cache_store(entry, status == ARES_SUCCESS ? name.name : NULL, name.ttl_s,
			clock_monotonic_ns());
	count(resolver, status);
	report(query, &query->address, status == ARES_SUCCESS ? name.name : "", status, name.ttl_s,
		status == ARES_SUCCESS ? text : answer_words(status));
	end_query(query);
}

/* Both questions are answered: reports the result for the name as a whole. */
static void
end_lookup(const struct query *query, struct lookup *lookup)
{
	static const struct address none;
	const bool found = lookup->found != 0;
	char text[128] = "";

	/* One family found and the other failed: programs wait for the other, so it is reported. */
	if (found && lookup->status != ARES_SUCCESS && !is_none(lookup->status))
		snprintf(text, sizeof text, "%s: %s", lookup->type == ns_t_a ? "A" : "AAAA",
			answer_words(lookup->status));
	else if (!found)
		snprintf(text, sizeof text, "%s", answer_words(lookup->status));
	count(query->resolver, text[0] == '\0' ? ARES_SUCCESS : lookup->status);
	report(query, &none, query->name, text[0] == '\0' ? ARES_SUCCESS : lookup->status, 0, text);
	free(lookup);
}

static void
on_addresses(struct query *query, int status, const uint8_t *reply, size_t len)
{
	struct answer_addresses addresses = {.count = 0};
	struct lookup *const lookup = query->lookup;
	char text[ANSWER_NAME_SIZE + 32] = "";

	if (status == ARES_SUCCESS)
		status = answer_read_addresses(reply, len, query->type, &addresses);
	if (addresses.canonical[0] != '\0' && strcasecmp(addresses.canonical, query->name) != 0)
		snprintf(text, sizeof text, "stands for %s", addresses.canonical);
	for (size_t i = 0; i < addresses.count; i++) {
		if (i + 1 == addresses.count && addresses.others != 0)
			snprintf(text, sizeof text, "and %zu more addresses", addresses.others);
		report(query, &addresses.list[i].address, query->name, ARES_SUCCESS,
			addresses.list[i].ttl_s, text);
	}
	lookup->found += (unsigned)addresses.count;
	if (status != ARES_SUCCESS && (lookup->status == ARES_SUCCESS || status != ARES_ENODATA)) {
		lookup->status = status;
		lookup->type = query->type;
	}
	if (--lookup->open == 0)
		end_lookup(query, lookup);
	end_query(query);
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
on_answer(void *context, int status, int timeouts, unsigned char *reply, int len)
{
	struct query *const query = context;
	struct resolver *const resolver = query->resolver;

	(void)timeouts;
	if (resolver->ending) {
		if (query->lookup != NULL && --query->lookup->open == 0)
			free(query->lookup);
		end_query(query);
		return;
	}
	if (status == ARES_SUCCESS &&
		!answer_is_to(reply, len > 0 ? (size_t)len : 0, query->name, query->type))
		status = ARES_EBADRESP;
	if (try_next(query, status))
		return;
	if (query->note[0] != '\0' && name_status(status) != NAME_FAILED) {
		resolver->preferred = query->server;
		resolver->preferred_until_ns = clock_monotonic_ns() + PREFER_S * CLOCK_NS_PER_S;
	}
	if (query->type == ns_t_ptr)
		on_ptr(query, status, reply, len > 0 ? (size_t)len : 0);
	else
		on_addresses(query, status, reply, len > 0 ? (size_t)len : 0);
}

void
query_ask(struct query *query)
{
	struct resolver *const resolver = query->resolver;
	struct channel *const channel = &resolver->servers.list[query->server];

	query->servers_left--;
	resolver->counts.asked++;
	if (query->type == ns_t_ptr)
		ares_query(channel->ares, query->name, ns_c_in, query->type, on_answer, query);
	else
		ares_search(channel->ares, query->name, ns_c_in, query->type, on_answer, query);
	channel_arm(channel);
}

struct query *
query_new(struct resolver *resolver, int type)
{
	struct query *const query = calloc(1, sizeof *query);
	const uint64_t now_ns = clock_monotonic_ns();

	if (query == NULL)
		return NULL;
	*query = (struct query){.resolver = resolver,
		.type = type,
		.server = now_ns < resolver->preferred_until_ns ? resolver->preferred : 0,
		.servers_left = resolver->servers.count,
		.begin_ns = now_ns};
	resolver->busy++;
	return query;
}
