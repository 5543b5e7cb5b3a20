/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names by c-ares: looks into the cache and /etc/hosts, and asks servers, in the order of
 * nsswitch.conf.
 *
 *	reverse.c    the name of an address
 *	lookup.c     the addresses of a name, along the search list
 *	query.c      one question, from server to server
 *	cache.c      what is known of the names of addresses
 *	hosts.c      /etc/hosts
 *	from_hosts.c what it answers
 *	nsswitch.c   reads nsswitch.conf
 *	channels.c   all servers, each with a channel
 *	resolv_conf.c reads resolv.conf
 *	idn.c        names beyond ASCII
 *	dns/         servers, questions and answers, by c-ares
 *	file_mark.c  whether a file changed
 */
#include <config.h>

#include <sockwatch/resolver/resolver.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "from_hosts.h"
#include "idn.h"
#include "lookup.h"
#include "reverse.h"

/* RFC 1035 section 2.3.4, as text, with the dot of the root. */
enum { NAME_MAX_BYTES = 254 };

/* Who names the servers himself is not held by nsswitch.conf. */
static void
refresh_order(struct resolver *resolver, uint64_t now_ns)
{
	if (resolver->options.servers != NULL ||
		!file_mark_changed(&resolver->nsswitch_mark, NSSWITCH_PATH, now_ns))
		return;
	nsswitch_read(NSSWITCH_PATH, &resolver->nsswitch);
	cache_doubt(&resolver->cache);
}

/* New servers may know names that the old ones did not. While questions are open the old ones stay.
 */
static void
refresh_servers(struct resolver *resolver, uint64_t now_ns)
{
	refresh_order(resolver, now_ns);
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
	if (resolver->nsswitch.files_first && from_hosts_name(resolver, entry) != NULL)
		return entry->name;
	reverse_ask(resolver, entry);
	return entry->name;
}

int
resolver_lookup(struct resolver *resolver, const char *name, struct error *error)
{
	static const struct address none;
	char ascii[ANSWER_NAME_SIZE];

	if (strlen(name) > NAME_MAX_BYTES || name[0] == '\0') {
		error_set(error, "\"%.40s%s\" is not a host name; those have 1 to 253 characters",
			name, strlen(name) > 40 ? "…" : "");
		return -EINVAL;
	}
	if (idn_to_ascii(name, ascii, sizeof ascii, error) != 0)
		return -EINVAL;
	refresh_servers(resolver, clock_monotonic_ns());
	if (resolver->nsswitch.files_first && from_hosts_addresses(resolver, name, ascii))
		return 0;
	if (!resolver->nsswitch.dns) {
		from_hosts_report_none(resolver, &none, name);
		return 0;
	}
	if (resolver->servers.count == 0) {
		error_set(error, "no DNS server can be asked");
		return -ENOENT;
	}
	return lookup_start(resolver, name, ascii, error);
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
	nsswitch_parse("", 0, &resolver->nsswitch);
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
