/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a DNS answer: names, addresses, lifetimes; and explains a status of c-ares in words. */
#include <config.h>

#include "answer.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/* Length of the encoded name at `at`, or -1. */
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

/* The position after the question section, or 0 when the reply is too short. */
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

/* The name as asked, or with a domain of the search list. A name with escapes is not compared. */
static bool
is_same_name(const char *found, const char *asked)
{
	static const char plain[] =
		"-_.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strlen(asked);

	if (asked[strspn(asked, plain)] != '\0')
		return true;
	if (len > 0 && asked[len - 1] == '.')
		len--;
	return strncasecmp(found, asked, len) == 0 && (found[len] == '\0' || found[len] == '.');
}

bool
answer_is_to(const uint8_t *reply, size_t len, const char *name, int type)
{
	const size_t end = skip_questions(reply, len);
	char *found;
	long encoded;
	bool is_same;

	if (end == 0 || get16(reply + 4) != 1 ||
		ares_expand_name(reply + NS_HFIXEDSZ, reply, (int)len, &found, &encoded) !=
			ARES_SUCCESS)
		return false;
	is_same = is_same_name(found, name) && get16(reply + end - NS_QFIXEDSZ) == (unsigned)type;
	ares_free_string(found);
	return is_same;
}

struct record {
	unsigned type;
	uint32_t ttl_s;
	const uint8_t *data;
};

/* Reads the record at *at, which moves past it. */
static int
read_record(const uint8_t *reply, size_t len, size_t *at, struct record *record)
{
	const long owner = *at < len ? skip_name(reply + *at, reply, len) : -1;
	const uint8_t *fixed;
	size_t data;

	if (owner < 0 || *at + (size_t)owner + NS_RRFIXEDSZ > len)
		return ARES_EBADRESP;
	fixed = reply + *at + (size_t)owner;
	*at += (size_t)owner + NS_RRFIXEDSZ;
	data = get16(fixed + 8);
	if (data > len - *at)
		return ARES_EBADRESP;
	*record = (struct record){.type = get16(fixed),
		.ttl_s = (uint32_t)get16(fixed + 4) << 16 | get16(fixed + 6),
		.data = reply + *at};
	*at += data;
	return ARES_SUCCESS;
}

static int
take_name(const struct record *record, const uint8_t *reply, size_t len, struct answer_name *name)
{
	char *found;
	long encoded;
	const int status = ares_expand_name(record->data, reply, (int)len, &found, &encoded);

	if (status != ARES_SUCCESS)
		return status == ARES_ENOMEM ? status : ARES_EBADRESP;
	snprintf(name->name, sizeof name->name, "%s", found);
	ares_free_string(found);
	/* RFC 2181 section 8: a lifetime with the top bit set counts as 0. */
	name->ttl_s = record->ttl_s <= INT32_MAX ? record->ttl_s : 0;
	return name->name[0] != '\0' ? ARES_SUCCESS : ARES_ENODATA;
}

int
answer_read_ptr(const uint8_t *reply, size_t len, struct answer_name *name)
{
	size_t at = skip_questions(reply, len);
	unsigned answers = at == 0 ? 0 : get16(reply + 6);
	int status = at == 0 ? ARES_EBADRESP : ARES_ENODATA;

	*name = (struct answer_name){.others = 0};
	for (; answers > 0; answers--) {
		struct record record;
		const int result = read_record(reply, len, &at, &record);

		/* A bad record after a good name does not spoil it. */
		if (result != ARES_SUCCESS)
			return status == ARES_SUCCESS ? ARES_SUCCESS : result;
		if (record.type != ns_t_ptr)
			continue;
		if (status == ARES_SUCCESS) {
			name->others++;
			continue;
		}
		status = take_name(&record, reply, len, name);
		if (status != ARES_SUCCESS)
			return status;
	}
	return status;
}

int
answer_read_addresses(
	const uint8_t *reply, size_t len, int type, struct answer_addresses *addresses)
{
	struct ares_addrttl v4[ANSWER_ADDRESSES_MAX];
	struct ares_addr6ttl v6[ANSWER_ADDRESSES_MAX];
	int found = ANSWER_ADDRESSES_MAX;
	struct hostent *host = NULL;
	const int status = type == ns_t_a
				   ? ares_parse_a_reply(reply, (int)len, &host, v4, &found)
				   : ares_parse_aaaa_reply(reply, (int)len, &host, v6, &found);

	addresses->count = addresses->others = 0;
	addresses->canonical[0] = '\0';
	if (status != ARES_SUCCESS)
		return status == ARES_EBADNAME ? ARES_EBADRESP : status;
	if (host != NULL && host->h_name != NULL)
		snprintf(addresses->canonical, sizeof addresses->canonical, "%s", host->h_name);
	for (char **at = host != NULL ? host->h_addr_list : NULL; at != NULL && *at != NULL; at++)
		addresses->others++;
	addresses->others -= addresses->others < (size_t)found ? addresses->others : (size_t)found;
	ares_free_hostent(host);
	for (int i = 0; i < found; i++) {
		const bool is_v4 = type == ns_t_a;
		const int ttl_s = is_v4 ? v4[i].ttl : v6[i].ttl;

		addresses->list[addresses->count++] =
			(struct answer_address){.address = is_v4 ? address_from_v4(&v4[i].ipaddr)
								 : address_from_v6(&v6[i].ip6addr),
				.ttl_s = ttl_s > 0 ? (uint32_t)ttl_s : 0};
	}
	/* For an alias without addresses c-ares reports success. */
	return addresses->count != 0 ? ARES_SUCCESS : ARES_ENODATA;
}

/* Other statuses are errors of the library itself, in its own words. */
static const struct {
	int status;
	const char *words;
} words[] = {
	{ARES_SUCCESS, ""},
	{ARES_ENODATA, "the name exists, but has no such record (NODATA)"},
	{ARES_ENOTFOUND, "no such name (NXDOMAIN)"},
	{ARES_ESERVFAIL, "the server could not find out (SERVFAIL)"},
	{ARES_EREFUSED, "the server does not answer us (REFUSED)"},
	{ARES_EFORMERR, "the server did not understand the question (FORMERR)"},
	{ARES_ENOTIMP, "the server does not know such questions (NOTIMP)"},
	{ARES_EBADRESP, "the answer is malformed"},
	{ARES_EBADNAME,
		"this is not a valid DNS name: labels have 1 to 63 bytes, all together 253"},
	{ARES_ETIMEOUT, "no answer"},
	{ARES_ECONNREFUSED, "no DNS server there (the port is closed or cannot be reached)"},
};

const char *
answer_words(int status)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (words[i].status == status)
			return words[i].words;
	return ares_strerror(status);
}
