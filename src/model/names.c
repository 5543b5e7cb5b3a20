/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of addresses: a ring of entries and an index of the addresses. */
#include <config.h>

#include <sockwatch/model/names.h>

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>

enum {
	FIRST_CAPACITY = 64,
	/* The name stays while the resolver asks again; otherwise it would blink. */
	GRACE_S = 30,
	LIFE_MAX_S = 86400,
};

struct entry {
	struct address address;
	char *text; /* NULL: free */
	uint64_t expires_ns;
};

struct names {
	struct entry *entries;
	uint32_t capacity, limit;
	uint32_t next;    /* slot of the next new one */
	struct map index; /* hash of the address to its slot */
};

struct names *
names_new(uint32_t limit)
{
	struct names *const names = calloc(1, sizeof *names);

	if (names == NULL)
		return NULL;
	names->limit = limit;
	map_init(&names->index);
	return names;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	for (uint32_t i = 0; i < names->capacity; i++)
		free(names->entries[i].text);
	free(names->entries);
	map_fini(&names->index);
	free(names);
}

static uint64_t
key_of(const struct address *address)
{
	return map_hash_bytes(address, sizeof *address, 0);
}

static struct entry *
find(const struct names *names, const struct address *address)
{
	uint32_t at;

	if (!map_find(&names->index, key_of(address), &at))
		return NULL;
	/* When two addresses have one hash, the one that came last is found. */
	return address_compare(&names->entries[at].address, address) == 0 ? &names->entries[at]
									  : NULL;
}

/* The slot stays as it is; the ring reaches it again. */
static void
forget(struct names *names, struct entry *entry)
{
	const uint32_t slot = (uint32_t)(entry - names->entries);
	uint32_t at;

	if (map_find(&names->index, key_of(&entry->address), &at) && at == slot)
		map_remove(&names->index, key_of(&entry->address));
	free(entry->text);
	entry->text = NULL;
}

static bool
grow(struct names *names)
{
	uint32_t capacity = names->capacity != 0 ? names->capacity * 2 : FIRST_CAPACITY;
	struct entry *entries;

	if (capacity > names->limit)
		capacity = names->limit;
	entries = reallocarray(names->entries, capacity, sizeof *entries);
	if (entries == NULL)
		return false;
	memset(entries + names->capacity, 0, (capacity - names->capacity) * sizeof *entries);
	names->entries = entries;
	names->capacity = capacity;
	return true;
}

/* A free slot; when there is none left, that of the oldest. NULL: no memory. */
static struct entry *
make_room(struct names *names)
{
	struct entry *entry;

	if (names->next == names->capacity && names->capacity < names->limit)
		(void)grow(names);
	if (names->entries == NULL)
		return NULL;
	if (names->next == names->capacity)
		names->next = 0;
	entry = &names->entries[names->next++];
	forget(names, entry);
	return entry;
}

void
names_take(struct names *names, const struct message_name *name, uint64_t now_ns)
{
	struct entry *entry = find(names, &name->address);
	const uint64_t life_s = name->ttl_s < LIFE_MAX_S ? name->ttl_s : (uint64_t)LIFE_MAX_S;
	char *text;

	if (name->status == NAME_NONE && entry != NULL)
		forget(names, entry);
	if (name->status != NAME_FOUND || name->name.len == 0 || name->name.len >= NAMES_SIZE)
		return;
	text = strndup(name->name.data, name->name.len);
	if (text == NULL)
		return;
	if (entry == NULL) {
		entry = make_room(names);
		if (entry == NULL || map_set(&names->index, key_of(&name->address),
					     (uint32_t)(entry - names->entries)) != 0) {
			free(text);
			return;
		}
		entry->address = name->address;
	}
	free(entry->text);
	entry->text = text;
	entry->expires_ns = now_ns + (life_s + GRACE_S) * CLOCK_NS_PER_S;
}

const char *
names_find(const struct names *names, const struct address *address, uint64_t now_ns)
{
	const struct entry *const entry = find(names, address);

	return entry != NULL && now_ns < entry->expires_ns ? entry->text : NULL;
}
