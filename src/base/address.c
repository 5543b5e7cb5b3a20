/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as values: what they are and how they are read. address_format.c writes them. */
#include <config.h>

#include <sockwatch/base/address.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <sockwatch/base/text.h>

static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};

enum { V4_PREFIX_BITS = 96, SHOWN_SIZE = 80 };

struct address
address_from_v4(const void *four_bytes)
{
	struct address address;

	memcpy(address.bytes, v4_mapped, sizeof v4_mapped);
	memcpy(address.bytes + sizeof v4_mapped, four_bytes, 4);
	return address;
}

struct address
address_from_v6(const void *sixteen_bytes)
{
	struct address address;

	memcpy(address.bytes, sixteen_bytes, sizeof address.bytes);
	return address;
}

bool
address_is_v4(const struct address *address)
{
	return memcmp(address->bytes, v4_mapped, sizeof v4_mapped) == 0;
}

bool
address_is_any(const struct address *address)
{
	static const uint8_t zeros[16];

	if (address_is_v4(address))
		return memcmp(address->bytes + 12, zeros, 4) == 0;
	return memcmp(address->bytes, zeros, sizeof zeros) == 0;
}

bool
address_is_loopback(const struct address *address)
{
	static const uint8_t loopback[16] = {[15] = 1};

	if (address_is_v4(address))
		return address->bytes[12] == 127;
	return memcmp(address->bytes, loopback, sizeof loopback) == 0;
}

bool
address_is_link_local(const struct address *address)
{
	const uint8_t *const bytes = address->bytes;

	if (address_is_v4(address))
		return bytes[12] == 169 && bytes[13] == 254; /* RFC 3927 */
	return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

int
address_compare(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static int
refuse(const char *text, size_t len, struct error *error)
{
	char shown[SHOWN_SIZE];

	text_clean((struct text){text, len}, shown, sizeof shown);
	if (memchr(shown, '%', strlen(shown)) != NULL)
		error_set(error,
			"\"%s\" names an interface: give the address without '%%' and what follows",
			shown);
	else
		error_set(error, "\"%s\" is not an IP address, such as 192.0.2.1 or 2001:db8::1",
			shown);
	return -EINVAL;
}

int
address_parse(const char *text, size_t len, struct address *address, struct error *error)
{
	const bool brackets = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	const size_t inner = brackets ? len - 2 : len;
	char copy[ADDRESS_TEXT_SIZE];
	uint8_t bytes[16];

	if (inner >= sizeof copy || memchr(text, '\0', len) != NULL)
		return refuse(text, len, error);
	memcpy(copy, text + brackets, inner);
	copy[inner] = '\0';
	if (inet_pton(AF_INET6, copy, bytes) == 1) {
		*address = address_from_v6(bytes);
		return 0;
	}
	/* RFC 3986: brackets are for IPv6. */
	if (!brackets && inet_pton(AF_INET, copy, bytes) == 1) {
		*address = address_from_v4(bytes);
		return 0;
	}
	return refuse(text, len, error);
}

/* The bits after '/'; -1 when it is no number up to max. */
static int
parse_bits(const char *text, size_t len, int max)
{
	int bits = 0;

	if (len == 0 || len > 3)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		bits = bits * 10 + (text[i] - '0');
	}
	return bits <= max ? bits : -1;
}

static void
clear_host_bits(struct address_prefix *prefix)
{
	for (unsigned i = 0; i < 16; i++) {
		const int bits = prefix->length - (int)i * 8;

		if (bits < 8)
			prefix->address.bytes[i] &= bits <= 0 ? 0 : (uint8_t)(0xff << (8 - bits));
	}
}

int
address_prefix_parse(
	const char *text, size_t len, struct address_prefix *prefix, struct error *error)
{
	const char *const slash = len != 0 ? memchr(text, '/', len) : NULL;
	const size_t address_len = slash != NULL ? (size_t)(slash - text) : len;
	/* "::ffff:0:0/96" counts its bits as IPv6 although what it holds is IPv4. */
	const bool v6 = len != 0 && memchr(text, ':', address_len) != NULL;
	const int max = v6 ? 128 : 32;
	char shown[SHOWN_SIZE];
	int bits = max;

	if (address_parse(text, address_len, &prefix->address, error) != 0)
		return -EINVAL;
	if (slash != NULL)
		bits = parse_bits(slash + 1, len - address_len - 1, max);
	if (bits < 0) {
		text_clean((struct text){slash, len - address_len}, shown, sizeof shown);
		error_set(error, "\"%s\" is not a prefix length: write / and 0 to %d", shown, max);
		return -EINVAL;
	}
	prefix->length = (uint8_t)(v6 ? bits : bits + V4_PREFIX_BITS);
	clear_host_bits(prefix);
	return 0;
}

bool
address_prefix_match(const struct address_prefix *prefix, const struct address *address)
{
	const size_t whole = prefix->length / 8;
	const unsigned rest = prefix->length % 8;

	if (memcmp(prefix->address.bytes, address->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       ((prefix->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest)) == 0;
}
