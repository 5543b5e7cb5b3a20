/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rings of recent events, and how a flood becomes one event a second; see event_ring.h. */
#include <config.h>

#include "event_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>

enum {
	WINDOW_MS = 100,
	ESTIMATE_OFTEN = 256, /* up to so many every one, beyond it every so many */
};

static const uint64_t window_ns = WINDOW_MS * CLOCK_NS_PER_MS;

int
event_ring_init(struct event_ring *ring, uint32_t events, uint32_t fold_above, uint64_t *numbers)
{
	uint32_t capacity = 1;

	while (capacity < events && capacity < UINT32_MAX / 2)
		capacity *= 2;
	ring->events = calloc(capacity, sizeof *ring->events);
	ring->capacity = capacity;
	ring->fold_above = fold_above;
	ring->numbers = numbers;
	return ring->events != NULL ? 0 : -ENOMEM;
}

void
event_ring_fini(struct event_ring *ring)
{
	free(ring->events);
}

static struct event *
at(const struct event_ring *ring, uint64_t position)
{
	return &ring->events[position & (ring->capacity - 1)];
}

struct event *
event_ring_add(struct event_ring *ring)
{
	struct event *const event = at(ring, ring->end++);

	event->number = (*ring->numbers)++;
	event->folded = event->sources = 0;
	event->words[0] = '\0';
	return event;
}

/* The position of the oldest with this number or a higher one; the end: there is none. */
static uint64_t
search(const struct event_ring *ring, uint64_t number)
{
	uint64_t low = ring->end > ring->capacity ? ring->end - ring->capacity : 0;
	uint64_t high = ring->end;

	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;

		if (at(ring, middle)->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct event *
event_ring_from(const struct event_ring *ring, uint64_t number)
{
	const uint64_t position = search(ring, number);

	return position < ring->end ? at(ring, position) : NULL;
}

const struct event *
event_ring_before(const struct event_ring *ring, uint64_t number)
{
	const uint64_t position = search(ring, number);

	return position != 0 && ring->end - position < ring->capacity ? at(ring, position - 1)
								      : NULL;
}

uint32_t
event_ring_room(const struct event_ring *ring, uint64_t number)
{
	const uint64_t position = search(ring, number);

	if (position == ring->end || at(ring, position)->number != number)
		return 0;
	return (uint32_t)(ring->capacity - (ring->end - position) + 1);
}

static void
register_add(struct event_fold *fold, uint64_t hash)
{
	uint8_t *const rank_seen = &fold->registers[hash & (EVENT_FOLD_REGISTERS - 1)];
	const uint8_t rank = (uint8_t)(__builtin_clzll(hash | 0xff) + 1);

	if (*rank_seen < rank)
		*rank_seen = rank;
}

/* Natural logarithm of m / n for the linear counting of few: a sum that is exact enough. */
static double
harmonic(unsigned from, unsigned to)
{
	double sum = 0;

	for (unsigned i = from; i < to; i++)
		sum += 1.0 / (i + 0.5);
	return sum;
}

/* Flajolet et al. 2007; few are counted by how many registers are empty. Not inlined: it is asked
 * for seldom, by what happens for each packet of a flood. */
__attribute__((noinline)) static uint32_t
estimate(const struct event_fold *fold)
{
	static const double m = EVENT_FOLD_REGISTERS;
	const double alpha = 0.7213 / (1 + 1.079 / m);
	double sum = 0;
	unsigned empty = 0;
	double count;

	for (unsigned i = 0; i < EVENT_FOLD_REGISTERS; i++) {
		sum += 1.0 / (double)(UINT64_C(1) << fold->registers[i]);
		empty += fold->registers[i] == 0;
	}
	count = alpha * m * m / sum;
	if (count <= 2.5 * m && empty != 0)
		count = m * harmonic(empty, EVENT_FOLD_REGISTERS);
	return count < 1 ? 1 : (uint32_t)(count + 0.5);
}

static void
rotate_window(struct event_fold *fold, uint64_t time_ns, uint32_t fold_above)
{
	const uint64_t passed_ns = time_ns - fold->window_ns;

	if (time_ns >= fold->window_ns && passed_ns < window_ns)
		return;
	fold->hot =
		fold->count > fold_above && time_ns >= fold->window_ns && passed_ns < 2 * window_ns;
	if (!fold->hot)
		fold->open = false;
	fold->count = 0;
	fold->window_ns = time_ns;
}

/* True: this fold takes the event in, as the first of a new one when *event is set. */
static bool
take(struct event_ring *ring, struct event_fold *fold, uint64_t time_ns, uint64_t far_hash,
	struct event **event)
{
	struct event *first;

	rotate_window(fold, time_ns, ring->fold_above);
	fold->count++;
	if (!fold->hot && fold->count <= ring->fold_above)
		return false;
	if (!fold->open || time_ns - fold->opened_ns >= CLOCK_NS_PER_S ||
		ring->end - fold->position > ring->capacity) {
		fold->position = ring->end;
		*event = event_ring_add(ring);
		fold->opened_ns = time_ns;
		fold->open = true;
		memset(fold->registers, 0, sizeof fold->registers);
		register_add(fold, far_hash);
		(*event)->sources = 1;
		return true; /* it is the first */
	}
	first = at(ring, fold->position);
	first->folded++;
	register_add(fold, far_hash);
	if (first->folded < ESTIMATE_OFTEN ? first->folded % 8 == 0
					   : first->folded % ESTIMATE_OFTEN == 0)
		first->sources = estimate(fold);
	return true;
}

/* The fold of this key, or NULL while another one that is busier has its slot. */
static struct event_fold *
find_fold(struct event_ring *ring, unsigned scope, uint64_t key, uint64_t time_ns)
{
	struct event_fold *const fold = &ring->folds[scope][key % EVENT_FOLDS];

	if (fold->key == key)
		return fold;
	if (fold->count != 0 && time_ns - fold->window_ns < 2 * window_ns) {
		fold->count -= !fold->hot;
		return NULL;
	}
	fold->key = key;
	fold->count = 0;
	fold->hot = fold->open = false;
	fold->window_ns = time_ns;
	return fold;
}

static uint64_t
key_of(const struct event_scope *scope, enum event_fold_scope by)
{
	switch (by) {
	case EVENT_FOLD_ENDPOINT:
		return map_hash(scope->other_hash ^ (scope->what << 16 | scope->port) << 2);
	case EVENT_FOLD_ADDRESS: return map_hash((scope->other_hash ^ scope->what << 2) + 1);
	case EVENT_FOLD_OPENER: return map_hash((scope->opener_hash ^ scope->what << 2) + 2);
	}
	return 0;
}

bool
event_ring_fold(struct event_ring *ring, const struct event_scope *scope, struct event **event)
{
	*event = NULL;
	for (unsigned i = 0; ring->fold_above != UINT32_MAX && i < EVENT_FOLD_SCOPES; i++) {
		const uint64_t key = key_of(scope, (enum event_fold_scope)i);
		const uint64_t far_hash =
			i == EVENT_FOLD_OPENER ? scope->other_hash : scope->opener_hash;
		struct event_fold *const fold = find_fold(ring, i, key, scope->time_ns);

		if (fold == NULL || !take(ring, fold, scope->time_ns, far_hash, event))
			continue;
		if (*event != NULL)
			(*event)->fold_scope = (uint8_t)i;
		return *event == NULL;
	}
	*event = event_ring_add(ring);
	return false;
}

void
event_ring_close(struct event_ring *ring, uint64_t number)
{
	for (unsigned scope = 0; scope < EVENT_FOLD_SCOPES; scope++) {
		for (unsigned i = 0; i < EVENT_FOLDS; i++) {
			struct event_fold *const fold = &ring->folds[scope][i];

			if (fold->open && at(ring, fold->position)->number == number)
				fold->open = false;
		}
	}
}
