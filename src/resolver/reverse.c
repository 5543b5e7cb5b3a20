/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for the name of an address, keeps and reports the answer. */
#include <config.h>

#include "reverse.h"

#include <arpa/nameser.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>

#include "from_hosts.h"

/* How long the answer that there is no name is kept: without a word on that, and its bounds. */
enum { TTL_NONE_S = 300, TTL_NONE_MIN_S = 30, TTL_NONE_MAX_S = 3600 };

static uint32_t
keep_none_s(const uint8_t *reply, size_t len)
{
	uint32_t ttl_s;

	if (!answer_read_negative_ttl(reply, len, &ttl_s))
		return TTL_NONE_S;
	if (ttl_s < TTL_NONE_MIN_S)
		return TTL_NONE_MIN_S;
	return ttl_s < TTL_NONE_MAX_S ? ttl_s : (uint32_t)TTL_NONE_MAX_S;
}

static void
on_ptr(struct query *query, int status, const uint8_t *reply, size_t len)
{
	struct resolver *const resolver = query->resolver;
	struct cache_entry *const entry = cache_find(&resolver->cache, &query->address);
	struct answer_name name = {.others = 0};
	char text[64] = "";

	if (resolver->ending) {
		query_end(query);
		return;
	}
	if (status == ARES_SUCCESS)
		status = answer_read_ptr(reply, len, &name);
	if (status != ARES_SUCCESS && entry != NULL && from_hosts_is_next(resolver, status) &&
		from_hosts_name(resolver, entry) != NULL) {
		query_end(query);
		return;
	}
	if (status != ARES_SUCCESS)
		name.ttl_s = query_is_none(status) ? keep_none_s(reply, len) : QUERY_TTL_FAILED_S;
	else if (name.others != 0)
		snprintf(text, sizeof text, "and %u more name%s", name.others,
			number_plural(name.others));
	if (entry != NULL)
		cache_store(entry, status == ARES_SUCCESS ? name.name : NULL, name.ttl_s,
			clock_monotonic_ns());
	query_count(resolver, status);
	query_report(query, &query->address, status == ARES_SUCCESS ? name.name : "", status,
		name.ttl_s, status == ARES_SUCCESS ? text : answer_words(status));
	query_end(query);
}

void
reverse_ask(struct resolver *resolver, struct cache_entry *entry)
{
	struct query *query;

	if (!resolver->nsswitch.dns) {
		cache_store(entry, NULL, TTL_NONE_MIN_S, clock_monotonic_ns());
		from_hosts_report_none(resolver, &entry->address, "");
		return;
	}
	query = resolver->servers.count == 0 ? NULL : query_new(resolver, ns_t_ptr, on_ptr);
	if (query == NULL) {
		cache_store(entry, NULL, QUERY_TTL_FAILED_S, clock_monotonic_ns());
		return;
	}
	query->address = entry->address;
	answer_reverse_name(&query->address, query->name, sizeof query->name);
	query_ask(query);
}
