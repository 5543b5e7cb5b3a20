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

struct address {
	uint8_t bytes[16];
};

struct address_prefix {
	struct address address;
	uint8_t length; /* in bits of the 128-bit form: 10.0.0.0/8 is 104 */
};

/* "255.255.255.255", a full IPv6 address, a zone of an interface name, and brackets fit. */
enum { ADDRESS_TEXT_SIZE = 72, ADDRESS_PORT_SIZE = ADDRESS_TEXT_SIZE + 8 };

struct address address_from_v4(const void *four_bytes);
struct address address_from_v6(const void *sixteen_bytes);
bool address_is_v4(const struct address *address);  /* IPv4-mapped */
bool address_is_any(const struct address *address); /* 0.0.0.0 or :: */
bool address_is_loopback(const struct address *address);
bool address_is_link_local(const struct address *address);
int address_compare(const struct address *a, const struct address *b);

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
 * "10.0.0.0/8", "2001:db8::/32", "10.0.0.1" (all bits), "10.0.0.0/255.0.0.0" is refused. Host bits
 * are cleared.
 */
int address_prefix_parse(
	const char *text, size_t len, struct address_prefix *prefix, struct error *error);
bool address_prefix_match(const struct address_prefix *prefix, const struct address *address);

#endif
