/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a DNS answer, its names by c-ares. */
#ifndef SOCKWATCH_RESOLVER_DNS_ANSWER_H
#define SOCKWATCH_RESOLVER_DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>

enum { ANSWER_NAME_SIZE = 256, ANSWER_ADDRESSES_MAX = 32 };

/* The name in "…in-addr.arpa" or "…ip6.arpa" form (RFC 1035 section 3.5, RFC 3596). size >= 80. */
void answer_reverse_name(const struct address *address, char *out, size_t size);

/* Whether a reply repeats this question, as it has to (RFC 5452 section 9.1). */
bool answer_is_to(const uint8_t *reply, size_t len, const char *name, int type);

/* Not clean, though c-ares writes unprintable bytes as "\027". */
struct answer_name {
	char name[ANSWER_NAME_SIZE];
	uint32_t ttl_s;
	unsigned others; /* further names of the same address */
};

/* First PTR record of a reply. A c-ares status; ARES_ENODATA also for the name of the root. */
int answer_read_ptr(const uint8_t *reply, size_t len, struct answer_name *name);

struct answer_address {
	struct address address;
	uint32_t ttl_s;
};

struct answer_addresses {
	struct answer_address list[ANSWER_ADDRESSES_MAX];
	size_t count;
	size_t others;                    /* addresses that did not fit */
	char canonical[ANSWER_NAME_SIZE]; /* the name that has them, after all aliases */
};

/*
 * Addresses of an A or AAAA reply (type ns_t_a or ns_t_aaaa), along its aliases; returns a c-ares
 * status. With ARES_ENODATA canonical shows where an alias leads that has no such address.
 */
int answer_read_addresses(
	const uint8_t *reply, size_t len, int type, struct answer_addresses *addresses);

/*
 * How long it may be kept that there is no such name or record: by the SOA record of the reply (RFC
 * 2308 section 5), in seconds. False: the reply has none.
 */
bool answer_read_negative_ttl(const uint8_t *reply, size_t len, uint32_t *ttl_s);

/* A c-ares status in words, with the name that DNS has for it. "" for ARES_SUCCESS. */
const char *answer_words(int status);

#endif
