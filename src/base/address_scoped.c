/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses with their zone (RFC 4007), read, compared and written. */
#include <config.h>

#include <sockwatch/base/address.h>

#include <errno.h>
#include <string.h>

#include <sockwatch/base/number.h>

enum { NAME_MAX_BYTES = 15 }; /* IFNAMSIZ without the NUL */

bool
address_needs_zone(const struct address *address)
{
	const uint8_t *const bytes = address->bytes;

	if (address_is_v4(address))
		return false; /* hosts take the only link-local network of IPv4 as one */
	/* RFC 4291 section 2.7: scopes 1 and 2. */
	return address_is_link_local(address) ||
	       (bytes[0] == 0xff && ((bytes[1] & 0xf) == 1 || (bytes[1] & 0xf) == 2));
}

bool
address_zone_is_valid(struct text zone)
{
	if (zone.len == 0 || zone.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < zone.len; i++) {
		const char c = zone.data[i];

		if (c == '/' || c == ':' || c == ' ' || c == '\0' || (c >= '\t' && c <= '\r'))
			return false;
	}
	return true;
}

/* The number of a link; 0: it is not one. */
static uint32_t
zone_number(struct text zone)
{
	uint64_t number = 0;

	if (zone.len == 0 || zone.len > 10)
		return 0;
	for (size_t i = 0; i < zone.len; i++) {
		if (zone.data[i] < '0' || zone.data[i] > '9')
			return 0;
		number = number * 10 + (uint64_t)(zone.data[i] - '0');
	}
	return number <= INT32_MAX ? (uint32_t)number : 0;
}

int
address_scoped_parse(
	const char *text, size_t len, struct address_scoped *scoped, struct error *error)
{
	const bool brackets = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	const char *const percent = len != 0 ? memchr(text, '%', len) : NULL;
	const size_t address_len = percent != NULL ? (size_t)(percent - text) : len;
	struct text zone = {"", 0};
	char shown[80];

	*scoped = (struct address_scoped){.zone = zone};
	if (percent == NULL)
		return address_parse(text, len, &scoped->ip, error);
	zone = (struct text){percent + 1, len - address_len - 1 - brackets};
	if (address_parse(text + brackets, address_len - brackets, &scoped->ip, error) != 0)
		return -EINVAL;
	if (!address_zone_is_valid(zone)) {
		text_clean(zone, shown, sizeof shown);
		error_set(error,
			"\"%s\" after '%%' is not an interface; use its name or its number, as in fe80::1%%eth0",
			shown);
		return -EINVAL;
	}
	scoped->zone = zone;
	scoped->ifindex = zone_number(zone);
	return 0;
}

size_t
address_zone_format(const struct address_scoped *scoped, char *out, size_t size, size_t len)
{
	char number[24];
	struct text zone = scoped->zone;

	if (zone.len == 0 && scoped->ifindex != 0)
		zone = (struct text){number, number_write_unsigned(scoped->ifindex, number)};
	if (zone.len == 0 || len + 1 + zone.len >= size)
		return len;
	out[len++] = '%';
	memcpy(out + len, zone.data, zone.len);
	out[len + zone.len] = '\0';
	return len + zone.len;
}

size_t
address_scoped_format(const struct address_scoped *scoped, char *out, size_t size)
{
	return address_zone_format(scoped, out, size, address_format(&scoped->ip, out, size));
}

bool
address_zone_matches(const struct address_scoped *scoped, struct text zone)
{
	if (scoped->zone.len != 0 && text_equal(scoped->zone, zone))
		return true;
	return scoped->ifindex != 0 && scoped->ifindex == zone_number(zone);
}

int
address_scoped_compare(const struct address_scoped *a, const struct address_scoped *b)
{
	const int order = address_compare(&a->ip, &b->ip);

	return order != 0 ? order : (a->ifindex > b->ifindex) - (a->ifindex < b->ifindex);
}
