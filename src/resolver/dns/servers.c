/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a list of DNS servers, takes those of resolv.conf, writes them. */
#include <config.h>

#include "servers.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

/* The colon before the port, or NULL. More than one colon without brackets: an IPv6 address. */
static const char *
find_port(const char *text)
{
	const char *const bracket = strchr(text, ']');
	const char *const colon = strchr(bracket != NULL ? bracket : text, ':');

	return colon != NULL && (bracket != NULL || strchr(colon + 1, ':') == NULL) ? colon : NULL;
}

/* 0, or -ENODEV: there is no such link. */
static int
take_zone(const struct address_scoped *scoped, struct servers_one *server)
{
	if (scoped->zone.len == 0)
		return 0;
	snprintf(server->zone, sizeof server->zone, "%%%.*s", (int)scoped->zone.len,
		scoped->zone.data);
	server->interface = if_nametoindex(server->zone + 1);
	if (server->interface == 0)
		server->interface = scoped->ifindex;
	return server->interface != 0 ? 0 : -ENODEV;
}

static int
parse_one(const char *text, struct servers_one *server)
{
	const char *const colon = find_port(text);
	const size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
	struct address_scoped scoped;
	uint64_t port = NS_DEFAULTPORT;

	if (colon != NULL && number_parse(colon + 1, 1, UINT16_MAX, &port) != 0)
		return -EINVAL;
	if (address_scoped_parse(text, len, &scoped, NULL) != 0)
		return -EINVAL;
	*server = (struct servers_one){.address = scoped.ip, .port = (uint16_t)port};
	return take_zone(&scoped, server);
}

int
servers_parse(const char *text, struct servers *servers, struct error *error)
{
	*servers = (struct servers){.count = 0};
	for (const char *at = text;; at++) {
		char one[SERVERS_TEXT_SIZE];
		const size_t len = strcspn(at, ",");
		int result = -EINVAL;

		if (servers->count == SERVERS_MAX) {
			error_set(error, "more than %d DNS servers are too many", SERVERS_MAX);
			return -EINVAL;
		}
		snprintf(one, sizeof one, "%.*s", (int)len, at);
		if (len < sizeof one)
			result = parse_one(one, &servers->list[servers->count++]);
		if (result == -ENODEV) {
			error_set(error,
				"\"%s\" is not a DNS server here: there is no such interface", one);
			return -EINVAL;
		}
		if (result != 0) {
			error_set(error,
				"\"%s\" is not a DNS server; use an address, with or without a port: 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53",
				one);
			return -EINVAL;
		}
		at += len;
		if (*at == '\0')
			return 0;
	}
}

void
servers_of_conf(const struct resolv_conf *conf, struct servers *servers)
{
	static const uint8_t here[] = {127, 0, 0, 1};

	*servers = (struct servers){.count = 0};
	for (unsigned i = 0; i < conf->server_count && i < RESOLV_CONF_SERVERS_MAX; i++) {
		struct servers_one *const server = &servers->list[servers->count++];

		*server = (struct servers_one){.address = conf->servers[i].address,
			.port = NS_DEFAULTPORT,
			.interface = conf->servers[i].interface};
		memcpy(server->zone, conf->servers[i].zone, sizeof server->zone);
	}
	if (servers->count == 0)
		servers->list[servers->count++] = (struct servers_one){
			.address = address_from_v4(here), .port = NS_DEFAULTPORT};
}

size_t
servers_format(const struct servers_one *server, char *out, size_t size)
{
	char address[ADDRESS_TEXT_SIZE];

	if (server->zone[0] == '\0')
		return address_format_port(&server->address, server->port, out, size);
	address_format(&server->address, address, sizeof address);
	return text_add(out, size, 0, "[%s%s]:%u", address, server->zone, (unsigned)server->port);
}
