/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The error sentences for files that cannot be read; test_stream.c reads those that can. */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

/* The file is refused, when it is opened or by its first record, with a sentence that has `part`.
 */
static void
refuse_file(const void *bytes, size_t len, const char *part)
{
	const int fd = memfd_create("file", MFD_CLOEXEC);
	struct stream_reader *reader;
	struct record record;
	struct error error = {.position = -1};
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert_int_equal(write(fd, bytes, len), len);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	if (reader != NULL)
		assert_int_equal(stream_reader_next(reader, &record, &error), -EPROTO);
	if (strstr(error.text, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, error.text);
	stream_reader_free(reader);
	close(fd);
}

/* Files that are not captures, or captures that cannot be read: the error names what can be. */
static void
other_files(void **state)
{
	static const uint32_t wireless[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 105};

	(void)state;
	refuse_file("", 0, "is empty");
	refuse_file("\x1f\x8b\x08\x00\x00\x00", 6, "zcat");
	refuse_file("\xfd"
		    "7zXZ",
		6, "xzcat");
	refuse_file("\x28\xb5\x2f\xfd\x00", 6, "zstdcat");
	refuse_file("BZh91AY&SY", 10, "bzcat");
	refuse_file("a text\n", 7, "neither a recording");
	refuse_file(wireless, sizeof wireless, "IEEE802_11");
	refuse_file("\n\n\n\nno capture", 14, "neither a recording");
	refuse_file("\n\nfoo", 5, "neither a recording");
	refuse_file("\n", 1, "neither a recording");
	refuse_file("\n\r\r\n0000none of the two orders", 30, "neither a recording");
}

/* A file that cannot be read on says so again and again, with the same sentence. */
static void
refuses_ever_after(void **state)
{
	/* pcap in microseconds, Ethernet, then a record that claims more than any can hold. */
	static const uint32_t file[] = {
		0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1, 1, 1, 0x7fffffff, 0x7fffffff, 0, 0, 0};
	const int fd = memfd_create("file", MFD_CLOEXEC);
	struct stream_reader *reader;
	struct record record;
	struct error first, again;
	char path[64];

	(void)state;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert_int_equal(write(fd, file, sizeof file), sizeof file);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &first);
	assert_non_null(reader);
	assert_int_equal(stream_reader_next(reader, &record, &first), -EPROTO);
	assert_non_null(strstr(first.text, "the file is broken"));
	for (int i = 0; i < 3; i++) {
		again.text[0] = '\0';
		assert_int_equal(stream_reader_next(reader, &record, &again), -EPROTO);
		assert_string_equal(again.text, first.text);
	}
	assert_false(stream_reader_ended(reader));
	stream_reader_free(reader);
	close(fd);
}

/* A pcap of two packets that ends anywhere: what is whole is read, and a cut is told. */
static void
cut_anywhere(void **state)
{
	static const uint32_t file[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1, /* its header */
		5, 999999, 8, 60, 1, 1,                                         /* a packet */
		6, 0, 4, 4, 2};
	enum { HEADER = 24, FIRST = HEADER + 24 };

	(void)state;
	for (size_t len = HEADER; len <= sizeof file; len++) {
		const unsigned whole = (len >= FIRST) + (len == sizeof file);
		const int fd = memfd_create("file", MFD_CLOEXEC);
		struct stream_reader *reader;
		struct record record;
		struct error error;
		char path[64];

		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		assert_int_equal(write(fd, file, len), len);
		reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
		assert_non_null(reader);
		for (unsigned i = 0; i < whole; i++) {
			assert_int_equal(stream_reader_next(reader, &record, &error), 1);
			assert_int_equal(record.time_ns,
				i == 0 ? UINT64_C(5999999000) : UINT64_C(6000000000));
			assert_int_equal(record.len, i == 0 ? 8 : 4);
			assert_int_equal(record.wire_len, i == 0 ? 60 : 4);
		}
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		assert_int_equal(stream_reader_next(reader, &record, &error), 0);
		assert_true(stream_reader_ended(reader));
		assert_int_equal(stream_reader_cut(reader),
			len != HEADER && len != FIRST && len != sizeof file);
		stream_reader_free(reader);
		close(fd);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_ever_after),
		cmocka_unit_test(other_files),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
