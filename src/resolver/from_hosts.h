/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers from /etc/hosts, and the answer that nobody else is asked. */
#ifndef SOCKWATCH_RESOLVER_FROM_HOSTS_H
#define SOCKWATCH_RESOLVER_FROM_HOSTS_H

#include "query.h"

/* Reports and keeps the name of the entry's address. NULL: it has none there. Lives with the entry.
 */
const char *from_hosts_name(struct resolver *resolver, struct cache_entry *entry);
/* Reports the addresses of a name. False: it has none there. ascii: as DNS has the name. */
bool from_hosts_addresses(struct resolver *resolver, const char *name, const char *ascii);
/* Whether /etc/hosts is read after DNS failed in this way (a status of c-ares). */
bool from_hosts_is_next(const struct resolver *resolver, int status);
/*
 * Reports that nobody is asked for the name of an address, or the addresses of a name, because
 * nsswitch.conf names no dns.
 */
void from_hosts_report_none(
	struct resolver *resolver, const struct address *address, const char *name);

#endif
