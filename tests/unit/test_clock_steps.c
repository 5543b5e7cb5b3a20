/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A wall clock that is set forward and back by hours: ages, durations and deadlines of sockets,
 * connections, names and paths do not change; what is shown is what the wall clock showed.
 */
#include <config.h>

#include "unit.h"

#include <string.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/clock_steps.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/path.h>
#include <sockwatch/model/segment.h>

#include "feed_wire.h"

enum { HOUR_S = 3600 };

static const int64_t hour_ns = HOUR_S * (int64_t)CLOCK_NS_PER_S;

static void
translates(void **state)
{
	struct clock_steps steps = {.count = 0};
	const uint64_t start = 1000 * (uint64_t)hour_ns;

	(void)state;
	assert_int_equal(clock_steps_steady(&steps, start), start);
	assert_int_equal(clock_steps_wall(&steps, start), start);
	clock_steps_add(&steps, start, 2 * hour_ns);
	assert_int_equal(clock_steps_steady(&steps, start + 2 * (uint64_t)hour_ns + 5), start + 5);
	assert_int_equal(clock_steps_wall(&steps, start - 1), start - 1);
	assert_int_equal(clock_steps_wall(&steps, start), start + 2 * (uint64_t)hour_ns);
	clock_steps_add(&steps, start + 10, -5 * hour_ns);
	assert_int_equal(
		clock_steps_steady(&steps, start - 3 * (uint64_t)hour_ns + 20), start + 20);
	assert_int_equal(clock_steps_wall(&steps, start + 9), start + 2 * (uint64_t)hour_ns + 9);
	assert_int_equal(clock_steps_wall(&steps, start + 10), start - 3 * (uint64_t)hour_ns + 10);
	/* Stamped before the first step, between the two, and now: all of a moment ago. */
	assert_int_equal(clock_steps_steady_near(&steps, start - 3, start + 20), start - 3);
	assert_int_equal(
		clock_steps_steady_near(&steps, start + 2 * (uint64_t)hour_ns + 4, start + 20),
		start + 4);
	assert_int_equal(
		clock_steps_steady_near(&steps, start - 3 * (uint64_t)hour_ns + 19, start + 20),
		start + 19);
}

static void
remembers_the_last(void **state)
{
	struct clock_steps steps = {.count = 0};
	const uint64_t start = 1000 * (uint64_t)hour_ns;

	(void)state;
	for (uint64_t i = 0; i <= CLOCK_STEPS_MAX; i++)
		clock_steps_add(&steps, start + i * 100, hour_ns);
	assert_int_equal(steps.count, CLOCK_STEPS_MAX);
	/* Before the second step, which is the oldest that is known, the first one was in force. */
	assert_int_equal(clock_steps_wall(&steps, start + 99), start + 99 + (uint64_t)hour_ns);
	assert_int_equal(
		clock_steps_wall(&steps, start + 100), start + 100 + 2 * (uint64_t)hour_ns);
	assert_int_equal(clock_steps_wall(&steps, start + 100 * CLOCK_STEPS_MAX),
		start + 100 * CLOCK_STEPS_MAX + (CLOCK_STEPS_MAX + 1) * (uint64_t)hour_ns);
	for (uint64_t i = 1; i <= CLOCK_STEPS_MAX; i++) {
		const uint64_t at = start + i * 100, ahead = (i + 1) * (uint64_t)hour_ns;

		assert_int_equal(clock_steps_wall(&steps, at), at + ahead);
		assert_int_equal(clock_steps_wall(&steps, at + 99), at + 99 + ahead);
		assert_int_equal(clock_steps_steady_near(&steps, at + ahead, at + 1), at);
	}
	assert_int_equal(
		clock_steps_steady_near(&steps, start + 50 + (uint64_t)hour_ns, start + 60),
		start + 50);
}

/* The wall clock is set; the collector reports it before it sends anything else. */
static void
set_clock(struct feed *feed, int64_t step_ns)
{
	const struct message_clock_step step = {.step_ns = (uint64_t)step_ns};

	feed->realtime_ns += (uint64_t)step_ns;
	feed_message(feed, MESSAGE_CLOCK_STEP, &step);
}

static uint64_t
age_s(const struct feed *feed, uint64_t cookie)
{
	const struct field_context context = {.model = feed->model};
	const struct field *const field = field_find(&socket_fields, "age_s", 5);
	struct value value;

	field_get(field, &context, feed_row(feed, cookie), &value);
	assert_int_equal(value.kind, VALUE_UNSIGNED);
	return value.number;
}

static const struct feed_socket old = {
	.cookie = 1, .state = 10, .local = "0.0.0.0", .local_port = 1};
static const struct feed_socket young = {.cookie = 2,
	.state = 1,
	.local = "10.0.0.2",
	.remote = "10.0.0.1",
	.local_port = 80,
	.remote_port = 40000,
	.inode = 9};

static void
ages_of_sockets(void **state)
{
	static const int64_t hours[] = {2, -5, 24, -24};
	const struct feed_socket both[] = {old, young};
	struct feed feed = feed_new();
	uint64_t expected = 0;

	(void)state;
	feed.model->linger_ms = 5000;
	feed_snapshot(&feed, true, both, 1);
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, &young, 1);
	unit_each (i, hours) {
		set_clock(&feed, hours[i] * hour_ns);
		feed_wait(&feed, 3000);
		expected += 3;
		feed_snapshot(&feed, true, both, 2);
		model_tick(feed.model, feed.model->now_ns);
		assert_int_equal(age_s(&feed, young.cookie), expected);
	}
	/* A closed row stays as long as it would have. */
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, true, both, 1);
	set_clock(&feed, 2 * hour_ns);
	model_tick(feed.model, feed.model->now_ns);
	assert_non_null(feed_row(&feed, young.cookie));
	set_clock(&feed, -9 * hour_ns);
	feed_wait(&feed, 5001);
	feed_snapshot(&feed, true, both, 1);
	model_tick(feed.model, feed.model->now_ns);
	assert_null(feed_row(&feed, young.cookie));
	feed_free(&feed);
}

/* A collector that reports no steps: time does not go back. */
static void
a_step_that_is_not_reported(void **state)
{
	const struct feed_socket both[] = {old, young};
	struct feed feed = feed_new();

	(void)state;
	feed_snapshot(&feed, true, both, 1);
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, &young, 1);
	feed.realtime_ns -= 2 * (uint64_t)hour_ns;
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, true, both, 2);
	assert_true(age_s(&feed, young.cookie) <= 1);
	feed_wait(&feed, 7000);
	feed_snapshot(&feed, true, both, 2);
	assert_true(age_s(&feed, young.cookie) >= 7 && age_s(&feed, young.cookie) <= 8);
	feed_free(&feed);
}

static void
packet(struct feed *feed, bool out, unsigned flags, uint32_t seq, uint32_t ack)
{
	feed_wire(feed, &(struct feed_segment){.out = out,
				.ours = 80,
				.theirs = 40000,
				.flags = flags,
				.seq = seq,
				.ack = ack});
}

/* The SYN before the step, its answer after it; one more that was stamped before and read after. */
static void
durations_of_connections(void **state)
{
	static const int64_t hours[] = {2, -5};

	(void)state;
	unit_each (i, hours) {
		struct feed feed = feed_new();
		const struct conversation *conversation;
		const uint64_t wall_ns = feed.realtime_ns;

		packet(&feed, false, SEGMENT_SYN, 1000, 0);
		conversation = feed_newest(&feed);
		feed_wait(&feed, 20);
		set_clock(&feed, hours[i] * hour_ns);
		packet(&feed, true, SEGMENT_SYN | SEGMENT_ACK, 5000, 1001);
		assert_int_equal(
			conversation->syn_ack_ns - conversation->syn_ns, 20 * CLOCK_NS_PER_MS);
		feed_wait(&feed, 30);
		feed.realtime_ns -= (uint64_t)(hours[i] * hour_ns);
		packet(&feed, false, SEGMENT_ACK, 1001, 5001);
		feed.realtime_ns += (uint64_t)(hours[i] * hour_ns);
		assert_int_equal(
			conversation->established_ns - conversation->syn_ns, 50 * CLOCK_NS_PER_MS);
		/* Nothing was given up in the hours that did not pass. */
		model_tick(feed.model, feed.model->now_ns);
		assert_int_equal(conversation->outcome, CONVERSATION_OUTCOME_NONE);
		/* What is shown is what the clock showed then. */
		assert_int_equal(model_wall_ns(feed.model, conversation->syn_ns), wall_ns);
		assert_int_equal(model_wall_ns(feed.model, conversation->syn_ack_ns),
			wall_ns + 20 * CLOCK_NS_PER_MS + (uint64_t)(hours[i] * hour_ns));
		feed_free(&feed);
	}
}

static struct address
address_of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, strlen(text), &address, NULL), 0);
	return address;
}

static void
names_stay(void **state)
{
	static const int64_t hours[] = {2, -5};
	const struct address address = address_of("192.0.2.1");
	const struct message_name name = {
		.address = address, .name = {"a.test", 6}, .status = NAME_FOUND, .ttl_s = 60};

	(void)state;
	unit_each (i, hours) {
		struct feed feed = feed_new();

		feed_message(&feed, MESSAGE_NAME, &name);
		set_clock(&feed, hours[i] * hour_ns);
		feed_wait(&feed, 1000);
		feed_snapshot(&feed, true, &old, 1);
		assert_string_equal(model_host_name(feed.model, &address), "a.test");
		feed_free(&feed);
	}
}

static void
round_trips_of_paths(void **state)
{
	static const int64_t hours[] = {2, -5};

	(void)state;
	unit_each (i, hours) {
		struct feed feed = feed_new();
		const struct address target = address_of("192.0.2.1");
		const struct message_probe_start start = {.id = 1,
			.netns = 1,
			.protocol = PROBE_PROTOCOL_ICMP,
			.flows = 1,
			.first_ttl = 1,
			.max_ttl = 3,
			.target = target,
			.interval_ms = 1000,
			.timeout_ms = 3000};
		struct message_probe_sent sent = {
			.id = 1, .sequence = 1, .ttl = 1, .sent_ns = feed.realtime_ns};
		struct message_probe_answer answer = {.id = 1,
			.sequence = 1,
			.kind = PROBE_ANSWER_ICMP,
			.icmp_type = 11,
			.ttl = 64};
		const struct path *path;

		feed_message(&feed, MESSAGE_PROBE_START, &start);
		sent.sent_ns = feed.realtime_ns;
		feed_message(&feed, MESSAGE_PROBE_SENT, &sent);
		set_clock(&feed, hours[i] * hour_ns);
		model_tick(feed.model, feed.model->now_ns);
		feed_wait(&feed, 7);
		answer.received_ns = feed.realtime_ns;
		answer.from = address_of("192.0.2.9");
		feed_message(&feed, MESSAGE_PROBE_ANSWER, &answer);
		path = path_table_find(feed.model->paths, 1);
		assert_non_null(path);
		assert_int_equal(path->hops[0].received, 1);
		assert_int_equal(path->hops[0].late, 0);
		assert_int_equal(path->hops[0].last_us, 7000);
		feed_free(&feed);
	}
}

/* A live stream that is silent: its clock goes on by itself, and never jumps. */
static void
ticks_without_a_record(void **state)
{
	struct feed feed = feed_new();
	const uint64_t monotonic_ns = 5 * CLOCK_NS_PER_S;
	uint64_t then;

	(void)state;
	feed_snapshot(&feed, true, &old, 1);
	then = feed.model->now_ns;
	model_tick_live(feed.model, monotonic_ns);
	assert_int_equal(feed.model->now_ns, then);
	model_tick_live(feed.model, monotonic_ns + CLOCK_NS_PER_S);
	assert_int_equal(feed.model->now_ns, then + CLOCK_NS_PER_S);
	set_clock(&feed, -3 * hour_ns);
	model_tick_live(feed.model, monotonic_ns + 2 * CLOCK_NS_PER_S);
	assert_int_equal(feed.model->now_ns, then + 2 * CLOCK_NS_PER_S);
	/* A record is ahead of the ticks. */
	feed_wait(&feed, 9000);
	feed_snapshot(&feed, true, &old, 1);
	then = feed.model->now_ns;
	model_tick_live(feed.model, monotonic_ns + 3 * CLOCK_NS_PER_S);
	assert_int_equal(feed.model->now_ns, then);
	model_tick_live(feed.model, monotonic_ns + 4 * CLOCK_NS_PER_S);
	assert_int_equal(feed.model->now_ns, then + CLOCK_NS_PER_S);
	feed_free(&feed);
}

#define BOOT_NS (UINT64_C(1600000000) * 1000000000)

/* A hello of another collector, with the id of the boot. */
static void
greet(struct feed *feed, const char *boot_id, uint64_t boot_ns, const char *host)
{
	feed_message(feed, MESSAGE_HELLO,
		&(struct message_hello){.format = MESSAGE_FORMAT,
			.host = text_of(host),
			.boot_ns = boot_ns,
			.boot_id = text_of(boot_id)});
	feed_message(feed, MESSAGE_NETNS,
		&(struct message_netns){.id = FEED_NETNS, .inode = 4026531840});
}

/* The clock is set while no collector runs: the next one tells another time of boot. */
static void
clock_step_without_collector(void **state)
{
	static const char first[] = "d8a9f5ea-0000-4000-8000-000000000001";
	static const char second[] = "d8a9f5ea-0000-4000-8000-000000000002";
	static const int64_t steps_s[] = {3600, -3600, 20, -5};
	const struct feed_socket sockets[] = {{.cookie = 1, .state = 1, .inode = 5}};

	(void)state;
	unit_each (i, steps_s) {
		struct feed feed = feed_new();
		struct model *const model = feed.model;
		const uint64_t step_ns = (uint64_t)steps_s[i] * UINT64_C(1000000000);
		uint64_t now_ns;

		greet(&feed, first, BOOT_NS, "box");
		feed_snapshot(&feed, true, sockets, 1);
		feed_wait(&feed, 2000);
		feed_snapshot(&feed, false, NULL, 0);
		now_ns = model->now_ns;
		feed.realtime_ns += step_ns;
		feed_wait(&feed, 3000);
		/* The host may have got another name too. */
		greet(&feed, first, BOOT_NS + step_ns, "renamed");
		assert_non_null(feed_row(&feed, 1));
		assert_in_range(model->now_ns - now_ns, 2900000000, 3100000000);
		assert_int_equal(model->host.boot_ns, BOOT_NS + step_ns);
		feed_snapshot(&feed, true, sockets, 1);
		assert_int_equal(feed_row(&feed, 1)->first_ms, 0);
		/* Another boot at the same time, as of a machine that was set back. */
		greet(&feed, second, BOOT_NS + step_ns, "renamed");
		assert_int_equal(model->sockets.count, 0);
		assert_int_equal(model->bad_records, 0);
		feed_free(&feed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_step_without_collector),
		cmocka_unit_test(translates),
		cmocka_unit_test(remembers_the_last),
		cmocka_unit_test(ages_of_sockets),
		cmocka_unit_test(a_step_that_is_not_reported),
		cmocka_unit_test(durations_of_connections),
		cmocka_unit_test(names_stay),
		cmocka_unit_test(round_trips_of_paths),
		cmocka_unit_test(ticks_without_a_record),
	};

	return cmocka_run_group_tests_name("clock_steps", tests, NULL, NULL);
}
