/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/model/socket.h>

#include "feed.h"
#include "model/socket/diag.h"
#include "unit.h"

enum { NETLINK_HEADER = 16 };

static const uint32_t memory[9] = {100, 200, 300, 400, 500, 600, 700, 800, 900};

static const struct feed_socket full = {
	.cookie = UINT64_C(0x1122334455667788),
	.state = 1,
	.local = "10.1.2.3",
	.remote = "192.0.2.7",
	.local_port = 443,
	.remote_port = 51022,
	.ifindex = 3,
	.inode = 4711,
	.uid = 1000,
	.timer = 1,
	.retries = 2,
	.expires_ms = 204,
	.receive_queue = 11,
	.send_queue = 22,
	.info_len = 280,
	.info = {.tcpi_rtt = 1234, .tcpi_total_retrans = 5},
	.congestion = "bbr",
	.ulp = "mptcp",
	.memory = memory,
	.mark = 7,
	.cgroup = UINT64_C(0x1000000002),
	.tos = 0x10,
	.shutdown = 2,
};

static struct diag_socket
parse(const struct feed_socket *socket)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];
	const size_t len = feed_build(socket, message);
	/* Texts and tcp_info point into it; only addresses are looked at after. */
	static uint8_t kept[FEED_MESSAGE_MAX];
	struct diag_socket out;

	memcpy(kept, message, len);
	assert_int_equal(diag_parse(kept + NETLINK_HEADER, len - NETLINK_HEADER, &out), 0);
	return out;
}

static void
check_address(const struct address *address, const char *expected)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text, sizeof text);
	assert_string_equal(text, expected);
}

static void
reads_a_whole_socket(void **state)
{
	const struct diag_socket got = parse(&full);
	struct tcp_info info;

	(void)state;
	assert_int_equal(got.cookie, full.cookie);
	check_address(&got.local, "10.1.2.3");
	check_address(&got.remote, "192.0.2.7");
	assert_int_equal(got.local_port, 443);
	assert_int_equal(got.remote_port, 51022);
	assert_int_equal(got.family, AF_INET);
	assert_int_equal(got.state, TCP_STATE_ESTABLISHED);
	assert_int_equal(got.ifindex, 3);
	assert_int_equal(got.inode, 4711);
	assert_int_equal(got.uid, 1000);
	assert_int_equal(got.timer, SOCKET_TIMER_RETRANSMIT);
	assert_int_equal(got.timer_retries, 2);
	assert_int_equal(got.timer_ms, 204);
	assert_int_equal(got.receive_queue, 11);
	assert_int_equal(got.send_queue, 22);
	assert_int_equal(got.has, SOCKET_HAS_MEMORY | SOCKET_HAS_INFO | SOCKET_HAS_TOS |
					  SOCKET_HAS_MARK | SOCKET_HAS_CGROUP |
					  SOCKET_HAS_SHUTDOWN);
	assert_int_equal(got.flags, SOCKET_MPTCP);
	assert_int_equal(got.tos, 0x10);
	assert_int_equal(got.mark, 7);
	assert_int_equal(got.cgroup, full.cgroup);
	assert_int_equal(got.shutdown, 2);
	assert_int_equal(got.protocol, 0);
	assert_int_equal(diag_memory(&got, DIAG_MEMORY_RECEIVE), 100);
	assert_int_equal(diag_memory(&got, DIAG_MEMORY_RECEIVE_BUFFER), 200);
	assert_int_equal(diag_memory(&got, DIAG_MEMORY_SEND_BUFFER), 400);
	assert_int_equal(diag_memory(&got, DIAG_MEMORY_SEND), 600);
	assert_int_equal(diag_memory(&got, DIAG_MEMORY_DROPS), 900);
	assert_true(text_equal(got.congestion, text_of("bbr")));
	assert_int_equal(got.info_len, 280);
	memcpy(&info, got.info, sizeof info);
	assert_int_equal(info.tcpi_rtt, 1234);
	assert_false(got.is_request);
}

static void
reads_ipv6_and_mapped(void **state)
{
	struct feed_socket socket = full;
	struct diag_socket got;

	(void)state;
	socket.family = AF_INET6;
	socket.local = "2001:db8::1";
	socket.remote = "fe80::42";
	socket.tclass = 0x28;
	socket.v6only = true;
	socket.ulp = "tls";
	got = parse(&socket);
	check_address(&got.local, "2001:db8::1");
	check_address(&got.remote, "fe80::42");
	assert_int_equal(got.family, AF_INET6);
	assert_int_equal(got.tos, 0x28);
	assert_true(got.flags & SOCKET_V6ONLY);
	assert_false(got.flags & SOCKET_MPTCP);
	socket.local = "::ffff:10.0.0.1";
	socket.remote = "::ffff:10.0.0.2";
	socket.v6only = false;
	got = parse(&socket);
	assert_int_equal(got.family, AF_INET6);
	check_address(&got.remote, "10.0.0.2");
	/* It speaks IPv4, so IPv4's field counts. */
	assert_int_equal(got.tos, 0x10);
	assert_false(got.flags & SOCKET_V6ONLY);
}

static void
reads_states(void **state)
{
	static const uint8_t expected[16] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, TCP_STATE_SYN_RECEIVED, TCP_STATE_CLOSED};

	(void)state;
	for (int kernel = 0; kernel < 256; kernel++) {
		_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];
		const size_t len =
			feed_build(&(struct feed_socket){.cookie = 1, .state = kernel}, message);
		struct diag_socket got;
		const int status = diag_parse(message + NETLINK_HEADER, len - NETLINK_HEADER, &got);

		if (kernel < 16 && expected[kernel] != 0) {
			assert_int_equal(status, 0);
			assert_int_equal(got.state, expected[kernel]);
		} else {
			assert_int_equal(status, -EINVAL);
		}
	}
}

static void
recognizes_requests(void **state)
{
	struct feed_socket socket = {.cookie = 1, .state = 12, .mark = 3, .bare = true};

	(void)state;
	assert_true(parse(&socket).is_request);
	socket.state = 3;
	assert_true(parse(&socket).is_request);
	/* Full sockets in SYN-RECEIVED (simultaneous open, fast open). */
	socket.bare = false;
	assert_false(parse(&socket).is_request);
	socket.inode = 5;
	assert_false(parse(&socket).is_request);
	socket.state = 6;
	socket.inode = 0;
	socket.bare = true;
	assert_false(parse(&socket).is_request);
}

/* Cut anywhere: refused, unless what is left ends with an attribute. */
static void
refuses_what_is_cut(void **state)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];
	const size_t len = feed_build(&full, message) - NETLINK_HEADER;
	const uint8_t *const payload = message + NETLINK_HEADER;
	size_t boundary = DIAG_SIZE, refused = 0;

	(void)state;
	for (size_t cut = 0; cut <= len; cut++) {
		uint8_t *const exact = malloc(cut + (cut == 0));
		struct diag_socket got;
		uint16_t attribute = 0;

		/* Where the next attribute ends; its padding may be missing. */
		if (boundary + 4 <= len)
			memcpy(&attribute, payload + boundary, sizeof attribute);
		memcpy(exact, payload, cut);
		if (cut == boundary || (attribute != 0 && cut >= boundary + attribute)) {
			assert_int_equal(diag_parse(exact, cut, &got), 0);
			if (attribute != 0 && cut >= boundary + ((attribute + 3u) & ~3u))
				boundary += (attribute + 3u) & ~3u;
		} else {
			assert_int_equal(diag_parse(exact, cut, &got), -EINVAL);
			refused++;
		}
		free(exact);
	}
	assert_int_equal(boundary, len);
	assert_true(refused > 400);
}

static void
add(uint8_t *message, size_t *len, uint16_t attribute_len, uint16_t type, size_t room)
{
	memcpy(message + *len, &attribute_len, 2);
	memcpy(message + *len + 2, &type, 2);
	memset(message + *len + 4, 1, room);
	*len += 4 + room;
}

static int
parse_with(uint16_t attribute_len, uint16_t type, size_t room)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];
	size_t len =
		feed_build(&(struct feed_socket){.cookie = 1, .state = 1, .bare = true}, message);
	struct diag_socket got;

	add(message, &len, attribute_len, type, room);
	return diag_parse(message + NETLINK_HEADER, len - NETLINK_HEADER, &got);
}

static void
checks_the_length_of_attributes(void **state)
{
	static const struct {
		uint16_t type, least;
	} known[] = {{5, 1}, {6, 1}, {7, 36}, {8, 1}, {10, 1}, {11, 1}, {15, 4}, {21, 8}};

	(void)state;
	unit_each (i, known) {
		const uint16_t least = known[i].least;

		assert_int_equal(parse_with(4 + least, known[i].type, least), 0);
		assert_int_equal(parse_with(4 + least + 8, known[i].type, least + 8u), 0);
		assert_int_equal(parse_with(4 + least - 1, known[i].type, least - 1u), -EINVAL);
	}
	/* A length that is no length. */
	for (uint16_t len = 0; len < 4; len++)
		assert_int_equal(parse_with(len, 99, 8), -EINVAL);
	assert_int_equal(parse_with(13, 99, 8), -EINVAL);
	assert_int_equal(parse_with(UINT16_MAX, 2, 8), -EINVAL);
	/* Unknown ones, among them the one with a key in clear, are passed over. */
	assert_int_equal(parse_with(12, 18, 8), 0);
	assert_int_equal(parse_with(12, 0x3fff, 8), 0);
	/* A nested one that does not hold together: its inner length is 0x0101. */
	assert_int_equal(parse_with(12, 19 | 0x8000, 8), -EINVAL);
	assert_int_equal(parse_with(4, 19, 0), 0);
}

static void
refuses_other_families(void **state)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];
	const size_t len = feed_build(&full, message);
	struct diag_socket got;

	(void)state;
	message[NETLINK_HEADER] = AF_UNIX;
	assert_int_equal(diag_parse(message + NETLINK_HEADER, len - NETLINK_HEADER, &got), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_whole_socket),
		cmocka_unit_test(reads_ipv6_and_mapped),
		cmocka_unit_test(reads_states),
		cmocka_unit_test(recognizes_requests),
		cmocka_unit_test(refuses_what_is_cut),
		cmocka_unit_test(checks_the_length_of_attributes),
		cmocka_unit_test(refuses_other_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
