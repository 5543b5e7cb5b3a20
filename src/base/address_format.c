/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses as text. Not inet_ntop: it costs several times as much, and glibc writes ::102:304 as
 * ::1.2.3.4, which RFC 5952 section 5 keeps for prefixes known to embed IPv4.
 */
#include <config.h>

#include <sockwatch/base/address.h>

#include <stdio.h>
#include <string.h>

enum { GROUPS = 8 };

static char *
write_octet(uint8_t octet, char *out)
{
	if (octet >= 100)
		*out++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*out++ = (char)('0' + octet / 10 % 10);
	*out++ = (char)('0' + octet % 10);
	return out;
}

static size_t
format_v4(const uint8_t *bytes, char *out)
{
	char *end = out;

	for (unsigned i = 0; i < 4; i++) {
		if (i != 0)
			*end++ = '.';
		end = write_octet(bytes[i], end);
	}
	*end = '\0';
	return (size_t)(end - out);
}

/* RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equal ones. */
static void
find_zero_run(const uint16_t *groups, unsigned *start, unsigned *end)
{
	*start = *end = GROUPS;
	for (unsigned i = 0; i < GROUPS;) {
		unsigned j = i;

		while (j < GROUPS && groups[j] == 0)
			j++;
		if (j - i >= 2 && j - i > *end - *start) {
			*start = i;
			*end = j;
		}
		i = j + 1;
	}
}

static char *
write_group(uint16_t group, char *out)
{
	static const char hex[] = "0123456789abcdef";

	if (group >= 0x1000)
		*out++ = hex[group >> 12];
	if (group >= 0x100)
		*out++ = hex[group >> 8 & 0xf];
	if (group >= 0x10)
		*out++ = hex[group >> 4 & 0xf];
	*out++ = hex[group & 0xf];
	return out;
}

static size_t
format_v6(const uint8_t *bytes, char *out)
{
	uint16_t groups[GROUPS];
	unsigned run_start;
	unsigned run_end;
	char *end = out;

	for (unsigned i = 0; i < GROUPS; i++)
		groups[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	find_zero_run(groups, &run_start, &run_end);
	for (unsigned i = 0; i < GROUPS; i++) {
		if (i == run_start) {
			*end++ = ':';
			i = run_end - 1;
			if (run_end == GROUPS)
				*end++ = ':';
			continue;
		}
		if (i != 0)
			*end++ = ':';
		end = write_group(groups[i], end);
	}
	*end = '\0';
	return (size_t)(end - out);
}

size_t
address_format(const struct address *address, char *out, size_t size)
{
	if (size < ADDRESS_TEXT_SIZE) {
		if (size != 0)
			out[0] = '\0';
		return 0;
	}
	if (address_is_v4(address))
		return format_v4(address->bytes + 12, out);
	return format_v6(address->bytes, out);
}

size_t
address_format_port(const struct address *address, uint16_t port, char *out, size_t size)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text, sizeof text);
	return (size_t)snprintf(
		out, size, address_is_v4(address) ? "%s:%u" : "[%s]:%u", text, port);
}

/* The longest beginning of at most max characters that ends with a whole group (or is "::"). */
static size_t
whole_head(const char *text, size_t max)
{
	size_t best = 0;

	for (size_t i = 1; i <= max; i++) {
		if ((text[i] == ':' && text[i - 1] != ':') || (i == 2 && text[0] == ':'))
			best = i;
	}
	return best;
}

/* The longest such end. */
static size_t
whole_tail(const char *text, size_t len, size_t max)
{
	size_t best = 0;

	for (size_t i = 1; i <= max; i++) {
		if ((text[len - i - 1] == ':' && text[len - i] != ':') ||
			(i == 2 && text[len - 1] == ':'))
			best = i;
	}
	return best;
}

/*
 * len > columns, so head and tail never meet. Whole groups are kept, more of the network than of
 * the host; where not even one of each fits, characters are.
 */
static void
drop_middle(char *text, size_t len, size_t columns)
{
	const size_t room = columns - 2;
	size_t head = whole_head(text, room * 3 / 4);
	size_t tail = whole_tail(text, len, room - head);

	head = whole_head(text, room - tail);
	if (head == 0 || tail == 0) {
		tail = room / 2;
		head = room - tail;
	}
	text[head] = '.';
	text[head + 1] = '.';
	memmove(text + head + 2, text + len - tail, tail + 1);
}

size_t
address_format_narrow(const struct address *address, size_t columns, char *out, size_t size)
{
	enum { LEAST_FOR_BOTH_ENDS = 6 };
	const size_t len = address_format(address, out, size);

	if (len <= columns)
		return len;
	if (columns == 0) {
		out[0] = '\0';
		return 0;
	}
	if (address_is_v4(address) || columns < LEAST_FOR_BOTH_ENDS) {
		out[columns - 1] = '~';
		out[columns] = '\0';
		return columns;
	}
	drop_middle(out, len, columns);
	return strlen(out);
}
