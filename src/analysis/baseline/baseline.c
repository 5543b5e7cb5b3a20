/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a baseline, and whether something is among them.
 *	baseline_parse.c  a text to lines
 *	baseline_take.c   what is open to lines
 *
 * Lines are kept as hashes, one map for all: a look-up tries each way in which a line may leave
 * something open. Lines with a prefix are few and are compared one by one.
 */
#include <config.h>

#include <sockwatch/analysis/baseline/baseline.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/map.h>

struct baseline {
	struct map known;
	struct baseline_item prefixes[BASELINE_PREFIXES_MAX];
	uint32_t prefix_count;
	uint32_t count;
	uint64_t refused;
};

enum { ADDRESS_BITS = 128 };

/* In place of a program. */
static const char any[] = "*any*", unknown[] = "*unknown*";

struct baseline *
baseline_new(void)
{
	struct baseline *const baseline = calloc(1, sizeof *baseline);

	if (baseline != NULL)
		map_init(&baseline->known);
	return baseline;
}

void
baseline_free(struct baseline *baseline)
{
	if (baseline == NULL)
		return;
	map_fini(&baseline->known);
	free(baseline);
}

uint32_t
baseline_count(const struct baseline *baseline)
{
	return baseline->count;
}

uint64_t
baseline_refused(const struct baseline *baseline)
{
	return baseline->refused;
}

static uint64_t
hash_of(const struct baseline_item *item, const char *netns, bool is_any_address, uint16_t port,
	const char *program)
{
	const uint64_t kind = (uint64_t)item->kind << 32 | (uint64_t)is_any_address << 16 | port;
	uint64_t hash = map_hash_bytes(netns, strlen(netns), kind);

	hash = map_hash_bytes(program, strlen(program), hash);
	return is_any_address ? hash : map_hash_16(&item->address.address, hash);
}

static bool
is_prefix(const struct baseline_item *item)
{
	return item->kind == BASELINE_DESTINATION && !item->is_any_address &&
	       item->address.length < ADDRESS_BITS;
}

static int
add_prefix(struct baseline *baseline, const struct baseline_item *item)
{
	if (baseline->prefix_count == BASELINE_PREFIXES_MAX)
		return -ENOSPC;
	baseline->prefixes[baseline->prefix_count++] = *item;
	return 0;
}

/* A line with a program answers for a socket whose program is not known too. */
static int
add_hashes(struct baseline *baseline, const struct baseline_item *item)
{
	const char *const program = item->program[0] != '\0' ? item->program : any;
	int result = map_set(&baseline->known,
		hash_of(item, item->netns, item->is_any_address, item->port, program), 1);

	if (result == 0 && item->program[0] != '\0')
		result = map_set(&baseline->known,
			hash_of(item, item->netns, item->is_any_address, item->port, unknown), 1);
	return result;
}

int
baseline_add(struct baseline *baseline, const struct baseline_item *item)
{
	if (baseline->count < BASELINE_LINES_MAX &&
		(is_prefix(item) ? add_prefix(baseline, item) : add_hashes(baseline, item)) == 0) {
		baseline->count++;
		return 0;
	}
	baseline->refused++;
	return -ENOSPC;
}

static bool
has_program(const struct baseline *baseline, const struct baseline_item *item, const char *netns,
	bool is_any_address, uint16_t port)
{
	const char *const program = item->program[0] != '\0' ? item->program : unknown;
	uint32_t ignored;

	return map_find(&baseline->known, hash_of(item, netns, is_any_address, port, program),
		       &ignored) ||
	       map_find(
		       &baseline->known, hash_of(item, netns, is_any_address, port, any), &ignored);
}

static bool
has_in(const struct baseline *baseline, const struct baseline_item *item, const char *netns)
{
	if (item->kind == BASELINE_CLIENT)
		return has_program(baseline, item, netns, true, 0);
	return has_program(baseline, item, netns, false, item->port) ||
	       has_program(baseline, item, netns, true, item->port) ||
	       has_program(baseline, item, netns, false, 0) ||
	       has_program(baseline, item, netns, true, 0);
}

static bool
is_within(const struct baseline_item *line, const struct baseline_item *item)
{
	return line->kind == item->kind && (line->port == 0 || line->port == item->port) &&
	       (strcmp(line->netns, "*") == 0 || strcmp(line->netns, item->netns) == 0) &&
	       (line->program[0] == '\0' || item->program[0] == '\0' ||
		       strcmp(line->program, item->program) == 0) &&
	       address_prefix_match(&line->address, &item->address.address);
}

bool
baseline_has(const struct baseline *baseline, const struct baseline_item *item)
{
	if (has_in(baseline, item, item->netns) || has_in(baseline, item, "*"))
		return true;
	for (uint32_t i = 0; i < baseline->prefix_count; i++)
		if (is_within(&baseline->prefixes[i], item))
			return true;
	return false;
}
