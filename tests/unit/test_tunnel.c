/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnels: named, counted, and looked into where that is possible. */
#include <config.h>

#include "unit.h"

#include <linux/if_arp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/wire/wire_input.h"
#include "packets.h"
#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

enum { TCP = 20, PAYLOAD = 7, GRE = IPPROTO_GRE, UDP = IPPROTO_UDP };

#define ETHERNET_4      "ccccccdddddd\x08\0"
#define ETHERNET_6      "ccccccdddddd\x86\xdd"
#define PORT(high, low) "\x9c\x40" high low "\0\0\0\0"

/* The outer IP header's protocol, what stands between it and the inner one. */
static const struct tunnel_case {
	unsigned protocol;
	const char *header;
	size_t len;
	enum segment_tunnel_kind kind;
	bool outer_6, inner_6;
} cases[] = {
	{IPPROTO_IPIP, "", 0, SEGMENT_TUNNEL_IPIP, false, false},
	{IPPROTO_IPV6, "", 0, SEGMENT_TUNNEL_6IN4, false, true},
	{IPPROTO_IPIP, "", 0, SEGMENT_TUNNEL_IP6, true, false},
	{IPPROTO_IPV6, "", 0, SEGMENT_TUNNEL_IP6, true, true},
	{137, "\0\1\x01\x40", 4, SEGMENT_TUNNEL_MPLS, false, false},
	{GRE, "\0\0\x08\0", 4, SEGMENT_TUNNEL_GRE, false, false},
	{GRE, "\xb0\0\x86\xddSUM0KEY0SEQ0", 16, SEGMENT_TUNNEL_GRE, true, true},
	{GRE, "\x20\0\x65\x58KEY0" ETHERNET_4, 22, SEGMENT_TUNNEL_GRE, false, false},
	{GRE, "\0\0\x88\x47\0\1\x01\x40", 8, SEGMENT_TUNNEL_GRE, false, false},
	{GRE, "\0\0\x88\xbe" ETHERNET_4, 18, SEGMENT_TUNNEL_GRE, false, false},
	{GRE, "\x10\0\x88\xbeSEQ0ERSPAN 2" ETHERNET_6, 30, SEGMENT_TUNNEL_GRE, false, true},
	{GRE, "\x10\0\x22\xebSEQ0ERSPAN 3...\0" ETHERNET_4, 34, SEGMENT_TUNNEL_GRE, false, false},
	{GRE, "\x10\0\x22\xebSEQ0ERSPAN 3...\1PLATFORM" ETHERNET_4, 42, SEGMENT_TUNNEL_GRE, false,
		false},
	{GRE, "\x30\x81\x88\x0b\0\x3b\0\1SEQ0ACK0\xff\3\0\x21", 20, SEGMENT_TUNNEL_GRE, false,
		false},
	{UDP, PORT("\x12", "\xb5") "\x08\0\0\0\0\0\7\0" ETHERNET_4, 30, SEGMENT_TUNNEL_VXLAN, false,
		false},
	{UDP, PORT("\x21", "\x18") "\x08\0\0\0\0\0\7\0" ETHERNET_6, 30, SEGMENT_TUNNEL_VXLAN, true,
		true},
	{UDP, PORT("\x12", "\xb6") "\x0c\0\0\2\0\0\7\0", 16, SEGMENT_TUNNEL_VXLAN, false, true},
	{UDP, PORT("\x12", "\xb6") "\x0c\0\0\3\0\0\7\0" ETHERNET_4, 30, SEGMENT_TUNNEL_VXLAN, false,
		false},
	/* Without its flag the next protocol says nothing. */
	{UDP, PORT("\x12", "\xb6") "\x08\0\0\1\0\0\7\0" ETHERNET_4, 30, SEGMENT_TUNNEL_VXLAN, false,
		false},
	{UDP, PORT("\x17", "\xc1") "\0\0\x65\x58\0\0\7\0" ETHERNET_4, 30, SEGMENT_TUNNEL_GENEVE,
		false, false},
	{UDP, PORT("\x17", "\xc1") "\2\0\x86\xdd\0\0\7\0OPTION12", 24, SEGMENT_TUNNEL_GENEVE, false,
		true},
	{UDP,
		PORT("\x08", "\x68") "\x30\xff\0\x2f"
				     "TEID",
		16, SEGMENT_TUNNEL_GTPU, false, false},
	{UDP,
		PORT("\x08", "\x68") "\x34\xff\0\x2f"
				     "TEID\0\0\0\x85\1\0\1\0",
		24, SEGMENT_TUNNEL_GTPU, false, true},
};

static void
add_outer(struct packet *packet, bool is_6, unsigned protocol, size_t len)
{
	if (is_6)
		packet_add_ipv6(packet, protocol, (unsigned)len);
	else
		packet_add_ipv4(packet, 0, protocol, 20 + (unsigned)len);
	/* Other addresses than within. */
	packet->data[packet->len - 1] = 10;
	packet->data[packet->len - (is_6 ? 17 : 5)] = 9;
}

static void
add_inner(struct packet *packet, bool is_6)
{
	if (is_6)
		packet_add_ipv6(packet, IPPROTO_TCP, TCP + PAYLOAD);
	else
		packet_add_ipv4(packet, 0, IPPROTO_TCP, 20 + TCP + PAYLOAD);
	packet_add_tcp(packet, SEGMENT_ACK, "", 0);
	packet_add_zeros(packet, PAYLOAD);
}

static enum segment_result
decode(const struct packet *packet, size_t len, struct segment *segment,
	struct segment_tunnel *tunnel)
{
	uint8_t *const data = malloc(len != 0 ? len : 1);
	const struct record record = {.kind = RECORD_PACKET,
		.arphrd = ARPHRD_NONE,
		.packet_type = RECORD_PACKET_TYPE_UNKNOWN,
		.data = data,
		.len = len,
		.wire_len = packet->len};
	enum segment_result result;

	assert_non_null(data);
	memcpy(data, packet->data, len);
	result = segment_decode(&record, segment, tunnel);
	free(data);
	return result;
}

static size_t
build(const struct tunnel_case *row, struct packet *packet)
{
	const size_t inner = (row->inner_6 ? 40 : 20) + TCP;

	packet->len = 0;
	add_outer(packet, row->outer_6, row->protocol, row->len + inner + PAYLOAD);
	packet_add(packet, row->header, row->len);
	add_inner(packet, row->inner_6);
	return packet->len - PAYLOAD;
}

static void
check_address(const struct address *address, unsigned last)
{
	assert_int_equal(address->bytes[15], last);
}

static void
test_looked_into(void **state)
{
	(void)state;
	unit_each (i, cases) {
		struct packet packet;
		struct segment segment;
		struct segment_tunnel tunnel;
		size_t tcp_end;

		tcp_end = build(&cases[i], &packet);
		assert_int_equal(decode(&packet, packet.len, &segment, &tunnel), SEGMENT_OK);
		assert_int_equal(tunnel.kind, cases[i].kind);
		check_address(&tunnel.source, 9);
		check_address(&tunnel.destination, 10);
		check_address(&segment.source, 1);
		check_address(&segment.destination, 2);
		assert_int_equal(segment.family, cases[i].inner_6 ? AF_INET6 : AF_INET);
		assert_int_equal(segment.ip_id, cases[i].inner_6 ? 0 : 0x1234);
		assert_int_equal(segment.source_port, 40000);
		assert_int_equal(segment.seq, 1000);
		assert_int_equal(segment.len, PAYLOAD);
		for (size_t len = 0; len < packet.len; len++)
			assert_int_equal(decode(&packet, len, &segment, &tunnel),
				len < tcp_end ? SEGMENT_CUT : SEGMENT_OK);
	}
}

/* What carries no TCP that can be read: named all the same. */
static void
test_named(void **state)
{
	static const struct tunnel_case others[] = {
		{IPPROTO_ESP, "SPI0SEQ0", 8, SEGMENT_TUNNEL_ESP, false, false},
		{IPPROTO_ESP, "SPI0SEQ0", 8, SEGMENT_TUNNEL_ESP, true, false},
		{115, "SESSION0", 8, SEGMENT_TUNNEL_L2TP, false, false},
		{UDP, PORT("\x06", "\xa5") "\xc8\2\0\x14", 12, SEGMENT_TUNNEL_L2TP, false, false},
		{UDP, "\x9c\x40\x11\x94\0\x40\0\0SPI0SEQ0", 16, SEGMENT_TUNNEL_ESP, false, false},
		{GRE, "\0\0\x12\x34", 4, SEGMENT_TUNNEL_GRE, false, false},
		{GRE, "\0\2\x08\0", 4, SEGMENT_TUNNEL_GRE, false, false},   /* version 2 */
		{GRE, "\x40\0\x08\0", 4, SEGMENT_TUNNEL_GRE, false, false}, /* source routes */
		{UDP, PORT("\x17", "\xc1") "\0\0\x12\x34\0\0\7\0", 16, SEGMENT_TUNNEL_GENEVE, false,
			false},
		{UDP,
			PORT("\x08", "\x68") "\x30\1\0\0"
					     "TEID",
			16, SEGMENT_TUNNEL_GTPU, false, false},
	};
	/* The same ports, but no header of a tunnel. */
	static const struct tunnel_case none[] = {
		{UDP, PORT("\x12", "\xb5") "\0\0\0\0\0\0\7\0" ETHERNET_4, 30, 0, false, false},
		{UDP, PORT("\x17", "\xc1") "\x40\0\x65\x58\0\0\7\0" ETHERNET_4, 30, 0, false,
			false},
		{UDP,
			PORT("\x08", "\x68") "\x50\xff\0\x2f"
					     "TEID",
			16, 0, false, false},
		{UDP, "\x9c\x40\x11\x94\0\x40\0\0\0\0\0\0IKE0", 16, 0, false, false},
		{UDP, "\x9c\x40\x11\x94\0\x09\0\0\xff", 9, 0, false, false}, /* keepalive */
		{UDP, PORT("\0", "\x35") "DNS0", 12, 0, false, false},
		{IPPROTO_ICMP, "", 0, 0, false, false},
	};
	struct packet packet;
	struct segment segment;
	struct segment_tunnel tunnel;

	(void)state;
	unit_each (i, others) {
		build(&others[i], &packet);
		assert_int_equal(decode(&packet, packet.len, &segment, &tunnel), SEGMENT_NOT_TCP);
		assert_int_equal(tunnel.kind, others[i].kind);
		assert_true(segment_tunnel_name((enum segment_tunnel_kind)tunnel.kind)[0] != '\0');
	}
	unit_each (i, none) {
		build(&none[i], &packet);
		assert_int_equal(decode(&packet, packet.len, &segment, &tunnel), SEGMENT_NOT_TCP);
		assert_int_equal(tunnel.kind, SEGMENT_TUNNEL_NONE);
	}
}

/* One in the other: the outermost is kept; and there is an end. */
static void
test_nested(void **state)
{
	struct packet packet = {.len = 0};
	struct segment segment;
	struct segment_tunnel tunnel;

	(void)state;
	add_outer(&packet, false, IPPROTO_GRE, 100);
	packet_add(&packet, "\0\0\x08\0", 4);
	packet_add_ipv4(&packet, 0, IPPROTO_IPIP, 80);
	add_inner(&packet, false);
	assert_int_equal(decode(&packet, packet.len, &segment, &tunnel), SEGMENT_OK);
	assert_int_equal(tunnel.kind, SEGMENT_TUNNEL_GRE);
	check_address(&tunnel.source, 9);
	packet.len = 0;
	for (unsigned i = 0; i < 6; i++)
		packet_add_ipv4(&packet, 0, IPPROTO_IPIP, 200);
	add_inner(&packet, false);
	assert_int_equal(decode(&packet, packet.len, &segment, &tunnel), SEGMENT_NOT_TCP);
	assert_int_equal(tunnel.kind, SEGMENT_TUNNEL_IPIP);
}

static void
send_through(struct wire *wire, const struct tunnel_case *row, uint8_t far, uint64_t time_ns)
{
	struct packet packet;
	struct record record = {.kind = RECORD_PACKET,
		.arphrd = ARPHRD_NONE,
		.time_ns = time_ns,
		.packet_type = RECORD_PACKET_TYPE_UNKNOWN};

	build(row, &packet);
	packet.data[row->outer_6 ? 39 : 19] = far;
	/* Another segment each time. */
	packet.data[packet.len - PAYLOAD - TCP + 7] = far;
	record.data = packet.data;
	record.len = record.wire_len = packet.len;
	wire_packets(wire, &record, 1);
}

/* Each has a number while there is room; the rest is counted by its kind. */
static void
test_numbers(void **state)
{
	static const struct wire_options options = {.fold_above = UINT32_MAX};
	struct wire *const wire = wire_new(&options);
	const struct segment_tunnel *tunnel;
	const struct event *event;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		send_through(wire, &cases[i / 200], (uint8_t)(i % 200), 1000000 + i * 100000);
	assert_int_equal(wire_counts(wire)->tunnels[SEGMENT_TUNNEL_IPIP], 200);
	assert_int_equal(wire_counts(wire)->tunnels[SEGMENT_TUNNEL_6IN4], 200);
	assert_int_equal(wire_counts(wire)->segments, 400);
	event = wire_event(wire, 7);
	tunnel = wire_tunnel(wire, event->segment.tunnel);
	assert_non_null(tunnel);
	assert_int_equal(tunnel->kind, SEGMENT_TUNNEL_IPIP);
	check_address(&tunnel->destination, 7);
	event = wire_event(wire, 254);
	check_address(&wire_tunnel(wire, event->segment.tunnel)->destination, 54);
	assert_int_equal(wire_tunnel(wire, event->segment.tunnel)->kind, SEGMENT_TUNNEL_6IN4);
	assert_null(wire_tunnel(wire, wire_event(wire, 255)->segment.tunnel));
	/* Again, by the number that it has. */
	send_through(wire, &cases[0], 3, UINT64_C(9000000000));
	event = wire_event(wire, wire_event_end(wire) - 1);
	assert_int_equal(event->segment.tunnel, wire_event(wire, 3)->segment.tunnel);
	assert_null(wire_tunnel(wire, 0));
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looked_into),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
