/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names by c-ares: looks into the cache and /etc/hosts, then asks servers.
 *
 *	query.c      one question, from server to server, and what comes of its answer
 *	cache.c      what is known of the names of addresses
 *	hosts.c      /etc/hosts
 *	channels.c   all servers, each with a channel
 *	channel.c    one c-ares channel in the event loop
 *	servers.c    which servers: of the options or of resolv.conf
 *	answer.c     reads a DNS answer
 *	file_mark.c  whether a file changed
 */
#include <config.h>

#include <sockwatch/resolver/resolver.h>

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "query.h"

/* How long a line of /etc/hosts is kept. */
enum { TTL_HOSTS_S = 60 };

/* RFC 1035 section 2.3.4, as text, with the dot of the root. */
enum { NAME_MAX_BYTES = 254 };

#define HOSTS_PATH "/etc/hosts"

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
		resolver->servers.count == 0 ? NULL : query_new(resolver, ns_t_ptr);

	if (query == NULL) {
		cache_store(entry, NULL, QUERY_TTL_FAILED_S, clock_monotonic_ns());
		return;
	}
	query->address = entry->address;
	answer_reverse_name(&query->address, query->name, sizeof query->name);
	query_ask(query);
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
		struct query *query = query_new(resolver, types[i]);
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
		query_ask(query);
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
