/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Behind damage: each thing that makes bytes a record, at its bound and one beyond. */
#include <config.h>

#include "unit.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <stdlib.h>

#include <sockwatch/stream/stream.h>

#include "stream/framing.h"
#include "stream/parser.h"

enum { JUNK = 40, SECONDS = 1800000000, DAY_S = 24 * 60 * 60, BODY_MAX = STREAM_RECORD_MAX + 64 };

struct bytes {
	uint8_t data[2 * BODY_MAX];
	size_t len;
};

static void
append(struct bytes *bytes, const void *data, size_t len)
{
	memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
}

static void
append_file_header(struct bytes *bytes)
{
	const struct framing_file header = {.magic = FRAMING_MAGIC_NS,
		.major = FRAMING_MAJOR,
		.minor = FRAMING_MINOR,
		.link_type = FRAMING_LINK_TYPE};

	bytes->len = 0;
	append(bytes, &header, sizeof header);
}

/* A packet of Ethernet with 24 bytes, of which 100 were on the wire. */
static struct framing_header
packet_header(void)
{
	return (struct framing_header){
		.record = {.seconds = SECONDS, .len = 20 + 24, .wire_len = 20 + 100},
		.cooked = {.protocol = htons(0x800),
			.ifindex = htonl(2),
			.arphrd = htons(1),
			.packet_type = PACKET_OUTGOING,
			.address_len = 6,
			.address = {2, 1, 1, 1, 1, 1}},
	};
}

/* A message of 24 bytes, as the collector sends it. */
static struct framing_header
message_header(void)
{
	struct framing_header header;

	framing_fill(&header, SECONDS * UINT64_C(1000000000), 2, 0, 24);
	return header;
}

/* The headers and what their length says, which looks like nothing. */
static void
append_record(struct bytes *bytes, const struct framing_header *header)
{
	const size_t len = header->record.len - sizeof header->cooked;

	append(bytes, header, sizeof *header);
	memset(bytes->data + bytes->len, 0xee, len);
	bytes->len += len;
}

static void
append_junk(struct bytes *bytes)
{
	memset(bytes->data + bytes->len, 0xff, JUNK);
	bytes->len += JUNK;
}

struct outcome {
	unsigned records;
	struct stream_damage damage;
	bool is_inside;
};

/* Takes the bytes apart as a file of them, so many at once. */
static struct outcome
parse(const struct bytes *bytes, size_t piece)
{
	struct parser parser = {.recovers = true};
	struct outcome outcome = {0};
	struct record record;
	struct error error;

	for (size_t at = 0; !parser.at_end;) {
		size_t room;
		uint8_t *const out = parser_room(&parser, &room);
		size_t len = bytes->len - at < piece ? bytes->len - at : piece;

		assert_non_null(out);
		len = len < room ? len : room;
		memcpy(out, bytes->data + at, len);
		parser_filled(&parser, len);
		at += len;
		parser.at_end = at == bytes->len;
		while (parser_next(&parser, &record, &error) == 1)
			outcome.records++;
	}
	outcome.damage = parser.damage;
	outcome.is_inside = parser_inside(&parser);
	parser_fini(&parser);
	return outcome;
}

static const size_t pieces[] = {1, 7, 36, 61, 4096, SIZE_MAX};

/* A record, damage, the header in question with its record, and two that are well. */
static void
check_header(const struct framing_header *header, bool is_taken)
{
	const struct framing_header before = message_header(), after = packet_header();
	static struct bytes bytes;

	append_file_header(&bytes);
	append_record(&bytes, &before);
	append_junk(&bytes);
	append_record(&bytes, header);
	append_record(&bytes, &after);
	append_record(&bytes, &after);
	append_record(&bytes, &before);
	for (size_t i = header->record.len > 4096 ? 4 : 0; i < UNIT_COUNT_OF(pieces); i++) {
		const struct outcome outcome = parse(&bytes, pieces[i]);
		const size_t lost = is_taken ? 0 : sizeof header->record + header->record.len;

		assert_int_equal(outcome.damage.bytes, JUNK + lost);
		assert_int_equal(outcome.damage.places, 1);
		assert_int_equal(outcome.damage.first_offset, 24 + 36 + 24);
		assert_int_equal(outcome.records, 4 + is_taken);
		assert_false(outcome.is_inside);
	}
}

static void
well(void **state)
{
	struct framing_header header = packet_header();

	(void)state;
	check_header(&header, true);
	header = message_header();
	check_header(&header, true);
	header.cooked.protocol = htons(4); /* NETLINK_SOCK_DIAG */
	check_header(&header, true);
}

static void
record_header(void **state)
{
	struct framing_header header = packet_header();

	(void)state;
	header.record.wire_len = header.record.len;
	check_header(&header, true);
	header.record.wire_len--;
	check_header(&header, false);
	header = packet_header();
	header.record.nanoseconds = 999999999;
	check_header(&header, true);
	header.record.nanoseconds++;
	check_header(&header, false);
	header = packet_header();
	header.record.len = sizeof header.cooked;
	check_header(&header, true);
	header.record.len = header.record.wire_len = STREAM_RECORD_MAX;
	check_header(&header, true);
	header.record.len++;
	header.record.wire_len++;
	check_header(&header, false);
}

/* One byte less than a cooked header, and the next record right after it. */
static void
shorter_than_its_header(void **state)
{
	const struct framing_header before = message_header(), after = packet_header();
	struct framing_header header = packet_header();
	static struct bytes bytes;

	(void)state;
	header.record.len = sizeof header.cooked - 1;
	append_file_header(&bytes);
	append_record(&bytes, &before);
	append_junk(&bytes);
	append(&bytes, &header, sizeof header - 1);
	append_record(&bytes, &after);
	append_record(&bytes, &before);
	unit_each (i, pieces) {
		const struct outcome outcome = parse(&bytes, pieces[i]);

		assert_int_equal(outcome.records, 3);
		assert_int_equal(outcome.damage.bytes, JUNK + sizeof header - 1);
	}
}

static void
packet(void **state)
{
	struct framing_header header = packet_header();

	(void)state;
	header.cooked.address_len = 8;
	memset(header.cooked.address, 7, sizeof header.cooked.address);
	check_header(&header, true);
	header.cooked.address_len = 9;
	check_header(&header, false);
	header.cooked.address_len = 7;
	check_header(&header, false);
	header.cooked.address[7] = 0;
	check_header(&header, true);
	header.cooked.address_len = 0;
	check_header(&header, false);
	memset(header.cooked.address, 0, sizeof header.cooked.address);
	check_header(&header, true);
	header.cooked.packet_type = PACKET_OUTGOING + 1;
	check_header(&header, false);
	header.cooked.packet_type = PACKET_HOST;
	check_header(&header, true);
	header.cooked.protocol = 0;
	check_header(&header, false);
	header.cooked.protocol = htons(1);
	header.cooked.ifindex = 0;
	check_header(&header, false);
}

static void
netlink(void **state)
{
	struct framing_header header = message_header();

	(void)state;
	header.record.wire_len++;
	check_header(&header, false);
	header = message_header();
	header.cooked.packet_type = PACKET_BROADCAST;
	check_header(&header, false);
	header = message_header();
	header.cooked.address_len = 3;
	check_header(&header, false);
	header.cooked.address_len = 5;
	check_header(&header, false);
	header = message_header();
	header.cooked.ifindex = htonl(1);
	check_header(&header, false);
	header = message_header();
	header.cooked.protocol = htons(3);
	check_header(&header, false);
	header.cooked.protocol = 0;
	check_header(&header, false);
}

/* A day between two records is the most, in either direction. */
static void
time_between(void **state)
{
	struct framing_header header = packet_header();

	(void)state;
	header.record.seconds = SECONDS + DAY_S;
	check_header(&header, true);
	header.record.seconds = SECONDS - DAY_S;
	check_header(&header, true);
	header.record.seconds = SECONDS + DAY_S + 1;
	check_header(&header, false);
	header.record.seconds = SECONDS - DAY_S - 1;
	check_header(&header, false);
}

/* The last record, behind damage: how many come. */
static unsigned
last_record(const struct framing_header *header, size_t behind)
{
	const struct framing_header before = message_header();
	static struct bytes bytes;
	unsigned records = 0;

	append_file_header(&bytes);
	append_record(&bytes, &before);
	append_record(&bytes, &before);
	append_junk(&bytes);
	append_record(&bytes, header);
	memset(bytes.data + bytes.len, 0xee, behind);
	bytes.len += behind;
	/* The time of a record is only trusted when the next one had come with it. */
	for (size_t i = 4; i < UNIT_COUNT_OF(pieces); i++) {
		const struct outcome outcome = parse(&bytes, pieces[i]);

		assert_true(i == 4 || outcome.records == records);
		records = outcome.records;
		/* What is at the end and no record may be one that was cut. */
		assert_int_equal(
			outcome.damage.bytes, records == 3 ? (unsigned)JUNK : JUNK + 60 + behind);
		assert_false(outcome.is_inside);
	}
	return records - 2;
}

static void
at_the_end(void **state)
{
	struct framing_header header = message_header();

	(void)state;
	assert_int_equal(last_record(&header, 0), 1);
	assert_int_equal(last_record(&header, 1), 0);
	assert_int_equal(last_record(&header, 35), 0);
	assert_int_equal(last_record(&header, 36), 0);
	header.record.seconds = SECONDS + DAY_S;
	assert_int_equal(last_record(&header, 0), 1);
	header.record.seconds++;
	assert_int_equal(last_record(&header, 0), 0);
	header.record.seconds = SECONDS - DAY_S;
	assert_int_equal(last_record(&header, 0), 1);
	header.record.seconds--;
	assert_int_equal(last_record(&header, 0), 0);
	/* Only a collector's is known by its header alone. */
	header = packet_header();
	assert_int_equal(last_record(&header, 0), 0);
}

/* Damage, three records, and the file ends anywhere in the last two. */
static void
cut_behind_damage(void **state)
{
	const struct framing_header message = message_header(), packet = packet_header();
	static struct bytes bytes;
	size_t ends[3];

	(void)state;
	append_file_header(&bytes);
	append_record(&bytes, &message);
	append_record(&bytes, &message);
	append_junk(&bytes);
	for (size_t i = 0; i < 3; i++) {
		append_record(&bytes, i == 1 ? &packet : &message);
		ends[i] = bytes.len;
	}
	for (size_t len = ends[0]; len <= ends[2]; len++) {
		const unsigned whole = 2 + (len >= ends[1]) + (len >= ends[2]);

		bytes.len = len;
		for (size_t i = 4; i < UNIT_COUNT_OF(pieces); i++) {
			const struct outcome outcome = parse(&bytes, pieces[i]);

			if (len != ends[0] && len < ends[0] + sizeof packet) {
				/* Nothing says that the first one is a record. */
				assert_int_equal(outcome.records, 2);
				continue;
			}
			assert_int_equal(outcome.records, 1 + whole);
			assert_int_equal(outcome.damage.bytes, JUNK);
			assert_int_equal(outcome.is_inside,
				len != ends[0] && len != ends[1] && len != ends[2]);
		}
	}
}

/* A length that claims too much, and ends within a later record: what it swallowed comes. */
static void
claims_too_much(void **state)
{
	const struct framing_header message = message_header();
	static struct bytes bytes;

	(void)state;
	for (uint32_t more = 1; more < 130; more++) {
		struct framing_header header = message_header();
		struct outcome outcome;

		header.record.len += more;
		header.record.wire_len += more;
		append_file_header(&bytes);
		append_record(&bytes, &message);
		append(&bytes, &header, sizeof header);
		memset(bytes.data + bytes.len, 0xee, 24);
		bytes.len += 24;
		for (unsigned i = 0; i < 6; i++)
			append_record(&bytes, &message);
		outcome = parse(&bytes, SIZE_MAX);
		/* Where it ends at a record by chance, it is one. */
		assert_int_equal(outcome.records, more % 60 == 0 ? 8 - more / 60 : 7);
		assert_int_equal(outcome.damage.places, more % 60 != 0);
		assert_int_equal(outcome.damage.bytes, more % 60 != 0 ? 60 : 0);
		assert_false(outcome.is_inside);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(well),
		cmocka_unit_test(record_header),
		cmocka_unit_test(shorter_than_its_header),
		cmocka_unit_test(packet),
		cmocka_unit_test(netlink),
		cmocka_unit_test(time_between),
		cmocka_unit_test(at_the_end),
		cmocka_unit_test(cut_behind_damage),
		cmocka_unit_test(claims_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
