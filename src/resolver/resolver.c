/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names by c-ares: asks servers, takes answers, keeps the cache, reports what was found.
 *
 * 	cache.c      what is known of the names of addresses
 * 	hosts.c      /etc/hosts
 * 	channels.c   all servers, each with a channel
 * 	channel.c    one c-ares channel in the event loop
 * 	servers.c    which servers: of the options or of resolv.conf
 * 	answer.c     reads a DNS answer
 * 	file_mark.c  whether a file changed
 */
#include <config.h>

#include <sockwatch/resolver/resolver.h>

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sockwatch/base/clock.h>

#include "answer.h"
#include "cache.h"
#include "channels.h"
#include "hosts.h"

/*
 * How long an answer without a lifetime is kept: that there is no name; that no server could
 * answer, which may be over soon; a line of /etc/hosts. After a server failed, the one that
 * answered instead is asked first for PREFER_S.
 */
enum { TTL_NONE_S = 300, TTL_FAILED_S = 15, TTL_HOSTS_S = 60, PREFER_S = 30, NOTE_SIZE = 160 };

/* RFC 1035 section 2.3.4, as text, with the dot of the root. */
enum { NAME_MAX_BYTES = 254 };

#define HOSTS_PATH "/etc/hosts"

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
	char note[NOTE_SIZE];  /* which servers failed before */
	struct lookup *lookup; /* of a forward question */
};

/* Both questions of a forward look-up. Its end is reported when none is open. */
struct lookup {
	unsigned open;
	unsigned found;
	int status; /* worst that was not "no data" */
	int type;   /* of the question with that status */
};

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
	char whole[NOTE_SIZE + ANSWER_NAME_SIZE + 32];
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
		name.ttl_s = is_none(status) ? TTL_NONE_S : TTL_FAILED_S;
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

static void ask(struct query *query);

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
	ask(query);
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

/* c-ares may call back at once: then the query is gone. */
static void
ask(struct query *query)
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

static struct query *
new_query(struct resolver *resolver, int type)
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

static void
report_from_hosts(struct resolver *resolver, const struct address *address, const char *name)
{
	const struct message_name message = {.address = *address,
		.name = text_of(name),
		.status = NAME_FOUND,
		.source = NAME_FROM_HOSTS,
		.ttl_s = TTL_HOSTS_S,
		.server = text_of(HOSTS_PATH),
		.text = text_of("")};

	resolver->found(resolver->context, &message);
}

/* /etc/hosts comes first, as in all programs. */
static const char *
look_into_hosts(struct resolver *resolver, struct cache_entry *entry)
{
	const uint64_t now_ns = clock_monotonic_ns();
	const char *name;

	hosts_refresh(&resolver->hosts, HOSTS_PATH, now_ns);
	name = hosts_find(&resolver->hosts, &entry->address);
	if (name == NULL)
		return NULL;
	cache_store(entry, name, TTL_HOSTS_S, now_ns);
	report_from_hosts(resolver, &entry->address, name);
	return entry->name;
}

static void
ask_for_name(struct resolver *resolver, struct cache_entry *entry)
{
	struct query *const query =
		resolver->servers.count == 0 ? NULL : new_query(resolver, ns_t_ptr);

	if (query == NULL) {
		cache_store(entry, NULL, TTL_FAILED_S, clock_monotonic_ns());
		return;
	}
	query->address = entry->address;
	answer_reverse_name(&query->address, query->name, sizeof query->name);
	ask(query);
}

/* New servers may know names that the old ones did not. While questions are open the old ones stay.
 */
static void
refresh_servers(struct resolver *resolver, uint64_t now_ns)
{
	if (resolver->busy != 0 || !channels_refresh(&resolver->servers, now_ns))
		return;
	resolver->preferred_until_ns = 0;
	cache_doubt(&resolver->cache);
}

const char *
resolver_name(struct resolver *resolver, const struct address *address)
{
	const uint64_t now_ns = clock_monotonic_ns();
	struct cache_entry *entry;
	const char *name;

	refresh_servers(resolver, now_ns);
	entry = cache_find(&resolver->cache, address);
	if (entry != NULL) {
		entry->is_used = true;
		if (cache_is_fresh(entry, now_ns))
			return entry->name;
	}
	if (resolver->busy >= resolver->options.parallel) {
		resolver->counts.postponed++;
		return entry == NULL ? NULL : entry->name;
	}
	if (entry == NULL)
		entry = cache_add(&resolver->cache, address);
	if (entry == NULL)
		return NULL;
	entry->state = CACHE_ASKED;
	name = look_into_hosts(resolver, entry);
	if (name != NULL)
		return name;
	ask_for_name(resolver, entry);
	return entry->name;
}

/* Reports the addresses that /etc/hosts has for a name. How many. */
static unsigned
lookup_in_hosts(struct resolver *resolver, const char *name)
{
	static const int families[] = {AF_INET, AF_INET6};
	static const struct address none;
	unsigned count = 0;

	for (size_t i = 0; i < 2; i++) {
		struct hostent *host = NULL;
		if (ares_gethostbyname_file(resolver->servers.files, name, families[i], &host) !=
			ARES_SUCCESS)
			continue;
		for (char **bytes = host->h_addr_list; *bytes != NULL; bytes++, count++) {
			const struct address address = families[i] == AF_INET
							       ? address_from_v4(*bytes)
							       : address_from_v6(*bytes);
			report_from_hosts(resolver, &address, name);
		}
		ares_free_hostent(host);
	}
	if (count > 0)
		report_from_hosts(resolver, &none, name);
	return count;
}

int
resolver_lookup(struct resolver *resolver, const char *name, struct error *error)
{
	static const int types[] = {ns_t_a, ns_t_aaaa};
	struct lookup *lookup;

	if (strlen(name) > NAME_MAX_BYTES || name[0] == '\0') {
		error_set(error, "\"%.40s%s\" is not a host name; those have 1 to 253 characters",
			name, strlen(name) > 40 ? "…" : "");
		return -EINVAL;
	}
	if (lookup_in_hosts(resolver, name) > 0)
		return 0;
	if (resolver->servers.count == 0) {
		error_set(error, "no DNS server is known: /etc/resolv.conf names none");
		return -ENOENT;
	}
	lookup = calloc(1, sizeof *lookup);
	if (lookup == NULL) {
		error_set(error, "out of memory");
		return -ENOMEM;
	}
	lookup->open = 2;
	for (size_t i = 0; i < 2; i++) {
		struct query *query = new_query(resolver, types[i]);
		if (query == NULL) {
			/* Takes off those that are not asked. One that was may have ended already.
			 */
			lookup->open -= (unsigned)(2 - i);
			if (lookup->open == 0)
				free(lookup);
			error_set(error, "out of memory");
			return -ENOMEM;
		}
		snprintf(query->name, sizeof query->name, "%s", name);
		query->lookup = lookup;
		ask(query);
	}
	return 0;
}

uint32_t
resolver_busy(const struct resolver *resolver)
{
	return resolver->busy;
}

bool
resolver_is_hopeless(const struct resolver *resolver)
{
	const struct resolver_counts *const counts = &resolver->counts;

	return counts->unanswered != 0 && counts->found + counts->none + counts->failed == 0;
}

struct resolver_counts
resolver_counts(const struct resolver *resolver)
{
	struct resolver_counts counts = resolver->counts;

	counts.forgotten = resolver->cache.forgotten;
	counts.refused = channels_refused(&resolver->servers);
	return counts;
}

struct resolver *
resolver_new(struct loop *loop, const struct resolver_options *options,
	void (*found)(void *context, const struct message_name *name), void *context,
	struct error *error)
{
	struct resolver *const resolver = calloc(1, sizeof *resolver);

	if (resolver == NULL) {
		error_set(error, "out of memory");
		return NULL;
	}
	*resolver = (struct resolver){
		.loop = loop, .options = *options, .found = found, .context = context};
	hosts_init(&resolver->hosts);
	if (cache_init(&resolver->cache, options->cache) != 0) {
		error_set(error, "out of memory");
		free(resolver);
		return NULL;
	}
	if (channels_init(&resolver->servers, loop, options, error) != 0) {
		resolver_free(resolver);
		return NULL;
	}
	return resolver;
}

void
resolver_free(struct resolver *resolver)
{
	if (resolver == NULL)
		return;
	resolver->ending = true;
	channels_fini(&resolver->servers);
	cache_fini(&resolver->cache);
	hosts_fini(&resolver->hosts);
	free(resolver);
}
