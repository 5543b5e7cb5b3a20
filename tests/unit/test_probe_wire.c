/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "collector/probe/probe_wire.h"

#include <string.h>

#include "unit.h"

static const struct address v4 = {{[10] = 0xff, [11] = 0xff, 192, 0, 2, 1}};
static const struct address v4_other = {{[10] = 0xff, [11] = 0xff, 198, 51, 100, 9}};
static const struct address v6 = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static const struct address v6_other = {{0x20, 0x01, 0x0d, 0xb8, [15] = 9}};

static uint32_t
get16(const uint8_t *data)
{
	return (uint32_t)data[0] << 8 | data[1];
}

static void
checksum_is_that_of_the_rfc(void **state)
{
	/* The example of RFC 1071 section 3. */
	static const uint8_t data[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	(void)state;
	assert_int_equal(probe_wire_checksum(data, sizeof data, 0), (uint16_t)~0xddf2);
	assert_int_equal(probe_wire_checksum(data, 1, 0), 0xffff);
	assert_int_equal(probe_wire_checksum(data, 3, 0), (uint16_t) ~(0x0001 + 0xf200));
}

/* Routers hash the checksum of ICMP: the same for all probes of a flow, another for
 * another. */
static void
checksum_is_constant_within_a_flow(void **state)
{
	uint8_t packet[WIRE_PACKET_MAX];
	uint32_t of_flow[16];

	(void)state;
	for (uint8_t flow = 0; flow < 16; flow++) {
		for (uint32_t sequence = 1; sequence < 200000; sequence += 997) {
			const struct wire_mark mark = {.sequence = sequence,
				.ttl = (uint8_t)(sequence % 64),
				.flow = flow};
			const size_t len = probe_wire_echo(packet, true, 0x1234, 32, &mark);
			assert_int_equal(len, WIRE_ICMP_HEADER + 32);
			/* A sum over a right checksum is nothing. */
			assert_int_equal(probe_wire_checksum(packet, len, 0), 0);
			if (sequence == 1)
				of_flow[flow] = get16(packet + 2);
			assert_int_equal(get16(packet + 2), of_flow[flow]);
		}
		for (uint8_t other = 0; other < flow; other++)
			assert_int_not_equal(of_flow[flow], of_flow[other]);
	}
}

static void
payload_sums_up_to_the_same(void **state)
{
	uint8_t payload[64];
	uint16_t first = 0;

	(void)state;
	for (uint32_t sequence = 1; sequence < 100000; sequence += 331) {
		const struct wire_mark mark = {.sequence = sequence, .ttl = 9, .flow = 3};
		struct wire_mark read = {.sequence = 0};
		assert_int_equal(probe_wire_payload(payload, 0, &mark, 0), WIRE_PAYLOAD_MIN);
		assert_true(probe_wire_read_payload(payload, WIRE_PAYLOAD_MIN, &read));
		assert_int_equal(read.sequence, sequence);
		assert_int_equal(read.ttl, 9);
		assert_int_equal(read.flow, 3);
		if (sequence == 1)
			first = probe_wire_checksum(payload, WIRE_PAYLOAD_MIN, 0);
		assert_int_equal(probe_wire_checksum(payload, WIRE_PAYLOAD_MIN, 0), first);
		assert_false(probe_wire_read_payload(payload, WIRE_PAYLOAD_MIN - 1, &read));
	}
}

static void
echo_is_read_back(void **state)
{
	uint8_t packet[WIRE_PACKET_MAX];
	const struct wire_mark mark = {.sequence = 0x12345, .ttl = 3};
	uint16_t id, sequence;

	(void)state;
	for (int is_v4 = 0; is_v4 < 2; is_v4++) {
		probe_wire_echo(packet, is_v4, 0xbeef, 8, &mark);
		assert_true(probe_wire_read_echo(packet, 8, false, is_v4, &id, &sequence));
		assert_int_equal(id, 0xbeef);
		assert_int_equal(sequence, 0x2345);
		assert_false(probe_wire_read_echo(packet, 8, true, is_v4, &id, &sequence));
		assert_false(probe_wire_read_echo(packet, 7, false, is_v4, &id, &sequence));
		packet[0] = is_v4 ? 0 : 129;
		assert_true(probe_wire_read_echo(packet, 8, true, is_v4, &id, &sequence));
	}
}

static void
low_bits_find_their_sequence(void **state)
{
	(void)state;
	assert_int_equal(probe_wire_widen(5, 9), 5);
	assert_int_equal(probe_wire_widen(0xfffe, 0x10003), 0xfffe);
	assert_int_equal(probe_wire_widen(3, 0x10003), 0x10003);
	assert_int_equal(probe_wire_widen(4, 0x10003), 4);
	/* Nothing was sent that far: whoever looks it up finds nothing. */
	assert_int_equal(probe_wire_widen(0xffff, 9), 0xffff);
}

static void
syn_is_well_formed(void **state)
{
	uint8_t packet[WIRE_SYN_SIZE];
	struct probe_wire_syn syn = {.source = v4,
		.target = v4_other,
		.source_port = 40000,
		.port = 443,
		.number = 0xdeadbeef};
	struct probe_wire_syn read;
	uint32_t pseudo = 6 + WIRE_SYN_SIZE;

	(void)state;
	assert_int_equal(probe_wire_syn(packet, &syn), WIRE_SYN_SIZE);
	for (size_t i = 12; i < 16; i += 2)
		pseudo += get16(v4.bytes + i) + get16(v4_other.bytes + i);
	assert_int_equal(probe_wire_checksum(packet, WIRE_SYN_SIZE, pseudo), 0);
	assert_true(probe_wire_read_syn(packet, 8, &read));
	assert_int_equal(read.source_port, 40000);
	assert_int_equal(read.port, 443);
	assert_int_equal(read.number, 0xdeadbeef);
	assert_false(probe_wire_read_syn(packet, 7, &read));
	syn.source = v6;
	syn.target = v6_other;
	probe_wire_syn(packet, &syn);
	pseudo = 6 + WIRE_SYN_SIZE;
	for (size_t i = 0; i < 16; i += 2)
		pseudo += get16(v6.bytes + i) + get16(v6_other.bytes + i);
	assert_int_equal(probe_wire_checksum(packet, WIRE_SYN_SIZE, pseudo), 0);
}

static void
answers_to_a_syn_are_distinguished(void **state)
{
	/* From port 443 to 40000, acknowledging 101. */
	uint8_t segment[20] = {0x01, 0xbb, 0x9c, 0x40, 0, 0, 0, 9, 0, 0, 0, 101, 0x50};
	struct probe_wire_syn syn;
	bool is_refused;

	(void)state;
	segment[13] = 0x12;
	assert_true(probe_wire_read_syn_answer(segment, sizeof segment, &syn, &is_refused));
	assert_false(is_refused);
	assert_int_equal(syn.source_port, 40000);
	assert_int_equal(syn.port, 443);
	assert_int_equal(syn.number, 100);
	segment[13] = 0x14;
	assert_true(probe_wire_read_syn_answer(segment, sizeof segment, &syn, &is_refused));
	assert_true(is_refused);
	assert_false(probe_wire_read_syn_answer(segment, sizeof segment - 1, &syn, &is_refused));
	segment[13] = 0x10; /* of a connection */
	assert_false(probe_wire_read_syn_answer(segment, sizeof segment, &syn, &is_refused));
	segment[13] = 0x02; /* a SYN of theirs */
	assert_false(probe_wire_read_syn_answer(segment, sizeof segment, &syn, &is_refused));
}

/* As a receiver checks it (RFC 768): all of it adds up, and the checksum is not "none". */
static void
udp_carries_its_sequence_in_its_checksum(void **state)
{
	static const uint32_t sequences[] = {
		1, 2, 1000, 65533, 65534, 65535, 65536, 65537, 131070, 4000000000};
	struct probe_wire_udp udp = {
		.source = v6, .target = v6_other, .source_port = 40000, .port = 33434};
	uint8_t packet[WIRE_UDP_HEADER + 33], pseudo[40 + sizeof packet] = {0};
	struct probe_wire_udp back;

	(void)state;
	for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
		udp.mark = (struct wire_mark){.sequence = sequences[i], .ttl = 7, .flow = 3};
		assert_int_equal(probe_wire_udp(packet, 33, &udp), sizeof packet);
		memcpy(pseudo, udp.source.bytes, 16);
		memcpy(pseudo + 16, udp.target.bytes, 16);
		pseudo[35] = sizeof packet;
		pseudo[39] = 17;
		memcpy(pseudo + 40, packet, sizeof packet);
		assert_int_equal(probe_wire_checksum(pseudo, sizeof pseudo, 0), 0);
		assert_true(packet[6] != 0 || packet[7] != 0);

		assert_true(probe_wire_read_udp(packet, sizeof packet, 0, &back));
		assert_int_equal(back.source_port, 40000);
		assert_int_equal(back.port, 33434);
		assert_int_equal(back.mark.sequence, sequences[i]);
		assert_int_equal(back.mark.ttl, 7);
		assert_int_equal(back.mark.flow, 3);
		/* A router may quote only eight bytes. */
		assert_true(probe_wire_read_udp(packet, 8, sequences[i], &back));
		assert_int_equal(back.mark.sequence, sequences[i]);
		assert_true(probe_wire_read_udp(packet, 15, sequences[i] + 900, &back));
		assert_int_equal(back.mark.sequence, sequences[i]);
		assert_false(probe_wire_read_udp(packet, 7, sequences[i], &back));
	}
	/* One that was never sent. */
	udp.mark.sequence = 500;
	probe_wire_udp(packet, 33, &udp);
	assert_false(probe_wire_read_udp(packet, 8, 499, &back));
	/* Somebody took the checksum away. */
	packet[6] = packet[7] = 0;
	assert_false(probe_wire_read_udp(packet, 8, 1000, &back));
}

static void
header_length_is_checked(void **state)
{
	uint8_t header[60] = {0x45};

	(void)state;
	assert_int_equal(probe_wire_ipv4_header(header, 60), 20);
	header[0] = 0x4f;
	assert_int_equal(probe_wire_ipv4_header(header, 60), 60);
	assert_int_equal(probe_wire_ipv4_header(header, 59), 0);
	header[0] = 0x44;
	assert_int_equal(probe_wire_ipv4_header(header, 60), 0);
	assert_int_equal(probe_wire_ipv4_header(header, 0), 0);
}

/* The shortest one; and one that has no checksum, though its sum is that of a right one. */
static void
old_extensions_have_a_checksum(void **state)
{
	uint8_t data[100 + 8] = {[100] = 0x20, [105] = 4, [106] = 9};
	uint8_t bare[100 + 8] = {[100] = 0x20, [104] = 0xdf, [105] = 0xff};
	const uint16_t sum = probe_wire_checksum(data + 100, 8, 0);

	(void)state;
	data[102] = (uint8_t)(sum >> 8);
	data[103] = (uint8_t)sum;
	assert_int_equal(probe_wire_find_extension(data, sizeof data, 28), 100);
	assert_int_equal(probe_wire_find_extension(bare, sizeof bare, 28), 0);
}

/* After 128 bytes of the packet that is quoted, without a length that says so. */
static void
old_extensions_are_found(void **state)
{
	uint8_t data[128 - 28 + 16] = {[100] = 0x20,
		[104] = 0,
		[105] = 12,
		[106] = 1,
		[107] = 1,
		[108] = 0x03,
		[109] = 0xe8,
		[110] = 0x04,
		[111] = 0x01,
		[112] = 0x04,
		[113] = 0x26,
		[114] = 0x91,
		[115] = 0xff};
	const uint16_t sum = probe_wire_checksum(data + 100, 16, 0);

	(void)state;
	/* No checksum: then it may be anything. */
	assert_int_equal(probe_wire_find_extension(data, sizeof data, 28), 0);
	data[102] = (uint8_t)(sum >> 8);
	data[103] = (uint8_t)sum;
	assert_int_equal(probe_wire_find_extension(data, sizeof data, 28), 100);
	assert_int_equal(probe_wire_find_extension(data, sizeof data, 20), 0);
	for (size_t len = 0; len < sizeof data; len++)
		assert_int_equal(probe_wire_find_extension(data, len, 28), 0);
	data[115] ^= 1;
	assert_int_equal(probe_wire_find_extension(data, sizeof data, 28), 0);
	data[115] ^= 1;
	data[100] = 0x30;
	assert_int_equal(probe_wire_find_extension(data, sizeof data, 28), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksum_is_that_of_the_rfc),
		cmocka_unit_test(checksum_is_constant_within_a_flow),
		cmocka_unit_test(payload_sums_up_to_the_same),
		cmocka_unit_test(echo_is_read_back),
		cmocka_unit_test(low_bits_find_their_sequence),
		cmocka_unit_test(syn_is_well_formed),
		cmocka_unit_test(answers_to_a_syn_are_distinguished),
		cmocka_unit_test(udp_carries_its_sequence_in_its_checksum),
		cmocka_unit_test(header_length_is_checked),
		cmocka_unit_test(old_extensions_are_found),
		cmocka_unit_test(old_extensions_have_a_checksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
