/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of a host that the user named, in the order in which they should be tried. */
#include <config.h>

#include "host.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/base/clock.h>

/* Names in any script (RFC 5891), where the C library knows them. */
#ifdef AI_IDN
#define HOST_IDN AI_IDN
#else
#define HOST_IDN 0
#endif

static struct address
address_of(const struct addrinfo *info)
{
	/* getaddrinfo aligns its results. */
	if (info->ai_family == AF_INET)
		return address_from_v4(
			&((const struct sockaddr_in *)(const void *)info->ai_addr)->sin_addr);
	return address_from_v6(
		&((const struct sockaddr_in6 *)(const void *)info->ai_addr)->sin6_addr);
}

static const struct addrinfo *
next_of(const struct addrinfo *info, int family)
{
	while (info != NULL && info->ai_family != family)
		info = info->ai_next;
	return info;
}

/* RFC 8305 section 4: begins with the family of the first address, then alternates. */
static void
take_by_turns(struct host *host, const struct addrinfo *list)
{
	const int first = list->ai_family;
	const struct addrinfo *next[2] = {
		next_of(list, first), next_of(list, first == AF_INET ? AF_INET6 : AF_INET)};

	for (unsigned turn = 0; next[0] != NULL || next[1] != NULL; turn++) {
		const struct addrinfo **const info = &next[turn % 2];
		if (*info == NULL)
			continue;
		if (host->count == HOST_ADDRESSES_MAX)
			return;
		host->addresses[host->count++] = address_of(*info);
		*info = next_of((*info)->ai_next, (*info)->ai_family);
	}
}

static int
take_literal(struct host *host, const struct address *address, int family, struct error *error)
{
	if (family != 0 && (family == 4) != address_is_v4(address)) {
		error_set(error, "%s is not an IPv%d address", host->name, family);
		return -EINVAL;
	}
	if (!address_is_v4(address) && address_is_link_local(address) && host->interface == 0) {
		error_set(error, "%s may exist on every link; name one, as in %s%%eth0", host->name,
			host->name);
		return -EINVAL;
	}
	host->addresses[host->count++] = *address;
	return 0;
}

int
host_find(const char *name, const struct host_from *from, struct host *host, struct error *error)
{
	const int family = from->family;
	const struct addrinfo hints = {.ai_flags = HOST_IDN,
		.ai_family = family == 4   ? AF_INET
			     : family == 6 ? AF_INET6
					   : AF_UNSPEC,
		.ai_socktype = SOCK_STREAM};
	const size_t len = strlen(name);
	struct addrinfo *list = NULL;
	struct address address;
	uint64_t begin_ns;
	int result;

	*host = (struct host){.interface = from->interface};
	if (len == 0 || len >= sizeof host->name) {
		error_set(error, "\"%.60s\" is not a host; use a name or an address", name);
		return -EINVAL;
	}
	memcpy(host->name, name, len + 1);
	result = host_take_zone(name, &address, &host->interface, error);
	if (result != 0)
		return result < 0 ? result : take_literal(host, &address, family, error);
	begin_ns = clock_monotonic_ns();
	result = getaddrinfo(name, NULL, &hints, &list);
	if (result == EAI_NONAME || result == EAI_NODATA) {
		error_set(error,
			"the host \"%s\" is not known%s; `sockwatch resolve %s` says what the servers answer",
			name,
			family == 0   ? ""
			: family == 4 ? " with an IPv4 address"
				      : " with an IPv6 address",
			name);
		return -ENOENT;
	}
	if (result != 0) {
		error_set(error, "the host \"%s\" cannot be looked up: %s", name,
			result == EAI_SYSTEM ? strerror(errno) : gai_strerror(result));
		return -EAGAIN;
	}
	host->is_name = true;
	host->took_us = (clock_monotonic_ns() - begin_ns) / CLOCK_NS_PER_US;
	take_by_turns(host, list);
	freeaddrinfo(list);
	return 0;
}
