/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/counters.h>

#include <stdio.h>
#include <string.h>

#include "unit.h"

/* As Linux 6.18 prints them, some columns left out. */
static const char snmp_quiet[] =
	"Ip: Forwarding DefaultTTL InReceives\n"
	"Ip: 2 64 505\n"
	"Icmp: InMsgs InErrors InCsumErrors\n"
	"Icmp: 1 0 0\n"
	"IcmpMsg: InType3\n"
	"IcmpMsg: 1\n"
	"Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets "
	"CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\n"
	"Tcp: 1 200 120000 -1 13 2 0 0 5 478 332 0 0 2 0\n"
	"Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors\n"
	"Udp: 26 0 0 27 0 0 0\n"
	"UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors\n"
	"UdpLite: 900 901 902 903 904\n";

/* Two seconds later: more columns of IcmpMsg, and no line of Udp. */
static const char snmp_later[] =
	"Ip: Forwarding DefaultTTL InReceives\n"
	"Ip: 2 64 605\n"
	"IcmpMsg: InType3 InType8 OutType0 OutType3\n"
	"IcmpMsg: 1 4 4 9\n"
	"Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets "
	"CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\n"
	"Tcp: 1 200 120000 -1 23 2 0 0 3 1478 1332 7 0 2 0";

static const char netstat[] =
	"TcpExt: SyncookiesSent SyncookiesRecv ListenOverflows ListenDrops TCPTimeouts "
	"TCPSynRetrans TCPAbortOnMemory TCPTimeWaitOverflow EmbryonicRsts "
	"SyncookiesFailed TCPReqQFullDrop TCPReqQFullDoCookies TCPAbortOnData TCPAbortOnClose TCPAbortOnTimeout TCPDSACKRecv "
	"TCPRcvQDrop PruneCalled TCPToZeroWindowAdv TCPWantZeroWindowAdv TCPFromZeroWindowAdv TCPMTUPSuccess TCPMemoryPressures\n"
	"TcpExt: 4935 5 56 57 3 65 0 18446744073709551615 8 100 101 102 103 104 105 106 107 108 109 110 111 112 113\n"
	"IpExt: InNoRoutes ListenDrops\n"
	"IpExt: 1 2\n";

static const char sockstat[] = "sockets: used 17\n"
			       "TCP: inuse 1 orphan 0 tw 3 alloc 4 mem 259\n"
			       "UDP: inuse 2 mem 8\n"
			       "UDPLITE: inuse 9\n"
			       "FRAG: inuse 0 memory 0\n";

static const char snmp6[] = "Udp6InDatagrams                 \t41\n"
			    "Udp6InErrors                    \t42\n"
			    "Udp6RcvbufErrors                \t43\n";

static const char conntrack[] = "Conntrack: entries  clashres insert_failed drop early_drop\n"
				"Conntrack: 262144 0 1 2 430\n";

static const char sockstat6[] = "TCP6: inuse 11\nUDP6: inuse 12\nUDPLITE6: inuse 9\n";

#define SECOND UINT64_C(1000000000)

static const char *const names[COUNTER_COUNT] = {
#define COUNTER_NAME(name, source, group, member) [COUNTER_##name] = group " " member,
	COUNTER_LIST(COUNTER_NAME)
#undef COUNTER_NAME
};

static struct counter_names *counter_names;
static struct counters counters;

static int
setup(void **state)
{
	(void)state;
	counter_names = counter_names_new();
	assert_non_null(counter_names);
	assert_int_equal(counters_init(&counters), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	counters_fini(&counters);
	counter_names_free(counter_names);
	return 0;
}

static void
take(enum counter_source source, struct text text, uint64_t monotonic_ns)
{
	const struct message_counters message = {
		.source = (uint8_t)source, .text = text, .monotonic_ns = monotonic_ns};

	counters_read(&counters, counter_names, &message);
}

static void
expect(enum counter counter, uint64_t value)
{
	assert_true(counters.rows[counter].known);
	assert_int_equal(counters.rows[counter].value, value);
}

static void
reads_what_the_kernel_prints(void **state)
{
	(void)state;
	take(COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	take(COUNTER_NETSTAT, text_of(netstat), SECOND);
	take(COUNTER_SOCKSTAT, text_of(sockstat), SECOND);
	take(COUNTER_SOCKSTAT6, text_of(sockstat6), SECOND);
	take(COUNTER_SNMP6, text_of(snmp6), SECOND);
	take(COUNTER_CONNTRACK, text_of(conntrack), SECOND);
	expect(COUNTER_CONNTRACK_ENTRIES, 262144);
	expect(COUNTER_CONNTRACK_EARLY_DROP, 430);
	expect(COUNTER_UDP6_IN_ERRORS, 42);
	expect(COUNTER_ACTIVE_OPENS, 13);
	expect(COUNTER_CURR_ESTAB, 5);
	expect(COUNTER_OUT_RSTS, 2);
	expect(COUNTER_UDP_IN, 26);
	expect(COUNTER_UDP_OUT, 27);
	expect(COUNTER_SYNCOOKIES_SENT, 4935);
	expect(COUNTER_SYNCOOKIES_FAILED, 100);
	expect(COUNTER_REQ_Q_FULL_DROP, 101);
	expect(COUNTER_ABORT_ON_CLOSE, 104);
	expect(COUNTER_UDP6_RCVBUF_ERRORS, 43);
	expect(COUNTER_MEMORY_PRESSURES, 113);
	expect(COUNTER_LISTEN_DROPS, 57);
	expect(COUNTER_TIME_WAIT_OVERFLOW, UINT64_MAX);
	expect(COUNTER_SOCKETS_USED, 17);
	expect(COUNTER_TCP_INUSE, 1);
	expect(COUNTER_TCP_TW, 3);
	expect(COUNTER_TCP_MEM, 259);
	expect(COUNTER_UDP_INUSE, 2);
	expect(COUNTER_TCP6_INUSE, 11);
	expect(COUNTER_UDP6_INUSE, 12);
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		if (!counters.rows[i].known)
			fail_msg("%s is a counter: write a value for it into the files above",
				names[i]);
}

static void
rates_need_two_readings(void **state)
{
	double rate;

	(void)state;
	assert_false(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	take(COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	assert_false(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	take(COUNTER_SNMP, text_of(snmp_later), 3 * SECOND);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > 499.9 && rate < 500.1);
	assert_true(counters_rate(&counters, COUNTER_RETRANS_SEGS, &rate));
	assert_true(rate > 3.49 && rate < 3.51);
	/* A gauge may fall. */
	assert_true(counters_rate(&counters, COUNTER_CURR_ESTAB, &rate));
	assert_true(rate > -1.01 && rate < -0.99);
	/* A counter that is not printed any more is unknown, not 0. */
	assert_false(counters.rows[COUNTER_UDP_IN].known);
	assert_false(counters_rate(&counters, COUNTER_UDP_IN, &rate));
	/* Another file's readings are another clock. */
	assert_false(counters_rate(&counters, COUNTER_LISTEN_DROPS, &rate));
	/* It comes back: not yet a rate. */
	take(COUNTER_SNMP, text_of(snmp_quiet), 4 * SECOND);
	expect(COUNTER_UDP_IN, 26);
	assert_false(counters_rate(&counters, COUNTER_UDP_IN, &rate));
	/* No time passed. */
	take(COUNTER_SNMP, text_of(snmp_quiet), 4 * SECOND);
	assert_false(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
}

static void
survives_what_is_no_counter_file(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"Tcp:",
		"Tcp:\n",
		"Tcp: InSegs\n",
		"Tcp: InSegs\nUdp: 1\n",
		"Tcp: InSegs OutSegs\nTcp: \n",
		"Tcp: InSegs\nTcp: 18446744073709551616\n",
		"Tcp: InSegs\nTcp: 12x\n",
		"Tcp: InSegs\nTcp: -1\n",
		"TCP inuse 1\n",
		":\n:\n",
	};
	(void)state;
	unit_each (i, texts) {
		for (int source = 0; source <= COUNTER_SOURCES; source++)
			take((enum counter_source)source, text_of(texts[i]), SECOND);
		for (size_t j = 0; j < COUNTER_COUNT; j++)
			assert_false(counters.rows[j].known);
	}
	/* A names line without its values does not hide the pair after it. */
	take(COUNTER_SNMP, text_of("Tcp: InSegs\nUdp: InDatagrams\nUdp: 4\n"), SECOND);
	expect(COUNTER_UDP_IN, 4);
}

/* What is held is what later rates are counted from, whatever comes in between. */
static void
a_rate_is_that_since_the_held_reading(void **state)
{
	double rate;

	(void)state;
	counters_hold(&counters, SECOND); /* nothing was read: nothing is held */
	assert_false(counters.are_held);
	take(COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	counters_hold(&counters, 2 * SECOND);
	assert_false(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	take(COUNTER_SNMP, text_of(snmp_quiet), 3 * SECOND);
	take(COUNTER_SNMP, text_of(snmp_later), 6 * SECOND);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > 249.9 && rate < 250.1);
	/* Nothing new until then. */
	counters_hold_until(&counters, 12 * SECOND);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > 99.9 && rate < 100.1);
	/* It was known when they were held, was not printed, and is again. */
	assert_false(counters_rate(&counters, COUNTER_UDP_IN, &rate));
	take(COUNTER_SNMP, text_of(snmp_quiet), 13 * SECOND);
	assert_true(counters_rate(&counters, COUNTER_UDP_IN, &rate));
	/* Of a file that was not read by then there is nothing to count from. */
	take(COUNTER_NETSTAT, text_of(netstat), 12 * SECOND);
	take(COUNTER_NETSTAT, text_of(netstat), 13 * SECOND);
	assert_false(counters_rate(&counters, COUNTER_LISTEN_DROPS, &rate));
	/* Held again: from here on. */
	counters_hold(&counters, 13 * SECOND);
	take(COUNTER_SNMP, text_of(snmp_later), 14 * SECOND);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > 999.9 && rate < 1000.1);
}

/* Readings that found nothing new are not reported: the change is that of the last second. */
static void
a_rate_is_that_of_the_last_reading(void **state)
{
	struct message_counters message = {
		.source = COUNTER_SNMP, .text = text_of(snmp_later), .monotonic_ns = 60 * SECOND};
	double rate;

	(void)state;
	take(COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	take(COUNTER_SNMP, text_of(snmp_quiet), 2 * SECOND);
	message.unchanged_ns = 59 * SECOND;
	counters_read(&counters, counter_names, &message);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > 999.9 && rate < 1000.1);
	/* Nonsense is not believed. */
	message.monotonic_ns = 70 * SECOND;
	message.unchanged_ns = 71 * SECOND;
	message.text = text_of(snmp_quiet);
	counters_read(&counters, counter_names, &message);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > -100.1 && rate < -99.9);
}

/* The index of a name that was printed, or a failure. */
static size_t
place(const char *group, const char *member)
{
	for (size_t i = 0; i < counter_names_count(counter_names); i++) {
		const struct counter_name name = counter_name(counter_names, i);

		if (strcmp(name.group, group) == 0 && strcmp(name.member, member) == 0)
			return i;
	}
	fail_msg("%s.%s was not kept", group, member);
	return 0;
}

static void
keeps_every_name(void **state)
{
	size_t count, unreachable;
	double rate;

	(void)state;
	take(COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	count = counter_names_count(counter_names);
	unreachable = place("IcmpMsg", "InType3");
	assert_int_equal(counters.rows[unreachable].value, 1);
	/* Another column comes before it: its index stays, and the new name has one of its own. */
	take(COUNTER_SNMP, text_of("IcmpMsg: InType0 InType3\nIcmpMsg: 5 9\n"), 3 * SECOND);
	assert_int_equal(counter_names_count(counter_names), count + 1);
	assert_int_equal(place("IcmpMsg", "InType3"), unreachable);
	assert_int_equal(counters.rows[unreachable].value, 9);
	assert_int_equal(counters.rows[place("IcmpMsg", "InType0")].value, 5);
	assert_true(counters_rate_of(&counters, counter_names, unreachable, &rate));
	assert_true(rate > 3.99 && rate < 4.01);
	assert_false(
		counters_rate_of(&counters, counter_names, place("IcmpMsg", "InType0"), &rate));
	assert_int_equal(counter_names_refused(counter_names), 0);
	/* Those that the program knows come first, whatever was printed. */
	assert_int_equal(place("Tcp", "ActiveOpens"), COUNTER_ACTIVE_OPENS);
}

static void
tells_gauges_from_counts(void **state)
{
	static const struct {
		const char *group, *member;
		bool is_gauge;
	} cases[] = {
		{"Tcp", "ActiveOpens", false},
		{"Tcp", "CurrEstab", true},
		{"Tcp", "RtoMin", true},
		{"TCP", "mem", true},
		{"UDP6", "inuse", true},
		{"", "Udp6InErrors", false},
		{"IpExt", "InNoRoutes", false},
		{"Conntrack", "entries", true},
		{"Conntrack", "drop", false},
	};

	(void)state;
	take(COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	take(COUNTER_NETSTAT, text_of(netstat), SECOND);
	unit_each (i, cases)
		assert_int_equal(counter_name(counter_names, place(cases[i].group, cases[i].member))
					 .is_gauge,
			cases[i].is_gauge);
}

/* A damaged or malicious stream: a name that is too long, and more names than are kept. */
static void
is_bounded(void **state)
{
	char text[80];

	(void)state;
	take(COUNTER_SOCKSTAT, text_of("X: a234567890123456789012345678901234567890123456789 1\n"),
		SECOND);
	assert_int_equal(counter_names_refused(counter_names), 1);
	for (int i = 0; i < 2 * COUNTERS_MAX; i++) {
		snprintf(text, sizeof text, "X: n%d 7\n", i);
		take(COUNTER_SOCKSTAT, text_of(text), SECOND);
	}
	assert_int_equal(counter_names_count(counter_names), COUNTERS_MAX);
	assert_int_equal(counter_names_refused(counter_names), 1 + COUNTERS_MAX + COUNTER_COUNT);
	assert_true(counters.count <= COUNTERS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_the_kernel_prints, setup, teardown),
		cmocka_unit_test_setup_teardown(rates_need_two_readings, setup, teardown),
		cmocka_unit_test_setup_teardown(survives_what_is_no_counter_file, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_rate_is_that_since_the_held_reading, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_rate_is_that_of_the_last_reading, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_every_name, setup, teardown),
		cmocka_unit_test_setup_teardown(tells_gauges_from_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
