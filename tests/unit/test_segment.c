/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "unit.h"

#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/model/segment.h>
#include <sockwatch/stream/stream.h>

#include "packets.h"

enum { TCP = 20, PAYLOAD = 7, SYN_ACK = SEGMENT_SYN | SEGMENT_ACK };

/* In a block of its own size, so that a sanitizer sees the first byte too many. */
static enum segment_result
decode_cut(
	const struct packet *packet, const struct record *how, size_t len, struct segment *segment)
{
	struct record record = *how;
	uint8_t *const data = malloc(len != 0 ? len : 1);
	struct segment_tunnel tunnel;
	enum segment_result result;

	assert_non_null(data);
	memcpy(data, packet->data, len);
	record.kind = RECORD_PACKET;
	record.data = data;
	record.len = len;
	record.wire_len = packet->len;
	result = segment_decode(&record, segment, &tunnel);
	free(data);
	return result;
}

static enum segment_result
decode(const struct packet *packet, const struct record *how, struct segment *segment)
{
	return decode_cut(packet, how, packet->len, segment);
}

static const struct record raw = {.arphrd = ARPHRD_NONE, .packet_type = RECORD_PACKET_TYPE_UNKNOWN};

static void
add_v4(struct packet *packet)
{
	packet_add_ipv4(packet, 0, IPPROTO_TCP, 20 + TCP + PAYLOAD);
	packet_add_tcp(packet, SEGMENT_ACK | SEGMENT_PSH, "", 0);
	packet_add_zeros(packet, PAYLOAD);
}

static void
add_v6(struct packet *packet)
{
	packet_add_ipv6(packet, IPPROTO_TCP, TCP + PAYLOAD);
	packet_add_tcp(packet, SEGMENT_ACK | SEGMENT_PSH, "", 0);
	packet_add_zeros(packet, PAYLOAD);
}

static void
check_endpoints(const struct segment *segment)
{
	static const uint8_t four[2][4] = {{10, 0, 0, 1}, {10, 0, 0, 2}};
	static const uint8_t six[2][16] = {{0xfd, [15] = 1}, {0xfd, [15] = 2}};
	const bool v4 = segment->family == AF_INET;
	const struct address source = v4 ? address_from_v4(four[0]) : address_from_v6(six[0]);
	const struct address destination = v4 ? address_from_v4(four[1]) : address_from_v6(six[1]);

	assert_int_equal(address_compare(&segment->source, &source), 0);
	assert_int_equal(address_compare(&segment->destination, &destination), 0);
	assert_int_equal(segment->source_port, 40000);
	assert_int_equal(segment->destination_port, 80);
	assert_int_equal(segment->ttl, v4 ? 63 : 61);
	assert_int_equal(segment->ip_id, v4 ? 0x1234 : 0);
	assert_int_equal(segment->seq, 1000);
	assert_int_equal(segment->ack, 2000);
	assert_int_equal(segment->window, 501);
}

/* What stands before the IP header, and what the record says of it. */
static const struct link {
	const char *header;
	size_t len;
	struct record how;
	uint16_t vlan;
	bool v6;
} links[] = {
	{"", 0, {.arphrd = ARPHRD_NONE}, 0, false}, {"", 0, {.arphrd = ARPHRD_NONE}, 0, true},
	{"", 0, {.arphrd = ARPHRD_ETHER, .protocol = 0x0800}, 0, false}, /* cooked */
	{"", 0, {.arphrd = ARPHRD_LOOPBACK, .protocol = 0x86dd}, 0, true},
	{"\0\7\x08\0", 4, {.arphrd = ARPHRD_ETHER, .protocol = 0x8100}, 7, false},
	{"\0\7\x81\0\x20\x08\x86\xdd", 8, {.arphrd = ARPHRD_ETHER, .protocol = 0x88a8}, 8, true},
	{"aaaaaabbbbbb\x08\0", 14, {.arphrd = ARPHRD_ETHER}, 0, false},
	{"aaaaaabbbbbb\x86\xdd", 14, {.arphrd = ARPHRD_ETHER}, 0, true},
	{"aaaaaabbbbbb\x81\0\x6f\xff\x08\0", 18, {.arphrd = ARPHRD_ETHER}, 0xfff, false},
	{"aaaaaabbbbbb\x88\xa8\0\1\x81\0\0\2\x08\0", 22, {.arphrd = ARPHRD_ETHER}, 2, false},
	{"aaaaaabbbbbb\x91\0\0\1\x86\xdd", 18, {.arphrd = ARPHRD_ETHER}, 1, true},
	{"aaaaaabbbbbb\x88\x64\x11\0\0\1\0\x30\0\x21", 22, {.arphrd = ARPHRD_ETHER}, 0, false},
	{"\2\0\0\0", 4, {.arphrd = ARPHRD_LOOPBACK}, 0, false},
	{"\0\0\0\2", 4, {.arphrd = ARPHRD_LOOPBACK}, 0, false},
	{"\x1e\0\0\0", 4, {.arphrd = ARPHRD_LOOPBACK}, 0, true},
	{"\0\0\0\x18", 4, {.arphrd = ARPHRD_LOOPBACK}, 0, true},
	{"\xff\3\0\x21", 4, {.arphrd = ARPHRD_PPP}, 0, false},
	{"\0\x57", 2, {.arphrd = ARPHRD_PPP}, 0, true},
	{"\x21", 1, {.arphrd = ARPHRD_PPP}, 0, false}, /* compressed protocol */
	{"\xff\3\x57", 3, {.arphrd = ARPHRD_PPP}, 0, true},
	{"\2\x81\0\1\x01\x40", 6, {.arphrd = ARPHRD_PPP}, 0, false}, /* MPLS */
	{"\x0f\0\x08\0", 4, {.arphrd = ARPHRD_PPP}, 0, false},       /* Cisco HDLC */
	{"\x8f\0\x86\xdd", 4, {.arphrd = ARPHRD_PPP}, 0, true},
	{"\x0f\0\x86\xdd", 4, {.arphrd = ARPHRD_CISCO}, 0, true},
	{"\x8f\0\x88\x47\0\1\x01\x40", 8, {.arphrd = ARPHRD_CISCO}, 0, false},
	{"aaaaaabbbbbb\0\x37\xaa\xaa\3\0\0\0\x08\0", 22, {.arphrd = ARPHRD_ETHER}, 0, false},
	{"aaaaaabbbbbb\5\xdc\xaa\xaa\3\0\0\xf8\x86\xdd", 22, {.arphrd = ARPHRD_ETHER}, 0, true},
	{"aaaaaabbbbbb\0\x32\6\6\3", 17, {.arphrd = ARPHRD_ETHER}, 0, false}, /* no SNAP */
	{"aaaaaabbbbbb\x81\0\0\5\0\x37\xaa\xaa\3\0\0\0\x08\0", 26, {.arphrd = ARPHRD_ETHER}, 5,
		false},
	{"\xaa\xaa\3\0\0\0\x08\0", 8, {.arphrd = ARPHRD_ETHER, .protocol = 4}, 0, false},
	{"aaaaaabbbbbb\x88\x47\0\1\x01\x40", 18, {.arphrd = ARPHRD_ETHER}, 0, false},
	{"aaaaaabbbbbb\x88\x48\0\1\0\x40\0\2\x01\x40", 22, {.arphrd = ARPHRD_ETHER}, 0, true},
	{"aaaaaabbbbbb\x88\x47\0\1\x01\x40\0\0\0\0ccccccdddddd\x08\0", 36, {.arphrd = ARPHRD_ETHER},
		0, false}, /* a pseudowire */
};

static void
test_links(void **state)
{
	(void)state;
	unit_each (i, links) {
		const struct link *const link = &links[i];
		const size_t tcp_end = link->len + (link->v6 ? 40 : 20) + TCP;
		struct packet packet = {.len = 0};
		struct segment segment;

		packet_add(&packet, link->header, link->len);
		(link->v6 ? add_v6 : add_v4)(&packet);
		assert_int_equal(decode(&packet, &link->how, &segment), SEGMENT_OK);
		check_endpoints(&segment);
		assert_int_equal(segment.family, link->v6 ? AF_INET6 : AF_INET);
		assert_int_equal(segment.vlan, link->vlan);
		assert_int_equal(segment.len, PAYLOAD);
		assert_int_equal(segment.flags, SEGMENT_ACK | SEGMENT_PSH);
		for (size_t len = 0; len < packet.len; len++)
			assert_int_equal(decode_cut(&packet, &link->how, len, &segment),
				len < tcp_end ? SEGMENT_CUT : SEGMENT_OK);
		assert_int_equal(segment.len, PAYLOAD); /* though the capture ends before it */
	}
}

static void
test_other_links(void **state)
{
	static const struct {
		const char *header;
		size_t len;
		struct record how;
	} others[] = {
		{"", 0, {.arphrd = RECORD_ARPHRD_UNKNOWN}},
		{"", 0, {.arphrd = ARPHRD_IEEE80211}},
		{"", 0, {.arphrd = ARPHRD_ETHER, .protocol = 0x0806}},
		{"aaaaaabbbbbb\0\x40", 14, {.arphrd = ARPHRD_ETHER}},           /* LLC of nothing */
		{"aaaaaabbbbbb\0\x40\x42\x42\3", 17, {.arphrd = ARPHRD_ETHER}}, /* spanning tree */
		{"aaaaaabbbbbb\0\x40\xaa\xaa\0\0\0\0\x08\0", 22, {.arphrd = ARPHRD_ETHER}},
		{"aaaaaabbbbbb\0\x40\xaa\xaa\3\0\0\0\0\4", 22, {.arphrd = ARPHRD_ETHER}},
		{"\x8f\0\x80\x35", 4, {.arphrd = ARPHRD_CISCO}}, /* keepalive */
		{"\0\0\0\7", 4, {.arphrd = ARPHRD_LOOPBACK}},
		{"\xc0\x21", 2, {.arphrd = ARPHRD_PPP}},
		{"\x30", 1, {.arphrd = ARPHRD_NONE}},
	};

	(void)state;
	unit_each (i, others) {
		struct packet packet = {.len = 0};
		struct segment segment;

		packet_add(&packet, others[i].header, others[i].len);
		add_v4(&packet);
		assert_int_equal(decode(&packet, &others[i].how, &segment), SEGMENT_NOT_TCP);
	}
}

static void
test_record(void **state)
{
	struct record how = {.time_ns = 77,
		.ifindex = 3,
		.netns = 5,
		.protocol = 0x0800,
		.packet_type = PACKET_OUTGOING};
	struct packet packet = {.len = 0};
	struct segment segment;

	(void)state;
	add_v4(&packet);
	assert_int_equal(decode(&packet, &how, &segment), SEGMENT_OK);
	assert_int_equal(segment.time_ns, 77);
	assert_int_equal(segment.ifindex, 3);
	assert_int_equal(segment.netns, 5);
	assert_int_equal(segment.direction, SEGMENT_OUT);
	how.packet_type = PACKET_OTHERHOST;
	assert_int_equal(decode(&packet, &how, &segment), SEGMENT_OK);
	assert_int_equal(segment.direction, SEGMENT_IN);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	assert_int_equal(segment.direction, SEGMENT_DIRECTION_UNKNOWN);
}

static void
test_ipv4(void **state)
{
	struct packet packet = {.len = 0};
	struct segment segment;

	(void)state;
	packet_add_ipv4(&packet, 40, IPPROTO_TCP, 60 + TCP + 1400);
	packet_add_tcp(&packet, SEGMENT_ACK, "", 0);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	assert_int_equal(segment.len, 1400);

	packet.data[6] = 0x20; /* first fragment: more follow */
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	packet.data[7] = 1;
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_NOT_TCP);
	packet.data[6] = packet.data[7] = 0;
	packet.data[9] = IPPROTO_UDP;
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_NOT_TCP);

	/* Larger than a length can say: offloaded, it ends where the packet does. */
	packet.len = 0;
	packet_add_ipv4(&packet, 0, IPPROTO_TCP, 0);
	packet_add_tcp(&packet, SEGMENT_ACK, "", 0);
	packet_add_zeros(&packet, 321);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	assert_int_equal(segment.len, 321);

	/* Padded by Ethernet: the header's length counts. */
	packet.data[3] = 41;
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	assert_int_equal(segment.len, 1);
}

static void
test_authentication_header(void **state)
{
	struct packet packet = {.len = 0};
	struct segment segment;

	(void)state;
	packet_add_ipv4(&packet, 0, IPPROTO_AH, 20 + 24 + TCP + PAYLOAD);
	packet_add_8(&packet, IPPROTO_TCP);
	packet_add_8(&packet, 4);
	packet_add_zeros(&packet, 22);
	packet_add_tcp(&packet, SEGMENT_SYN, "", 0);
	packet_add_zeros(&packet, PAYLOAD);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	check_endpoints(&segment);
	assert_int_equal(segment.len, PAYLOAD);
}

/* Of an IPv6 extension header: its octets after the first. */
static const struct extension {
	uint8_t kind;
	const char *rest;
	size_t len;
} extensions[] = {
	{IPPROTO_HOPOPTS, "\0\5\2\0\0\1\0", 7},
	{IPPROTO_ROUTING, "\2\4\0\0\0\0\0aaaaaaaabbbbbbbb", 23},
	{IPPROTO_FRAGMENT, "\0\0\1\0\0\0\7", 7}, /* the first, more follow */
	{IPPROTO_DSTOPTS, "\0\1\4\0\0\0\0", 7},
	{IPPROTO_AH, "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15},
	{IPPROTO_MH, "\0\0\0\0\0\0\0", 7},
};

static void
test_ipv6_extensions(void **state)
{
	size_t extension_bytes = 0;
	struct packet packet = {.len = 0};
	struct segment segment;

	(void)state;
	unit_each (i, extensions)
		extension_bytes += extensions[i].len + 1;
	packet_add_ipv6(&packet, extensions[0].kind, (unsigned)extension_bytes + TCP + PAYLOAD);
	unit_each (i, extensions) {
		const bool last = i + 1 == UNIT_COUNT_OF(extensions);

		packet_add_8(&packet, last ? IPPROTO_TCP : extensions[i + 1].kind);
		packet_add(&packet, extensions[i].rest, extensions[i].len);
	}
	packet_add_tcp(&packet, SEGMENT_FIN | SEGMENT_ACK, "", 0);
	packet_add_zeros(&packet, PAYLOAD);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	check_endpoints(&segment);
	assert_int_equal(segment.len, PAYLOAD);
	for (size_t len = 0; len < 40 + extension_bytes + TCP; len++)
		assert_int_equal(decode_cut(&packet, &raw, len, &segment), SEGMENT_CUT);

	packet.data[40 + 8 + 24 + 3] = 9; /* a later fragment */
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_NOT_TCP);
	packet.data[6] = IPPROTO_NONE;
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_NOT_TCP);
}

static void
test_ipv6_without_end(void **state)
{
	struct packet packet = {.len = 0};
	struct segment segment;

	(void)state;
	packet_add_ipv6(&packet, IPPROTO_DSTOPTS, 400);
	for (unsigned i = 0; i < 50; i++) {
		packet_add_8(&packet, IPPROTO_DSTOPTS);
		packet_add_zeros(&packet, 7);
	}
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_NOT_TCP);
	packet.len = 40 + 5 * 8; /* the chain leaves the packet */
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_BAD);

	packet.len = 0;
	packet_add_ipv6(&packet, IPPROTO_TCP, 0); /* larger than a length can say */
	packet_add_tcp(&packet, SEGMENT_ACK, "", 0);
	packet_add_zeros(&packet, 123);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	assert_int_equal(segment.len, 123);
}

static void
test_bad(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} spoils[] = {
		{0, 0x44},  /* IPv4 header of 16 bytes */
		{0, 0x65},  /* another version */
		{3, 19},    /* total length shorter than the header */
		{3, 39},    /* no room for a TCP header */
		{32, 0x40}, /* TCP header of 16 bytes */
		{32, 0x80}, /* TCP header longer than the packet */
	};
	static const struct record cooked = {.protocol = 0x0800};

	(void)state;
	unit_each (i, spoils) {
		struct packet packet = {.len = 0};
		struct segment segment;

		add_v4(&packet);
		packet.data[spoils[i].at] = spoils[i].value;
		assert_int_equal(decode(&packet, &cooked, &segment), SEGMENT_BAD);
	}
}

static const struct option_case {
	const char *bytes;
	size_t len;
	const char *text;
} option_cases[] = {
	{"", 0, ""}, {"\1\1\1\0", 4, ""},
	{"\2\4\5\xb4\4\2\x08\x0a\0\0\0\1\0\0\0\0\1\3\3\7", 20,
		"mss 1460,sackOK,TS val 1 ecr 0,wscale 7"},
	{"\1\1\x08\x0a\xff\xff\xff\xff\0\0\0\2", 12, "TS val 4294967295 ecr 2"},
	{"\1\1\5\x0a\0\0\0\1\0\0\0\2", 12, "sack 1 {1:2}"},
	{"\1\1\5\x22\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0\7\0\0\0\x08", 36,
		"sack 4 {1:2}{3:4}{5:6}{7:8}"},
	{"\x22\2\0\0", 4, "tfo cookiereq"},
	{"\x22\x0a"
	 "abcdefgh\1\1",
		12, "tfo cookie of 8 bytes"},
	{"\xfe\x0c\xf9\x89"
	 "abcdefgh",
		12, "tfo cookie of 8 bytes"},
	{"\x1e\4\0\x81", 4, "mptcp capable"}, {"\x1e\4\x20\0", 4, "mptcp dss"},
	{"\x1e\4\x50\1\x1e\4\x20\0", 8, "mptcp dss,mptcp prio"},
	{"\x1e\4\xf0\0", 4, "mptcp unknown"}, {"\x13\x12zzzzzzzzzzzzzzzz\1\1", 20, "md5"},
	{"\x1d\4zz", 4, "tcp-ao"}, {"\xfd\4\x12\x34", 4, "other"},
	{"\2\4\5\xb4\2\3\1\1", 8, "mss 1460,[bad opt]"}, /* MSS of one byte */
	/* The longest that a stack sends: MPTCP beside SACK. */
	{"\1\1\x08\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x1e\4\x20\0"
	 "\1\1\5\x12\xff\xff\xff\xf0\xff\xff\xff\xf1\xff\xff\xff\xf2\xff\xff\xff\xf3\x1e\4\x50\0",
		40,
		"TS val 4294967295 ecr 4294967295,sack 2 {4294967280:4294967281}{4294967282:4294967283},"
		"mptcp dss,mptcp prio"},
	{"\1\1\1\2", 4, "[bad opt]"},    /* no length */
	{"\3\1\1\1", 4, "[bad opt]"},    /* less than itself */
	{"\1\1\3\4", 4, "[bad opt]"},    /* longer than the header */
	{"\5\7zzzzz\0", 8, "[bad opt]"}, /* a block and a bit */
	{"\0\3\3\7", 4, ""},             /* behind the end */
};

/* Numbers of who gets the segment, which may wrap. */
static void
test_sack_base(void **state)
{
	static const char sack[] = "\1\1\5\x12\0\0\0\x0a\0\0\0\x14\xff\xff\xff\xfa\0\0\0\x05";
	struct packet packet = {.len = 0};
	struct segment segment;
	char text[SEGMENT_OPTIONS_TEXT_SIZE];

	(void)state;
	packet_add_ipv4(&packet, 0, IPPROTO_TCP, 40 + 20);
	packet_add_tcp(&packet, SEGMENT_ACK, sack, 20);
	assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
	segment_format_options(&segment, UINT32_MAX - 9, text, sizeof text);
	assert_string_equal(text, "sack 2 {20:30}{4:15}");
}

static void
test_options(void **state)
{
	(void)state;
	unit_each (i, option_cases) {
		const struct option_case *const options = &option_cases[i];
		struct packet packet = {.len = 0};
		struct segment segment;
		char text[256];

		packet_add_ipv4(
			&packet, 0, IPPROTO_TCP, 20 + TCP + (unsigned)options->len + PAYLOAD);
		packet_add_tcp(&packet, SYN_ACK, options->bytes, options->len);
		packet_add_zeros(&packet, PAYLOAD);
		assert_int_equal(decode(&packet, &raw, &segment), SEGMENT_OK);
		assert_int_equal(segment.len, PAYLOAD);
		assert_int_equal(segment.data_offset, TCP + options->len);
		assert_int_equal(segment_format_options(&segment, 0, text, sizeof text),
			strlen(options->text));
		assert_string_equal(text, options->text);
		for (size_t size = 1; size < sizeof text; size++) {
			assert_true(segment_format_options(&segment, 0, text, size) < size);
			assert_true(strlen(text) < size);
			if (size > 1 && size <= strlen(options->text))
				assert_int_equal(text[size - 2], '~');
		}
		for (size_t len = 20 + TCP; len < 20 + TCP + options->len; len++) {
			assert_int_equal(decode_cut(&packet, &raw, len, &segment), SEGMENT_OK);
			assert_int_equal(segment.seq, 1000);
		}
	}
}

static void
test_options_cut(void **state)
{
	static const char bytes[] = "\1\1\5\x12\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4";
	struct packet packet = {.len = 0};
	struct segment_options options;
	struct segment segment;

	(void)state;
	packet_add_ipv4(&packet, 0, IPPROTO_TCP, 20 + TCP + 20);
	packet_add_tcp(&packet, SEGMENT_ACK, bytes, 20);
	assert_int_equal(decode_cut(&packet, &raw, 20 + TCP + 15, &segment), SEGMENT_OK);
	segment_read_options(&segment, &options);
	assert_int_equal(options.has, SEGMENT_HAS_SACK | SEGMENT_OPTIONS_CUT);
	assert_int_equal(options.sack_count, 1);
	assert_int_equal(options.sack[0].end, 2);
}

static void
test_flags(void **state)
{
	static const struct {
		uint16_t flags;
		const char *text;
		bool illegal;
	} cases[] = {
		{0, "none", true},
		{SEGMENT_SYN, "S", false},
		{SYN_ACK, "S.", false},
		{SEGMENT_ACK, ".", false},
		{SEGMENT_ACK | SEGMENT_PSH, "P.", false},
		{SEGMENT_ACK | SEGMENT_FIN, "F.", false},
		{SEGMENT_ACK | SEGMENT_FIN | SEGMENT_PSH, "FP.", false},
		{SEGMENT_RST, "R", false},
		{SEGMENT_RST | SEGMENT_ACK, "R.", false},
		{SEGMENT_SYN | SEGMENT_ECE | SEGMENT_CWR, "SEW", false},
		{SEGMENT_SYN | SEGMENT_ECE | SEGMENT_CWR | SEGMENT_AE, "SEWe", false},
		{SEGMENT_ACK | SEGMENT_URG, ".U", false},
		{SEGMENT_FIN, "F", true},
		{SEGMENT_PSH, "P", true},
		{SEGMENT_FIN | SEGMENT_PSH | SEGMENT_URG, "FPU", true},
		{SEGMENT_SYN | SEGMENT_FIN, "FS", true},
		{SEGMENT_SYN | SEGMENT_RST, "SR", true},
		{SEGMENT_FIN | SEGMENT_RST | SEGMENT_ACK, "FR.", true},
		{SEGMENT_ECE, "E", true},
		{0x1ff, "FSRP.UEWe", true},
	};

	(void)state;
	unit_each (i, cases) {
		char text[16];

		assert_int_equal(segment_format_flags(cases[i].flags, text, sizeof text),
			strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
		assert_int_equal(segment_flags_illegal(cases[i].flags), cases[i].illegal);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_other_links),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_authentication_header),
		cmocka_unit_test(test_ipv6_extensions),
		cmocka_unit_test(test_ipv6_without_end),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_sack_base),
		cmocka_unit_test(test_options_cut),
		cmocka_unit_test(test_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
