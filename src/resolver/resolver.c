/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/resolver/resolver.h>

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>

#include "answer.h"
#include "channel.h"

/* A lifetime is believed within these bounds; an address without name is asked for again after the
 * first. */
enum { TTL_MIN_S = 30, TTL_MAX_S = 86400, TTL_NONE_S = 300, SERVERS_MAX = 8 };

enum entry_state { ENTRY_FREE, ENTRY_ASKED, ENTRY_NAMED, ENTRY_NAMELESS };

struct entry {
	struct address address;
	enum entry_state state;
	bool used; /* since the hand last passed: second chance */
	uint64_t expires_ns;
	char *name;
};

struct resolver {
	struct loop *loop;
	struct resolver_options options;
	void (*found)(void *context, const struct message_name *name);
	void *context;
	ares_channel files; /* /etc/hosts and what resolv.conf says */
	struct channel servers[SERVERS_MAX];
	size_t server_count;
	struct entry *entries;
	struct map index; /* hash of the address to entry */
	uint32_t hand, busy;
	bool ending;
};

/* One question under way; goes from server to server until one answers. */
struct query {
	struct resolver *resolver;
	struct address address; /* of a reverse question */
	char name[ANSWER_NAME_SIZE];
	int type; /* ns_t_ptr, ns_t_a, ns_t_aaaa */
	size_t server;
	uint64_t begin_ns;
	struct lookup *lookup; /* of a forward question */
};

/* Both questions of a forward look-up; tells the end when none is open. */
struct lookup {
	unsigned open;
	unsigned found;
	int status; /* worst that was not "no data" */
};

static uint64_t
key_of(const struct address *address)
{
	return map_hash_bytes(address, sizeof(*address), 0);
}

static void
tell(const struct query *query, const struct address *address, const char *name,
	enum name_status status, uint32_t ttl_s, const char *server, const char *text)
{
	const struct message_name message = {.address = *address,
		.name = text_of(name),
		.status = (uint8_t)status,
		.ttl_s = ttl_s,
		.took_us = (uint32_t)((clock_monotonic_ns() - query->begin_ns) / 1000),
		.server = text_of(server),
		.text = text_of(text)};
	query->resolver->found(query->resolver->context, &message);
}

static struct entry *
find_entry(struct resolver *resolver, const struct address *address)
{
	uint32_t at;
	if (!map_find(&resolver->index, key_of(address), &at))
		return NULL;
	struct entry *entry = &resolver->entries[at];
	return address_compare(&entry->address, address) == 0 ? entry : NULL;
}

/* A free place, or that of a name nobody looked at lately; NULL when all are being asked for. */
static struct entry *
take_entry(struct resolver *resolver)
{
	for (uint32_t step = 0; step < 2 * resolver->options.cache; step++) {
		struct entry *entry = &resolver->entries[resolver->hand];
		resolver->hand = (resolver->hand + 1) % resolver->options.cache;
		if (entry->state == ENTRY_FREE)
			return entry;
		if (entry->state != ENTRY_ASKED && !entry->used) {
			map_remove(&resolver->index, key_of(&entry->address));
			free(entry->name);
			memset(entry, 0, sizeof(*entry));
			return entry;
		}
		entry->used = false;
	}
	return NULL;
}

static void
store(struct resolver *resolver, const struct address *address, const char *name, uint32_t ttl_s)
{
	struct entry *entry = find_entry(resolver, address);
	if (entry == NULL)
		return;
	if (ttl_s < TTL_MIN_S)
		ttl_s = TTL_MIN_S;
	if (ttl_s > TTL_MAX_S)
		ttl_s = TTL_MAX_S;
	free(entry->name);
	entry->name = name == NULL ? NULL : strdup(name);
	entry->state = entry->name == NULL ? ENTRY_NAMELESS : ENTRY_NAMED;
	entry->expires_ns = clock_monotonic_ns() + ttl_s * CLOCK_NS_PER_S;
}

static void
end_query(struct query *query)
{
	query->resolver->busy--;
	free(query);
}

static void
on_ptr(struct query *query, int status, const uint8_t *reply, size_t len)
{
	char name[ANSWER_NAME_SIZE];
	uint32_t ttl_s = TTL_NONE_S;
	const char *server = query->resolver->servers[query->server].server;

	if (status == ARES_SUCCESS)
		status = answer_read_ptr(reply, len, name, sizeof(name), &ttl_s);
	const bool none = status == ARES_ENOTFOUND || status == ARES_ENODATA;
	store(query->resolver, &query->address, status == ARES_SUCCESS ? name : NULL, ttl_s);
	tell(query, &query->address, status == ARES_SUCCESS ? name : "",
		status == ARES_SUCCESS ? NAME_FOUND
		: none                 ? NAME_NONE
				       : NAME_FAILED,
		ttl_s, server, status == ARES_SUCCESS ? "" : ares_strerror(status));
	end_query(query);
}

static void
on_addresses(struct query *query, int status, const uint8_t *reply, size_t len)
{
	static const struct address none;
	struct answer_address addresses[ANSWER_ADDRESSES_MAX];
	size_t count = 0;
	struct lookup *lookup = query->lookup;
	const char *server = query->resolver->servers[query->server].server;

	if (status == ARES_SUCCESS)
		status = answer_read_addresses(reply, len, query->type, addresses, &count);
	for (size_t i = 0; i < count; i++)
		tell(query, &addresses[i].address, query->name, NAME_FOUND, addresses[i].ttl_s,
			server, "");
	lookup->found += (unsigned)count;
	if (status != ARES_SUCCESS && (lookup->status == ARES_SUCCESS || status != ARES_ENODATA))
		lookup->status = status;
	if (--lookup->open == 0) {
		const bool missing =
			lookup->status == ARES_ENOTFOUND || lookup->status == ARES_ENODATA;
		tell(query, &none, query->name,
			lookup->found ? NAME_FOUND
			: missing     ? NAME_NONE
				      : NAME_FAILED,
			0, server, lookup->found ? "" : ares_strerror(lookup->status));
		free(lookup);
	}
	end_query(query);
}

static void ask(struct query *query);

static void
on_answer(void *context, int status, int timeouts, unsigned char *reply, int len)
{
	struct query *query = context;
	struct resolver *resolver = query->resolver;
	const bool no_answer = status == ARES_ETIMEOUT || status == ARES_ECONNREFUSED ||
			       status == ARES_ESERVFAIL || status == ARES_EREFUSED;

	(void)timeouts;
	if (resolver->ending) {
		if (query->lookup != NULL && --query->lookup->open == 0)
			free(query->lookup);
		end_query(query);
	} else if (no_answer && query->server + 1 < resolver->server_count) {
		query->server++;
		ask(query);
	} else if (query->type == ns_t_ptr) {
		on_ptr(query, status, reply, len > 0 ? (size_t)len : 0);
	} else {
		on_addresses(query, status, reply, len > 0 ? (size_t)len : 0);
	}
}

static void
ask(struct query *query)
{
	struct channel *channel = &query->resolver->servers[query->server];
	if (query->type == ns_t_ptr)
		ares_query(channel->ares, query->name, ns_c_in, query->type, on_answer, query);
	else
		ares_search(channel->ares, query->name, ns_c_in, query->type, on_answer, query);
	channel_arm(channel);
}

static struct query *
new_query(struct resolver *resolver, int type)
{
	struct query *query = calloc(1, sizeof(*query));
	if (query == NULL)
		return NULL;
	query->resolver = resolver;
	query->type = type;
	query->begin_ns = clock_monotonic_ns();
	resolver->busy++;
	return query;
}

static void
tell_of_hosts(struct resolver *resolver, const struct address *address, const char *name)
{
	const struct message_name message = {.address = *address,
		.name = text_of(name),
		.status = NAME_FOUND,
		.server = text_of("/etc/hosts"),
		.text = text_of("")};
	resolver->found(resolver->context, &message);
}

static void
on_file_host(void *context, int status, int timeouts, struct hostent *host)
{
	char *name = context;

	(void)timeouts;
	if (status == ARES_SUCCESS && host->h_name != NULL)
		snprintf(name, ANSWER_NAME_SIZE, "%s", host->h_name);
}

/* /etc/hosts comes first, as everywhere; c-ares reads it at once, so the name is there on return.
 */
static bool
name_in_hosts(struct resolver *resolver, const struct address *address, char *name)
{
	const bool v4 = address_is_v4(address);
	const uint8_t *bytes = v4 ? address->bytes + 12 : address->bytes;

	name[0] = '\0';
	ares_gethostbyaddr(
		resolver->files, bytes, v4 ? 4 : 16, v4 ? AF_INET : AF_INET6, on_file_host, name);
	return name[0] != '\0';
}

const char *
resolver_name(struct resolver *resolver, const struct address *address)
{
	struct entry *entry = find_entry(resolver, address);
	if (entry != NULL) {
		entry->used = true;
		if (entry->state == ENTRY_ASKED || clock_monotonic_ns() < entry->expires_ns)
			return entry->name;
	}
	if (resolver->busy >= resolver->options.parallel)
		return entry == NULL ? NULL : entry->name;
	if (entry == NULL) {
		entry = take_entry(resolver);
		if (entry == NULL || map_set(&resolver->index, key_of(address),
					     (uint32_t)(entry - resolver->entries)) != 0)
			return NULL;
		entry->address = *address;
	}
	entry->state = ENTRY_ASKED;
	entry->used = true;

	char name[ANSWER_NAME_SIZE];
	if (name_in_hosts(resolver, address, name)) {
		store(resolver, address, name, TTL_NONE_S);
		tell_of_hosts(resolver, address, name);
		return entry->name;
	}
	struct query *query = new_query(resolver, ns_t_ptr);
	if (query == NULL || resolver->server_count == 0) {
		entry->state = ENTRY_NAMELESS;
		entry->expires_ns = clock_monotonic_ns() + TTL_NONE_S * CLOCK_NS_PER_S;
		if (query != NULL)
			end_query(query);
		return NULL;
	}
	query->address = *address;
	answer_reverse_name(address, query->name, sizeof(query->name));
	ask(query);
	return entry->name;
}

/* Addresses of a name that /etc/hosts has; how many. */
static unsigned
lookup_in_hosts(struct resolver *resolver, const char *name)
{
	static const int families[] = {AF_INET, AF_INET6};
	static const struct address none;
	unsigned count = 0;

	for (size_t i = 0; i < 2; i++) {
		struct hostent *host = NULL;
		if (ares_gethostbyname_file(resolver->files, name, families[i], &host) !=
			ARES_SUCCESS)
			continue;
		for (char **bytes = host->h_addr_list; *bytes != NULL; bytes++, count++) {
			const struct address address = families[i] == AF_INET
							       ? address_from_v4(*bytes)
							       : address_from_v6(*bytes);
			tell_of_hosts(resolver, &address, name);
		}
		ares_free_hostent(host);
	}
	if (count > 0)
		tell_of_hosts(resolver, &none, name);
	return count;
}

int
resolver_lookup(struct resolver *resolver, const char *name, struct error *error)
{
	static const int types[] = {ns_t_a, ns_t_aaaa};

	if (strlen(name) >= ANSWER_NAME_SIZE || name[0] == '\0') {
		error_set(error, "\"%.40s%s\" is no host name: they have 1 to 255 characters", name,
			strlen(name) > 40 ? "…" : "");
		return -EINVAL;
	}
	if (lookup_in_hosts(resolver, name) > 0)
		return 0;
	if (resolver->server_count == 0) {
		error_set(error, "no DNS server is known: /etc/resolv.conf names none");
		return -ENOENT;
	}
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	if (lookup == NULL)
		return -ENOMEM;
	lookup->open = 2;
	for (size_t i = 0; i < 2; i++) {
		struct query *query = new_query(resolver, types[i]);
		if (query == NULL) {
			if (--lookup->open == 0)
				free(lookup);
			error_set(error, "out of memory");
			return -ENOMEM;
		}
		snprintf(query->name, sizeof(query->name), "%s", name);
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

/* A channel for each server that the given text or resolv.conf names. */
static int
open_servers(struct resolver *resolver, struct error *error)
{
	char list[1024] = "";
	const char *names = resolver->options.servers;
	int status = ARES_SUCCESS;

	if (names == NULL) {
		struct ares_addr_port_node *nodes = NULL;
		status = ares_get_servers_ports(resolver->files, &nodes);
		size_t len = 0;
		for (struct ares_addr_port_node *node = nodes; node != NULL; node = node->next) {
			char text[ADDRESS_TEXT_SIZE];
			const struct address address = node->family == AF_INET
							       ? address_from_v4(&node->addr)
							       : address_from_v6(&node->addr);
			address_format(&address, text, sizeof(text));
			len += (size_t)snprintf(list + len, sizeof(list) - len,
				node->family == AF_INET ? "%s%s:%d" : "%s[%s]:%d", len ? "," : "",
				text, node->udp_port != 0 ? node->udp_port : NS_DEFAULTPORT);
			if (len >= sizeof(list) - ADDRESS_TEXT_SIZE - 16)
				break;
		}
		ares_free_data(nodes);
		names = list;
	}
	while (status == ARES_SUCCESS && *names != '\0' && resolver->server_count < SERVERS_MAX) {
		char one[CHANNEL_SERVER_SIZE];
		const size_t len = strcspn(names, ",");
		snprintf(one, sizeof(one), "%.*s", (int)len, names);
		status = channel_init(&resolver->servers[resolver->server_count++], resolver->loop,
			one, resolver->options.timeout_ms, resolver->options.tries);
		names += len + (names[len] == ',');
	}
	if (status != ARES_SUCCESS)
		error_set(error, "the resolver could not be set up: %s", ares_strerror(status));
	return status == ARES_SUCCESS ? 0 : -EINVAL;
}

struct resolver *
resolver_new(struct loop *loop, const struct resolver_options *options,
	void (*found)(void *context, const struct message_name *name), void *context,
	struct error *error)
{
	char lookups[] = "f";
	struct ares_options files = {.lookups = lookups};
	struct resolver *resolver = calloc(1, sizeof(*resolver));

	if (resolver == NULL) {
		error_set(error, "out of memory");
		return NULL;
	}
	resolver->loop = loop;
	resolver->options = *options;
	resolver->found = found;
	resolver->context = context;
	map_init(&resolver->index);
	resolver->entries = calloc(options->cache, sizeof(resolver->entries[0]));
	if (resolver->entries == NULL || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
		ares_init_options(&resolver->files, &files, ARES_OPT_LOOKUPS) != ARES_SUCCESS) {
		error_set(error, "the resolver could not be set up");
		resolver_free(resolver);
		return NULL;
	}
	if (open_servers(resolver, error) != 0) {
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
	for (size_t i = 0; i < resolver->server_count; i++)
		channel_fini(&resolver->servers[i]);
	if (resolver->files != NULL)
		ares_destroy(resolver->files);
	for (uint32_t i = 0; resolver->entries != NULL && i < resolver->options.cache; i++)
		free(resolver->entries[i].name);
	free(resolver->entries);
	map_fini(&resolver->index);
	ares_library_cleanup();
	free(resolver);
}
