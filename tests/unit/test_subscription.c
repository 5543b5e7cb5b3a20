/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When another subscription means another dump, and when it cannot wait. */
#include "unit.h"

#include <string.h>

#include <sockwatch/base/text.h>
#include <sockwatch/stream/needs.h>

#include "collector/subscription.h"

static const struct subscription_condition ssh = {
	.clause = 1, .kind = CONDITION_LOCAL_PORT, .low = 22, .high = 22};

static void
test_keeps_its_texts(void **state)
{
	(void)state;
	static struct subscription subscription;
	char name[] = "blue";
	char interface[] = "eth0";
	struct subscription_condition condition = ssh;
	const struct message_subscription body = {
		.netns_mode = SUBSCRIPTION_NETNS_NAMED,
		.netns = text_of(name),
		.capture_interface = text_of(interface),
		.conditions = {&condition, 1},
		.interval_ms = 500,
	};

	subscription_set(&subscription, &body);
	memset(name, 'x', sizeof name);
	memset(interface, 'x', sizeof interface);
	memset(&condition, 0xff, sizeof condition);
	assert_true(text_equal(subscription.body.netns, text_of("blue")));
	assert_true(text_equal(subscription.body.capture_interface, text_of("eth0")));
	assert_int_equal(subscription.body.conditions.count, 1);
	assert_memory_equal(subscription.body.conditions.data, &ssh, sizeof ssh);
	assert_int_equal(subscription.body.interval_ms, 500);
}

static void
test_too_long(void **state)
{
	(void)state;
	static struct subscription subscription;
	static struct subscription_condition many[SUBSCRIPTION_CONDITIONS_MAX + 1];
	char name[1000];
	const struct message_subscription body = {.netns = {name, sizeof name},
		.conditions = {many, SUBSCRIPTION_CONDITIONS_MAX + 1}};

	memset(name, 'n', sizeof name);
	subscription_set(&subscription, &body);
	assert_int_equal(subscription.body.netns.len, SUBSCRIPTION_TEXT_MAX - 1);
	assert_int_equal(subscription.netns[SUBSCRIPTION_TEXT_MAX - 1], '\0');
	/* A filter that does not fit is none: too many sockets are right, too few are not. */
	assert_int_equal(subscription.body.conditions.count, 0);
}

static void
test_changes(void **state)
{
	(void)state;
	const struct message_subscription usual = {
		.needs = NEED_SOCKETS | NEED_TCP_INFO, .interval_ms = 1000, .families = 3};
	struct message_subscription other;
	static const struct {
		const char *what;
		uint64_t more_needs, fewer_needs;
		uint32_t interval_ms;
		uint32_t states;
		uint8_t protocols, once, paused, with_condition, all_netns;
		bool is_other_dump, asks_more;
	} cases[] = {
		{.what = "nothing"},
		{.what = "interval", .interval_ms = 100},
		{.what = "counters", .more_needs = NEED_COUNTERS, .asks_more = true},
		{.what = "owners",
			.more_needs = NEED_OWNERS,
			.is_other_dump = true,
			.asks_more = true},
		{.what = "less", .fewer_needs = NEED_TCP_INFO},
		{.what = "fewer states", .states = 2, .is_other_dump = true},
		{.what = "all states, by name", .states = 0x3fff},
		{.what = "one protocol", .protocols = PROTOCOL_UDP, .is_other_dump = true},
		{.what = "both, by name", .protocols = PROTOCOL_TCP | PROTOCOL_UDP},
		{.what = "filter", .with_condition = 1, .is_other_dump = true, .asks_more = true},
		{.what = "namespaces", .all_netns = 1, .is_other_dump = true, .asks_more = true},
		{.what = "once", .once = 1, .asks_more = true},
		{.what = "pause", .paused = 1},
	};

	unit_each (i, cases) {
		other = usual;
		other.needs = (usual.needs | cases[i].more_needs) & ~cases[i].fewer_needs;
		if (cases[i].interval_ms != 0)
			other.interval_ms = cases[i].interval_ms;
		other.states = cases[i].states;
		other.protocols = cases[i].protocols;
		other.once = cases[i].once;
		other.paused = cases[i].paused;
		other.netns_mode =
			cases[i].all_netns ? SUBSCRIPTION_NETNS_ALL : SUBSCRIPTION_NETNS_OWN;
		if (cases[i].with_condition)
			other.conditions = (struct array){&ssh, 1};
		if (subscription_is_other_dump(&usual, &other) != cases[i].is_other_dump)
			fail_msg("%s: other dump", cases[i].what);
		if (subscription_asks_more(&usual, &other) != cases[i].asks_more)
			fail_msg("%s: asks more", cases[i].what);
	}
	/* The way back. */
	other = usual;
	other.paused = 1;
	assert_true(subscription_asks_more(&other, &usual));
	other = usual;
	other.states = 2;
	assert_true(subscription_asks_more(&other, &usual));
	other = usual;
	other.conditions = (struct array){&ssh, 1};
	assert_true(subscription_asks_more(&other, &usual));
	assert_true(subscription_is_other_dump(&other, &usual));
}

/* No more than what the command line named. */
static void
test_netns(void **state)
{
	static const struct {
		const char *named;
		enum subscription_netns wanted;
		const char *name;
		enum subscription_netns held;
		const char *held_name;
		bool is_allowed;
	} cases[] = {
		{NULL, SUBSCRIPTION_NETNS_OWN, "", SUBSCRIPTION_NETNS_OWN, "", true},
		{NULL, SUBSCRIPTION_NETNS_NAMED, "blue", SUBSCRIPTION_NETNS_OWN, "", false},
		{NULL, SUBSCRIPTION_NETNS_ALL, "", SUBSCRIPTION_NETNS_OWN, "", false},
		{"blue", SUBSCRIPTION_NETNS_OWN, "", SUBSCRIPTION_NETNS_OWN, "", true},
		{"blue", SUBSCRIPTION_NETNS_NAMED, "blue", SUBSCRIPTION_NETNS_NAMED, "blue", true},
		{"blue", SUBSCRIPTION_NETNS_NAMED, "red", SUBSCRIPTION_NETNS_NAMED, "blue", false},
		{"blue", SUBSCRIPTION_NETNS_NAMED, "blues", SUBSCRIPTION_NETNS_NAMED, "blue",
			false},
		{"blue", SUBSCRIPTION_NETNS_ALL, "", SUBSCRIPTION_NETNS_NAMED, "blue", false},
		{"all", SUBSCRIPTION_NETNS_NAMED, "red", SUBSCRIPTION_NETNS_NAMED, "red", true},
		{"all", SUBSCRIPTION_NETNS_ALL, "", SUBSCRIPTION_NETNS_ALL, "", true},
	};

	(void)state;
	unit_each (i, cases) {
		struct message_subscription body = {
			.netns_mode = cases[i].wanted, .netns = text_of(cases[i].name)};

		assert_int_equal(
			subscription_hold_to_netns(&body, cases[i].named), cases[i].is_allowed);
		assert_int_equal(body.netns_mode, cases[i].held);
		assert_true(text_equal(body.netns, text_of(cases[i].held_name)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_its_texts),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_netns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
