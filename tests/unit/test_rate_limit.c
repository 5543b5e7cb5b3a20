/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "collector/probe/rate_limit.h"

#include "unit.h"

#define MS UINT64_C(1000000)
#define T0 (UINT64_C(5000) * MS)

enum { SLOTS = 100 };

static const struct address router_a = {{[10] = 0xff, [11] = 0xff, 10, 0, 0, 1}};
static const struct address router_b = {{[10] = 0xff, [11] = 0xff, 10, 0, 0, 2}};

/*
 * Linux's token bucket for ICMP errors to one peer (net/ipv4/inetpeer.c): six at once, then one a
 * second.
 */
struct linux_router {
	uint64_t tokens_ms, filled_ns;
};

static bool
linux_answers(struct linux_router *router, uint64_t now_ns)
{
	const uint64_t passed_ms = (now_ns - router->filled_ns) / MS;

	router->tokens_ms += passed_ms;
	router->filled_ns += passed_ms * MS;
	if (router->tokens_ms > 6000)
		router->tokens_ms = 6000;
	if (router->tokens_ms < 1000)
		return false;
	router->tokens_ms -= 1000;
	return true;
}

static struct rate_limit_slot
new_slot(void)
{
	return (struct rate_limit_slot){.period_ns = 1000 * MS};
}

static void
a_router_as_linux_makes_it_always_answers(void **state)
{
	struct linux_router router = {.tokens_ms = 6000, .filled_ns = T0};
	struct rate_limit_slot slot = new_slot();
	unsigned sent = 0, answered = 0;
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	/* Ten cycles a second for a minute. */
	for (uint64_t now_ns = T0; now_ns < T0 + 60000 * MS; now_ns += 100 * MS) {
		if (!rate_limit_take(&limit, &slot, NULL, now_ns, true))
			continue;
		sent++;
		if (!linux_answers(&router, now_ns))
			continue;
		answered++;
		rate_limit_answered(&limit, &slot, &router_a, 1, now_ns);
	}
	assert_int_equal(answered, sent);
	assert_in_range(sent, 55, 62);
	rate_limit_forget(&limit, &slot);
	rate_limit_fini(&limit);
}

static void
a_cycle_a_second_is_never_skipped(void **state)
{
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (uint64_t i = 0; i < 1000; i++) {
		/* Timers are late by up to 20 ms, now more, now less. */
		const uint64_t now_ns = T0 + i * 1000 * MS + (i * 7 % 20) * MS;
		assert_true(rate_limit_take(&limit, &slot, NULL, now_ns, true));
		rate_limit_answered(&limit, &slot, &router_a, 1, now_ns);
	}
	rate_limit_forget(&limit, &slot);
	rate_limit_fini(&limit);
}

/* A hundred targets behind one router: each is probed in turn, and together they ask once a second.
 */
static void
users_of_a_router_take_turns(void **state)
{
	struct rate_limit_slot slots[SLOTS];
	unsigned sent[SLOTS] = {0};
	unsigned all = 0;
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (unsigned i = 0; i < SLOTS; i++) {
		slots[i] = new_slot();
		assert_true(rate_limit_take(&limit, &slots[i], NULL, T0, true));
		rate_limit_answered(&limit, &slots[i], &router_a, 1, T0);
	}
	for (uint64_t s = 1; s <= 500; s++) {
		for (unsigned i = 0; i < SLOTS; i++) {
			const uint64_t now_ns = T0 + s * 1000 * MS + i * MS;
			if (!rate_limit_take(&limit, &slots[i], NULL, now_ns, true))
				continue;
			rate_limit_answered(&limit, &slots[i], &router_a, 1, now_ns);
			sent[i]++;
			all++;
		}
	}
	assert_in_range(all, 450, 502);
	for (unsigned i = 0; i < SLOTS; i++) {
		assert_in_range(sent[i], 3, 10);
		rate_limit_forget(&limit, &slots[i]);
	}
	rate_limit_fini(&limit);
}

/* A router that may be asked a thousand times a second, by a hundred at once, forty times a second.
 */
static void
a_fast_router_is_asked_by_many_at_once(void **state)
{
	struct rate_limit_slot slots[SLOTS];
	unsigned sent = 0;
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (unsigned i = 0; i < SLOTS; i++) {
		slots[i] = (struct rate_limit_slot){.period_ns = MS};
		rate_limit_answered(&limit, &slots[i], &router_a, 1, T0);
	}
	for (uint64_t now_ns = T0 + 1000 * MS; now_ns < T0 + 3000 * MS; now_ns += 1000 * MS)
		for (unsigned i = 0; i < SLOTS; i++)
			sent += rate_limit_take(&limit, &slots[i], NULL, now_ns, false);
	assert_int_equal(sent, 2 * SLOTS);
	for (unsigned i = 0; i < SLOTS; i++)
		rate_limit_forget(&limit, &slots[i]);
	rate_limit_fini(&limit);
}

static void
what_answers_by_itself_is_not_spared(void **state)
{
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (uint64_t i = 0; i < 100; i++) {
		assert_true(rate_limit_take(&limit, &slot, NULL, T0 + i * 20 * MS, false));
		rate_limit_answered(&limit, &slot, NULL, 1, T0 + i * 20 * MS);
	}
	rate_limit_fini(&limit);
}

static void
a_silent_router_is_asked_less_and_less(void **state)
{
	struct rate_limit_slot slot = new_slot();
	unsigned sent = 0;
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (uint64_t i = 0; i < 83; i++)
		sent += rate_limit_take(&limit, &slot, NULL, T0 + i * 1000 * MS, true);
	assert_in_range(sent, 12, 20);
	/* It answers once: from then on as before. */
	rate_limit_answered(&limit, &slot, &router_a, 1, T0 + 83000 * MS);
	assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 84000 * MS, true));
	rate_limit_answered(&limit, &slot, &router_a, 1, T0 + 84000 * MS);
	assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 85000 * MS, true));
	/* Where nothing answers beyond it is asked each time: it may be the end. */
	for (uint64_t i = 0; i < 20; i++)
		assert_true(rate_limit_take(&limit, &slot, NULL, T0 + (86 + i) * 1000 * MS, false));
	rate_limit_forget(&limit, &slot);
	rate_limit_fini(&limit);
}

static void
what_the_first_flow_found_is_assumed_for_others(void **state)
{
	struct rate_limit_slot first = new_slot(), others[8];
	unsigned sent = 0;
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	assert_true(rate_limit_take(&limit, &first, NULL, T0, false));
	rate_limit_answered(&limit, &first, &router_a, 1, T0);
	for (unsigned i = 0; i < 8; i++) {
		others[i] = new_slot();
		sent += rate_limit_take(&limit, &others[i], &first, T0 + MS, true);
	}
	/* Linux answers six; one of them went to the first. */
	assert_in_range(sent, 1, 5);
	rate_limit_forget(&limit, &first);
	rate_limit_fini(&limit);
}

static void
answers_at_nobodys_expense_count(void **state)
{
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	assert_true(rate_limit_take(&limit, &slot, NULL, T0, false));
	rate_limit_answered(&limit, &slot, &router_a, 1, T0);
	for (unsigned i = 0; i < 5; i++)
		rate_limit_charge(&limit, &slot, &router_a, 1, T0);
	assert_false(rate_limit_take(&limit, &slot, NULL, T0 + 1000 * MS, false));
	assert_false(rate_limit_take(&limit, &slot, NULL, T0 + 2000 * MS, false));
	assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 3000 * MS, false));
	/* Nobody knows that one: nothing happens. */
	rate_limit_charge(&limit, &slot, &router_b, 1, T0);
	rate_limit_forget(&limit, &slot);
	rate_limit_fini(&limit);
}

static void
routers_that_nobody_uses_are_forgotten(void **state)
{
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (uint32_t i = 0; i < 4 * RATE_LIMIT_ROUTERS_MAX; i++) {
		struct address router = router_a;
		router.bytes[13] = (uint8_t)(i >> 16);
		router.bytes[14] = (uint8_t)(i >> 8);
		router.bytes[15] = (uint8_t)i;
		rate_limit_answered(&limit, &slot, &router, 1, T0);
	}
	assert_int_equal(limit.by_address.count, 1);
	assert_true(limit.count <= 2);
	rate_limit_forget(&limit, &slot);
	assert_int_equal(limit.by_address.count, 0);
	rate_limit_fini(&limit);
}

static void
routers_are_bounded(void **state)
{
	static struct rate_limit_slot slots[RATE_LIMIT_ROUTERS_MAX + 100];
	struct rate_limit limit;
	unsigned spared = 0;

	(void)state;
	rate_limit_init(&limit);
	for (uint32_t i = 0; i < RATE_LIMIT_ROUTERS_MAX + 100; i++) {
		struct address router = router_a;
		router.bytes[14] = (uint8_t)(i >> 8);
		router.bytes[15] = (uint8_t)i;
		slots[i] = new_slot();
		rate_limit_answered(&limit, &slots[i], &router, 1, T0);
		spared += slots[i].router != 0;
	}
	assert_int_equal(spared, RATE_LIMIT_ROUTERS_MAX);
	for (uint32_t i = 0; i < RATE_LIMIT_ROUTERS_MAX + 100; i++)
		rate_limit_forget(&limit, &slots[i]);
	rate_limit_fini(&limit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_router_as_linux_makes_it_always_answers),
		cmocka_unit_test(a_cycle_a_second_is_never_skipped),
		cmocka_unit_test(users_of_a_router_take_turns),
		cmocka_unit_test(a_fast_router_is_asked_by_many_at_once),
		cmocka_unit_test(what_answers_by_itself_is_not_spared),
		cmocka_unit_test(a_silent_router_is_asked_less_and_less),
		cmocka_unit_test(what_the_first_flow_found_is_assumed_for_others),
		cmocka_unit_test(answers_at_nobodys_expense_count),
		cmocka_unit_test(routers_that_nobody_uses_are_forgotten),
		cmocka_unit_test(routers_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
