/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The DNS servers that are asked: those of resolv.conf, or those that the user names. */
#ifndef SOCKWATCH_RESOLVER_SERVERS_H
#define SOCKWATCH_RESOLVER_SERVERS_H

#include <ares.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>

enum { SERVERS_MAX = 8 };

struct servers {
	struct servers_one {
		struct address address;
		uint16_t port;
	} list[SERVERS_MAX];
	size_t count;
};

/* "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:53", with commas between. 0, or -EINVAL with a
 * sentence. */
int servers_parse(const char *text, struct servers *servers, struct error *error);
/* The servers that c-ares found in resolv.conf. */
void servers_of_channel(ares_channel channel, struct servers *servers);

#endif
