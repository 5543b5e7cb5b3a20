/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of the different values of a field, by their identity. */
#include <config.h>

#include "dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/field/value.h"

enum { SEED_ADDRESS = 1, SEED_TEXT, SEED_LIST };

void
dictionary_init(struct dictionary *dictionary)
{
	*dictionary = (struct dictionary){.unknown = MAP_EMPTY};
	map_init(&dictionary->map);
	for (size_t i = 0; i < DICTIONARY_FRONT; i++)
		dictionary->front[i].number = MAP_EMPTY;
}

void
dictionary_fini(struct dictionary *dictionary)
{
	map_fini(&dictionary->map);
	free(dictionary->sockets);
}

static uint64_t
address_identity(const struct address_scoped *address, uint16_t port, bool scoped)
{
	uint64_t zone = 0;
	uint32_t v4;

	/* Names of links stay: the same name in two namespaces is one value. */
	if (scoped)
		zone = address->zone.len != 0 ? (uintptr_t)address->zone.data : address->ifindex;
	if (!address_is_v4(&address->ip) || zone != 0)
		return map_hash_bytes(
			       address->ip.bytes, sizeof address->ip.bytes, SEED_ADDRESS + zone) +
		       port;
	memcpy(&v4, address->ip.bytes + 12, sizeof v4);
	return (uint64_t)v4 << 16 | port;
}

/*
 * A number that differs between known values of a field; of texts a keyed hash of 64 bits. The same
 * text may stand in several places: interned, and copied from a process that has ended.
 */
static uint64_t
identity_of(const struct value *value)
{
	uint64_t bits = 0;

	switch (value->kind) {
	case VALUE_UNKNOWN: return 0;
	case VALUE_UNSIGNED: return value->number;
	case VALUE_REAL: memcpy(&bits, &value->real, sizeof bits); return bits;
	case VALUE_BOOL: return value->truth;
	case VALUE_TEXT: return map_hash_bytes(value->text.data, value->text.len, SEED_TEXT);
	case VALUE_ADDRESS:
		return address_identity(&value->address, 0, address_needs_zone(&value->address.ip));
	case VALUE_ENDPOINT:
		return address_identity(&value->endpoint.address, value->endpoint.port, true);
	case VALUE_TEXTS:
		for (size_t i = 0; i < value->texts.count; i++)
			bits = map_hash_bytes(value->texts.items[i], strlen(value->texts.items[i]),
				bits + SEED_LIST);
		return bits;
	case VALUE_OWNERS: return value->owners->pid;
	case VALUE_FIGURES: return value->figures.count; /* no field of sockets */
	}
	return 0;
}

static uint32_t
append(struct dictionary *dictionary, uint32_t socket)
{
	if (dictionary->count == dictionary->capacity) {
		const uint32_t capacity = dictionary->capacity ? dictionary->capacity * 2 : 64;
		uint32_t *const grown = realloc(dictionary->sockets, capacity * sizeof *grown);

		if (grown == NULL)
			return MAP_EMPTY;
		dictionary->sockets = grown;
		dictionary->capacity = capacity;
	}
	dictionary->sockets[dictionary->count] = socket;
	return dictionary->count++;
}

/* What the front knows a value by: a text that stays by its address, which spares the hash. */
static uint64_t
front_key(const struct value *value)
{
	if (value->kind == VALUE_TEXT && value_text_is_stable(value))
		return (uintptr_t)value->text.data;
	return identity_of(value);
}

static size_t
front_slot(uint64_t key)
{
	return (key >> 4 ^ key >> 12 ^ key) & (DICTIONARY_FRONT - 1);
}

uint32_t
dictionary_add(struct dictionary *dictionary, const struct value *value, uint32_t socket)
{
	const uint64_t key = front_key(value);
	const size_t slot = front_slot(key);
	uint64_t identity;
	uint32_t number;

	if (value->kind == VALUE_UNKNOWN) {
		if (dictionary->unknown == MAP_EMPTY)
			dictionary->unknown = append(dictionary, socket);
		return dictionary->unknown;
	}
	if (dictionary->front[slot].key == key && dictionary->front[slot].number != MAP_EMPTY)
		return dictionary->front[slot].number;
	identity = identity_of(value);
	if (!map_find(&dictionary->map, identity, &number)) {
		number = append(dictionary, socket);
		if (number == MAP_EMPTY || map_set(&dictionary->map, identity, number))
			return MAP_EMPTY;
	}
	dictionary->front[slot].key = key;
	dictionary->front[slot].number = number;
	return number;
}

uint32_t
dictionary_find(const struct dictionary *dictionary, const struct value *value)
{
	uint32_t number;

	if (value->kind == VALUE_UNKNOWN)
		return dictionary->unknown;
	return map_find(&dictionary->map, identity_of(value), &number) ? number : MAP_EMPTY;
}
