/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written as pcapng is read again as it was, with its comment where the format has it. */
#include <config.h>

#include <sockwatch/stream/pcapng_writer.h>

#include <linux/if_packet.h>
#include <net/if_arp.h>

#include "pcapng_file.h"

static struct pcapng_writer writer;
static struct buffer out;

static int
open_writer(void **state)
{
	(void)state;
	writer = (struct pcapng_writer){.has_begun = false};
	buffer_init(&out, 0);
	pcapng_writer_begin(&writer, "sockwatch test", &out);
	pcapng_writer_begin(&writer, "once", &out);
	return 0;
}

static int
close_writer(void **state)
{
	(void)state;
	buffer_fini(&out);
	return 0;
}

static struct stream_reader *
read_again(void)
{
	const int fd = memfd_create("pcapng", 0);
	struct stream_reader *reader;

	assert_false(out.failed);
	assert_int_equal(out.len % 4, 0);
	assert_int_equal(write(fd, out.data, out.len), out.len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	reader = stream_reader_open(fd, "it", NULL);
	assert_non_null(reader);
	return reader;
}

static void
cooked_and_plain(void **state)
{
	const struct record cooked = {.time_ns = UINT64_C(1795352551123456789),
		.kind = RECORD_PACKET,
		.ifindex = 7,
		.protocol = 0x0800,
		.arphrd = ARPHRD_ETHER,
		.packet_type = PACKET_OUTGOING,
		.data = (const uint8_t *)"hello",
		.len = 5,
		.wire_len = 900};
	const struct record ethernet = {.time_ns = 5,
		.kind = RECORD_PACKET,
		.arphrd = ARPHRD_ETHER,
		.packet_type = RECORD_PACKET_TYPE_UNKNOWN,
		.data = (const uint8_t *)"frame",
		.len = 5,
		.wire_len = 5};
	struct record record;
	struct stream_reader *reader;

	(void)state;
	assert_true(pcapng_writer_add(&writer, &cooked, "nginx/991; 1/3", &out));
	assert_true(pcapng_writer_add(&writer, &ethernet, "", &out));
	assert_true(pcapng_writer_add(&writer, &cooked, "", &out));
	assert_int_equal(writer.link_count, 2);
	assert_non_null(memmem(out.data, out.len, "\1\0\16\0nginx/991; 1/3\0\0", 20));
	reader = read_again();
	for (int i = 0; i < 3; i++) {
		const struct record *const expected = i == 1 ? &ethernet : &cooked;

		/* Names of interfaces come as messages of their own. */
		do
			assert_int_equal(stream_reader_next(reader, &record, NULL), 1);
		while (record.kind != RECORD_PACKET);
		assert_true(record.time_ns == expected->time_ns);
		assert_int_equal(record.len, 5);
		assert_int_equal(record.wire_len, expected->wire_len);
		assert_memory_equal(record.data, expected->data, 5);
		assert_int_equal(record.protocol, expected->protocol);
		assert_int_equal(record.arphrd, expected->arphrd);
		if (i != 1) {
			assert_int_equal(record.packet_type, PACKET_OUTGOING);
			assert_int_equal(record.ifindex, 7);
		}
	}
	assert_int_equal(stream_reader_next(reader, &record, NULL), 0);
	stream_reader_free(reader);
}

static void
what_is_left_out(void **state)
{
	const struct record odd = {
		.kind = RECORD_PACKET, .arphrd = ARPHRD_PPP, .data = (const uint8_t *)"", .len = 0};
	const size_t before = out.len;

	(void)state;
	assert_false(pcapng_writer_add(&writer, &odd, "", &out));
	assert_int_equal(out.len, before);
	assert_int_equal(writer.link_count, 0);
}

/* A comment is as long as it may be, and no longer. */
static void
long_comment(void **state)
{
	const struct record packet = {.kind = RECORD_PACKET,
		.protocol = 0x0800,
		.data = (const uint8_t *)"x",
		.len = 1,
		.wire_len = 1};
	char comment[PCAPNG_COMMENT_MAX * 2];
	struct stream_reader *reader;
	struct record record;

	(void)state;
	memset(comment, 'x', sizeof comment - 1);
	comment[sizeof comment - 1] = '\0';
	assert_true(pcapng_writer_add(&writer, &packet, comment, &out));
	assert_true(out.len < PCAPNG_COMMENT_MAX + 200);
	reader = read_again();
	do
		assert_int_equal(stream_reader_next(reader, &record, NULL), 1);
	while (record.kind != RECORD_PACKET);
	assert_int_equal(record.len, 1);
	stream_reader_free(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cooked_and_plain, open_writer, close_writer),
		cmocka_unit_test_setup_teardown(what_is_left_out, open_writer, close_writer),
		cmocka_unit_test_setup_teardown(long_comment, open_writer, close_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
