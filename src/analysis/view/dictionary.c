/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/field/value.h"

enum { SEED_ADDRESS = 1, SEED_TEXT, SEED_LIST };

void
dictionary_init(struct dictionary *distinct)
{
	*distinct = (struct dictionary){.unknown = MAP_EMPTY};
	map_init(&distinct->map);
	for (size_t i = 0; i < DISTINCT_FRONT; i++)
		distinct->front[i].number = MAP_EMPTY;
}

void
dictionary_fini(struct dictionary *distinct)
{
	map_fini(&distinct->map);
	free(distinct->sockets);
}

static uint64_t
address_identity(const struct address *address, uint16_t port)
{
	uint32_t v4;

	if (!address_is_v4(address))
		return map_hash_bytes(address->bytes, sizeof(address->bytes), SEED_ADDRESS) + port;
	memcpy(&v4, address->bytes + 12, sizeof(v4));
	return (uint64_t)v4 << 16 | port;
}

/*
 * What tells a known value from others of its field. Texts that stay are known by where they stand,
 * composed ones by a keyed hash of 64 bits.
 */
static uint64_t
identity_of(const struct value *value)
{
	uint64_t bits = 0;

	switch (value->kind) {
	case VALUE_UNKNOWN: return 0;
	case VALUE_UNSIGNED: return value->number;
	case VALUE_REAL: memcpy(&bits, &value->real, sizeof(bits)); return bits;
	case VALUE_BOOL: return value->truth;
	case VALUE_TEXT:
		if (value_text_is_stable(value))
			return (uintptr_t)value->text.data;
		return map_hash_bytes(value->text.data, value->text.len, SEED_TEXT);
	case VALUE_ADDRESS: return address_identity(&value->address, 0);
	case VALUE_ENDPOINT:
		return address_identity(&value->endpoint.address, value->endpoint.port);
	case VALUE_TEXTS:
		for (size_t i = 0; i < value->texts.count; i++)
			bits = map_hash_bytes(value->texts.items[i], strlen(value->texts.items[i]),
				bits + SEED_LIST);
		return bits;
	case VALUE_OWNERS: return value->owners->pid;
	}
	return 0;
}

static uint32_t
append(struct dictionary *distinct, uint32_t socket)
{
	if (distinct->count == distinct->capacity) {
		uint32_t capacity = distinct->capacity ? distinct->capacity * 2 : 64;
		uint32_t *grown = realloc(distinct->sockets, capacity * sizeof(*grown));

		if (!grown)
			return MAP_EMPTY;
		distinct->sockets = grown;
		distinct->capacity = capacity;
	}
	distinct->sockets[distinct->count] = socket;
	return distinct->count++;
}

static size_t
front_slot(uint64_t identity)
{
	return (identity >> 4 ^ identity >> 12 ^ identity) & (DISTINCT_FRONT - 1);
}

uint32_t
dictionary_add(struct dictionary *distinct, const struct value *value, uint32_t socket)
{
	uint64_t identity = identity_of(value);
	size_t slot = front_slot(identity);
	uint32_t number;

	if (value->kind == VALUE_UNKNOWN) {
		if (distinct->unknown == MAP_EMPTY)
			distinct->unknown = append(distinct, socket);
		return distinct->unknown;
	}
	if (distinct->front[slot].identity == identity && distinct->front[slot].number != MAP_EMPTY)
		return distinct->front[slot].number;
	if (!map_find(&distinct->map, identity, &number)) {
		number = append(distinct, socket);
		if (number == MAP_EMPTY || map_set(&distinct->map, identity, number))
			return MAP_EMPTY;
	}
	distinct->front[slot].identity = identity;
	distinct->front[slot].number = number;
	return number;
}

uint32_t
dictionary_find(const struct dictionary *distinct, const struct value *value)
{
	uint32_t number;

	if (value->kind == VALUE_UNKNOWN)
		return distinct->unknown;
	return map_find(&distinct->map, identity_of(value), &number) ? number : MAP_EMPTY;
}
