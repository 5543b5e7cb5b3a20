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

/* A debt is four probes at most; a probe costs what a second brings, less a twentieth. */
static void
debts_and_credits(void **state)
{
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	rate_limit_answered(&limit, &slot, &router_a, 1, T0);
	assert_int_equal(limit.routers[0].tokens, 3000);
	for (int expected = 2000; expected >= -4000; expected -= 1000) {
		rate_limit_charge(&limit, &slot, &router_a, 1, T0);
		assert_int_equal(limit.routers[0].tokens, expected);
	}
	rate_limit_charge(&limit, &slot, &router_a, 1, T0);
	assert_int_equal(limit.routers[0].tokens, -4000);
	assert_false(rate_limit_take(&limit, &slot, NULL, T0 + 4949 * MS, false));
	assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 4950 * MS, false));
	assert_int_equal(limit.routers[0].tokens, -50);
	/* It is full after four seconds, and a tenth for those that come in batches. */
	rate_limit_charge(&limit, &slot, &router_a, 1, T0 + 60000 * MS);
	assert_int_equal(limit.routers[0].tokens, 3100);
	rate_limit_forget(&limit, &slot);
	rate_limit_fini(&limit);
}

/* A slot that was never probed does not wait for its turn, also where the clock has just begun. */
static void
a_new_slot_does_not_wait(void **state)
{
	struct rate_limit_slot first = new_slot(), second = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	assert_true(rate_limit_take(&limit, &first, NULL, 100 * MS, false));
	rate_limit_answered(&limit, &first, &router_a, 1, 110 * MS);
	assert_true(rate_limit_take(&limit, &second, &first, 120 * MS, false));
	assert_int_equal(second.asked, first.router);
	assert_false(rate_limit_take(&limit, &first, NULL, 130 * MS, false));
	rate_limit_forget(&limit, &first);
	rate_limit_fini(&limit);
}

/* An answer leaves no probe open, so that the next one finds none missed. */
static void
an_answer_is_no_miss(void **state)
{
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(rate_limit_take(&limit, &slot, NULL, T0 + i * 1000 * MS, true));
		assert_int_equal(slot.misses, 0);
		assert_true(slot.is_open);
		rate_limit_answered(
			&limit, &slot, i == 1 ? NULL : &router_a, 1, T0 + i * 1000 * MS);
		assert_false(slot.is_open);
		assert_int_equal(slot.router != 0, i != 1);
	}
	assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 3000 * MS, true));
	assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 4000 * MS, true));
	assert_int_equal(slot.misses, 1);
	rate_limit_forget(&limit, &slot);
	rate_limit_fini(&limit);
}

/* Cycles between the probes of a router that never answers: 1, four times; then 2, 4, 8. */
static void
silence_in_cycles(void **state)
{
	static const unsigned cycles[] = {0, 1, 2, 3, 5, 9, 17, 25, 33};
	struct rate_limit_slot slot = new_slot();
	struct rate_limit limit;
	size_t next = 0;

	(void)state;
	rate_limit_init(&limit);
	for (unsigned cycle = 0; cycle <= cycles[UNIT_COUNT_OF(cycles) - 1]; cycle++) {
		const bool is_asked = cycle == cycles[next];

		assert_int_equal(rate_limit_take(&limit, &slot, NULL, T0 + cycle * 1000 * MS, true),
			is_asked);
		next += is_asked;
	}
	assert_int_equal(next, UNIT_COUNT_OF(cycles));
	/* Where nothing beyond it answers, the target may be silent for now: it is asked on. */
	for (unsigned i = 0; i < 300; i++)
		assert_true(rate_limit_take(&limit, &slot, NULL, T0 + 90000 * MS, false));
	assert_int_equal(slot.misses, UINT8_MAX);
	rate_limit_fini(&limit);
}

/* Without memory a router is not spared, and its place is free for the next. */
static void
without_memory(void **state)
{
	struct rate_limit_slot slot = new_slot(), other = new_slot();
	struct rate_limit limit;
	unsigned failed = 0;

	(void)state;
	if (!unit_memory_can_fail())
		return;
	rate_limit_init(&limit);
	for (unsigned long n = 1; n < 10; n++) {
		unit_memory_fails_at(n);
		rate_limit_answered(&limit, &slot, &router_a, 1, T0);
		if (!unit_memory_has_failed())
			break;
		unit_memory_fails_at(0);
		failed++;
		assert_int_equal(slot.router, 0);
		assert_int_equal(limit.by_address.count, 0);
		assert_true(limit.count <= 1);
	}
	unit_memory_fails_at(0);
	assert_true(failed >= 2);
	assert_int_equal(slot.router, 1);
	assert_int_equal(limit.count, 1);
	rate_limit_answered(&limit, &other, &router_b, 1, T0);
	assert_int_equal(other.router, 2);
	rate_limit_forget(&limit, &slot);
	rate_limit_forget(&limit, &other);
	rate_limit_fini(&limit);
}

/* The same address in two namespaces is two routers. */
static void
namespaces_differ(void **state)
{
	struct rate_limit_slot one = new_slot(), two = new_slot(), again = new_slot();
	struct rate_limit limit;

	(void)state;
	rate_limit_init(&limit);
	rate_limit_answered(&limit, &one, &router_a, 1, T0);
	rate_limit_answered(&limit, &two, &router_a, 2, T0);
	rate_limit_answered(&limit, &again, &router_a, 1, T0);
	assert_int_equal(one.router, again.router);
	assert_int_not_equal(one.router, two.router);
	assert_int_equal(limit.routers[one.router - 1].users, 2);
	rate_limit_forget(&limit, &one);
	assert_int_equal(limit.by_address.count, 2);
	rate_limit_forget(&limit, &again);
	assert_int_equal(limit.by_address.count, 1);
	rate_limit_forget(&limit, &again);
	rate_limit_forget(&limit, &two);
	assert_int_equal(limit.by_address.count, 0);
	/* The last place that was given back is the first to be taken. */
	rate_limit_answered(&limit, &one, &router_b, 1, T0);
	assert_int_equal(one.router, 2);
	rate_limit_answered(&limit, &two, &router_a, 1, T0);
	assert_int_equal(two.router, 1);
	rate_limit_forget(&limit, &one);
	rate_limit_forget(&limit, &two);
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
		cmocka_unit_test(debts_and_credits),
		cmocka_unit_test(a_new_slot_does_not_wait),
		cmocka_unit_test(an_answer_is_no_miss),
		cmocka_unit_test(silence_in_cycles),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(namespaces_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
