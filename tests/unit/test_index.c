/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of a recording comes from anywhere: places that are not of the file are refused. */
#include <config.h>

#include <sockwatch/stream/index.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/cutter.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/stream.h>

#include "unit.h"

static uint64_t size; /* of the file that was read last */

/* Twice, for it says how long it is. */
static void
add_index(struct buffer *bytes, const uint64_t *offsets, size_t count, size_t times)
{
	static const uint64_t seconds[] = {1, 2, 3};
	struct message_index message = {.offsets = {offsets, count},
		.times = {seconds, times},
		.first_ns = 1,
		.last_ns = 4,
		.size = UINT32_MAX};
	const size_t begin = bytes->len;

	assert_int_equal(stream_append_message(bytes, 5, MESSAGE_INDEX, &message), 0);
	message.size = (uint32_t)(bytes->len - begin);
	bytes->len = begin;
	assert_int_equal(stream_append_message(bytes, 5, MESSAGE_INDEX, &message), 0);
}

/* A recording with these offsets as its index, of key frames each a second after the other. */
static int
read_offsets(const uint64_t *offsets, size_t count, size_t times, struct stream_index *index)
{
	FILE *const file = tmpfile();
	uint8_t header[STREAM_HEADER_SIZE];
	struct buffer bytes;
	int result;

	assert_non_null(file);
	buffer_init(&bytes, 0);
	stream_header_fill(header);
	buffer_append(&bytes, header, sizeof header);
	assert_int_equal(stream_append_message(&bytes, 1, MESSAGE_HELLO,
				 &(struct message_hello){.format = MESSAGE_FORMAT}),
		0);
	add_index(&bytes, offsets, count, times);
	size = bytes.len;
	assert_int_equal(write(fileno(file), bytes.data, bytes.len), bytes.len);
	buffer_fini(&bytes);
	result = stream_index_read(fileno(file), index);
	fclose(file);
	return result;
}

static void
test_places(void **state)
{
	const uint64_t good[] = {24, 48, 72};
	struct stream_index index;

	(void)state;
	assert_int_equal(read_offsets(good, 3, 3, &index), 0);
	assert_int_equal(index.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(index.key_frames[i].offset, good[i]);
		assert_int_equal(index.key_frames[i].end_ns, i + 1);
	}
	assert_int_equal(index.first_ns, 1);
	assert_int_equal(index.last_ns, 4);
	stream_index_fini(&index);
	assert_int_equal(read_offsets((const uint64_t[]){1, 24, size - 1}, 3, 3, &index), 0);
	stream_index_fini(&index);
	/* Each has its time. */
	assert_int_equal(read_offsets(good, 3, 2, &index), -ENOENT);
	assert_int_equal(read_offsets(good, 2, 3, &index), -ENOENT);
	assert_int_equal(read_offsets(NULL, 0, 0, &index), -ENOENT);
	assert_int_equal(index.count, 0);
	assert_null(index.key_frames);
}

static void
test_wrong_places(void **state)
{
	struct stream_index index;
	uint64_t whole;

	(void)state;
	assert_int_equal(read_offsets((const uint64_t[]){24, 48, 72}, 3, 3, &index), 0);
	stream_index_fini(&index);
	whole = size;
	{
		const uint64_t wrong[][3] = {{0, 24, 48}, {24, 24, 48}, {24, 48, 48}, {48, 24, 72},
			{24, 72, 48}, {24, 48, whole}, {24, 48, UINT64_MAX}};

		unit_each (i, wrong)
			assert_int_equal(read_offsets(wrong[i], 3, 3, &index), -ENOENT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_wrong_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
