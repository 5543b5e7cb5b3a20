/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file or a pipe brings is found by how it begins, however far the beginning is. */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

enum { PACKETS = 3, PACKET_LEN = 60, HEAD_MAX = 1024 * 1024, SOURCES = 3 };

static const char words[] = "Welcome to web1\nYou have mail.\n";

/* Bytes as they are opened: in a file, in a pipe, or in a pipe that is standard input. */
struct source {
	const char *path;
	char room[64];
	int fd, saved_input;
	pid_t child;
};

static void
feed(int fd, const uint8_t *bytes, size_t len)
{
	while (len != 0) {
		const ssize_t count = write(fd, bytes, len);

		if (count <= 0)
			_exit(1);
		bytes += count;
		len -= (size_t)count;
	}
	_exit(0);
}

static void
open_source(struct source *source, unsigned kind, const uint8_t *bytes, size_t len)
{
	int fds[2];

	*source = (struct source){.path = source->room, .child = -1, .saved_input = -1};
	if (kind == 0) {
		source->fd = memfd_create("bytes", MFD_CLOEXEC);
		assert_int_equal(write(source->fd, bytes, len), len);
	} else {
		assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
		source->fd = fds[0];
		source->child = fork();
		if (source->child == 0)
			feed(fds[1], bytes, len);
		close(fds[1]);
	}
	snprintf(source->room, sizeof source->room, "/proc/self/fd/%d", source->fd);
	if (kind == 2) {
		source->saved_input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
		assert_int_equal(dup2(source->fd, STDIN_FILENO), STDIN_FILENO);
		source->path = "-";
	}
}

static struct stream_reader *
open_reader(const struct source *source, struct error *error)
{
	const bool is_input = strcmp(source->path, "-") == 0;

	return stream_reader_open(is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
					   : open(source->path, O_RDONLY | O_CLOEXEC),
		is_input ? "standard input" : source->path, error);
}

static void
close_source(struct source *source)
{
	if (source->saved_input >= 0) {
		assert_int_equal(dup2(source->saved_input, STDIN_FILENO), STDIN_FILENO);
		close(source->saved_input);
	}
	close(source->fd);
	if (source->child > 0)
		assert_int_equal(waitpid(source->child, NULL, 0), source->child);
}

/* PACKETS of them; the number of each is in it. */
static size_t
make_stream(uint8_t *bytes, size_t room)
{
	const int fd = memfd_create("stream", MFD_CLOEXEC);
	struct stream_writer *const writer = stream_writer_new(fd, room);
	size_t len;

	for (uint8_t i = 0; i < PACKETS; i++) {
		uint8_t packet[20 + PACKET_LEN] = {8, 0, [7] = 2, [9] = 1, [10] = 4, [20] = i};

		assert_int_equal(stream_write_packet(writer, UINT64_C(1800000000000000000) + i, 1,
					 packet, sizeof packet, sizeof packet),
			0);
	}
	len = stream_pending(writer);
	assert_int_equal(stream_flush(writer), 0);
	stream_writer_free(writer);
	assert_int_equal(pread(fd, bytes, room, 0), len);
	close(fd);
	return len;
}

/* A capture in microseconds, Ethernet. */
static size_t
make_capture(uint8_t *bytes)
{
	static const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};
	size_t len = sizeof header;

	memcpy(bytes, header, sizeof header);
	for (uint8_t i = 0; i < PACKETS; i++) {
		const uint32_t record[] = {1800000000, i, PACKET_LEN, PACKET_LEN};

		memcpy(bytes + len, record, sizeof record);
		memset(bytes + len + sizeof record, i, PACKET_LEN);
		len += sizeof record + PACKET_LEN;
	}
	return len;
}

/* All packets come, then the end; so many bytes before them were passed over. */
static void
expect_packets(const struct source *source, uint16_t arphrd, uint64_t skipped)
{
	struct error error = {.text = ""};
	struct stream_reader *const reader = open_reader(source, &error);
	struct record record;

	if (reader == NULL)
		fail_msg("%s", error.text);
	for (unsigned i = 0; i < PACKETS; i++) {
		assert_int_equal(stream_reader_next(reader, &record, &error), 1);
		assert_int_equal(record.kind, RECORD_PACKET);
		assert_int_equal(record.arphrd, arphrd);
		assert_int_equal(record.len, PACKET_LEN);
		assert_int_equal(record.data[0], i);
	}
	/* What another call left in errno is no error of this one. */
	errno = EINTR;
	snprintf(error.text, sizeof error.text, "untouched");
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_true(stream_reader_ended(reader));
	assert_false(stream_reader_cut(reader));
	assert_string_equal(error.text, "untouched");
	assert_int_equal(stream_reader_damage(reader).bytes, skipped);
	assert_int_equal(stream_reader_damage(reader).places, skipped != 0);
	stream_reader_free(reader);
}

/* The refusal of what is neither, with this part in its sentence. */
static void
expect_refusal(const struct source *source, const char *part)
{
	struct error error = {.text = ""};
	struct stream_reader *const reader = open_reader(source, &error);

	assert_null(reader);
	if (strstr(error.text, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, error.text);
}

/* The same bytes from each kind of source. */
static void
any_source(void **state)
{
	uint8_t bytes[4096];
	struct source source;

	(void)state;
	for (unsigned kind = 0; kind < SOURCES; kind++) {
		size_t len = make_stream(bytes, sizeof bytes);

		open_source(&source, kind, bytes, len);
		expect_packets(&source, 1, 0);
		close_source(&source);

		memmove(bytes + sizeof words - 1, bytes, len);
		memcpy(bytes, words, sizeof words - 1);
		open_source(&source, kind, bytes, sizeof words - 1 + len);
		expect_packets(&source, 1, sizeof words - 1);
		close_source(&source);

		len = make_capture(bytes);
		open_source(&source, kind, bytes, len);
		expect_packets(&source, 1, 0);
		close_source(&source);

		open_source(&source, kind, bytes, 3);
		expect_refusal(&source, kind == 2 ? "standard input is neither" : "is neither");
		close_source(&source);
		open_source(&source, kind, bytes, 0);
		expect_refusal(&source, kind == 2 ? "standard input is empty" : "is empty");
		close_source(&source);
		open_source(&source, kind, (const uint8_t *)words, sizeof words - 1);
		expect_refusal(&source, "neither a recording of sockwatch nor a capture");
		close_source(&source);
	}
}

/* Each mark of a capture leads to who reads captures, who says what is wrong with it. */
static void
marks_of_captures(void **state)
{
	static const uint32_t marks[] = {
		0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1};

	(void)state;
	unit_each (i, marks) {
		uint32_t bytes[3000] = {marks[i]};
		struct source source;

		/* A version that no reader knows, and so no stream; many bytes follow. */
		memset(bytes + 1, 0x63, sizeof bytes - sizeof *bytes);
		open_source(&source, 1, (const uint8_t *)bytes, sizeof bytes);
		expect_refusal(&source, "version");
		close_source(&source);
	}
}

/* The stream's header is looked for within the first HEAD_MAX bytes, not further. */
static void
far_away(void **state)
{
	enum { FILE_HEADER = 24 };
	uint8_t *const bytes = calloc(1, HEAD_MAX + 4096);
	uint8_t stream[4096];
	const size_t len = make_stream(stream, sizeof stream);

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		const size_t at = HEAD_MAX - FILE_HEADER + more;

		for (unsigned kind = 0; kind < SOURCES; kind++) {
			struct source source;

			memset(bytes, 'x', at);
			memcpy(bytes + at, stream, len);
			open_source(&source, kind, bytes, at + len);
			if (more == 0)
				expect_packets(&source, 1, at);
			else
				expect_refusal(&source, "neither");
			close_source(&source);
		}
	}
	free(bytes);
}

/* A record lies on both sides of what was read ahead. */
static void
across_the_head(void **state)
{
	enum { BEFORE = HEAD_MAX - 200 };
	uint8_t *const bytes = calloc(1, HEAD_MAX + 4096);
	size_t len;

	(void)state;
	memset(bytes, 'x', BEFORE);
	len = make_stream(bytes + BEFORE, 4096);
	for (unsigned kind = 0; kind < SOURCES; kind++) {
		struct source source;

		open_source(&source, kind, bytes, BEFORE + len);
		expect_packets(&source, 1, BEFORE);
		close_source(&source);
	}
	free(bytes);
}

/* A capture that is larger than what is read ahead and than any buffer. */
static void
long_capture(void **state)
{
	static const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};
	enum { COUNT = 300, LEN = 1400 };
	uint8_t *const bytes = calloc(COUNT + 1, 16 + LEN);
	size_t len = sizeof header;

	(void)state;
	memcpy(bytes, header, sizeof header);
	for (uint32_t i = 0; i < COUNT; i++) {
		const uint32_t record[] = {1800000000, 0, LEN, LEN};

		memcpy(bytes + len, record, sizeof record);
		memset(bytes + len + sizeof record, (int)(i % 251), LEN);
		len += sizeof record + LEN;
	}
	for (unsigned kind = 0; kind < SOURCES; kind++) {
		struct stream_reader *reader;
		struct source source;
		struct record record;
		struct error error;

		open_source(&source, kind, bytes, len);
		reader = open_reader(&source, &error);
		assert_non_null(reader);
		for (uint32_t i = 0; i < COUNT; i++) {
			assert_int_equal(stream_reader_next(reader, &record, &error), 1);
			assert_int_equal(record.data[0], i % 251);
			assert_int_equal(record.data[LEN - 1], i % 251);
		}
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		stream_reader_free(reader);
		close_source(&source);
	}
	free(bytes);
}

/* Any allocation may fail: a sentence says so, and nothing stays (see unit.h). */
static void
without_memory(void **state)
{
	uint8_t stream[4096], capture[4096], text[4096];
	const size_t stream_len = make_stream(stream, sizeof stream);
	const size_t capture_len = make_capture(capture);
	const struct {
		const uint8_t *bytes;
		size_t len;
		bool is_read;
	} cases[] = {
		{stream, stream_len, true},
		{capture, capture_len, true},
		{text, sizeof words - 1 + stream_len, true},
		{text, sizeof words - 1, false},
	};

	(void)state;
	if (!unit_memory_can_fail())
		return;
	memcpy(text, words, sizeof words - 1);
	memcpy(text + sizeof words - 1, stream, stream_len);
	for (unsigned kind = 0; kind < SOURCES; kind++) {
		unit_each (i, cases) {
			bool failed = true;

			for (unsigned long n = 1; failed && n < 40; n++) {
				struct error error = {.text = ""};
				struct stream_reader *reader;
				struct record record;
				struct source source;

				open_source(&source, kind, cases[i].bytes, cases[i].len);
				unit_memory_fails_at(n);
				reader = open_reader(&source, &error);
				if (reader != NULL &&
					stream_reader_next(reader, &record, &error) == 1)
					assert_true(cases[i].is_read);
				else
					assert_true(strstr(error.text, "memory") != NULL ||
						    (!cases[i].is_read &&
							    strstr(error.text, "neither") != NULL));
				failed = unit_memory_has_failed();
				unit_memory_fails_at(0);
				stream_reader_free(reader);
				close_source(&source);
			}
			assert_false(failed);
		}
	}
}

/* The first allocation is that of the reader. */
static void
says_what_is_missing(void **state)
{
	struct error error = {.text = ""};

	(void)state;
	assert_null(stream_reader_open(
		open("/nonexistent/file", O_RDONLY | O_CLOEXEC), "/nonexistent/file", &error));
	assert_string_equal(error.text, "cannot open /nonexistent/file: No such file or directory");
	if (!unit_memory_can_fail())
		return;
	unit_memory_fails_at(1);
	assert_null(
		stream_reader_open(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null", &error));
	unit_memory_fails_at(0);
	assert_string_equal(error.text, "cannot open /dev/null: Cannot allocate memory");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_source),
		cmocka_unit_test(marks_of_captures),
		cmocka_unit_test(far_away),
		cmocka_unit_test(across_the_head),
		cmocka_unit_test(long_capture),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
