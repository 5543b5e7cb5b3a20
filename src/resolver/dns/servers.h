/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The DNS servers that are asked: those of resolv.conf, or those that the user names. */
#ifndef SOCKWATCH_RESOLVER_DNS_SERVERS_H
#define SOCKWATCH_RESOLVER_DNS_SERVERS_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/resolver/resolv_conf.h>

enum { SERVERS_MAX = 8, SERVERS_TEXT_SIZE = ADDRESS_PORT_SIZE + ADDRESS_ZONE_SIZE };

struct servers {
	struct servers_one {
		struct address address;
		uint16_t port;
		uint32_t interface;           /* index, of fe80::1%eth0; or 0 */
		char zone[ADDRESS_ZONE_SIZE]; /* "" or "%eth0" */
	} list[SERVERS_MAX];
	size_t count;
};

/* "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:53", "fe80::1%eth0", with commas between. 0, or
 * -EINVAL with a sentence. */
int servers_parse(const char *text, struct servers *servers, struct error *error);
/* Those of resolv.conf that are used; 127.0.0.1 where it names none. */
void servers_of_conf(const struct resolv_conf *conf, struct servers *servers);
/* "192.0.2.53:53", "[fe80::1%eth0]:53". Returns the length; size: SERVERS_TEXT_SIZE. */
size_t servers_format(const struct servers_one *server, char *out, size_t size);

#endif
