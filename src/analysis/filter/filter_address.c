/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses in a filter, with or without network and port, as people and ss write them: 10.0.0.1,
 * 10.0.0.0/8, 10.0.0.0/8:443, ::1, [::1]:443, 2001:db8::/32, :443, *:443; and with the zone that an
 * address has: fe80::1%eth0, [fe80::1]%eth0:443, fe80::%eth0/64, *%eth0:53.
 */
#include <config.h>

#include "filter_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/services.h>

static int
not_an_address(struct text item, size_t at, struct error *error)
{
	char word[64];

	error_set_at(error, at,
		"\"%s\" is not an address; use one like 10.0.0.1, 10.0.0.0/8, 2001:db8::/32, fe80::1%%eth0 or [::1]:443",
		filter_quote(item, word, sizeof word));
	return -EINVAL;
}

static int
parse_port(struct text port, size_t at, struct filter_address *wanted, struct error *error)
{
	double number = 0;
	char word[64];

	if (port.len == 1 && port.data[0] == '*')
		return 0;
	if (!port.len || number_parse_unit(port.data, port.len, UNIT_NONE, &number))
		number = services_port(port.data, port.len);
	if (number < 1 || number > UINT16_MAX) {
		error_set_at(error, at,
			"\"%s\" is not a port; use 1 to 65535 or a service like http",
			filter_quote(port, word, sizeof word));
		return -EINVAL;
	}
	wanted->has_port = true;
	wanted->port = (struct filter_range){.low = number, .high = number};
	return 0;
}

/*
 * Where the colon before the port stands, or item.len. In IPv6 without brackets every colon belongs
 * to the address.
 */
static size_t
find_port(struct text item)
{
	const char *const bracket = item.len ? memchr(item.data, ']', item.len) : NULL;
	const size_t after = bracket != NULL ? (size_t)(bracket - item.data) : 0;
	const char *const colon =
		item.len ? memchr(item.data + after, ':', item.len - after) : NULL;

	if (colon == NULL)
		return item.len;
	if (bracket == NULL &&
		memchr(colon + 1, ':', item.len - (size_t)(colon + 1 - item.data)) != NULL)
		return item.len;
	return (size_t)(colon - item.data);
}

/* A host in its parts; the brackets are still in them. */
struct host {
	struct text address, zone, bits; /* "fe80::1", "eth0", "/64" */
};

/* '/' is in no name of a link. False: what follows '%' is not one. */
static bool
split(struct text text, struct host *host)
{
	const char *const end = text.data + text.len;
	const char *const slash = text.len ? memchr(text.data, '/', text.len) : NULL;
	const char *const address_end = slash != NULL ? slash : end;
	const char *const percent =
		text.len ? memchr(text.data, '%', (size_t)(address_end - text.data)) : NULL;
	const char *zone_end = address_end;

	*host = (struct host){.address = {text.data, (size_t)(address_end - text.data)},
		.zone = {"", 0},
		.bits = {address_end, (size_t)(end - address_end)}};
	if (percent == NULL)
		return true;
	host->address.len = (size_t)(percent - text.data);
	/* "[fe80::1%eth0]": the bracket was opened before the zone. */
	if (text.data[0] == '[' && memchr(text.data, ']', host->address.len) == NULL &&
		zone_end[-1] == ']')
		zone_end--;
	host->zone = (struct text){percent + 1, (size_t)(zone_end - percent - 1)};
	return address_zone_is_valid(host->zone);
}

/* People write "[2001:db8::]/32" as well as "[2001:db8::/32]": brackets are dropped. */
static size_t
append_plain(struct text part, char *plain, size_t len)
{
	for (size_t i = 0; i < part.len; i++) {
		if (part.data[i] != '[' && part.data[i] != ']')
			plain[len++] = part.data[i];
	}
	return len;
}

/* ss lets the last zeros of an IPv4 network away: 10/8. */
static size_t
append_zeros(char *plain, size_t len)
{
	unsigned dots = 0;

	if (!len || strspn(plain, "0123456789.") != len || plain[len - 1] == '.')
		return len;
	for (size_t i = 0; i < len; i++)
		dots += plain[i] == '.';
	for (; dots < 3; dots++) {
		memcpy(plain + len, ".0", 2);
		len += 2;
	}
	return len;
}

static int
parse_prefix(struct text text, size_t at, struct filter_address *wanted, struct error *error)
{
	char plain[ADDRESS_TEXT_SIZE] = "";
	struct host host;
	size_t len;

	if (text.len + sizeof ".0.0.0" > sizeof plain || !split(text, &host))
		return not_an_address(text, at, error);
	wanted->zone = host.zone;
	if (host.address.len == 1 && host.address.data[0] == '*')
		return host.bits.len ? not_an_address(text, at, error) : 0;
	len = append_plain(host.address, plain, 0);
	if (host.bits.len)
		len = append_zeros(plain, len);
	len = append_plain(host.bits, plain, len);
	if (address_prefix_parse(plain, len, &wanted->prefix, NULL))
		return not_an_address(text, at, error);
	wanted->has_prefix = true;
	return 0;
}

static int
parse_address(struct text item, size_t at, struct filter_address *wanted, struct error *error)
{
	const size_t colon = find_port(item);
	const struct text host = {item.data, colon};
	const bool any = host.len == 0 || (host.len == 1 && host.data[0] == '*');
	int result = 0;

	if (!item.len || (any && host.len == item.len && host.len == 0))
		return not_an_address(item, at, error);
	if (!any)
		result = parse_prefix(host, at, wanted, error);
	if (!result && colon < item.len)
		result = parse_port((struct text){item.data + colon + 1, item.len - colon - 1},
			at + colon + 1, wanted, error);
	return result;
}

/* The field with the port of an address: local_port of local_addr. */
static const struct field *
port_of(const struct field_table *table, const struct field *field)
{
	return field->port != NULL ? field_find(table, field->port, strlen(field->port)) : NULL;
}

static int
check_address(const struct filter_term *term, const struct filter_address *wanted, size_t at,
	struct error *error)
{
	const bool order = term->compare != FILTER_COMPARE_DEFAULT &&
			   term->compare != FILTER_COMPARE_EQUAL &&
			   term->compare != FILTER_COMPARE_UNEQUAL;

	if (order && (term->count > 1 || !wanted->has_prefix || wanted->prefix.length != 128 ||
			     wanted->zone.len || wanted->has_port)) {
		error_set_at(error, at, "only a single whole address can be compared with < or >");
		return -EINVAL;
	}
	if (wanted->has_port && term->fields[0]->kind == VALUE_ADDRESS && term->ports[0] == NULL) {
		error_set_at(error, at, "%s has no port", term->fields[0]->name);
		return -EINVAL;
	}
	return 0;
}

int
filter_operand_addresses(struct filter_term *term, const struct field_table *table,
	const struct filter_operand *operand, struct error *error)
{
	size_t next = 0, at;
	struct text item;

	term->kind = FILTER_TERM_ADDRESS;
	term->addresses = calloc(filter_operand_count(operand), sizeof *term->addresses);
	if (term->addresses == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < term->field_count; i++)
		term->ports[i] = port_of(table, term->fields[i]);
	while (filter_operand_next(operand, &next, &item, &at)) {
		struct filter_address *const wanted = &term->addresses[term->count];
		int result = parse_address(item, at, wanted, error);

		if (result)
			return result;
		term->count++;
		result = check_address(term, wanted, at, error);
		if (result)
			return result;
	}
	return 0;
}
