/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "answer.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <stdio.h>
#include <string.h>

void
answer_reverse_name(const struct address *address, char *out, size_t size)
{
	const uint8_t *bytes = address->bytes;
	size_t len = 0;

	if (address_is_v4(address)) {
		snprintf(out, size, "%u.%u.%u.%u.in-addr.arpa", bytes[15], bytes[14], bytes[13],
			bytes[12]);
		return;
	}
	for (int i = 15; i >= 0 && len + 5 < size; i--)
		len += (size_t)snprintf(
			out + len, size - len, "%x.%x.", bytes[i] & 15u, bytes[i] >> 4);
	snprintf(out + len, size - len, "ip6.arpa");
}

static unsigned
get16(const uint8_t *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Length of the encoded name at `at`, or -1; what it says is not wanted. */
static long
skip_name(const uint8_t *at, const uint8_t *reply, size_t len)
{
	char *name;
	long encoded;

	if (ares_expand_name(at, reply, (int)len, &name, &encoded) != ARES_SUCCESS)
		return -1;
	ares_free_string(name);
	return encoded;
}

/* The position behind the question section, or 0 when the reply is too short. */
static size_t
skip_questions(const uint8_t *reply, size_t len)
{
	size_t at = NS_HFIXEDSZ;
	if (len < NS_HFIXEDSZ)
		return 0;
	for (unsigned count = get16(reply + 4); count > 0; count--) {
		const long name = at < len ? skip_name(reply + at, reply, len) : -1;
		if (name < 0 || at + (size_t)name + NS_QFIXEDSZ > len)
			return 0;
		at += (size_t)name + NS_QFIXEDSZ;
	}
	return at;
}

int
answer_read_ptr(const uint8_t *reply, size_t len, char *name, size_t size, uint32_t *ttl_s)
{
	size_t at = skip_questions(reply, len);
	unsigned answers = at == 0 ? 0 : get16(reply + 6);

	for (; answers > 0; answers--) {
		const long owner = at < len ? skip_name(reply + at, reply, len) : -1;
		if (owner < 0 || at + (size_t)owner + NS_RRFIXEDSZ > len)
			return ARES_EBADRESP;
		at += (size_t)owner;
		const uint8_t *fixed = reply + at;
		const size_t data = get16(fixed + 8);
		at += NS_RRFIXEDSZ;
		if (data > len - at)
			return ARES_EBADRESP;
		if (get16(fixed) == ns_t_ptr) {
			char *found;
			long encoded;
			const int status =
				ares_expand_name(reply + at, reply, (int)len, &found, &encoded);
			if (status != ARES_SUCCESS)
				return status;
			snprintf(name, size, "%s", found);
			ares_free_string(found);
			*ttl_s = (uint32_t)get16(fixed + 4) << 16 | get16(fixed + 6);
			return ARES_SUCCESS;
		}
		at += data;
	}
	return at == 0 ? ARES_EBADRESP : ARES_ENODATA;
}

int
answer_read_addresses(
	const uint8_t *reply, size_t len, int type, struct answer_address *addresses, size_t *count)
{
	struct ares_addrttl v4[ANSWER_ADDRESSES_MAX];
	struct ares_addr6ttl v6[ANSWER_ADDRESSES_MAX];
	int found = ANSWER_ADDRESSES_MAX;
	const int status = type == ns_t_a
				   ? ares_parse_a_reply(reply, (int)len, NULL, v4, &found)
				   : ares_parse_aaaa_reply(reply, (int)len, NULL, v6, &found);

	*count = 0;
	if (status != ARES_SUCCESS)
		return status;
	for (int i = 0; i < found; i++) {
		struct answer_address *out = &addresses[(*count)++];
		if (type == ns_t_a)
			*out = (struct answer_address){.address = address_from_v4(&v4[i].ipaddr),
				.ttl_s = v4[i].ttl > 0 ? (uint32_t)v4[i].ttl : 0};
		else
			*out = (struct answer_address){.address = address_from_v6(&v6[i].ip6addr),
				.ttl_s = v6[i].ttl > 0 ? (uint32_t)v6[i].ttl : 0};
	}
	return ARES_SUCCESS;
}
