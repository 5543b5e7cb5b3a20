/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of any length beside each other in the stream, and the largest and smallest of them. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

#include "unit.h"

/* A message after packets of any length is whole, however it lies in memory. */
static void
test_odd_lengths(void **state)
{
	static const uint8_t packet[64] = {0x08, 0x00, [11] = 4};
	const struct message_user user = {.uid = 7, .name = text_of("ann")};
	struct stream_writer *writer;
	struct stream_reader *reader;
	struct record record;
	struct error error;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	writer = stream_writer_new(fds[1], 65536);
	reader = stream_reader_new(fds[0]);
	for (size_t len = 40; len < 56; len++) {
		struct message message;

		assert_int_equal(stream_write_packet(writer, len, 1, packet, len, 60), 0);
		assert_int_equal(stream_write_message(writer, MESSAGE_USER, &user), 0);
		assert_int_equal(stream_flush(writer), 0);
		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_int_equal(record.kind, RECORD_PACKET);
		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_int_equal(record.kind, RECORD_MESSAGE);
		assert_int_equal(message_decode(record.data, record.len, &message), 0);
		assert_int_equal(message.body.user.uid, 7);
		assert_true(text_equal(message.body.user.name, text_of("ann")));
	}
	stream_writer_free(writer);
	stream_reader_free(reader);
	close(fds[0]);
	close(fds[1]);
}

enum { FILE_HEADER = 24, RECORD_HEADER = 16, COOKED = 20, HEADERS = RECORD_HEADER + COOKED };

static const uint8_t largest[STREAM_RECORD_MAX + 1] = {8, 0};

/* Whether the limit of a writer leaves room for what write adds, and for one byte less not. */
static void
check_limit(size_t len, int (*write)(struct stream_writer *writer))
{
	struct stream_writer *writer = stream_writer_new(-1, FILE_HEADER + len);

	assert_int_equal(write(writer), 0);
	assert_int_equal(stream_pending(writer), FILE_HEADER + len);
	assert_int_equal(write(writer), -ENOBUFS);
	assert_int_equal(stream_pending(writer), FILE_HEADER + len);
	stream_writer_free(writer);
	writer = stream_writer_new(-1, FILE_HEADER + len - 1);
	assert_int_equal(write(writer), -ENOBUFS);
	assert_int_equal(stream_pending(writer), FILE_HEADER);
	stream_writer_free(writer);
	/* Less than the record alone, and nothing at all. */
	writer = stream_writer_new(-1, len - 1);
	assert_int_equal(write(writer), -ENOBUFS);
	stream_writer_free(writer);
	writer = stream_writer_new(-1, 0);
	assert_int_equal(write(writer), -ENOBUFS);
	stream_writer_free(writer);
}

static int
write_packet(struct stream_writer *writer)
{
	return stream_write_packet(writer, 0, 0, largest, COOKED + 41, 60);
}

static int
write_user(struct stream_writer *writer)
{
	static const struct message_user user = {.uid = 7};

	return stream_write_message(writer, MESSAGE_USER, &user);
}

static int
write_diag(struct stream_writer *writer)
{
	int status;

	stream_diag_begin(writer, 0, 0);
	status = stream_diag_add(writer, largest, 13);
	stream_diag_end(writer);
	return status;
}

static void
limits(void **state)
{
	(void)state;
	check_limit(RECORD_HEADER + COOKED + 41, write_packet);
	check_limit(HEADERS + 16 + 8, write_user);
	check_limit(HEADERS + 16, write_diag); /* filled up to four */
}

static struct stream_reader *
open_again(struct stream_writer *writer, int fd)
{
	assert_int_equal(stream_flush(writer), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return stream_reader_new(fd);
}

/* From a cooked header alone to the longest record; its time and its namespace. */
static void
packets(void **state)
{
	static const struct {
		size_t len;
		uint32_t netns, read_netns;
		int status;
	} cases[] = {
		{COOKED - 1, 1, 0, -EINVAL},
		{COOKED, 1, 1, 0},
		{COOKED + 1, UINT16_MAX, UINT16_MAX, 0},
		{STREAM_RECORD_MAX, UINT16_MAX + 1, 0, 0},
		{STREAM_RECORD_MAX + 1, 1, 0, -EINVAL},
	};
	const int fd = memfd_create("packets", MFD_CLOEXEC);
	struct stream_writer *const writer = stream_writer_new(fd, 1024 * 1024);
	struct stream_reader *reader;
	struct record record;
	struct error error;

	(void)state;
	unit_each (i, cases)
		assert_int_equal(
			stream_write_packet(writer, UINT64_C(1999999999) + i, cases[i].netns,
				largest, cases[i].len, STREAM_RECORD_MAX + 7),
			cases[i].status);
	reader = open_again(writer, fd);
	unit_each (i, cases) {
		if (cases[i].status != 0)
			continue;
		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_int_equal(record.len, cases[i].len - COOKED);
		assert_int_equal(record.wire_len, STREAM_RECORD_MAX + 7 - COOKED);
		assert_int_equal(record.netns, cases[i].read_netns);
		assert_true(record.time_ns == UINT64_C(1999999999) + i);
	}
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	stream_reader_free(reader);
	stream_writer_free(writer);
	close(fd);
}

/* A datagram is filled to the last byte of its 64 KiB, and what is no multiple of 4 with zeros. */
static void
datagrams(void **state)
{
	enum { FULL = 64 * 1024 - HEADERS };
	static const struct {
		size_t lens[3];
		size_t records[4];
	} cases[] = {
		{{FULL - 500, 500, 4}, {FULL, 4}},
		{{FULL - 500, 497, 1}, {FULL, 4}},
		{{FULL - 500, 496, 4}, {FULL}},
		{{FULL - 500, 501, 4}, {FULL - 500, 508}},
		{{4, STREAM_RECORD_MAX - COOKED, 4}, {4, STREAM_RECORD_MAX - COOKED, 4}},
	};

	(void)state;
	unit_each (i, cases) {
		const int fd = memfd_create("datagrams", MFD_CLOEXEC);
		struct stream_writer *const writer = stream_writer_new(fd, 1024 * 1024);
		uint8_t *const ones = malloc(STREAM_RECORD_MAX);
		struct stream_reader *reader;
		struct record record;
		struct error error;
		size_t zeros = 0, bytes = 0, sum = 0;

		memset(ones, 1, STREAM_RECORD_MAX);
		stream_diag_begin(writer, 5, 9);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(stream_diag_add(writer, ones, cases[i].lens[j]), 0);
			sum += cases[i].lens[j];
			assert_int_equal(
				stream_write_packet(writer, 0, 1, largest, 60, 60), -EINVAL);
		}
		assert_int_equal(
			stream_diag_add(writer, ones, STREAM_RECORD_MAX - COOKED + 1), -EMSGSIZE);
		stream_diag_end(writer);
		stream_diag_end(writer);
		reader = open_again(writer, fd);
		for (size_t j = 0; j < 4 && cases[i].records[j] != 0; j++) {
			assert_int_equal(stream_reader_next(reader, &record, &error), 1);
			assert_int_equal(record.kind, RECORD_DIAG);
			assert_int_equal(record.len, cases[i].records[j]);
			assert_int_equal(record.time_ns, 5);
			assert_int_equal(record.netns, 9);
			for (size_t k = 0; k < record.len; k++) {
				assert_true(record.data[k] <= 1);
				zeros += record.data[k] == 0;
			}
			bytes += record.len;
		}
		assert_int_equal(bytes - zeros, sum);
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		free(ones);
		stream_reader_free(reader);
		stream_writer_free(writer);
		close(fd);
	}
}

/* Beside a packet of odd length a message that is none is refused all the same, and leaves nothing.
 */
static void
refused_beside_odd(void **state)
{
	static const struct message_owners owners = {.held = {largest, MESSAGE_ARRAY_MAX + 1}};
	struct stream_writer *const writer = stream_writer_new(-1, 65536);

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		const size_t pending = stream_pending(writer);

		assert_int_equal(stream_write_message(writer, MESSAGE_OWNERS, &owners), -EINVAL);
		assert_int_equal(
			stream_write_message(writer, (enum message_type)1, &owners), -EINVAL);
		assert_int_equal(stream_pending(writer), pending);
		assert_int_equal(write_packet(writer), 0);
	}
	stream_writer_free(writer);
}

/* Memory that is missing is a limit like another, and passes. */
static void
without_memory(void **state)
{
	static const struct message_notice notice = {.text = {(const char *)largest, 1000}};

	(void)state;
	if (!unit_memory_can_fail())
		return;
	for (unsigned odd = 0; odd < 2; odd++) {
		const int fd = memfd_create("out", MFD_CLOEXEC);
		struct stream_writer *const writer = stream_writer_new(fd, 1024 * 1024);
		struct stream_reader *reader;
		struct record record;
		struct error error;
		unsigned written = 0, refused = 0, read = 0;

		if (odd == 1)
			assert_int_equal(write_packet(writer), 0);
		for (unsigned i = 0; i < 40; i++) {
			const size_t pending = stream_pending(writer);
			int status;

			unit_memory_fails_at(1);
			status = stream_write_message(writer, MESSAGE_NOTICE, &notice);
			unit_memory_fails_at(0);
			assert_true(status == 0 || status == -ENOBUFS);
			if (status != 0) {
				refused++;
				assert_int_equal(stream_pending(writer), pending);
				status = stream_write_message(writer, MESSAGE_NOTICE, &notice);
				assert_int_equal(status, 0);
			}
			written++;
		}
		assert_true(refused > 2);
		reader = open_again(writer, fd);
		while (stream_reader_next(reader, &record, &error) == 1)
			read += record.kind == RECORD_MESSAGE;
		assert_true(stream_reader_ended(reader));
		assert_int_equal(read, written);
		stream_reader_free(reader);
		stream_writer_free(writer);
		close(fd);
	}
}

static size_t
heap_bytes(void)
{
#ifdef __GLIBC__
	const struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
#else
	return 0;
#endif
}

/* However long something waits and the pipe takes a little, the memory is bound by the limit. */
static void
memory_is_bounded(void **state)
{
	enum { LIMIT = 64 * 1024, TOTAL = 4 * 1024 * 1024 };
	static uint8_t taken[3000];
	const size_t before = heap_bytes();
	struct stream_writer *writer;
	size_t total = 0;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	writer = stream_writer_new(fds[1], LIMIT);
	while (total < TOTAL) {
		while (write_packet(writer) == 0)
			total += RECORD_HEADER + COOKED + 41;
		(void)stream_flush(writer);
		assert_true(stream_pending(writer) <= LIMIT);
		assert_true(read(fds[0], taken, sizeof taken) > 0);
		assert_true(heap_bytes() < before + 4 * LIMIT);
	}
	stream_writer_free(writer);
	close(fds[0]);
	close(fds[1]);
}

/* A pipe is made larger, and none smaller. */
static void
pipe_size(void **state)
{
	static const int sizes[] = {4096, 256 * 1024, 512 * 1024};

	(void)state;
	unit_each (i, sizes) {
		struct stream_writer *writer;
		int fds[2];

		assert_int_equal(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
		if (fcntl(fds[1], F_SETPIPE_SZ, sizes[i]) != sizes[i])
			unit_skip("the user has too many pipes");
		writer = stream_writer_new(fds[1], 65536);
		assert_int_equal(
			fcntl(fds[1], F_GETPIPE_SZ), sizes[i] > 256 * 1024 ? sizes[i] : 256 * 1024);
		stream_writer_free(writer);
		close(fds[0]);
		close(fds[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_odd_lengths),
		cmocka_unit_test(limits),
		cmocka_unit_test(packets),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(refused_beside_odd),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(pipe_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
