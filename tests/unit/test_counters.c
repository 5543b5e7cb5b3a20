/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/counters.h>

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
	"TCPSynRetrans TCPAbortOnMemory TCPTimeWaitOverflow\n"
	"TcpExt: 4935 5 56 57 3 65 0 18446744073709551615\n"
	"IpExt: InNoRoutes ListenDrops\n"
	"IpExt: 1 2\n";

static const char sockstat[] = "sockets: used 17\n"
			       "TCP: inuse 1 orphan 0 tw 3 alloc 4 mem 259\n"
			       "UDP: inuse 2 mem 8\n"
			       "UDPLITE: inuse 9\n"
			       "FRAG: inuse 0 memory 0\n";

static const char sockstat6[] = "TCP6: inuse 11\nUDP6: inuse 12\nUDPLITE6: inuse 9\n";

#define SECOND UINT64_C(1000000000)

static void
expect(const struct counters *counters, enum counter counter, uint64_t value)
{
	assert_true(counters->known[counter]);
	assert_int_equal(counters->value[counter], value);
}

static void
reads_what_the_kernel_prints(void **state)
{
	struct counters counters = {.value = {0}};

	(void)state;
	counters_read(&counters, COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	counters_read(&counters, COUNTER_NETSTAT, text_of(netstat), SECOND);
	counters_read(&counters, COUNTER_SOCKSTAT, text_of(sockstat), SECOND);
	counters_read(&counters, COUNTER_SOCKSTAT6, text_of(sockstat6), SECOND);
	expect(&counters, COUNTER_ACTIVE_OPENS, 13);
	expect(&counters, COUNTER_CURR_ESTAB, 5);
	expect(&counters, COUNTER_OUT_RSTS, 2);
	expect(&counters, COUNTER_UDP_IN, 26);
	expect(&counters, COUNTER_UDP_OUT, 27);
	expect(&counters, COUNTER_SYNCOOKIES_SENT, 4935);
	expect(&counters, COUNTER_LISTEN_DROPS, 57);
	expect(&counters, COUNTER_TIME_WAIT_OVERFLOW, UINT64_MAX);
	expect(&counters, COUNTER_SOCKETS_USED, 17);
	expect(&counters, COUNTER_TCP_INUSE, 1);
	expect(&counters, COUNTER_TCP_TW, 3);
	expect(&counters, COUNTER_TCP_MEM, 259);
	expect(&counters, COUNTER_UDP_INUSE, 2);
	expect(&counters, COUNTER_TCP6_INUSE, 11);
	expect(&counters, COUNTER_UDP6_INUSE, 12);
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		assert_true(counters.known[i]);
}

static void
rates_need_two_readings(void **state)
{
	struct counters counters = {.value = {0}};
	double rate;

	(void)state;
	assert_false(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	counters_read(&counters, COUNTER_SNMP, text_of(snmp_quiet), SECOND);
	assert_false(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	counters_read(&counters, COUNTER_SNMP, text_of(snmp_later), 3 * SECOND);
	assert_true(counters_rate(&counters, COUNTER_IN_SEGS, &rate));
	assert_true(rate > 499.9 && rate < 500.1);
	assert_true(counters_rate(&counters, COUNTER_RETRANS_SEGS, &rate));
	assert_true(rate > 3.49 && rate < 3.51);
	/* A gauge may fall. */
	assert_true(counters_rate(&counters, COUNTER_CURR_ESTAB, &rate));
	assert_true(rate > -1.01 && rate < -0.99);
	/* A counter that is not printed any more is unknown, not 0. */
	assert_false(counters.known[COUNTER_UDP_IN]);
	assert_false(counters_rate(&counters, COUNTER_UDP_IN, &rate));
	/* Another file's readings are another clock. */
	assert_false(counters_rate(&counters, COUNTER_LISTEN_DROPS, &rate));
	/* It comes back: not yet a rate. */
	counters_read(&counters, COUNTER_SNMP, text_of(snmp_quiet), 4 * SECOND);
	expect(&counters, COUNTER_UDP_IN, 26);
	assert_false(counters_rate(&counters, COUNTER_UDP_IN, &rate));
	/* No time passed. */
	counters_read(&counters, COUNTER_SNMP, text_of(snmp_quiet), 4 * SECOND);
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
	struct counters counters = {.value = {0}};

	(void)state;
	unit_each (i, texts) {
		for (int source = 0; source <= 5; source++)
			counters_read(
				&counters, (enum counter_source)source, text_of(texts[i]), SECOND);
		for (size_t j = 0; j < COUNTER_COUNT; j++)
			assert_false(counters.known[j]);
	}
	/* A names line without its values does not hide the pair after it. */
	counters_read(&counters, COUNTER_SNMP, text_of("Tcp: InSegs\nUdp: InDatagrams\nUdp: 4\n"),
		SECOND);
	expect(&counters, COUNTER_UDP_IN, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_kernel_prints),
		cmocka_unit_test(rates_need_two_readings),
		cmocka_unit_test(survives_what_is_no_counter_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
