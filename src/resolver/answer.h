/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a DNS answer says, read with c-ares and, where it hides the lifetime, by hand. */
#ifndef RESOLVER_ANSWER_H
#define RESOLVER_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>

enum { ANSWER_NAME_SIZE = 256, ANSWER_ADDRESSES_MAX = 32 };

/* The name in "…in-addr.arpa" or "…ip6.arpa" form (RFC 1035 section 3.5, RFC 3596). size >= 80. */
void answer_reverse_name(const struct address *address, char *out, size_t size);

/* First PTR record of a reply: its name and lifetime in seconds. A c-ares status. */
int answer_read_ptr(const uint8_t *reply, size_t len, char *name, size_t size, uint32_t *ttl_s);

struct answer_address {
	struct address address;
	uint32_t ttl_s;
};

/* Addresses of an A or AAAA reply (type ns_t_a or ns_t_aaaa); returns a c-ares status. */
int answer_read_addresses(const uint8_t *reply, size_t len, int type,
	struct answer_address *addresses, size_t *count);

#endif
