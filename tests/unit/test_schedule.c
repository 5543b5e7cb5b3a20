/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The refreshes of the collector, on real sockets: when they come, and what they report. */
#include <config.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "schedule_watch.h"
#include "unit.h"

static int
open_listener(void)
{
	const struct sockaddr_in any = {.sin_family = AF_INET};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&any, sizeof any), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

/* Without a subscription nothing happens; the first one is obeyed at once. */
static void
test_first(void **state)
{
	const int fd = open_listener();

	(void)state;
	assert_true(schedule_next_ns(schedule) == UINT64_MAX);
	assert_int_equal(step(CLOCK_NS_PER_S), SCHEDULE_IDLE);
	drain();
	assert_int_equal(seen.begins, 0);
	subscribe(listeners(60000));
	assert_true(schedule_next_ns(schedule) == 0);
	assert_int_equal(refresh_on(), SCHEDULE_IDLE);
	assert_int_equal(seen.begins, 1);
	assert_int_equal(seen.ends, 1);
	assert_int_equal(seen.begin.sequence, 1);
	assert_int_equal(seen.end.sequence, 1);
	assert_true(seen.end.monotonic_ns >= seen.begin.monotonic_ns);
	assert_true(seen.end.monotonic_ns <= clock_monotonic_ns());
	assert_int_equal(seen.dump_count, 2);
	assert_int_equal(seen.dump_end_count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(seen.dumps[i].netns, NAMESPACES_OWN);
		assert_int_equal(seen.dumps[i].protocols, i == 0 ? PROTOCOL_TCP : PROTOCOL_UDP);
		assert_int_equal(seen.dump_ends[i].protocols, seen.dumps[i].protocols);
		assert_int_equal(seen.dumps[i].full, 1);
		assert_int_equal(seen.dump_ends[i].complete, 1);
	}
	assert_true(seen.dump_ends[0].sent >= 1);
	assert_int_equal(seen.counters, 0);
	assert_int_equal(seen.losses, 0);
	/* Nothing before its time. */
	assert_int_equal(refresh_on(), SCHEDULE_IDLE);
	assert_int_equal(seen.begins, 1);
	assert_int_equal(schedule_wait_fd(schedule),
		namespaces_find(schedule_namespaces(schedule), NAMESPACES_OWN)->diag);
	assert_false(schedule_is_dumping(schedule));
	/* Then only what changed. */
	assert_int_equal(refresh(), SCHEDULE_IDLE);
	assert_int_equal(seen.begin.sequence, 2);
	assert_int_equal(seen.end.sequence, 2);
	assert_int_equal(seen.dumps[0].full, 0);
	assert_int_equal(seen.dump_ends[0].sent, 0);
	assert_true(seen.dump_ends[0].listed >= 1);
	close(fd);
}

/* The interval counts from the beginning, and has its bounds. */
static void
test_interval(void **state)
{
	static const struct {
		uint32_t asked_ms;
		uint64_t kept_ms;
	} cases[] = {{0, 50}, {49, 50}, {50, 50}, {51, 51}, {1000, 1000}, {86400000, 86400000},
		{86400001, 86400000}, {UINT32_MAX, 86400000}};

	(void)state;
	unit_each (i, cases) {
		subscribe(listeners(cases[i].asked_ms));
		(void)refresh();
		/* A longer refresh than this has a rest that counts from its end. */
		if (seen.end.monotonic_ns - seen.begin.monotonic_ns > 30 * CLOCK_NS_PER_MS)
			continue;
		assert_true(schedule_next_ns(schedule) ==
			    seen.begin.monotonic_ns + cases[i].kept_ms * CLOCK_NS_PER_MS);
	}
	/* A new interval counts at once, though the subscription waits for the next refresh. */
	subscribe(listeners(7000));
	assert_true(schedule_next_ns(schedule) == seen.begin.monotonic_ns + 7000 * CLOCK_NS_PER_MS);
}

/* A refresh that takes long is followed by a rest of a quarter of that, an interval at most. */
static void
test_rest(void **state)
{
	static const struct {
		uint64_t took_ms;
		bool is_bounded;
	} cases[] = {{60, false}, {210, true}};

	(void)state;
	subscribe(listeners(0));
	unit_each (i, cases) {
		uint64_t took_ns, rest_ns;

		seen = (struct seen){.begins = 0};
		schedule_hurry(schedule);
		assert_int_equal(step(0), SCHEDULE_MORE);
		pause_ms(cases[i].took_ms);
		(void)refresh_on();
		took_ns = seen.end.monotonic_ns - seen.begin.monotonic_ns;
		rest_ns = schedule_next_ns(schedule) - seen.end.monotonic_ns;
		assert_true(took_ns >= cases[i].took_ms * CLOCK_NS_PER_MS);
		if (took_ns / 4 > 50 * CLOCK_NS_PER_MS)
			assert_true(rest_ns == 50 * CLOCK_NS_PER_MS);
		else
			assert_true(rest_ns == took_ns / 4);
	}
}

static void
test_urgent(void **state)
{
	struct message_subscription subscription = listeners(60000);
	uint64_t next_ns;

	(void)state;
	subscribe(subscription);
	(void)refresh_on();
	next_ns = schedule_next_ns(schedule);
	assert_true(next_ns != 0);
	/* The same, or less, waits for its time. */
	subscribe(subscription);
	assert_true(schedule_next_ns(schedule) == next_ns);
	subscription.protocols = PROTOCOL_TCP;
	subscribe(subscription);
	assert_true(schedule_next_ns(schedule) == next_ns);
	/* More than that does not. */
	subscription.protocols = PROTOCOL_TCP | PROTOCOL_UDP;
	subscribe(subscription);
	assert_true(schedule_next_ns(schedule) == 0);
	(void)refresh_on();
	assert_true(schedule_next_ns(schedule) > next_ns);
	schedule_hurry(schedule);
	assert_true(schedule_next_ns(schedule) == 0);
	(void)refresh_on();
	/* Paused, nothing comes, except a single listing. */
	subscription.paused = 1;
	subscribe(subscription);
	assert_true(schedule_next_ns(schedule) == UINT64_MAX);
	schedule_hurry(schedule);
	assert_true(schedule_next_ns(schedule) == UINT64_MAX);
	assert_int_equal(step(CLOCK_NS_PER_S), SCHEDULE_IDLE);
	subscription.once = 1;
	subscribe(subscription);
	assert_true(schedule_next_ns(schedule) == 0);
}

/* Another set of sockets is told from the beginning; another interval is not another set. */
static void
test_change(void **state)
{
	const int fd = open_listener();
	struct message_subscription subscription = listeners(60000);

	(void)state;
	subscribe(subscription);
	(void)refresh_on();
	subscription.interval_ms = 50000;
	subscribe(subscription);
	(void)refresh();
	assert_int_equal(seen.dumps[0].full, 0);
	assert_int_equal(seen.dump_ends[0].sent, 0);
	subscription.needs |= NEED_MEMORY;
	subscribe(subscription);
	seen = (struct seen){.begins = 0};
	(void)refresh_on();
	assert_int_equal(seen.begins, 1);
	assert_int_equal(seen.dumps[0].full, 1);
	assert_true(seen.dump_ends[0].sent >= 1);
	subscription.protocols = PROTOCOL_UDP;
	subscribe(subscription);
	(void)refresh();
	assert_int_equal(seen.dump_count, 1);
	assert_int_equal(seen.dumps[0].protocols, PROTOCOL_UDP);
	assert_int_equal(seen.dumps[0].full, 1);
	close(fd);
}

static void
test_once(void **state)
{
	struct message_subscription subscription = listeners(50);

	(void)state;
	subscription.once = 1;
	subscribe(subscription);
	assert_int_equal(refresh_on(), SCHEDULE_ENDED);
	assert_int_equal(seen.begins, 1);
	assert_int_equal(seen.ends, 1);
	assert_true(seen.end.cpu_us > 0 && seen.end.cpu_us < UINT64_C(1000000) * 3600);
	schedule_hurry(schedule);
	assert_int_equal(step(CLOCK_NS_PER_S), SCHEDULE_ENDED);
	drain();
	assert_int_equal(seen.begins, 1);
}

/* CPU time is that of the process, in microseconds. */
static void
test_cpu(void **state)
{
	struct timespec spent;
	uint64_t before_us, after_us;

	(void)state;
	/* Some of it, so that a wrong unit shows. */
	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	} while (spent.tv_sec == 0 && spent.tv_nsec < 20000000);
	subscribe(listeners(60000));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	before_us = (uint64_t)spent.tv_sec * 1000000 + (uint64_t)spent.tv_nsec / 1000;
	(void)refresh_on();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	after_us = (uint64_t)spent.tv_sec * 1000000 + (uint64_t)spent.tv_nsec / 1000;
	assert_true(seen.end.cpu_us >= before_us && seen.end.cpu_us <= after_us);
}

static void
test_counters(void **state)
{
	struct message_subscription subscription = listeners(60000);
	unsigned udp_lines;

	(void)state;
	subscription.needs |= NEED_COUNTERS;
	subscribe(subscription);
	(void)refresh_on();
	/* sockstat, snmp, netstat at least: those of IPv6 may be missing. */
	assert_true(seen.counters >= 3);
	udp_lines = seen.snmp6_lines;
	subscription.needs |= NEED_SNMP6;
	subscribe(subscription);
	(void)refresh();
	if (udp_lines != 0)
		assert_true(seen.snmp6_lines > udp_lines);
	subscription.needs = NEED_SOCKETS | NEED_SNMP6;
	subscribe(subscription);
	(void)refresh();
	assert_int_equal(seen.counters, 0);
}

/* Counters and sysctls are each read alone; those of the machine beside those of a namespace. */
static void
test_sysctls(void **state)
{
	struct message_subscription subscription = listeners(60000);

	(void)state;
	subscribe(subscription);
	(void)refresh_on();
	assert_int_equal(seen.sysctls + seen.machine_sysctls, 0);
	subscription.needs |= NEED_SYSCTLS;
	subscribe(subscription);
	(void)refresh();
	assert_int_equal(seen.counters, 0);
	assert_int_equal(seen.sysctls, 1);
	assert_int_equal(seen.machine_sysctls, 1);
	/* Only what changed, and not each time. */
	(void)refresh();
	assert_int_equal(seen.sysctls + seen.machine_sysctls, 0);
	subscription.needs = NEED_SOCKETS | NEED_COUNTERS;
	subscription.key++;
	subscribe(subscription);
	(void)refresh();
	assert_true(seen.counters >= 3);
	assert_int_equal(seen.sysctls + seen.machine_sysctls, 0);
	assert_int_equal(seen.sysctl_files, 0);
	subscription.needs = NEED_SOCKETS | NEED_SYSCTL_FILES;
	subscribe(subscription);
	(void)refresh();
	assert_int_equal(seen.counters, 0);
	assert_int_equal(seen.sysctls + seen.machine_sysctls, 0);
	assert_int_equal(seen.sysctl_files, 1);
}

/* Each kind when its number changed, and no other. */
static void
test_losses(void **state)
{
	(void)state;
	subscribe(listeners(60000));
	(void)refresh_on();
	assert_int_equal(seen.losses, 0);
	for (unsigned what = 0; what < LOSS_COUNT; what++) {
		schedule_losses(schedule)[what] += 5 + what;
		(void)refresh();
		assert_int_equal(seen.losses, 1);
		assert_int_equal(seen.loss.what, what);
		assert_int_equal(seen.loss.count, 5 + what);
		(void)refresh();
		assert_int_equal(seen.losses, 0);
	}
}

/* No faster than the stream is read: what waits is written first, or nothing is done. */
static void
test_blocked(void **state)
{
	const struct message_notice notice = {.text = text_of("A sentence of some length.")};

	(void)state;
	subscribe(listeners(60000));
	while (stream_pending(writer) < DUMP_PENDING_MAX)
		assert_int_equal(stream_write_message(writer, MESSAGE_NOTICE, &notice), 0);
	assert_int_equal(schedule_step(schedule, CLOCK_NS_PER_S, &error), SCHEDULE_BLOCKED);
	drain();
	assert_int_equal(seen.begins, 0);
	assert_int_equal(refresh_on(), SCHEDULE_IDLE);
	assert_int_equal(seen.begins, 1);
}

/* What waits is written, and then it goes on at once where all of it could be. */
static void
test_not_blocked(void **state)
{
	const struct message_notice notice = {.text = text_of("A sentence of some length.")};

	(void)state;
	if (fcntl(pipes[1], F_SETPIPE_SZ, 2 * DUMP_PENDING_MAX) < 2 * DUMP_PENDING_MAX)
		unit_skip("the user may not have so large a pipe");
	subscribe(listeners(60000));
	while (stream_pending(writer) < DUMP_PENDING_MAX)
		assert_int_equal(stream_write_message(writer, MESSAGE_NOTICE, &notice), 0);
	assert_int_not_equal(schedule_step(schedule, CLOCK_NS_PER_S, &error), SCHEDULE_BLOCKED);
	drain();
	assert_int_equal(seen.begins, 1);
}

/* A namespace that is not there ends a single listing, and is told once to a monitor. */
static void
test_missing(void **state)
{
	struct message_subscription subscription = listeners(60000);

	(void)state;
	subscription.netns_mode = SUBSCRIPTION_NETNS_NAMED;
	subscription.netns = text_of("no-such-namespace");
	subscribe(subscription);
	assert_int_equal(refresh_on(), SCHEDULE_IDLE);
	assert_int_equal(seen.notices, 1);
	assert_int_equal(seen.severity, SEVERITY_CRITICAL);
	assert_int_equal(seen.ends, 1);
	assert_int_equal(seen.dump_count, 0);
	assert_int_equal(refresh(), SCHEDULE_IDLE);
	assert_int_equal(seen.notices, 0);
	assert_int_equal(seen.ends, 1);
	/* Right after that, which is sooner than namespaces are looked for again. */
	error.text[0] = '\0';
	subscription.once = 1;
	subscribe(subscription);
	assert_int_equal(refresh(), SCHEDULE_FAILED);
	assert_non_null(strstr(error.text, "no-such-namespace"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_first, start, stop),
		cmocka_unit_test_setup_teardown(test_interval, start, stop),
		cmocka_unit_test_setup_teardown(test_rest, start, stop),
		cmocka_unit_test_setup_teardown(test_urgent, start, stop),
		cmocka_unit_test_setup_teardown(test_change, start, stop),
		cmocka_unit_test_setup_teardown(test_once, start, stop),
		cmocka_unit_test_setup_teardown(test_cpu, start, stop),
		cmocka_unit_test_setup_teardown(test_counters, start, stop),
		cmocka_unit_test_setup_teardown(test_sysctls, start, stop),
		cmocka_unit_test_setup_teardown(test_losses, start, stop),
		cmocka_unit_test_setup_teardown(test_blocked, start, stop),
		cmocka_unit_test_setup_teardown(test_not_blocked, start, stop),
		cmocka_unit_test_setup_teardown(test_missing, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
