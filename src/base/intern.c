/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts kept once and named by numbers: blocks that never move, and a map from hash to number. */
#include <config.h>

#include <sockwatch/base/intern.h>

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/map.h>

enum { BLOCK_SIZE = 65536, FIRST_ENTRIES = 256 };

/* The text of the number that stands for everything beyond the limit. */
static const char too_many[] = "(too many names)";

struct entry {
	const char *data;
	uint32_t len;
	uint32_t next; /* the next number whose text has the same hash; 0: none */
};

/* Blocks never move, so a struct text stays valid as long as the table. */
struct block {
	struct block *next;
	size_t used;
	size_t size;
	char bytes[];
};

struct intern {
	struct entry *entries; /* entries[id - 1] */
	uint32_t count;
	uint32_t capacity;
	uint32_t limit;
	uint64_t refused;
	struct map first_of_hash;
	struct block *blocks;
};

struct intern *
intern_new(uint32_t limit)
{
	struct intern *const intern = calloc(1, sizeof *intern);

	if (intern == NULL)
		return NULL;
	/* limit + 1 is a number too, and MAP_EMPTY cannot be one. */
	intern->limit = limit < MAP_EMPTY - 2 ? limit : MAP_EMPTY - 2;
	map_init(&intern->first_of_hash);
	return intern;
}

void
intern_free(struct intern *intern)
{
	if (intern == NULL)
		return;
	while (intern->blocks != NULL) {
		struct block *const block = intern->blocks;

		intern->blocks = block->next;
		free(block);
	}
	map_fini(&intern->first_of_hash);
	free(intern->entries);
	free(intern);
}

static char *
allocate(struct intern *intern, size_t len)
{
	struct block *block = intern->blocks;
	char *bytes;

	if (block == NULL || block->size - block->used < len) {
		const size_t size = len > BLOCK_SIZE ? len : BLOCK_SIZE;

		block = malloc(sizeof *block + size);
		if (block == NULL)
			return NULL;
		*block = (struct block){.next = intern->blocks, .size = size};
		intern->blocks = block;
	}
	bytes = block->bytes + block->used;
	block->used += len;
	return bytes;
}

static bool
make_room(struct intern *intern)
{
	struct entry *entries;
	size_t capacity = (size_t)intern->capacity * 2;

	if (intern->count < intern->capacity)
		return true;
	if (capacity < FIRST_ENTRIES)
		capacity = FIRST_ENTRIES;
	if (capacity > intern->limit)
		capacity = intern->limit;
	entries = reallocarray(intern->entries, capacity, sizeof *entries);
	if (entries == NULL)
		return false;
	intern->entries = entries;
	intern->capacity = (uint32_t)capacity;
	return true;
}

static uint32_t
add_new(struct intern *intern, struct text text, uint64_t hash, uint32_t next)
{
	char *data;

	if (!make_room(intern))
		return 0;
	data = allocate(intern, text.len + 1);
	if (data == NULL || map_set(&intern->first_of_hash, hash, intern->count + 1) != 0)
		return 0;
	memcpy(data, text.data, text.len);
	data[text.len] = '\0';
	intern->entries[intern->count++] =
		(struct entry){.data = data, .len = (uint32_t)text.len, .next = next};
	return intern->count;
}

uint32_t
intern_add(struct intern *intern, struct text text)
{
	uint32_t first = 0;
	uint64_t hash;

	if (text.len == 0)
		return 0;
	hash = map_hash_bytes(text.data, text.len, 0);
	if (!map_find(&intern->first_of_hash, hash, &first))
		first = 0;
	for (uint32_t id = first; id != 0; id = intern->entries[id - 1].next) {
		if (text_equal(intern_get(intern, id), text))
			return id;
	}
	if (intern->count >= intern->limit || text.len >= UINT32_MAX) {
		intern->refused++;
		return intern->limit + 1;
	}
	return add_new(intern, text, hash, first);
}

struct text
intern_get(const struct intern *intern, uint32_t id)
{
	if (id != 0 && id <= intern->count)
		return (struct text){intern->entries[id - 1].data, intern->entries[id - 1].len};
	if (id == intern->limit + 1 && intern->refused != 0)
		return (struct text){too_many, sizeof too_many - 1};
	return (struct text){"", 0};
}

uint32_t
intern_count(const struct intern *intern)
{
	return intern->count;
}

uint64_t
intern_refused(const struct intern *intern)
{
	return intern->refused;
}
