/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A token bucket for each router, shared by all targets that are reached through it. */
#include <config.h>

#include "rate_limit.h"

#include <stdlib.h>

enum {
	TOKEN = 1000,
	SLACK = 50, /* timers are not exact, which must not cost a whole cycle */
	/*
	 * Linux has six, but an earlier or another program's probe may have used some of them.
	 * Beyond the rate they are for slots that have not been probed yet.
	 */
	BURST = 4,
	SPARE = 2 * TOKEN,
	/* A silent router is asked in each 2nd, 4th, 8th cycle. */
	MISSES = 3,
	MISSES_MAX = 6,
};

#define ROUTER_NONE UINT32_MAX

/* Probes go out in batches: tokens of a fast router are kept for so long between them. */
static const uint64_t kept_ns = 100 * UINT64_C(1000000);

void
rate_limit_init(struct rate_limit *limit)
{
	*limit = (struct rate_limit){.first_free = ROUTER_NONE};
}

void
rate_limit_fini(struct rate_limit *limit)
{
	map_fini(&limit->by_address);
	free(limit->routers);
}

static void
fill(struct rate_limit_router *router, uint64_t period_ns, uint64_t now_ns)
{
	const uint64_t passed_ns = now_ns - router->filled_ns;
	const int64_t full = BURST * TOKEN + (int64_t)(kept_ns * TOKEN / period_ns);
	int64_t tokens = router->tokens;

	router->filled_ns = now_ns;
	tokens += passed_ns > 2 * BURST * period_ns + kept_ns
			  ? full - tokens
			  : (int64_t)(passed_ns * TOKEN / period_ns);
	router->tokens = (int32_t)(tokens < full ? tokens : full);
}

/*
 * A slot that was probed waits for one round, in which each user of the router is probed once. When
 * tokens are left because all wait, chance decides which slot takes one.
 */
static bool
take_token(struct rate_limit_router *router, const struct rate_limit_slot *slot, uint64_t now_ns)
{
	const uint64_t round_ns = router->users * slot->period_ns;
	const uint64_t waited_ns = now_ns - slot->sent_ns + SLACK * slot->period_ns / TOKEN;

	fill(router, slot->period_ns, now_ns);
	if (router->tokens < TOKEN - SLACK)
		return false;
	if (slot->sent_ns != 0 && waited_ns < round_ns &&
		(router->users == 1 || router->tokens < SPARE ||
			map_hash(now_ns) % router->users != 0))
		return false;
	router->tokens -= TOKEN;
	return true;
}

static bool
is_resting(struct rate_limit_slot *slot)
{
	const unsigned doublings = slot->misses > MISSES_MAX ? MISSES_MAX - MISSES
				   : slot->misses > MISSES   ? slot->misses - (unsigned)MISSES
							     : 0;

	return ++slot->skipped < 1U << doublings;
}

bool
rate_limit_take(struct rate_limit *limit, struct rate_limit_slot *slot,
	const struct rate_limit_slot *like, uint64_t now_ns, bool has_beyond)
{
	const uint32_t router = slot->router != 0 || like == NULL ? slot->router : like->router;

	if (slot->is_open && slot->misses < UINT8_MAX)
		slot->misses++;
	slot->is_open = false;
	if (has_beyond && is_resting(slot))
		return false;
	if (router != 0 && !take_token(&limit->routers[router - 1], slot, now_ns))
		return false;
	slot->asked = router;
	slot->skipped = 0;
	slot->is_open = true;
	slot->sent_ns = now_ns;
	return true;
}

static uint32_t
take_router(struct rate_limit *limit)
{
	if (limit->first_free != ROUTER_NONE) {
		const uint32_t index = limit->first_free;
		limit->first_free = limit->routers[index].next_free;
		return index;
	}
	if (limit->count == limit->capacity) {
		const uint32_t capacity = limit->capacity == 0 ? 64 : limit->capacity * 2;
		struct rate_limit_router *routers;
		if (capacity > RATE_LIMIT_ROUTERS_MAX)
			return ROUTER_NONE;
		routers = realloc(limit->routers, capacity * sizeof *routers);
		if (routers == NULL)
			return ROUTER_NONE;
		limit->routers = routers;
		limit->capacity = capacity;
	}
	return limit->count++;
}

static uint64_t
key_of(const struct address *router, uint32_t netns)
{
	return map_hash_bytes(router->bytes, sizeof router->bytes, netns);
}

static void
charge(struct rate_limit_router *router, uint64_t period_ns, uint64_t now_ns)
{
	fill(router, period_ns, now_ns);
	if (router->tokens > -BURST * TOKEN)
		router->tokens -= TOKEN;
}

/* Index + 1 of the router with this address; 0: no room, so it is not spared. */
static uint32_t
find_router(
	struct rate_limit *limit, const struct address *address, uint32_t netns, uint64_t now_ns)
{
	const uint64_t key = key_of(address, netns);
	uint32_t index;

	if (map_find(&limit->by_address, key, &index))
		return index + 1;
	index = take_router(limit);
	if (index == ROUTER_NONE)
		return 0;
	limit->routers[index] = (struct rate_limit_router){
		.filled_ns = now_ns, .tokens = BURST * TOKEN, .key = key};
	if (map_set(&limit->by_address, key, index) != 0) {
		limit->routers[index].next_free = limit->first_free;
		limit->first_free = index;
		return 0;
	}
	return index + 1;
}

void
rate_limit_forget(struct rate_limit *limit, struct rate_limit_slot *slot)
{
	struct rate_limit_router *router;

	if (slot->router == 0)
		return;
	router = &limit->routers[slot->router - 1];
	if (--router->users == 0) {
		map_remove(&limit->by_address, router->key);
		router->next_free = limit->first_free;
		limit->first_free = slot->router - 1;
	}
	slot->router = 0;
}

void
rate_limit_answered(struct rate_limit *limit, struct rate_limit_slot *slot,
	const struct address *router, uint32_t netns, uint64_t now_ns)
{
	const uint32_t number = router == NULL ? 0 : find_router(limit, router, netns, now_ns);

	slot->is_open = false;
	slot->misses = 0;
	if (number == slot->router)
		return;
	rate_limit_forget(limit, slot);
	slot->router = number;
	if (number == 0)
		return;
	limit->routers[number - 1].users++;
	/* The probe was not charged to this router, which was not known to be there. */
	if (slot->asked != number)
		charge(&limit->routers[number - 1], slot->period_ns, now_ns);
}

void
rate_limit_charge(struct rate_limit *limit, const struct rate_limit_slot *slot,
	const struct address *router, uint32_t netns, uint64_t now_ns)
{
	uint32_t index;

	if (map_find(&limit->by_address, key_of(router, netns), &index))
		charge(&limit->routers[index], slot->period_ns, now_ns);
}
