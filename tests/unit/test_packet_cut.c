/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random packets, cut by the collector and by the program for the kernel: what the viewer decodes
 * is the same before and after, and no byte after the TCP header is left.
 */
#include <config.h>

#include "collector/packet/packet_cut.h"

#include <errno.h>
#include <pcap.h>
#include <stdlib.h>

#include "collector/packet/packet_program.h"
#include "random_packets.h"

enum { WALKS = 300, PACKETS = 60, PAYLOAD = 24, SNAPLEN = 600 };

struct decoded {
	enum segment_result result;
	struct segment segment;
	struct segment_tunnel tunnel;
};

/* Behind a cooked header, as the collector has it. */
struct cooked {
	uint8_t bytes[PACKET_CUT_COOKED + PACKET_MAX + PAYLOAD];
	size_t len;
};

/* Of the exact size, so that a sanitizer sees what is read behind the end. */
static struct decoded
decode(const struct cooked *cooked, size_t len, const struct record *how)
{
	struct record record = *how;
	struct decoded decoded;
	uint8_t *const copy = malloc(len - PACKET_CUT_COOKED + 1);

	assert_non_null(copy);
	memset(&decoded, 0, sizeof decoded);
	memcpy(copy, cooked->bytes + PACKET_CUT_COOKED, len - PACKET_CUT_COOKED);
	record.data = copy;
	record.len = len - PACKET_CUT_COOKED;
	record.wire_len = cooked->len - PACKET_CUT_COOKED;
	decoded.result = segment_decode(&record, &decoded.segment, &decoded.tunnel);
	free(copy);
	return decoded;
}

/* What was found, and all of a segment that was read. */
static void
assert_same(const struct decoded *before, const struct decoded *after)
{
	assert_int_equal(before->result, after->result);
	assert_int_equal(before->tunnel.kind, after->tunnel.kind);
	if (before->result != SEGMENT_OK)
		return;
	assert_int_equal(before->segment.seq, after->segment.seq);
	assert_int_equal(before->segment.ack, after->segment.ack);
	assert_int_equal(before->segment.len, after->segment.len);
	assert_int_equal(before->segment.flags, after->segment.flags);
	assert_int_equal(before->segment.data_offset, after->segment.data_offset);
	assert_int_equal(before->segment.option_len, after->segment.option_len);
	assert_memory_equal(
		before->segment.options, after->segment.options, before->segment.option_len);
	assert_int_equal(address_compare(&before->segment.source, &after->segment.source), 0);
}

/* As a cooked socket gives it: the link header is gone. False: that cannot be of this packet. */
static bool
cook(struct walk *walk, struct record *record, struct cooked *cooked)
{
	const uint8_t *data = walk->packet.data;
	size_t len = walk->packet.len;

	if (record->protocol == 0 && record->arphrd == ARPHRD_ETHER && len >= 14) {
		record->protocol = (uint16_t)(data[12] << 8 | data[13]);
		data += 14;
		len -= 14;
	}
	if (record->protocol == 0)
		return false;
	memset(cooked, 0, sizeof *cooked);
	cooked->bytes[0] = (uint8_t)(record->protocol >> 8);
	cooked->bytes[1] = (uint8_t)record->protocol;
	memcpy(cooked->bytes + PACKET_CUT_COOKED, data, len);
	memset(cooked->bytes + PACKET_CUT_COOKED + len, 'P', PAYLOAD);
	cooked->len = PACKET_CUT_COOKED + len + (dice(3) != 0 ? PAYLOAD : 0);
	return true;
}

static bool
next_packet(struct walk *walk, struct record *record, struct cooked *cooked)
{
	*record = random_record(walk);
	if (dice(6) == 0)
		turn_bit(walk);
	return cook(walk, record, cooked);
}

/* With one byte less the header would not be whole: nothing is behind it. */
static void
assert_ends_with_header(const struct cooked *cooked, size_t len, const struct record *how,
	const struct decoded *whole)
{
	const struct decoded less = decode(cooked, len - 1, how);

	assert_true(
		less.result != SEGMENT_OK || less.segment.option_len < whole->segment.option_len);
}

static void
what_is_decoded_stays(void **state)
{
	unsigned cuts = 0, segments = 0;

	(void)state;
	for (unsigned number = 0; number < WALKS; number++) {
		struct walk walk = {.layers = 0};

		random_walk_begin(number, 9);
		for (unsigned i = 0; i < PACKETS; i++) {
			struct record record;
			struct cooked cooked;
			struct decoded before, after;
			size_t len;

			if (!next_packet(&walk, &record, &cooked))
				continue;
			len = packet_cut(cooked.bytes, cooked.len, true);
			assert_true(len <= cooked.len);
			before = decode(&cooked, cooked.len, &record);
			after = decode(&cooked, len, &record);
			assert_same(&before, &after);
			cuts += len < cooked.len;
			segments += before.result == SEGMENT_OK;
			if (before.result == SEGMENT_OK && len < cooked.len)
				assert_ends_with_header(&cooked, len, &record, &before);
			/* What the capture itself cut off changes nothing. */
			assert_true(packet_cut(cooked.bytes, len, true) <= len);
		}
	}
	/* The packets are as random as they should be. */
	assert_true(cuts > 1000);
	assert_true(segments > 1000);
}

/* The program for the kernel: libpcap's machine runs it here, with the cooked header before it. */
static u_int
run(const struct bpf_program *program, const struct cooked *cooked, size_t len)
{
	return bpf_filter(program->bf_insns, cooked->bytes, (u_int)cooked->len, (u_int)len);
}

static void
compile(const char *expression, bool tunnels, struct bpf_program *filter, struct bpf_program *cut)
{
	pcap_t *const pcap = pcap_open_dead(DLT_LINUX_SLL2, SNAPLEN);

	assert_non_null(pcap);
	assert_int_equal(pcap_compile(pcap, filter, expression, 1, PCAP_NETMASK_UNKNOWN), 0);
	assert_int_equal(packet_program_cut(filter, tunnels, cut), 0);
	assert_true(bpf_validate(cut->bf_insns, (int)cut->bf_len));
	pcap_close(pcap);
}

/* IPv4, by its length field, has no room for its own header. */
static bool
is_too_short(const struct cooked *cooked)
{
	return cooked->len > PACKET_CUT_COOKED && cooked->bytes[PACKET_CUT_COOKED] >> 4 == 4 &&
	       (cooked->bytes[PACKET_CUT_COOKED] & 15) < 5;
}

/* The same packets pass, with what the viewer needs of them and nothing else. */
static void
the_kernel_cuts_as_well(void **state)
{
	struct bpf_program filter, cut;
	unsigned exact = 0;

	(void)state;
	compile("ip or ip6", false, &filter, &cut);
	for (unsigned number = 0; number < WALKS; number++) {
		struct walk walk = {.layers = 0};

		random_walk.seed = number * UINT64_C(7919) + 5;
		for (unsigned i = 0; i < PACKETS; i++) {
			struct record record;
			struct cooked cooked;
			size_t kept, len;

			if (!next_packet(&walk, &record, &cooked))
				continue;
			kept = run(&cut, &cooked, cooked.len);
			assert_int_equal(kept != 0, run(&filter, &cooked, cooked.len) != 0);
			if (kept == 0)
				continue;
			kept += PACKET_CUT_COOKED;
			kept = kept < cooked.len ? kept : cooked.len;
			len = packet_cut(cooked.bytes, cooked.len, false);
			/* Never less than the collector would keep; a header of less than itself
			 * is none. */
			assert_true(kept >= len || is_too_short(&cooked));
			exact += kept == len;
		}
	}
	assert_true(exact > 1000);
	pcap_freecode(&filter);
	free(cut.bf_insns);
}

static void
put_headers(struct cooked *cooked, bool v6, unsigned extensions, unsigned tcp_header)
{
	struct packet packet = {.len = 0};

	if (v6) {
		packet_add_ipv6(&packet, extensions != 0 ? IPPROTO_DSTOPTS : IPPROTO_TCP, 400);
		for (unsigned i = 0; i < extensions; i++) {
			packet_add_8(&packet, i + 1 < extensions ? IPPROTO_DSTOPTS : IPPROTO_TCP);
			packet_add_zeros(&packet, 7);
		}
	} else {
		packet_add_ipv4(&packet, 4, IPPROTO_TCP, 400);
	}
	packet_add_tcp(&packet, SEGMENT_ACK, "", 0);
	packet.data[packet.len - 20 + 12] = (uint8_t)(tcp_header / 4 << 4);
	packet_add_zeros(&packet, tcp_header - 20);
	memset(cooked, 0, sizeof *cooked);
	cooked->bytes[0] = v6 ? 0x86 : 0x08;
	cooked->bytes[1] = v6 ? 0xdd : 0x00;
	memcpy(cooked->bytes + PACKET_CUT_COOKED, packet.data, packet.len);
	cooked->len = PACKET_CUT_COOKED + packet.len + PAYLOAD;
}

static void
both_end_at_the_tcp_header(void **state)
{
	static const struct {
		bool v6;
		unsigned extensions, tcp_header;
	} cases[] = {{false, 0, 20}, {false, 0, 60}, {true, 0, 20}, {true, 0, 60}, {true, 1, 32},
		{true, 4, 20}};
	struct bpf_program filter, cut;

	(void)state;
	compile("ip or ip6", false, &filter, &cut);
	unit_each (i, cases) {
		struct cooked cooked;

		put_headers(&cooked, cases[i].v6, cases[i].extensions, cases[i].tcp_header);
		assert_int_equal(packet_cut(cooked.bytes, cooked.len, false), cooked.len - PAYLOAD);
		assert_int_equal(
			run(&cut, &cooked, cooked.len), cooked.len - PAYLOAD - PACKET_CUT_COOKED);
	}
	pcap_freecode(&filter);
	free(cut.bf_insns);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_decoded_stays),
		cmocka_unit_test(the_kernel_cuts_as_well),
		cmocka_unit_test(both_end_at_the_tcp_header),
	};

	return cmocka_run_group_tests_name("packet_cut", tests, NULL, NULL);
}
