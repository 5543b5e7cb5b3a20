/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings that are damaged, cut, or lack their beginning: what can be read is read. */
#include <config.h>

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

enum { FILE_HEADER = 24, RECORDS = 12, ROOM = 8192, LIMIT = 65536 };

/* A stream of RECORDS records; the number of each is in it. */
struct sample {
	uint8_t bytes[ROOM];
	size_t len;
	size_t ends[RECORDS]; /* where each ends */
};

static void
add_packet(struct stream_writer *writer, uint32_t number)
{
	/* LINUX_SLL2: IPv4, interface 2, Ethernet, outgoing. */
	uint8_t bytes[20 + 44] = {8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6};

	memset(bytes + 20, (int)(0x40 + number), sizeof bytes - 20);
	assert_int_equal(stream_write_packet(writer, UINT64_C(1800000000000000000) + number, 1,
				 bytes, sizeof bytes, 1500),
		0);
}

static void
add_message(struct stream_writer *writer, uint32_t number)
{
	const struct message_user user = {.uid = number, .name = text_of("www-data")};
	const uint32_t nlmsg[5] = {sizeof nlmsg, 17, number};

	if (number % 3 == 0) {
		stream_diag_begin(writer, UINT64_C(1800000000000000000) + number, 5);
		assert_int_equal(stream_diag_add(writer, nlmsg, sizeof nlmsg), 0);
		stream_diag_end(writer);
	} else if (number % 3 == 1) {
		add_packet(writer, number);
	} else {
		assert_int_equal(stream_write_message(writer, MESSAGE_USER, &user), 0);
	}
}

/* Messages are stamped now: all times are made the same second. */
static void
make_sample(struct sample *sample)
{
	const int fd = memfd_create("sample", MFD_CLOEXEC);
	struct stream_writer *const writer = stream_writer_new(fd, LIMIT);
	size_t at = FILE_HEADER;

	for (uint32_t i = 0; i < RECORDS; i++)
		add_message(writer, i);
	sample->len = stream_pending(writer);
	assert_int_equal(stream_flush(writer), 0);
	stream_writer_free(writer);
	assert_int_equal(pread(fd, sample->bytes, ROOM, 0), sample->len);
	close(fd);
	for (size_t i = 0; i < RECORDS; i++) {
		static const uint32_t seconds = 1800000000;
		uint32_t len;

		memcpy(sample->bytes + at, &seconds, sizeof seconds);
		memcpy(&len, sample->bytes + at + 8, sizeof len);
		at += 16 + len;
		sample->ends[i] = at;
	}
	assert_int_equal(at, sample->len);
}

static uint32_t
number_of(const struct record *record)
{
	struct message message;
	uint32_t number;

	switch (record->kind) {
	case RECORD_PACKET: return record->data[0] - 0x40U;
	case RECORD_DIAG: memcpy(&number, record->data + 8, sizeof number); return number;
	case RECORD_MESSAGE:
		if (message_decode(record->data, record->len, &message) == 0)
			return message.body.user.uid;
		break;
	}
	return UINT32_MAX;
}

struct outcome {
	bool came[RECORDS];
	struct stream_damage damage;
	bool is_cut;
};

/* Reads len bytes as a file. */
static void
read_all(const uint8_t *bytes, size_t len, struct outcome *outcome)
{
	const int fd = memfd_create("damaged", MFD_CLOEXEC);
	struct stream_reader *reader;
	struct record record;
	struct error error = {.text = ""};
	char path[64];
	int status;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert_int_equal(write(fd, bytes, len), len);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	if (reader == NULL)
		fail_msg("%s", error.text);
	memset(outcome, 0, sizeof *outcome);
	while ((status = stream_reader_next(reader, &record, &error)) == 1) {
		const uint32_t number = number_of(&record);

		if (number >= RECORDS)
			continue;
		outcome->came[number] = true;
	}
	assert_int_equal(status, 0);
	assert_true(stream_reader_ended(reader));
	outcome->damage = stream_reader_damage(reader);
	outcome->is_cut = stream_reader_cut(reader);
	stream_reader_free(reader);
	close(fd);
}

/* All records came that do not lie in [from, to), places of the sample. */
static void
assert_others_came(
	const struct sample *sample, const struct outcome *outcome, size_t from, size_t to)
{
	for (size_t i = 0, start = FILE_HEADER; i < RECORDS; start = sample->ends[i++]) {
		if ((sample->ends[i] <= from || start >= to) && !outcome->came[i])
			fail_msg(
				"record %zu is missing, damaged were bytes %zu to %zu; %lu bytes at %lu were skipped",
				i, from, to, (unsigned long)outcome->damage.bytes,
				(unsigned long)outcome->damage.first_offset);
	}
}

static void
whole(void **state)
{
	struct sample sample;
	struct outcome outcome;

	(void)state;
	make_sample(&sample);
	read_all(sample.bytes, sample.len, &outcome);
	assert_others_came(&sample, &outcome, 0, 0);
	assert_int_equal(outcome.damage.places, 0);
	assert_int_equal(outcome.damage.bytes, 0);
	assert_false(outcome.is_cut);
}

/* Eight bytes are written over, everywhere. */
static void
overwritten(void **state)
{
	static const uint8_t fillings[] = {0xff, 0x00, 0x20};
	struct sample sample;
	struct outcome outcome;

	(void)state;
	make_sample(&sample);
	unit_each (i, fillings) {
		for (size_t at = FILE_HEADER; at + 8 <= sample.len; at++) {
			uint8_t bytes[ROOM];

			memcpy(bytes, sample.bytes, sample.len);
			memset(bytes + at, fillings[i], 8);
			read_all(bytes, sample.len, &outcome);
			assert_others_came(&sample, &outcome, at, at + 8);
			assert_true(outcome.damage.places <= 1);
			assert_int_equal(outcome.damage.bytes == 0, outcome.damage.places == 0);
		}
	}
}

/* A header that no reader can take for one: where the damage is, and how much was skipped. */
static void
counted(void **state)
{
	struct sample sample;
	struct outcome outcome;
	uint8_t bytes[ROOM];

	(void)state;
	make_sample(&sample);
	memcpy(bytes, sample.bytes, sample.len);
	memset(bytes + sample.ends[3], 0xff, 16);
	memset(bytes + sample.ends[8], 0xff, 16);
	read_all(bytes, sample.len, &outcome);
	for (size_t i = 0; i < RECORDS; i++)
		assert_int_equal(outcome.came[i], i != 4 && i != 9);
	assert_int_equal(outcome.damage.places, 2);
	assert_int_equal(outcome.damage.first_offset, sample.ends[3]);
	assert_int_equal(outcome.damage.bytes,
		sample.ends[4] - sample.ends[3] + sample.ends[9] - sample.ends[8]);
	assert_false(outcome.is_cut);

	/* To the end: nothing follows. */
	memset(bytes + sample.ends[9], 0xff, sample.len - sample.ends[9]);
	read_all(bytes, sample.len, &outcome);
	assert_int_equal(outcome.damage.places, 2);
	assert_int_equal(outcome.damage.bytes,
		sample.ends[4] - sample.ends[3] + sample.len - sample.ends[8]);
}

/* Bytes are lost, or others are between, as when two programs write to one file. */
static void
lost_and_inserted(void **state)
{
	struct sample sample;
	struct outcome outcome;

	(void)state;
	make_sample(&sample);
	for (size_t at = FILE_HEADER; at + 5 < sample.len; at++) {
		uint8_t bytes[ROOM];

		memcpy(bytes, sample.bytes, at);
		memcpy(bytes + at, sample.bytes + at + 5, sample.len - at - 5);
		read_all(bytes, sample.len - 5, &outcome);
		assert_others_came(&sample, &outcome, at, at + 5);

		memcpy(bytes + at, "hello", 5);
		memcpy(bytes + at + 5, sample.bytes + at, sample.len - at);
		read_all(bytes, sample.len + 5, &outcome);
		assert_others_came(&sample, &outcome, at, at);
	}
}

/* A cut is no damage, wherever it is. */
static void
cut(void **state)
{
	struct sample sample;
	struct outcome outcome;

	(void)state;
	make_sample(&sample);
	for (size_t len = FILE_HEADER; len <= sample.len; len++) {
		bool is_between = len == FILE_HEADER;

		for (size_t i = 0; i < RECORDS; i++)
			is_between |= sample.ends[i] == len;
		read_all(sample.bytes, len, &outcome);
		assert_others_came(&sample, &outcome, len, sample.len);
		assert_int_equal(outcome.damage.places, 0);
		assert_int_equal(outcome.is_cut, !is_between);
	}
}

/* Without its beginning, as `tail -c` leaves it. */
static void
begins_in_the_middle(void **state)
{
	struct sample sample;
	struct outcome outcome;

	(void)state;
	make_sample(&sample);
	/* Two records are the least that is taken for a stream. */
	for (size_t at = 4; at <= sample.ends[RECORDS - 3]; at++) {
		read_all(sample.bytes + at, sample.len - at, &outcome);
		assert_others_came(&sample, &outcome, 0, at);
		assert_int_equal(outcome.damage.places, 0);
	}
}

/* Words before the stream, as a login shell prints them. */
static void
words_before(void **state)
{
	static const char words[] = "Welcome to web1\nYou have mail.\n";
	struct sample sample;
	struct outcome outcome;
	uint8_t bytes[ROOM];

	(void)state;
	make_sample(&sample);
	memcpy(bytes, words, sizeof words - 1);
	memcpy(bytes + sizeof words - 1, sample.bytes, sample.len);
	read_all(bytes, sizeof words - 1 + sample.len, &outcome);
	assert_others_came(&sample, &outcome, 0, 0);
	assert_int_equal(outcome.damage.places, 1);
	assert_int_equal(outcome.damage.first_offset, 0);
	assert_int_equal(outcome.damage.bytes, sizeof words - 1);
}

/* What is no stream is not taken for a damaged one. */
static void
other_files(void **state)
{
	const int fd = memfd_create("text", MFD_CLOEXEC);
	struct error error;
	char path[64];

	(void)state;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int i = 0; i < 400; i++)
		assert_int_equal(
			write(fd, "This is not a recording of sockets, but a text.\n", 48), 48);
	assert_null(stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error));
	assert_non_null(strstr(error.text, path));
	assert_non_null(strstr(error.text, "neither a recording of sockwatch nor a capture"));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(overwritten),
		cmocka_unit_test(counted),
		cmocka_unit_test(lost_and_inserted),
		cmocka_unit_test(cut),
		cmocka_unit_test(begins_in_the_middle),
		cmocka_unit_test(words_before),
		cmocka_unit_test(other_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
