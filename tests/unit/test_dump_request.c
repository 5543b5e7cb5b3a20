/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dump requests, and when a namespace is idle, from the kernel's counter files. */
#include "unit.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>

#include <sockwatch/stream/needs.h>

#include "collector/netlink/dump_request.h"
#include "collector/netns/idle.h"

static struct dump_request request;

static const struct nlmsghdr *
build(const struct message_subscription *subscription, uint8_t protocol, unsigned index,
	uint32_t states)
{
	const struct nlmsghdr *const header = (const struct nlmsghdr *)request.bytes;

	dump_request_build(&request, subscription, protocol, index, states, 4711);
	assert_int_equal(header->nlmsg_len, request.len);
	assert_int_equal(header->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(header->nlmsg_seq, 4711);
	return header;
}

static void
test_one_walk(void **state)
{
	(void)state;
	const struct message_subscription subscription = {.needs = NEED_TCP_INFO | NEED_CONGESTION};
	const struct nlmsghdr *const header =
		build(&subscription, PROTOCOL_TCP, 0, REQUEST_STATES_ALL);
	const struct inet_diag_req *const body =
		(const struct inet_diag_req *)(request.bytes + NLMSG_HDRLEN);

	assert_int_equal(dump_request_count(&subscription, PROTOCOL_TCP), 1);
	assert_int_equal(header->nlmsg_type, TCPDIAG_GETSOCK);
	assert_int_equal(header->nlmsg_len, NLMSG_HDRLEN + sizeof *body);
	assert_int_equal(body->idiag_ext, 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_CONG - 1));
	assert_int_equal(body->idiag_states, 0x3fff);
}

static void
test_by_family(void **state)
{
	(void)state;
	static const struct {
		uint8_t protocol, families;
		unsigned count, index;
		uint8_t family, ip_protocol;
	} cases[] = {
		{PROTOCOL_UDP, 0, 2, 0, AF_INET, IPPROTO_UDP},
		{PROTOCOL_UDP, FAMILY_V4 | FAMILY_V6, 2, 1, AF_INET6, IPPROTO_UDP},
		{PROTOCOL_UDP, FAMILY_V6, 1, 0, AF_INET6, IPPROTO_UDP},
		{PROTOCOL_TCP, FAMILY_V4, 1, 0, AF_INET, IPPROTO_TCP},
		{PROTOCOL_TCP, FAMILY_V6, 1, 0, AF_INET6, IPPROTO_TCP},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct message_subscription subscription = {
			.families = cases[i].families, .states = 0x482};
		const struct nlmsghdr *const header =
			build(&subscription, cases[i].protocol, cases[i].index, 0x402);
		const struct inet_diag_req_v2 *const body =
			(const struct inet_diag_req_v2 *)(request.bytes + NLMSG_HDRLEN);

		assert_int_equal(
			dump_request_count(&subscription, cases[i].protocol), cases[i].count);
		assert_int_equal(header->nlmsg_type, SOCK_DIAG_BY_FAMILY);
		assert_int_equal(body->sdiag_family, cases[i].family);
		assert_int_equal(body->sdiag_protocol, cases[i].ip_protocol);
		assert_int_equal(body->idiag_states, 0x402);
	}
}

static void
test_conditions(void **state)
{
	(void)state;
	const struct subscription_condition condition = {
		.clause = 1, .kind = CONDITION_LOCAL_PORT, .low = 22, .high = 22};
	const struct message_subscription subscription = {.conditions = {&condition, 1}};
	const struct nlmsghdr *const header =
		build(&subscription, PROTOCOL_TCP, 0, REQUEST_STATES_ALL);
	const size_t behind = NLMSG_HDRLEN + sizeof(struct inet_diag_req);
	struct nlattr attribute;

	assert_true(header->nlmsg_len > behind);
	memcpy(&attribute, request.bytes + behind, sizeof attribute);
	assert_int_equal(attribute.nla_type, INET_DIAG_REQ_BYTECODE);
	assert_int_equal(attribute.nla_len, header->nlmsg_len - behind);
}

static void
test_extensions(void **state)
{
	(void)state;
	assert_int_equal(dump_request_extensions(NEED_SOCKETS | NEED_OWNERS), 0);
	assert_int_equal(dump_request_extensions(NEED_TCP_INFO), 1 << (INET_DIAG_INFO - 1));
	assert_true(dump_request_extensions(NEED_MEMORY) & 1 << (INET_DIAG_SKMEMINFO - 1));
	assert_true(dump_request_extensions(NEED_INTERNALS) & 1 << (INET_DIAG_VEGASINFO - 1));
	assert_true(dump_request_extensions(NEED_INTERNALS) & 1 << (INET_DIAG_TOS - 1));
}

static void
test_counter_files(void **state)
{
	(void)state;
	static const char sockstat[] = "sockets: used 12\nTCP: inuse 7 orphan 1 tw 33 alloc 9 mem "
				       "2\nUDP: inuse 3 mem 1\n";
	static const char snmp[] = "Tcp: RtoAlgorithm InSegs OutSegs\nTcp: 1 18446744073709551615 "
				   "5\nUdp: InDatagrams\nUdp: 4\n";
	uint64_t number = 0;

	assert_true(idle_find_pair(sockstat, "TCP:", "inuse", &number));
	assert_int_equal(number, 7);
	assert_true(idle_find_pair(sockstat, "TCP:", "tw", &number));
	assert_int_equal(number, 33);
	assert_false(idle_find_pair(sockstat, "TCP:", "33", &number));
	assert_false(idle_find_pair(sockstat, "TCP6:", "inuse", &number));
	assert_false(idle_find_pair("TCP: inuse", "TCP:", "inuse", &number));
	assert_true(idle_find_column(snmp, "Tcp:", "InSegs", &number));
	assert_true(number == UINT64_MAX);
	assert_true(idle_find_column(snmp, "Udp:", "InDatagrams", &number));
	assert_int_equal(number, 4);
	assert_false(idle_find_column(snmp, "Tcp:", "InDatagrams", &number));
	assert_false(idle_find_column("Tcp: InSegs\n", "Tcp:", "InSegs", &number));
	assert_false(idle_find_column("", "Tcp:", "InSegs", &number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_walk),
		cmocka_unit_test(test_by_family),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_counter_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
