/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a DNS answer: names, addresses, lifetimes; and explains a status of c-ares in words. */
#include <config.h>

#include "answer.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Of a chain; as many as resolvers of this kind follow. */
enum { ALIASES_MAX = 16 };

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

/* A name with escapes is not compared: the user may have written it in another way. */
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
	return strlen(found) == len && strncasecmp(found, asked, len) == 0;
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
	const uint8_t *owner; /* encoded */
	unsigned type;
	uint32_t ttl_s;
	const uint8_t *data;
	size_t len; /* of data */
};

/* RFC 2181 section 8: a lifetime with the top bit set counts as 0. */
static uint32_t
lifetime(uint32_t ttl_s)
{
	return ttl_s <= INT32_MAX ? ttl_s : 0;
}

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
	*record = (struct record){.owner = fixed - owner,
		.type = get16(fixed),
		.ttl_s = lifetime((uint32_t)get16(fixed + 4) << 16 | get16(fixed + 6)),
		.data = reply + *at,
		.len = data};
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
	name->ttl_s = record->ttl_s;
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

/* The name that is encoded there, as c-ares writes it. */
static bool
read_name(const uint8_t *at, const uint8_t *reply, size_t len, char *out, size_t size)
{
	char *found;
	long encoded;

	if (ares_expand_name(at, reply, (int)len, &found, &encoded) != ARES_SUCCESS)
		return false;
	snprintf(out, size, "%s", found);
	ares_free_string(found);
	return true;
}

/*
 * The next answer of this type that this name has. The owner of a record counts, as in glibc: an
 * address of another name may be anybody's. ARES_ENODATA: there is none.
 */
static int
find_record(const uint8_t *reply, size_t len, size_t *at, unsigned *left, const char *name,
	unsigned type, struct record *record)
{
	char owner[ANSWER_NAME_SIZE];

	while (*left > 0) {
		const int status = read_record(reply, len, at, record);

		if (status != ARES_SUCCESS)
			return status;
		--*left;
		if (record->type != type)
			continue;
		if (!read_name(record->owner, reply, len, owner, sizeof owner))
			return ARES_EBADRESP;
		if (strcasecmp(owner, name) == 0)
			return ARES_SUCCESS;
	}
	return ARES_ENODATA;
}

/* Follows one alias of addresses->canonical. ARES_ENODATA: it is none. */
static int
follow_alias(const uint8_t *reply, size_t len, size_t at, struct answer_addresses *addresses,
	uint32_t *ttl_s)
{
	unsigned left = get16(reply + 6);
	struct record record;
	const int status =
		find_record(reply, len, &at, &left, addresses->canonical, ns_t_cname, &record);

	if (status != ARES_SUCCESS)
		return status;
	if (!read_name(record.data, reply, len, addresses->canonical, sizeof addresses->canonical))
		return ARES_EBADRESP;
	*ttl_s = record.ttl_s < *ttl_s ? record.ttl_s : *ttl_s;
	return ARES_SUCCESS;
}

static void
add_address(struct answer_addresses *addresses, const struct record *record, uint32_t ttl_s)
{
	if (addresses->count == ANSWER_ADDRESSES_MAX) {
		addresses->others++;
		return;
	}
	addresses->list[addresses->count++] = (struct answer_address){
		.address = record->type == ns_t_a ? address_from_v4(record->data)
						  : address_from_v6(record->data),
		.ttl_s = record->ttl_s < ttl_s ? record->ttl_s : ttl_s};
}

static int
take_addresses(const uint8_t *reply, size_t len, size_t at, unsigned type, uint32_t ttl_s,
	struct answer_addresses *addresses)
{
	unsigned left = get16(reply + 6);
	struct record record;
	int status;

	while ((status = find_record(reply, len, &at, &left, addresses->canonical, type,
			&record)) == ARES_SUCCESS) {
		if (record.len != (type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ))
			return ARES_EBADRESP;
		add_address(addresses, &record, ttl_s);
	}
	if (status != ARES_ENODATA)
		return status;
	return addresses->count != 0 ? ARES_SUCCESS : ARES_ENODATA;
}

int
answer_read_addresses(
	const uint8_t *reply, size_t len, int type, struct answer_addresses *addresses)
{
	const size_t at = skip_questions(reply, len);
	uint32_t ttl_s = INT32_MAX;
	int status = ARES_SUCCESS;

	addresses->count = addresses->others = 0;
	addresses->canonical[0] = '\0';
	if (at == 0 || get16(reply + 4) == 0 ||
		!read_name(reply + NS_HFIXEDSZ, reply, len, addresses->canonical,
			sizeof addresses->canonical))
		return ARES_EBADRESP;
	for (unsigned i = 0; i < ALIASES_MAX && status == ARES_SUCCESS; i++)
		status = follow_alias(reply, len, at, addresses, &ttl_s);
	if (status == ARES_SUCCESS || status == ARES_ENODATA)
		status = take_addresses(reply, len, at, (unsigned)type, ttl_s, addresses);
	if (status == ARES_EBADRESP)
		addresses->count = addresses->others = 0;
	return status;
}

/* MINIMUM, the last of the five numbers of a SOA record (RFC 1035 section 3.3.13). */
static uint32_t
soa_minimum(const struct record *record)
{
	const uint8_t *const at = record->data + record->len - 4;

	return lifetime((uint32_t)get16(at) << 16 | get16(at + 2));
}

bool
answer_read_negative_ttl(const uint8_t *reply, size_t len, uint32_t *ttl_s)
{
	enum { SOA_LEAST = 2 + 5 * 4 };
	size_t at = reply != NULL ? skip_questions(reply, len) : 0;
	unsigned left = at == 0 ? 0 : get16(reply + 6) + get16(reply + 8);
	struct record record;

	for (; left > 0 && read_record(reply, len, &at, &record) == ARES_SUCCESS; left--) {
		if (record.type != ns_t_soa || record.len < SOA_LEAST)
			continue;
		*ttl_s = soa_minimum(&record);
		if (record.ttl_s < *ttl_s)
			*ttl_s = record.ttl_s;
		return true;
	}
	return false;
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
