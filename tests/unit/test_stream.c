/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

enum { LIMIT = 1024 * 1024, FILE_HEADER = 24, HEADERS = 36, HELLO_LEN = 24, SAMPLE_RECORDS = 4 };

/* A netlink message as the kernel could have sent it; len is a multiple of 4. */
static const void *
datagram(uint32_t number, size_t len)
{
	static uint32_t space[STREAM_RECORD_MAX / 2];
	struct nlmsghdr *const header = (struct nlmsghdr *)(void *)space;

	for (size_t i = 0; i < len / sizeof *space; i++)
		space[i] = number + (uint32_t)i;
	header->nlmsg_len = (uint32_t)len;
	return space;
}

static void
add(struct stream_writer *writer, uint32_t number, size_t len)
{
	assert_int_equal(stream_diag_add(writer, datagram(number, len), len), 0);
}

static void
write_sample(struct stream_writer *writer)
{
	const struct message_hello hello = {.format = MESSAGE_FORMAT, .pid = 9};
	const struct message_user user = {.uid = 7, .name = text_of("www-data")};

	assert_int_equal(stream_write_message(writer, MESSAGE_HELLO, &hello), 0);
	stream_diag_begin(writer, UINT64_C(1234567890123456789), 5);
	add(writer, 100, 440);
	add(writer, 200, 120);
	stream_diag_end(writer);
	stream_diag_begin(writer, 1, 6);
	stream_diag_end(writer);
	stream_diag_begin(writer, 2, 7);
	add(writer, 300, 72);
	stream_diag_end(writer);
	assert_int_equal(stream_write_message(writer, MESSAGE_USER, &user), 0);
}

/* The number'th record of the sample. */
static void
assert_sample(unsigned number, const struct record *record)
{
	struct message message;

	assert_int_equal((uintptr_t)record->data % 4, 0);
	assert_int_equal(record->len, record->wire_len);
	if (number == 0 || number == 3) {
		assert_int_equal(record->kind, RECORD_MESSAGE);
		assert_true(record->time_ns > UINT64_C(1600000000000000000));
		assert_int_equal(message_decode(record->data, record->len, &message), 0);
		assert_int_equal(message.type, number == 0 ? MESSAGE_HELLO : MESSAGE_USER);
		if (number == 3)
			assert_true(text_equal(message.body.user.name, text_of("www-data")));
		return;
	}
	assert_int_equal(record->kind, RECORD_DIAG);
	assert_int_equal(record->netns, number == 1 ? 5 : 7);
	assert_true(record->time_ns == (number == 1 ? UINT64_C(1234567890123456789) : 2));
	assert_int_equal(record->len, number == 1 ? 440 + 120 : 72);
	if (number == 1) {
		assert_memory_equal(record->data, datagram(100, 440), 440);
		assert_memory_equal(record->data + 440, datagram(200, 120), 120);
	} else {
		assert_memory_equal(record->data, datagram(300, 72), 72);
	}
}

/* The sample's bytes, *len of them, and where its records end. */
static uint8_t *
sample_bytes(size_t *len, size_t ends[SAMPLE_RECORDS])
{
	const int fd = memfd_create("sample", MFD_CLOEXEC);
	struct stream_writer *const writer = stream_writer_new(fd, LIMIT);
	uint8_t *bytes;

	write_sample(writer);
	*len = stream_pending(writer);
	assert_int_equal(stream_flush(writer), 0);
	assert_int_equal(stream_pending(writer), 0);
	stream_writer_free(writer);
	bytes = malloc(*len);
	assert_int_equal(pread(fd, bytes, *len, 0), *len);
	close(fd);
	for (size_t i = 0, at = FILE_HEADER; i < SAMPLE_RECORDS; i++) {
		uint32_t record_len;

		memcpy(&record_len, bytes + at + 8, sizeof record_len);
		at += 16 + record_len;
		ends[i] = at;
	}
	assert_int_equal(ends[SAMPLE_RECORDS - 1], *len);
	return bytes;
}

static void
open_pipe(int ends[2])
{
	assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
}

static void
pipe_in_odd_pieces(void **state)
{
	static const size_t sizes[] = {1, 3, 7, 35, 36, 37, 61, 500, 4096};
	size_t len, ends[SAMPLE_RECORDS];
	uint8_t *const bytes = sample_bytes(&len, ends);

	(void)state;
	unit_each (i, sizes) {
		struct stream_reader *reader;
		struct error error;
		struct record record;
		unsigned count = 0;
		int fds[2];

		open_pipe(fds);
		reader = stream_reader_new(fds[0]);
		for (size_t at = 0; at < len; at += sizes[i]) {
			const size_t piece = len - at < sizes[i] ? len - at : sizes[i];
			unsigned complete = 0;

			assert_int_equal(write(fds[1], bytes + at, piece), piece);
			while (stream_reader_next(reader, &record, &error) == 1)
				assert_sample(count++, &record);
			/* A record comes as soon as it is whole. */
			while (complete < SAMPLE_RECORDS && ends[complete] <= at + piece)
				complete++;
			assert_int_equal(count, complete);
			assert_false(stream_reader_ended(reader));
		}
		close(fds[1]);
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		assert_true(stream_reader_ended(reader));
		assert_false(stream_reader_cut(reader));
		stream_reader_free(reader);
		close(fds[0]);
	}
	free(bytes);
}

/* Packets come together, as many as are asked for; a message ends what comes at once. */
static void
some_at_once(void **state)
{
	static const uint8_t cooked[20 + 40] = {8, 0};
	static const struct message_user user = {.uid = 33};
	static const int counts[] = {4, 2, 3, 0};
	uint64_t time_ns = 0;
	struct stream_writer *writer;
	struct stream_reader *reader;
	struct record records[4];
	struct error error;
	int fds[2];

	(void)state;
	open_pipe(fds);
	writer = stream_writer_new(fds[1], LIMIT);
	reader = stream_reader_new(fds[0]);
	for (uint64_t i = 0; i < 8; i++) {
		if (i == 5)
			assert_int_equal(stream_write_message(writer, MESSAGE_USER, &user), 0);
		assert_int_equal(stream_write_packet(writer, i, 1, cooked, sizeof cooked, 60), 0);
	}
	assert_int_equal(stream_flush(writer), 0);
	unit_each (i, counts) {
		assert_int_equal(stream_reader_some(reader, records, 4, &error), counts[i]);
		for (int j = 0; j < counts[i]; j++) {
			const bool is_message = i == 1 && j == 1;

			assert_int_equal(
				records[j].kind, is_message ? RECORD_MESSAGE : RECORD_PACKET);
			assert_true(is_message || records[j].time_ns == time_ns++);
		}
	}
	assert_int_equal(time_ns, 8);
	stream_writer_free(writer);
	stream_reader_free(reader);
	close(fds[0]);
	close(fds[1]);
}

/* As a file, so many bytes: how many records come and how it ends. */
static void
read_file(const uint8_t *bytes, size_t len, unsigned records, bool cut)
{
	const int fd = memfd_create("file", MFD_CLOEXEC);
	struct stream_reader *reader;
	struct record record;
	struct error error;
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert_int_equal(write(fd, bytes, len), len);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	assert_non_null(reader);
	for (unsigned i = 0; i < records; i++) {
		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_sample(i, &record);
	}
	assert_false(stream_reader_ended(reader));
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_true(stream_reader_ended(reader));
	assert_int_equal(stream_reader_cut(reader), cut);
	stream_reader_free(reader);
	close(fd);
}

static void
read_pipe(const uint8_t *bytes, size_t len, unsigned records, bool cut)
{
	struct stream_reader *reader;
	struct record record;
	struct error error;
	int fds[2];

	open_pipe(fds);
	reader = stream_reader_new(fds[0]);
	assert_int_equal(write(fds[1], bytes, len), len);
	close(fds[1]);
	for (unsigned i = 0; i < records; i++) {
		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_sample(i, &record);
	}
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_true(stream_reader_ended(reader));
	assert_int_equal(stream_reader_cut(reader), cut);
	stream_reader_free(reader);
	close(fds[0]);
}

static void
cut_anywhere(void **state)
{
	size_t len, ends[SAMPLE_RECORDS];
	uint8_t *const bytes = sample_bytes(&len, ends);

	(void)state;
	for (size_t cut = 0; cut <= len; cut++) {
		unsigned whole = 0;

		while (whole < SAMPLE_RECORDS && ends[whole] <= cut)
			whole++;
		if (cut < FILE_HEADER) {
			read_pipe(bytes, cut, 0, true);
		} else {
			const bool within =
				cut != (whole == 0 ? (size_t)FILE_HEADER : ends[whole - 1]);

			read_pipe(bytes, cut, whole, within);
			read_file(bytes, cut, whole, within);
		}
	}
	free(bytes);
}

/* The bytes are refused, with a sentence that contains `part`, now and ever after. */
static void
refuse(const void *bytes, size_t len, const char *part)
{
	struct stream_reader *reader;
	struct record record;
	struct error error;
	int fds[2];

	open_pipe(fds);
	reader = stream_reader_new(fds[0]);
	assert_int_equal(write(fds[1], bytes, len), len);
	for (unsigned i = 0; i < 2; i++) {
		memset(&error, 0, sizeof error);
		assert_int_equal(stream_reader_next(reader, &record, &error), -EPROTO);
		if (strstr(error.text, part) == NULL)
			fail_msg("'%s' is not in '%s'", part, error.text);
	}
	assert_int_equal(stream_reader_next(reader, &record, NULL), -EPROTO);
	stream_reader_free(reader);
	close(fds[0]);
	close(fds[1]);
}

/* The sample with the 32 bits at offset replaced. */
static void
refuse_changed(size_t offset, uint32_t value, const char *part)
{
	size_t len, ends[SAMPLE_RECORDS];
	uint8_t *const bytes = sample_bytes(&len, ends);

	memcpy(bytes + offset, &value, sizeof value);
	refuse(bytes, len, part);
	free(bytes);
}

static void
garbage(void **state)
{
	(void)state;
	refuse("Last login: Sun Nov 22 08:16:00 2026", 36, "printed before it");
	refuse_changed(0, 0x4d3cb2a1, "other byte order");
	refuse_changed(0, 0xa1b2c3d4, "nanoseconds");
	refuse_changed(20, 1, "link type is 1");
	refuse_changed(FILE_HEADER + 8, STREAM_RECORD_MAX + 1, "broken");
	refuse_changed(FILE_HEADER + 4, 1000000000, "broken");
	refuse_changed(FILE_HEADER + 8, 19, "too short");
}

static void
errors_of_reading(void **state)
{
	struct stream_reader *const reader = stream_reader_new(-1);
	struct record record;
	struct error error;

	(void)state;
	assert_int_equal(stream_reader_next(reader, &record, &error), -EBADF);
	assert_non_null(strstr(error.text, strerror(EBADF)));
	stream_reader_free(reader);
	assert_null(stream_reader_open(
		open("/nonexistent/file", O_RDONLY | O_CLOEXEC), "/nonexistent/file", &error));
	assert_non_null(strstr(error.text, "/nonexistent/file"));
	assert_null(
		stream_reader_open(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null", &error));
	assert_non_null(strstr(error.text, "/dev/null"));
	assert_null(stream_reader_open(open("/", O_RDONLY | O_CLOEXEC), "/", &error));
	assert_non_null(strstr(error.text, strerror(EISDIR)));
}

/* An input of the fuzz target, which make check runs as well. */
static struct stream_reader *
open_corpus(const char *name)
{
	const char *const srcdir = getenv("srcdir");
	struct stream_reader *reader;
	struct error error;
	char path[4096];

	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/stream/%s", srcdir != NULL ? srcdir : ".",
		name);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	if (reader == NULL)
		fail_msg("%s", error.text);
	return reader;
}

static void
foreign_files(void **state)
{
	static const struct {
		const char *name;
		uint16_t arphrd, protocol;
		uint8_t packet_type;
		size_t len;
	} cases[] = {
		{"ethernet-swapped.pcap", 1, 0, RECORD_PACKET_TYPE_UNKNOWN, 54},
		{"raw.pcap", 0xfffe, 0, RECORD_PACKET_TYPE_UNKNOWN, 40},
		{"cooked-old.pcap", 1, 0x800, 4, 40},
		{"cooked-odd.pcap", 1, 0x800, 4, 41},
	};

	(void)state;
	unit_each (i, cases) {
		struct stream_reader *const reader = open_corpus(cases[i].name);
		struct record record;
		struct error error;

		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_int_equal(record.kind, RECORD_PACKET);
		assert_int_equal(record.arphrd, cases[i].arphrd);
		assert_int_equal(record.protocol, cases[i].protocol);
		assert_int_equal(record.packet_type, cases[i].packet_type);
		assert_int_equal(record.len, cases[i].len);
		/* Five units after the first second: microseconds in files of that kind. */
		assert_true(record.time_ns == UINT64_C(1000000000) + (record.len == 41 ? 5 : 5000));
		stream_reader_free(reader);
	}
}

/* Netlink after a packet of odd length is aligned all the same: on a pipe and in a file. */
static void
odd_packets(void **state)
{
	struct stream_reader *reader = open_corpus("cooked-odd.pcap");
	int pipe_end = -1;

	(void)state;
	for (unsigned pass = 0; pass < 2; pass++) {
		static const enum record_kind kinds[] = {
			RECORD_PACKET, RECORD_MESSAGE, RECORD_DIAG};
		struct record record;
		struct error error;
		char bytes[4096];
		FILE *file;
		size_t len;
		int fds[2];

		unit_each (i, kinds) {
			static const uint32_t header[] = {16, 17, 0, 0};

			assert_int_equal(stream_reader_next(reader, &record, &error), 1);
			assert_int_equal(record.kind, kinds[i]);
			if (record.kind == RECORD_PACKET)
				continue;
			assert_int_equal((uintptr_t)record.data % 4, 0);
			assert_int_equal(record.len, sizeof header);
			assert_memory_equal(record.data, header, sizeof header);
		}
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		stream_reader_free(reader);
		if (pass != 0)
			break;
		snprintf(bytes, sizeof bytes, "%s/tests/fuzz/corpus/stream/cooked-odd.pcap",
			getenv("srcdir") != NULL ? getenv("srcdir") : ".");
		file = fopen(bytes, "rbe");
		len = fread(bytes, 1, sizeof bytes, file);
		fclose(file);
		open_pipe(fds);
		assert_int_equal(write(fds[1], bytes, len), len);
		close(fds[1]);
		/* The reader does not own its end. */
		pipe_end = fds[0];
		reader = stream_reader_new(pipe_end);
	}
	close(pipe_end);
}

static void
pcapng_and_byte_order(void **state)
{
	struct stream_reader *reader = open_corpus("dump.pcapng");
	struct record record;
	struct error error;
	unsigned count = 0;

	(void)state;
	while (stream_reader_next(reader, &record, &error) == 1)
		count += record.kind == RECORD_DIAG ? 10 : 1;
	assert_true(stream_reader_ended(reader));
	assert_int_equal(count, 13);
	stream_reader_free(reader);
	reader = open_corpus("netlink-swapped.pcap");
	assert_int_equal(stream_reader_next(reader, &record, &error), -EPROTO);
	assert_non_null(strstr(error.text, "byte order"));
	stream_reader_free(reader);
}

static void
large_datagrams_are_split(void **state)
{
	const int fd = memfd_create("large", MFD_CLOEXEC);
	struct stream_writer *const writer = stream_writer_new(fd, LIMIT);
	struct stream_reader *reader;
	struct record record;
	struct error error;
	uint32_t number = 0;

	(void)state;
	stream_diag_begin(writer, 1, 1);
	for (uint32_t i = 0; i < 500; i++)
		add(writer, i, 440);
	/* One that is larger than the target has a record of its own. */
	add(writer, 500, 100 * 1024);
	stream_diag_end(writer);
	assert_int_equal(
		stream_diag_add(writer, datagram(0, 4), STREAM_RECORD_MAX - 19), -EMSGSIZE);
	assert_int_equal(stream_flush(writer), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	reader = stream_reader_new(fd);
	while (stream_reader_next(reader, &record, &error) == 1) {
		if (record.len == 100 * 1024)
			assert_int_equal(number, 500);
		else
			assert_true(record.len <= 64 * 1024);
		for (size_t at = 0; at < record.len; number++) {
			const size_t len = number == 500 ? 100 * 1024 : 440;

			assert_memory_equal(record.data + at, datagram(number, len), len);
			at += len;
		}
	}
	assert_int_equal(number, 501);
	assert_true(stream_reader_ended(reader));
	stream_reader_free(reader);
	stream_writer_free(writer);
	close(fd);
}

/*
 * A pipe that takes little, a limit, and a reader now and then: nothing blocks, nothing is lost,
 * and no more than the limit ever waits.
 */
static void
full_pipe(void **state)
{
	enum { SMALL = 100 * 1024, TOTAL = 20000 };
	struct stream_writer *writer;
	struct stream_reader *reader;
	struct record record;
	struct error error;
	uint32_t sent = 0, received = 0;
	bool refused = false, full = false;
	int fds[2];

	(void)state;
	open_pipe(fds);
	writer = stream_writer_new(fds[1], SMALL);
	reader = stream_reader_new(fds[0]);
	while (received < TOTAL) {
		int status = 0;

		stream_diag_begin(writer, 1, 1);
		while (sent < TOTAL && status == 0) {
			status = stream_diag_add(writer, datagram(sent, 440), 440);
			sent += status == 0;
			/* Flushing within a datagram leaves it whole. */
			if (sent % 100 == 50)
				stream_flush(writer);
		}
		refused |= status == -ENOBUFS;
		stream_diag_end(writer);
		assert_true(stream_pending(writer) <= SMALL);
		full |= stream_flush(writer) == -EAGAIN;
		for (unsigned i = 0; i < 2 && stream_reader_next(reader, &record, &error) == 1; i++)
			for (size_t at = 0; at < record.len; at += 440, received++)
				assert_memory_equal(record.data + at, datagram(received, 440), 440);
	}
	assert_true(refused);
	assert_true(full);
	assert_int_equal(stream_flush(writer), 0);
	stream_writer_free(writer);
	stream_reader_free(reader);
	close(fds[0]);
	close(fds[1]);
}

static void
limit_and_nobody_reading(void **state)
{
	const struct message_hello hello = {.format = MESSAGE_FORMAT};
	struct stream_writer *writer;
	size_t pending;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	open_pipe(fds);
	writer = stream_writer_new(fds[1], FILE_HEADER + HEADERS + HELLO_LEN);
	assert_int_equal(stream_write_message(writer, MESSAGE_HELLO, &hello), 0);
	pending = stream_pending(writer);
	assert_int_equal(pending, FILE_HEADER + HEADERS + HELLO_LEN);
	assert_int_equal(stream_write_message(writer, MESSAGE_HELLO, &hello), -ENOBUFS);
	assert_int_equal(stream_write_message(writer, (enum message_type)1, &hello), -ENOBUFS);
	assert_int_equal(stream_pending(writer), pending);
	assert_int_equal(stream_flush(writer), 0);
	assert_int_equal(stream_write_message(writer, (enum message_type)1, &hello), -EINVAL);
	assert_int_equal(stream_pending(writer), 0);
	assert_int_equal(stream_write_message(writer, MESSAGE_HELLO, &hello), 0);
	close(fds[0]);
	assert_int_equal(stream_flush(writer), -EPIPE);
	stream_writer_free(writer);
	close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipe_in_odd_pieces),
		cmocka_unit_test(some_at_once),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(garbage),
		cmocka_unit_test(errors_of_reading),
		cmocka_unit_test(foreign_files),
		cmocka_unit_test(odd_packets),
		cmocka_unit_test(pcapng_and_byte_order),
		cmocka_unit_test(large_datagrams_are_split),
		cmocka_unit_test(full_pipe),
		cmocka_unit_test(limit_and_nobody_reading),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
