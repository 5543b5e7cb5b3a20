/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP addresses. IPv4 is kept as the IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), so that
 * one form compares, hashes and matches; the family of a socket is kept elsewhere.
 */
#ifndef SOCKWATCH_BASE_ADDRESS_H
#define SOCKWATCH_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/text.h>

struct address {
	uint8_t bytes[16];
};

struct address_prefix {
	struct address address;
	uint8_t length; /* in bits of the 128-bit form: 10.0.0.0/8 is 104 */
};

/*
 * An address together with its zone (RFC 4007): fe80::1 is another host on each link, and a socket
 * that is bound to an interface serves that one only. The zone is a link of one network namespace,
 * known by its number, its name, or both.
 */
struct address_scoped {
	struct address ip;
	uint32_t ifindex; /* 0: none, or only its name is known */
	struct text zone; /* name of the interface, not clean; empty: none, or it has no name */
};

/* "255.255.255.255", a full IPv6 address, a zone of an interface name, and brackets fit. */
enum {
	ADDRESS_TEXT_SIZE = 72,
	ADDRESS_PORT_SIZE = ADDRESS_TEXT_SIZE + 8,
	ADDRESS_ZONE_SIZE = 18, /* '%', IFNAMSIZ - 1 bytes, NUL */
};

struct address address_from_v4(const void *four_bytes);
struct address address_from_v6(const void *sixteen_bytes);
bool address_is_v4(const struct address *address);  /* IPv4-mapped */
bool address_is_any(const struct address *address); /* 0.0.0.0 or :: */
bool address_is_loopback(const struct address *address);
bool address_is_link_local(const struct address *address);
/* Without its zone it names no host: link-local unicast, interface-local and link-local multicast.
 */
bool address_needs_zone(const struct address *address);
int address_compare(const struct address *a, const struct address *b);
/* Which link tells apart connections of these two ends: ifindex, where one of them is no host
 * without its zone; else 0. */
static inline uint32_t
address_link_of(const struct address *one, const struct address *other, uint32_t ifindex)
{
	/* Nearly all are seen at once to have none: this is asked for each packet. */
	if (one->bytes[0] < 0xfe && other->bytes[0] < 0xfe)
		return 0;
	return address_needs_zone(one) || address_needs_zone(other) ? ifindex : 0;
}

/* RFC 5952 for IPv6, dotted quad for IPv4 and IPv4-mapped. Returns the length; size >=
 * ADDRESS_TEXT_SIZE. */
size_t address_format(const struct address *address, char *out, size_t size);

/* "192.0.2.1:443", "[2001:db8::1]:443". Returns the length; size >= ADDRESS_PORT_SIZE. */
size_t address_format_port(const struct address *address, uint16_t port, char *out, size_t size);

/*
 * For a narrow column: at most `columns` characters. An IPv6 address that does not fit loses its
 * middle
 * ("2001:db8..7:1"), so that network and host can still be recognised.
 */
size_t address_format_narrow(const struct address *address, size_t columns, char *out, size_t size);

/* Text of len bytes to an address; brackets around IPv6 allowed. 0, or -EINVAL with a sentence. */
int address_parse(const char *text, size_t len, struct address *address, struct error *error);

/*
 * The same with a zone: "fe80::1%eth0", "fe80::1%2" (RFC 4007 section 11). A zone that is a number
 * gives ifindex too. Zone points into text. Whether there is such a link is not looked at.
 * 0, or -EINVAL with a sentence.
 */
int address_scoped_parse(
	const char *text, size_t len, struct address_scoped *scoped, struct error *error);
/* "fe80::1%eth0", "fe80::1%2" where the link has no name. As address_format; the zone is not clean.
 */
size_t address_scoped_format(const struct address_scoped *scoped, char *out, size_t size);
/* Appends "%eth0" or "%2", or nothing. Returns the length now; size has ADDRESS_ZONE_SIZE more. */
size_t address_zone_format(const struct address_scoped *scoped, char *out, size_t size, size_t len);
/* Is the link meant by this zone, as a user wrote it: by its name, or by its number? */
bool address_zone_matches(const struct address_scoped *scoped, struct text zone);
/* Could it be the name or the number of a link (IFNAMSIZ, dev_valid_name() of the kernel)? */
bool address_zone_is_valid(struct text zone);
/* Address first, then the number of the link. */
int address_scoped_compare(const struct address_scoped *a, const struct address_scoped *b);

/*
 * "10.0.0.0/8", "2001:db8::/32", "10.0.0.1" (all bits), "10.0.0.0/255.0.0.0" is refused. Host bits
 * are cleared.
 */
int address_prefix_parse(
	const char *text, size_t len, struct address_prefix *prefix, struct error *error);
bool address_prefix_match(const struct address_prefix *prefix, const struct address *address);

#endif
