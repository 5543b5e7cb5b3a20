/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a list of DNS servers, and takes those that c-ares found in resolv.conf. */
#include <config.h>

#include "servers.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>

/* The colon before the port, or NULL. More than one colon without brackets: an IPv6 address. */
static const char *
find_port(const char *text)
{
	const char *const bracket = strchr(text, ']');
	const char *const colon = strchr(bracket != NULL ? bracket : text, ':');

	return colon != NULL && (bracket != NULL || strchr(colon + 1, ':') == NULL) ? colon : NULL;
}

static int
parse_one(const char *text, struct servers_one *server)
{
	const char *const colon = find_port(text);
	const size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
	uint64_t port = NS_DEFAULTPORT;

	if (colon != NULL && number_parse(colon + 1, 1, UINT16_MAX, &port) != 0)
		return -EINVAL;
	server->port = (uint16_t)port;
	return address_parse(text, len, &server->address, NULL);
}

int
servers_parse(const char *text, struct servers *servers, struct error *error)
{
	*servers = (struct servers){.count = 0};
	for (const char *at = text;; at++) {
		char one[ADDRESS_TEXT_SIZE + sizeof ":65535"];
		const size_t len = strcspn(at, ",");

		if (servers->count == SERVERS_MAX) {
			error_set(error, "more than %d DNS servers are too many", SERVERS_MAX);
			return -EINVAL;
		}
		snprintf(one, sizeof one, "%.*s", (int)len, at);
		if (len >= sizeof one || parse_one(one, &servers->list[servers->count++]) != 0) {
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
servers_of_channel(ares_channel channel, struct servers *servers)
{
	struct ares_addr_port_node *nodes = NULL;

	*servers = (struct servers){.count = 0};
	if (ares_get_servers_ports(channel, &nodes) != ARES_SUCCESS)
		return;
	for (const struct ares_addr_port_node *node = nodes;
		node != NULL && servers->count < SERVERS_MAX; node = node->next)
		servers->list[servers->count++] = (struct servers_one){
			.address = node->family == AF_INET ? address_from_v4(&node->addr)
							   : address_from_v6(&node->addr),
			.port = node->udp_port != 0 ? (uint16_t)node->udp_port : NS_DEFAULTPORT};
	ares_free_data(nodes);
}
