/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The error sentences for files that cannot be read; test_stream.c reads those that can. */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <errno.h>
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
	reader = stream_reader_open(path, &error);
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
	/* A section, and two interfaces: Ethernet and raw IP, or with a smaller capture length. */
	static const uint32_t section[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28};
	static const uint32_t ethernet[] = {1, 20, 1, 65535, 20};
	static const uint32_t raw[] = {1, 20, 101, 65535, 20};
	static const uint32_t less[] = {1, 20, 1, 96, 20};
	uint32_t file[17];

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
	memcpy(file, section, sizeof section);
	memcpy(file + 7, ethernet, sizeof ethernet);
	memcpy(file + 12, raw, sizeof raw);
	refuse_file(file, sizeof file, "differ");
	memcpy(file + 12, less, sizeof less);
	refuse_file(file, sizeof file, "differ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
