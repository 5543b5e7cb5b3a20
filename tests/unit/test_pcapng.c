/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures whose interfaces differ in link type, capture length, resolution and byte order. */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pcapng_file.h"
#include "unit.h"

enum { EPOCH_S = 1700000000 };

static void
add_other(struct file *file)
{
	const size_t at = begin(file, 0x0bad);

	put(file, "what is in it does not matter", 29);
	end(file, at);
}

static void
expect(struct stream_reader *reader, uint32_t ifindex, uint16_t arphrd, uint64_t time_ns,
	const char *text, uint8_t packet_type)
{
	struct error error = {.text = ""};
	struct record record;
	const int status = stream_reader_next(reader, &record, &error);

	if (status != 1)
		print_error("%s\n", error.text);
	assert_int_equal(status, 1);
	assert_int_equal(record.kind, RECORD_PACKET);
	assert_int_equal(record.ifindex, ifindex);
	assert_int_equal(record.arphrd, arphrd);
	assert_int_equal(record.time_ns, time_ns);
	assert_int_equal(record.packet_type, packet_type);
	assert_int_equal(record.len, strlen(text));
	assert_int_equal(record.wire_len, strlen(text) + 100);
	assert_memory_equal(record.data, text, record.len);
}

static void
expect_name(struct stream_reader *reader, uint32_t ifindex, const char *name)
{
	struct message message;
	struct record record;

	assert_int_equal(stream_reader_next(reader, &record, NULL), 1);
	assert_int_equal(record.kind, RECORD_MESSAGE);
	assert_int_equal(message_decode(record.data, record.len, &message), 0);
	assert_int_equal(message.type, MESSAGE_LINK);
	assert_int_equal(message.body.link.ifindex, ifindex);
	assert_int_equal(message.body.link.name.len, strlen(name));
	assert_memory_equal(message.body.link.name.data, name, strlen(name));
}

/* In both orders: what differs between two interfaces, and a section after it that counts anew. */
static void
write_all(struct file *file, bool is_swapped)
{
	file->len = 0;
	add_section(file, is_swapped);
	add_interface(file, 1, 65535, "eth0", 0);
	add_other(file);
	add_packet(file, 0, EPOCH_S * UINT64_C(1000000) + 1, "first", 0);
	add_interface(file, 101, 96, "tun0", 9);
	add_packet(file, 1, EPOCH_S * UINT64_C(1000000000) + 2, "second", 1);
	add_packet(file, 0, EPOCH_S * UINT64_C(1000000) + 3, "third", 2);
	add_section(file, !is_swapped);
	add_interface(file, 9, 0, NULL, 0x80 | 20);
	add_packet(file, 0, ((uint64_t)EPOCH_S << 20) + (1 << 19), "fourth", 0);
}

static const uint64_t epoch_ns = EPOCH_S * UINT64_C(1000000000);

static void
test_differ(void **state)
{
	(void)state;
	for (unsigned order = 0; order < 2; order++) {
		struct file file;
		struct stream_reader *reader;
		struct record record;
		int fd;

		write_all(&file, order != 0);
		reader = open_file(&file, file.len, &fd);
		expect_name(reader, 1, "eth0");
		expect(reader, 1, ARPHRD_ETHER, epoch_ns + 1000, "first",
			RECORD_PACKET_TYPE_UNKNOWN);
		expect_name(reader, 2, "tun0");
		expect(reader, 2, ARPHRD_NONE, epoch_ns + 2, "second", PACKET_HOST);
		expect(reader, 1, ARPHRD_ETHER, epoch_ns + 3000, "third", PACKET_OUTGOING);
		expect(reader, 3, ARPHRD_PPP, epoch_ns + 500000000, "fourth",
			RECORD_PACKET_TYPE_UNKNOWN);
		assert_int_equal(stream_reader_next(reader, &record, NULL), 0);
		assert_false(stream_reader_cut(reader));
		stream_reader_free(reader);
		close(fd);
	}
}

/* A file that ends within a block says so; whole blocks before it are read. */
static void
test_cut(void **state)
{
	static struct file file;
	size_t whole = 0;

	(void)state;
	write_all(&file, false);
	for (size_t len = 12; len <= file.len; len++) {
		struct stream_reader *reader;
		struct record record;
		struct error error;
		size_t records = 0;
		int fd, status;

		reader = open_file(&file, len, &fd);
		while ((status = stream_reader_next(reader, &record, &error)) == 1)
			records++;
		assert_int_equal(status, 0);
		if (!stream_reader_cut(reader))
			whole++;
		else
			assert_int_not_equal(len, file.len);
		assert_true(records <= 6);
		stream_reader_free(reader);
		close(fd);
	}
	assert_int_equal(whole, 10); /* as many as there are blocks */
}

static void
test_broken(void **state)
{
	struct file file = {.len = 0};
	size_t at;

	(void)state;
	add_section(&file, false);
	add_packet(&file, 0, 0, "of no interface", 0);
	refuse(&file, "not described");
	file.len = 0;
	add_section(&file, false);
	at = begin(&file, 6);
	put_32(&file, 0);
	end(&file, at);
	refuse(&file, "too short");
	file.len = 0;
	add_section(&file, false);
	add_interface(&file, 1, 0, NULL, 0);
	add_packet(&file, 0, 0, "longer than its block", 0);
	file.data[file.len - 24 - 4 - 8] = 25;
	refuse(&file, "longer than its block");
	file.data[file.len - 4]++;
	refuse(&file, "another length");
	file.len = 28;
	put_32(&file, 6);
	put_32(&file, 13);
	put_32(&file, 13);
	refuse(&file, "a length that cannot be");
	file.len = 0;
	add_section(&file, false);
	add_interface(&file, 105, 0, NULL, 0);
	add_packet(&file, 0, 0, "wireless", 0);
	refuse(&file, "IEEE802_11");
}

/* Beside others, packets of a link that we do not read are not TCP, and no more. */
static void
test_unknown_link(void **state)
{
	struct file file = {.len = 0};
	struct stream_reader *reader;
	int fd;

	(void)state;
	add_section(&file, false);
	add_interface(&file, 1, 0, NULL, 0);
	add_interface(&file, 105, 0, NULL, 0);
	add_packet(&file, 0, 5, "known", 0);
	add_packet(&file, 1, 6, "wireless", 0);
	reader = open_file(&file, file.len, &fd);
	expect(reader, 0, ARPHRD_ETHER, 5000, "known", RECORD_PACKET_TYPE_UNKNOWN);
	expect(reader, 2, RECORD_ARPHRD_UNKNOWN, 6000, "wireless", RECORD_PACKET_TYPE_UNKNOWN);
	stream_reader_free(reader);
	close(fd);
}

/* Blocks of older programs: 16 bits of interface; no time at all. */
static void
test_old_blocks(void **state)
{
	struct file file = {.len = 0};
	struct stream_reader *reader;
	struct record record;
	size_t at;
	int fd;

	(void)state;
	add_section(&file, false);
	add_interface(&file, 1, 4, NULL, 0);
	at = begin(&file, 2);
	put_16(&file, 0);
	put_16(&file, 77); /* drops */
	put_32(&file, 0);
	put_32(&file, 9);
	put_32(&file, 3);
	put_32(&file, 103);
	put(&file, "old", 3);
	end(&file, at);
	at = begin(&file, 3);
	put_32(&file, 20);
	put(&file, "simp", 4);
	end(&file, at);
	reader = open_file(&file, file.len, &fd);
	expect(reader, 0, ARPHRD_ETHER, 9000, "old", RECORD_PACKET_TYPE_UNKNOWN);
	assert_int_equal(stream_reader_next(reader, &record, NULL), 1);
	assert_int_equal(record.len, 4); /* the interface's capture length */
	assert_int_equal(record.wire_len, 20);
	assert_int_equal(record.time_ns, 9000);
	stream_reader_free(reader);
	close(fd);
}

/* Powers of ten and of two, before and after 1970; what no clock shows is 0. */
static void
test_times(void **state)
{
	static const struct {
		uint8_t resolution;
		uint64_t ticks, time_ns;
	} cases[] = {
		{0x80, 7, UINT64_C(7000000000)},
		{3, 1234, 1234000000},
		{12, UINT64_C(1000000000999), 1000000000},
		{12, UINT64_C(1999999999999), 1999999999},
		{0x80 | 40, (UINT64_C(3) << 40) + (UINT64_C(1) << 38), UINT64_C(3250000000)},
		{0x80 | 63, UINT64_C(3) << 62, 1500000000},
		{19, UINT64_C(15000000000000000000), 1500000000},
		{1, UINT64_MAX, 0},
		{20, 5, 0},
		{0x80 | 64, 5, 0},
	};

	(void)state;
	unit_each (i, cases) {
		struct file file = {.len = 0};
		struct stream_reader *reader;
		int fd;

		add_section(&file, false);
		add_interface(&file, 1, 0, NULL, cases[i].resolution);
		add_packet(&file, 0, cases[i].ticks, "x", 0);
		reader = open_file(&file, file.len, &fd);
		expect(reader, 0, ARPHRD_ETHER, cases[i].time_ns, "x", RECORD_PACKET_TYPE_UNKNOWN);
		stream_reader_free(reader);
		close(fd);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differ),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_unknown_link),
		cmocka_unit_test(test_old_blocks),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
