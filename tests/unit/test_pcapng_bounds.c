/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks, options and packets of pcapng that are just long enough, and one byte or number beyond.
 */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <stdlib.h>

#include "pcapng_file.h"
#include "unit.h"

/* What a file begins with: a section, and an interface for Ethernet. */
static void
start(struct file *file, uint32_t snaplen)
{
	file->len = 0;
	add_section(file, false);
	add_interface(file, 1, snaplen, NULL, 0);
}

/* The head of a packet's block, which is open. */
static size_t
begin_packet(struct file *file, uint32_t len, uint32_t wire_len)
{
	const size_t at = begin(file, 6);

	put_32(file, 0);
	put_32(file, 0);
	put_32(file, 7);
	put_32(file, len);
	put_32(file, wire_len);
	return at;
}

/* The only record of the file. */
static struct record
only_record(const struct file *file)
{
	struct error error = {.text = ""};
	struct record record, none;
	struct stream_reader *reader;
	int fd;

	reader = open_file(file, file->len, &fd);
	if (stream_reader_next(reader, &record, &error) != 1)
		fail_msg("%s", error.text);
	assert_int_equal(stream_reader_next(reader, &none, &error), 0);
	assert_false(stream_reader_cut(reader));
	record.data = NULL; /* it goes with the reader */
	stream_reader_free(reader);
	close(fd);
	return record;
}

/* A packet's block whose options are these. */
static uint8_t
type_by_options(const void *options, size_t len)
{
	static struct file file;
	size_t at;

	start(&file, 0);
	at = begin_packet(&file, 6, 6);
	put(&file, "packet", 6);
	put(&file, options, len);
	end(&file, at);
	return only_record(&file).packet_type;
}

static void
packet_options(void **state)
{
	static const struct {
		uint16_t options[8];
		size_t len;
		uint8_t type;
	} cases[] = {
		{{2, 4, 1, 0}, 8, PACKET_HOST},
		{{2, 4, 2, 0}, 8, PACKET_OUTGOING},
		{{2, 4, 3, 0}, 8, RECORD_PACKET_TYPE_UNKNOWN},
		{{2, 4, 0, 0}, 8, RECORD_PACKET_TYPE_UNKNOWN},
		{{2, 4, 5, 0}, 8, PACKET_HOST}, /* other flags beside the direction */
		{{2, 3, 1, 0}, 8, RECORD_PACKET_TYPE_UNKNOWN},
		{{2, 5, 1, 0, 0, 0}, 12, RECORD_PACKET_TYPE_UNKNOWN},
		{{3, 4, 1, 0}, 8, RECORD_PACKET_TYPE_UNKNOWN},
		{{1, 1, 'c', 0, 2, 4, 1, 0}, 16, PACKET_HOST}, /* behind a comment, filled up */
		{{1, 4, 'c', 0, 2, 4, 2, 0}, 16, PACKET_OUTGOING},
		{{1, 0, 2, 4, 1, 0, 0, 0}, 16, PACKET_HOST},
		{{0, 0, 2, 4, 1, 0}, 12, RECORD_PACKET_TYPE_UNKNOWN}, /* behind the end */
		{{2, 4}, 4, RECORD_PACKET_TYPE_UNKNOWN},              /* cut */
		{{1, 9, 0, 0, 2, 4, 1, 0}, 16, RECORD_PACKET_TYPE_UNKNOWN},
	};

	(void)state;
	unit_each (i, cases)
		assert_int_equal(type_by_options(cases[i].options, cases[i].len), cases[i].type);
}

/* The bytes of a packet, filled up to four, end its block, or one is missing. */
static void
packet_lengths(void **state)
{
	enum { PACKET_MAX = 256 * 1024 };
	static const struct {
		size_t room;
		uint32_t len, wire_len, taken; /* taken: what it is on the wire; 0: refused */
	} cases[] = {
		{0, 0, 40, 40},
		{4, 4, 4, 4},
		{4, 3, 2, 3}, /* less on the wire than there is */
		{4, 5, 5, 0},
		{PACKET_MAX, PACKET_MAX, PACKET_MAX, PACKET_MAX},
		{PACKET_MAX + 4, PACKET_MAX + 1, PACKET_MAX + 1, 0},
	};
	static struct file file;

	(void)state;
	unit_each (i, cases) {
		struct record record;
		size_t at;

		start(&file, 0);
		at = begin_packet(&file, cases[i].len, cases[i].wire_len);
		file.len += cases[i].room;
		end(&file, at);
		if (cases[i].taken == 0) {
			refuse(&file, "a packet is longer than its block");
			continue;
		}
		record = only_record(&file);
		assert_int_equal(record.len, cases[i].len);
		assert_int_equal(record.wire_len, cases[i].taken);
	}
}

static void
simple_packets(void **state)
{
	enum { PACKET_MAX = 256 * 1024 };
	static const struct {
		uint32_t snaplen, claimed;
		size_t room, len; /* len: what is there; SIZE_MAX: refused */
	} cases[] = {
		{0, 0, 0, 0},
		{0, 8, 8, 8},
		{0, 7, 8, 7},
		{0, 9, 8, SIZE_MAX},
		{8, 8, 8, 8},
		{8, 9, 8, 8},
		{7, 9, 8, 7},
		{1, 60, 4, 1},
		{9, 9, 8, SIZE_MAX},
		{0, PACKET_MAX, PACKET_MAX, PACKET_MAX},
		{0, PACKET_MAX + 1, PACKET_MAX + 4, SIZE_MAX},
	};
	static struct file file;
	size_t at;

	(void)state;
	unit_each (i, cases) {
		struct record record;

		start(&file, cases[i].snaplen);
		at = begin(&file, 3);
		put_32(&file, cases[i].claimed);
		file.len += cases[i].room;
		end(&file, at);
		if (cases[i].len == SIZE_MAX) {
			refuse(&file, "a packet is longer than its block");
			continue;
		}
		record = only_record(&file);
		assert_int_equal(record.len, cases[i].len);
		assert_int_equal(record.wire_len, cases[i].claimed);
		assert_int_equal(record.time_ns, 0); /* no packet with a time came before it */
	}
	start(&file, 0);
	at = begin(&file, 3);
	end(&file, at);
	refuse(&file, "the block of a packet is too short");
	/* Without an interface there is no first one. */
	file.len = 28;
	at = begin(&file, 3);
	put_32(&file, 0);
	end(&file, at);
	refuse(&file, "a packet is of an interface that was not described");
}

/* Blocks of the least length, and of four bytes less. */
static void
short_blocks(void **state)
{
	static struct file file;
	struct stream_reader *reader;
	struct record record;
	struct error error;
	size_t at;
	int fd;

	(void)state;
	/* A packet's block without its last four bytes. */
	start(&file, 0);
	at = begin(&file, 6);
	file.len += 16;
	end(&file, at);
	refuse(&file, "the block of a packet is too short");
	/* An interface without options, and without its capture length. */
	file.len = 0;
	add_section(&file, false);
	at = begin(&file, 1);
	put_32(&file, 1);
	put_32(&file, 0);
	end(&file, at);
	at = begin_packet(&file, 0, 60);
	end(&file, at);
	assert_int_equal(only_record(&file).arphrd, ARPHRD_ETHER);
	file.len = 28;
	at = begin(&file, 1);
	put_32(&file, 1);
	end(&file, at);
	refuse(&file, "the block of an interface is too short");
	/* A block without contents, and one that has no room for its second length. */
	file.len = 28;
	at = begin(&file, 0x0bad);
	end(&file, at);
	reader = open_file(&file, file.len, &fd);
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_false(stream_reader_cut(reader));
	stream_reader_free(reader);
	close(fd);
	file.len = 28;
	put_32(&file, 0x0bad);
	put_32(&file, 8);
	put_32(&file, 8);
	refuse(&file, "a block has a length that cannot be");
	/* A section that ends behind its mark of the order, and within it. */
	file.len = 0;
	at = begin(&file, 0x0a0d0d0a);
	put_32(&file, 0x1a2b3c4d);
	end(&file, at);
	reader = open_file(&file, file.len, &fd);
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_false(stream_reader_cut(reader));
	stream_reader_free(reader);
	close(fd);
	file.len = 4;
	put_32(&file, 12);
	put_32(&file, 0x1a2b3c4d);
	put_32(&file, 12);
	refuse(&file, "a block has a length that cannot be");
}

/* A block of another kind may have 16 MiB, and no more. */
static void
long_block(void **state)
{
	enum { BLOCK_MAX = 16 * 1024 * 1024 };
	static struct file file;

	(void)state;
	for (uint32_t more = 0; more < 8; more += 4) {
		const uint32_t len = BLOCK_MAX + more;
		const uint32_t head[] = {0x0bad, len};
		struct error error = {.text = ""};
		struct stream_reader *reader;
		struct record record;
		int fd;

		start(&file, 0);
		reader = open_file(&file, file.len, &fd);
		stream_reader_free(reader);
		assert_int_equal(pwrite(fd, head, sizeof head, (off_t)file.len), sizeof head);
		assert_int_equal(pwrite(fd, &len, sizeof len, (off_t)(file.len + len - 4)), 4);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		snprintf(error.text, sizeof error.text, "/proc/self/fd/%d", fd);
		reader = stream_reader_open(open(error.text, O_RDONLY | O_CLOEXEC), "file", &error);
		assert_non_null(reader);
		assert_int_equal(
			stream_reader_next(reader, &record, &error), more == 0 ? 0 : -EPROTO);
		assert_false(stream_reader_cut(reader));
		stream_reader_free(reader);
		close(fd);
	}
}

/* The time of a packet whose interface has this resolution and this offset. */
static uint64_t
time_with_offset(
	bool is_swapped, uint8_t resolution, int64_t offset, uint16_t offset_len, uint64_t ticks)
{
	static struct file file;
	const int64_t stored = is_swapped ? (int64_t)__builtin_bswap64((uint64_t)offset) : offset;
	struct record record;
	size_t at;

	file.len = 0;
	add_section(&file, is_swapped);
	at = begin(&file, 1);
	put_16(&file, 1);
	put_16(&file, 0);
	put_32(&file, 0);
	add_option(&file, 9, &resolution, 1);
	add_option(&file, 14, &stored, offset_len);
	end(&file, at);
	add_packet(&file, 0, ticks, "x", 0);
	record = only_record(&file);
	return record.time_ns;
}

static void
offsets(void **state)
{
	static const struct {
		uint8_t resolution;
		uint16_t len;
		int64_t offset;
		uint64_t ticks, time_ns;
	} cases[] = {
		{3, 8, 1700000000, 1500, UINT64_C(1700000001500000000)},
		{3, 8, -1, 1500, 500000000},
		{3, 8, -2, 1500, 0},
		{3, 8, -2, 2500, 500000000},
		{3, 7, 1700000000, 1500, 1500000000}, /* not 64 bits: none */
		{3, 8, 9223372035, 0, UINT64_C(9223372035000000000)},
		{3, 8, 9223372035, 1000, 0},
		{3, 8, 9223372034, 1000, UINT64_C(9223372035000000000)},
		{3, 8, 9223372036, 0, 0},
		{0x80, 8, 0, 9223372035, UINT64_C(9223372035000000000)},
		{0x80, 8, 0, 9223372036, 0},
		{0x80, 8, INT64_MIN, 5, 0},
	};

	(void)state;
	unit_each (i, cases) {
		for (unsigned order = 0; order < 2; order++)
			assert_int_equal(time_with_offset(order != 0, cases[i].resolution,
						 cases[i].offset, cases[i].len, cases[i].ticks),
				cases[i].time_ns);
	}
}

/* A resolution of another length is none: microseconds. */
static void
resolution_of_two_bytes(void **state)
{
	static struct file file;
	size_t at;

	(void)state;
	file.len = 0;
	add_section(&file, false);
	at = begin(&file, 1);
	put_32(&file, 1);
	put_32(&file, 0);
	add_option(&file, 9, "\x03\x03", 2);
	end(&file, at);
	add_packet(&file, 0, 5, "x", 0);
	assert_int_equal(only_record(&file).time_ns, 5000);
}

/* Names are cut at 64 bytes, and come once each, also when interfaces take turns. */
static void
names(void **state)
{
	static const size_t lens[] = {1, 63, 64, 65, 200};
	static struct file file;

	(void)state;
	unit_each (i, lens) {
		struct stream_reader *reader;
		struct message message;
		struct record record;
		struct error error;
		char name[201];
		int fd;

		memset(name, 'n', lens[i]);
		name[lens[i]] = '\0';
		file.len = 0;
		add_section(&file, false);
		add_interface(&file, 1, 0, name, 0);
		add_interface(&file, 1, 0, "b", 0);
		for (uint32_t j = 0; j < 4; j++)
			add_packet(&file, j % 2, j, "x", 0);
		reader = open_file(&file, file.len, &fd);
		for (uint32_t j = 0; j < 4; j++) {
			assert_int_equal(stream_reader_next(reader, &record, &error), 1);
			if (j < 2) {
				assert_int_equal(record.kind, RECORD_MESSAGE);
				assert_int_equal(record.time_ns, j * 1000);
				assert_int_equal(record.wire_len, record.len);
				assert_int_equal(
					message_decode(record.data, record.len, &message), 0);
				assert_int_equal(message.body.link.netns, 1);
				assert_int_equal(message.body.link.ifindex, j + 1);
				assert_int_equal(message.body.link.name.len, j == 1 ? 1
									     : lens[i] > 64
										     ? 64
										     : lens[i]);
				assert_int_equal(stream_reader_next(reader, &record, &error), 1);
			}
			assert_int_equal(record.kind, RECORD_PACKET);
			assert_int_equal(record.ifindex, j % 2 + 1);
			assert_int_equal(record.time_ns, j * 1000);
		}
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		stream_reader_free(reader);
		close(fd);
	}
}

/* The interfaces of another section are not those of this one; there are 4096 at most. */
static void
interfaces(void **state)
{
	static struct file file;

	(void)state;
	start(&file, 0);
	add_interface(&file, 1, 0, NULL, 0);
	add_section(&file, false);
	add_interface(&file, 1, 0, NULL, 0);
	add_packet(&file, 1, 0, "x", 0);
	refuse(&file, "a packet is of an interface that was not described");
	file.len = 0;
	add_section(&file, false);
	for (unsigned i = 0; i < 4096; i++)
		add_interface(&file, 1, 0, NULL, 0);
	add_packet(&file, 4095, 0, "x", 0);
	assert_int_equal(only_record(&file).ifindex, 4096);
	add_interface(&file, 1, 0, NULL, 0);
	refuse(&file, "the capture has more than 4096 interfaces");
}

/* A second section that is none; a file that begins with another block is no capture at all. */
static void
sections(void **state)
{
	static struct file file;

	(void)state;
	start(&file, 0);
	add_section(&file, false);
	file.data[file.len - 28 + 8]++;
	refuse(&file, "a section has no byte order");
	file.len = 0;
	add_interface(&file, 10, 0, NULL, 0);
	file.data[0] = 0x0a; /* what every capture begins with */
	refuse(&file, "neither a recording of sockwatch nor a capture");
}

/* The kinds of links that are read, as the file numbers them. */
static void
links(void **state)
{
	static const struct {
		uint16_t type, arphrd;
	} cases[] = {
		{1, ARPHRD_ETHER},
		{101, ARPHRD_NONE},
		{228, ARPHRD_NONE},
		{229, ARPHRD_NONE},
		{0, ARPHRD_LOOPBACK},
		{108, ARPHRD_LOOPBACK},
		{9, ARPHRD_PPP},
		{50, ARPHRD_PPP},
		{104, ARPHRD_CISCO},
	};
	static struct file file;

	(void)state;
	unit_each (i, cases) {
		file.len = 0;
		add_section(&file, false);
		add_interface(&file, cases[i].type, 0, NULL, 0);
		add_packet(&file, 0, 0, "a packet", 0);
		assert_int_equal(only_record(&file).arphrd, cases[i].arphrd);
	}
}

/* Both cooked headers: with nothing behind them, and one byte short of whole. */
static void
cooked(void **state)
{
	static const struct {
		uint16_t type;
		size_t size;
	} cases[] = {{113, 16}, {276, 20}};
	static struct file file;

	(void)state;
	unit_each (i, cases) {
		char bytes[21] = "cooked: what is in it";
		struct record record;

		memset(bytes, 1, sizeof bytes);
		bytes[cases[i].size] = '\0';
		file.len = 0;
		add_section(&file, false);
		add_interface(&file, cases[i].type, 0, NULL, 0);
		add_packet(&file, 0, 0, bytes, 0);
		record = only_record(&file);
		assert_int_equal(record.len, 0);
		assert_int_equal(record.wire_len, 100);
		assert_int_equal(record.protocol, 0x0101);
		assert_int_equal(record.packet_type, 1);
		bytes[cases[i].size - 1] = '\0';
		file.len = 0;
		add_section(&file, false);
		add_interface(&file, cases[i].type, 0, NULL, 0);
		add_packet(&file, 0, 0, bytes, 0);
		refuse(&file, "too short for its link-layer header");
	}
}

/* Messages of another byte order cannot be read, packets can. */
static void
other_order(void **state)
{
	static struct file file;

	(void)state;
	for (unsigned kind = 0; kind < 2; kind++) {
		char bytes[41];

		memset(bytes, 1, sizeof bytes);
		bytes[sizeof bytes - 1] = '\0';
		bytes[8] = 3; /* ARPHRD_NETLINK is 824, Ethernet 1 */
		bytes[9] = 0x38;
		if (kind == 1)
			memcpy(bytes + 8, "\x01\x01", 2);
		/* What is written as text must hold no 0: the protocol is put in after it. */
		file.len = 0;
		add_section(&file, true);
		add_interface(&file, 276, 0, NULL, 0);
		add_packet(&file, 0, 0, bytes, 0);
		memcpy(file.data + file.len - 4 - 40, "\x00\x04", 2);
		if (kind == 0)
			refuse(&file, "a machine of the other byte order");
		else
			assert_int_equal(only_record(&file).kind, RECORD_PACKET);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(packet_options),
		cmocka_unit_test(packet_lengths),
		cmocka_unit_test(simple_packets),
		cmocka_unit_test(short_blocks),
		cmocka_unit_test(long_block),
		cmocka_unit_test(offsets),
		cmocka_unit_test(resolution_of_two_bytes),
		cmocka_unit_test(names),
		cmocka_unit_test(interfaces),
		cmocka_unit_test(sections),
		cmocka_unit_test(links),
		cmocka_unit_test(cooked),
		cmocka_unit_test(other_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
