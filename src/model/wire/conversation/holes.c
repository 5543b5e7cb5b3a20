/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequence numbers that were passed over, in their order; see holes.h. */
#include <config.h>

#include "holes.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	HOLES_MAX = 32,
	FOLLOWERS_ENOUGH = 3,
	LEFT_ENOUGH = 8, /* so many sets are looked at for one that was left */
};

struct hole_set {
	/* The set is that conversation's while its generation is this one. */
	const struct conversation *owner;
	uint32_t generation;
	uint8_t count[2];
	bool awaits_report[2];
	bool has_lesson[2]; /* a set is taken often, and a lesson rarely learned: emptied then */
	struct holes_lesson lesson[2];
	struct hole holes[2][HOLES_MAX];
};

void
holes_init(struct holes *holes)
{
	*holes = (struct holes){.count = 0};
}

void
holes_fini(struct holes *holes)
{
	for (size_t i = 0; i < HOLE_BLOCKS; i++)
		free(holes->blocks[i]);
}

/* a lies before b on the circle of sequence numbers. */
static bool
is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static struct hole_set *
set_at(const struct holes *holes, uint32_t index)
{
	return &holes->blocks[index / HOLE_BLOCK_SETS][index % HOLE_BLOCK_SETS];
}

static struct hole_set *
find_set(const struct holes *holes, const struct conversation *conversation)
{
	struct hole_set *set;

	if (conversation->hole_set == 0)
		return NULL;
	set = set_at(holes, conversation->hole_set - 1U);
	return set->owner == conversation && set->generation == conversation->generation ? set
											 : NULL;
}

/* Its conversation is over: another one has its slot, or will have it. */
static bool
is_left(const struct hole_set *set)
{
	return set->owner->generation != set->generation;
}

/* Whether the next few sets have one that was left; the next time others are looked at. */
static bool
find_left(struct holes *holes, uint32_t *index)
{
	for (uint32_t i = 0; i < LEFT_ENOUGH && i < holes->count; i++) {
		*index = holes->hand;
		holes->hand = (holes->hand + 1) % holes->count;
		if (is_left(set_at(holes, *index)))
			return true;
	}
	return false;
}

/* False: there are enough, or there is no memory. */
static bool
add(struct holes *holes, uint32_t *index)
{
	struct hole_set **block;

	if (holes->count == HOLE_SETS)
		return false;
	block = &holes->blocks[holes->count / HOLE_BLOCK_SETS];
	/* A block never moves: somebody may hold a lesson in it. */
	if (*block == NULL)
		*block = calloc(HOLE_BLOCK_SETS, sizeof **block);
	if (*block == NULL)
		return false;
	*index = holes->count++;
	return true;
}

/* NULL: no memory for even one. */
static struct hole_set *
get_set(struct holes *holes, struct conversation *conversation)
{
	struct hole_set *set = find_set(holes, conversation);
	uint32_t index;

	if (set != NULL)
		return set;
	if (!find_left(holes, &index) && !add(holes, &index)) {
		if (holes->count == 0)
			return NULL;
		index = holes->next;
		holes->next = (holes->next + 1) % holes->count;
	}
	set = set_at(holes, index);
	set->owner = conversation;
	set->generation = conversation->generation;
	set->count[0] = set->count[1] = 0;
	set->has_lesson[0] = set->has_lesson[1] = false;
	conversation->hole_set = (uint16_t)(index + 1);
	return set;
}

static void
remove_at(struct hole_set *set, uint8_t side, size_t i)
{
	struct hole *const list = set->holes[side];

	set->count[side]--;
	memmove(&list[i], &list[i + 1], (set->count[side] - i) * sizeof *list);
}

/* The first two become one: it is still known that not all of it was seen, and since when. */
static void
merge_first(struct hole_set *set, uint8_t side)
{
	struct hole *const list = set->holes[side];

	if (is_before(list[1].begin, list[0].begin))
		list[0].begin = list[1].begin;
	if (is_before(list[0].end, list[1].end))
		list[0].end = list[1].end;
	list[0].acknowledged &= list[1].acknowledged;
	list[0].timestamp = list[0].echo = list[0].ip_id = 0;
	list[0].has_ack = false;
	remove_at(set, side, 1);
}

/* Keeps them in order. Returns the one that was added. */
static struct hole *
insert(struct hole_set *set, uint8_t side, const struct hole *hole)
{
	struct hole *const list = set->holes[side];
	size_t i;

	if (set->count[side] == HOLES_MAX)
		merge_first(set, side);
	for (i = set->count[side]; i > 0 && is_before(hole->begin, list[i - 1].begin); i--)
		list[i] = list[i - 1];
	list[i] = *hole;
	set->count[side]++;
	return &list[i];
}

void
holes_open(struct holes *holes, struct conversation *conversation, uint8_t side,
	const struct hole *hole)
{
	struct hole_set *const set = get_set(holes, conversation);
	bool is_next;

	if (set == NULL)
		return;
	is_next = set->count[side] != 0;
	insert(set, side, hole)->is_next = is_next;
	set->awaits_report[side] = true;
}

void
holes_follow(struct holes *holes, const struct conversation *conversation, uint8_t side,
	unsigned segments)
{
	struct hole_set *const set = find_set(holes, conversation);

	for (size_t i = 0; set != NULL && i < set->count[side]; i++) {
		struct hole *const hole = &set->holes[side][i];

		if (segments < FOLLOWERS_ENOUGH && hole->followers < FOLLOWERS_ENOUGH)
			hole->followers = (uint8_t)(hole->followers + segments);
		else
			hole->followers = FOLLOWERS_ENOUGH;
	}
}

static bool
overlaps(const struct hole *hole, uint32_t begin, uint32_t end)
{
	return is_before(begin, hole->end) && is_before(hole->begin, end);
}

/*
 * Takes the numbers out of hole i, which has some of them: none, one or two parts remain. Where
 * there is no room for two it stays as it is.
 */
static void
cut(struct hole_set *set, uint8_t side, size_t i, uint32_t begin, uint32_t end)
{
	struct hole *const hole = &set->holes[side][i];
	struct hole after = *hole;

	after.begin = end;
	if (is_before(hole->begin, begin)) {
		const bool is_split = is_before(after.begin, after.end);

		if (is_split && set->count[side] == HOLES_MAX)
			return;
		hole->end = begin;
		if (is_split)
			(void)insert(set, side, &after);
	} else if (is_before(after.begin, after.end)) {
		*hole = after;
	} else {
		remove_at(set, side, i);
	}
}

/* How many of the numbers are in the hole, which has some. */
static uint32_t
common(const struct hole *hole, uint32_t begin, uint32_t end)
{
	const uint32_t first = is_before(begin, hole->begin) ? hole->begin : begin;
	const uint32_t last = is_before(hole->end, end) ? hole->end : end;

	return last - first;
}

uint32_t
holes_fill(struct holes *holes, const struct conversation *conversation, uint8_t side,
	uint32_t begin, uint32_t end, struct hole *hole)
{
	struct hole_set *const set = find_set(holes, conversation);
	uint32_t filled = 0;

	/* From the last on, so that what remains after a cut is not looked at. */
	for (size_t i = set != NULL ? set->count[side] : 0; i-- > 0;) {
		if (!overlaps(&set->holes[side][i], begin, end))
			continue;
		*hole = set->holes[side][i];
		filled += common(hole, begin, end);
		cut(set, side, i, begin, end);
	}
	return filled;
}

bool
holes_contain(const struct holes *holes, const struct conversation *conversation, uint8_t side,
	uint32_t begin, uint32_t end)
{
	const struct hole_set *const set = find_set(holes, conversation);

	for (size_t i = 0; set != NULL && i < set->count[side]; i++)
		if (overlaps(&set->holes[side][i], begin, end))
			return true;
	return false;
}

bool
holes_await(const struct holes *holes, const struct conversation *conversation, uint8_t side)
{
	const struct hole_set *const set = find_set(holes, conversation);

	return set != NULL && set->count[side] != 0 && set->awaits_report[side];
}

void
holes_report(struct holes *holes, const struct conversation *conversation, uint8_t side,
	uint64_t time_ns, uint32_t timestamp, bool is_duplicate)
{
	struct hole_set *const set = find_set(holes, conversation);

	if (set == NULL)
		return;
	set->awaits_report[side] = false;
	for (size_t i = 0; i < set->count[side]; i++) {
		struct hole *const hole = &set->holes[side][i];

		if (hole->reported_ns == 0) {
			hole->reported_ns = time_ns;
			hole->reported_timestamp = timestamp;
		}
		if (is_duplicate && hole->duplicates < FOLLOWERS_ENOUGH)
			hole->duplicates++;
		if (hole->third_ns == 0 && (hole->followers >= FOLLOWERS_ENOUGH ||
						   hole->duplicates >= FOLLOWERS_ENOUGH))
			hole->third_ns = time_ns;
		set->awaits_report[side] |= hole->third_ns == 0;
	}
}

struct holes_lesson *
holes_lesson(const struct holes *holes, const struct conversation *conversation, uint8_t side)
{
	struct hole_set *const set = find_set(holes, conversation);

	if (set == NULL)
		return NULL;
	if (!set->has_lesson[side])
		memset(&set->lesson[side], 0, sizeof set->lesson[side]);
	set->has_lesson[side] = true;
	return &set->lesson[side];
}

void
holes_clear(struct holes *holes, const struct conversation *conversation, uint8_t side)
{
	struct hole_set *const set = find_set(holes, conversation);

	if (set != NULL)
		set->count[side] = 0;
}
