/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks into /etc/hosts, where nsswitch.conf says so. */
#include <config.h>

#include "from_hosts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <sockwatch/base/clock.h>

/* How long a line of /etc/hosts is kept, and that there is none. */
enum { TTL_HOSTS_S = 60 };

#define HOSTS_PATH "/etc/hosts"

static void
report(struct resolver *resolver, const struct address *address, const char *name,
	enum name_status status, const char *text)
{
	const struct message_name message = {.address = *address,
		.name = text_of(name),
		.status = (uint8_t)status,
		.source = NAME_FROM_HOSTS,
		.ttl_s = TTL_HOSTS_S,
		.server = text_of(resolver->nsswitch.files_first || status == NAME_FOUND
					  ? HOSTS_PATH
					  : NSSWITCH_PATH),
		.text = text_of(text)};

	resolver->found(resolver->context, &message);
}

const char *
from_hosts_name(struct resolver *resolver, struct cache_entry *entry)
{
	const uint64_t now_ns = clock_monotonic_ns();
	const char *name;

	hosts_refresh(&resolver->hosts, HOSTS_PATH, now_ns);
	name = hosts_find(&resolver->hosts, &entry->address);
	if (name == NULL)
		return NULL;
	cache_store(entry, name, TTL_HOSTS_S, now_ns);
	report(resolver, &entry->address, name, NAME_FOUND, "");
	return entry->name;
}

struct found_in_hosts {
	struct resolver *resolver;
	const char *name;
	unsigned count;
};

static void
on_found(void *context, const struct address *address, const char *canonical)
{
	struct found_in_hosts *const found = context;
	char text[HOSTS_NAME_SIZE + 16] = "";

	if (strcasecmp(canonical, found->name) != 0)
		snprintf(text, sizeof text, "stands for %s", canonical);
	report(found->resolver, address, found->name, NAME_FOUND, text);
	found->count++;
}

static bool
find_addresses(struct resolver *resolver, const char *name)
{
	static const struct address none;
	struct found_in_hosts found = {.resolver = resolver, .name = name};

	hosts_lookup(HOSTS_PATH, name, on_found, &found);
	if (found.count > 0)
		report(resolver, &none, name, NAME_FOUND, "");
	return found.count > 0;
}

bool
from_hosts_addresses(struct resolver *resolver, const char *name, const char *ascii)
{
	return find_addresses(resolver, name) ||
	       (strcmp(ascii, name) != 0 && find_addresses(resolver, ascii));
}

bool
from_hosts_is_next(const struct resolver *resolver, int status)
{
	enum nsswitch_failure failure = NSSWITCH_TRYAGAIN;

	if (query_is_none(status))
		failure = NSSWITCH_NOTFOUND;
	else if (status == ARES_ETIMEOUT || status == ARES_ECONNREFUSED)
		failure = NSSWITCH_UNAVAIL;
	return (resolver->nsswitch.files_after & failure) != 0;
}

void
from_hosts_report_none(struct resolver *resolver, const struct address *address, const char *name)
{
	report(resolver, address, name, NAME_NONE,
		resolver->nsswitch.files_first ? "not there, and " NSSWITCH_PATH
						 " lets no DNS server be asked"
					       : "neither /etc/hosts nor a DNS server is asked");
}
