/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequence numbers that were passed over, in their order; see holes.h. */
#include <config.h>

#include "holes.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { HOLE_SETS = 1024, HOLES_MAX = 32, FOLLOWERS_ENOUGH = 3 };

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

bool
holes_init(struct holes *holes)
{
	/* Touched as they are needed. */
	holes->sets = calloc(HOLE_SETS, sizeof *holes->sets);
	return holes->sets != NULL;
}

void
holes_fini(struct holes *holes)
{
	free(holes->sets);
}

/* a lies before b on the circle of sequence numbers. */
static bool
is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static struct hole_set *
find_set(const struct holes *holes, const struct conversation *conversation)
{
	struct hole_set *set;

	if (conversation->hole_set == 0)
		return NULL;
	set = &holes->sets[conversation->hole_set - 1];
	return set->owner == conversation && set->generation == conversation->generation ? set
											 : NULL;
}

static struct hole_set *
get_set(struct holes *holes, struct conversation *conversation)
{
	struct hole_set *set = find_set(holes, conversation);

	if (set != NULL)
		return set;
	set = &holes->sets[holes->next];
	set->owner = conversation;
	set->generation = conversation->generation;
	set->count[0] = set->count[1] = 0;
	set->has_lesson[0] = set->has_lesson[1] = false;
	conversation->hole_set = (uint16_t)(holes->next + 1);
	holes->next = (holes->next + 1) % HOLE_SETS;
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
	const bool is_next = set->count[side] != 0;

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
