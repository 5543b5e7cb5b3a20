/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recorder on a made stream: what is in its files, their index, and when key frames are due. */
#include <config.h>

#include <sockwatch/recording/recorder.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/cutter.h>
#include <sockwatch/stream/index.h>
#include <sockwatch/stream/losses.h>

#include "recording/piece.h"
#include "stream/framing.h"
#include "unit.h"

enum { SECOND = 1000000000, FILE_MAX = 64 * 1024 * 1024 };

static char folder[] = "/tmp/sockwatch-recorder-XXXXXX";
static char path[64];
static struct buffer stream; /* made by the functions below, then taken */
static uint64_t now_ns;      /* of the records */
static struct error error;

static void
add(enum message_type type, const void *body)
{
	assert_int_equal(stream_append_message(&stream, now_ns, type, body), 0);
	now_ns += 1000;
}

/* A refresh with so many sockets; key: a key frame. bytes: of a notice in it. */
static void
add_refresh(bool key, uint32_t sockets, size_t bytes)
{
	static char text[1024];
	const struct message_dump_end end = {.netns = 1, .listed = sockets, .complete = 1};
	const struct message_notice notice = {.text = {text, sizeof text}};

	memset(text, 'x', sizeof text);
	if (key)
		add(MESSAGE_HELLO, &(struct message_hello){.format = 4, .again = 1});
	add(MESSAGE_SNAPSHOT_BEGIN, &(struct message_snapshot_begin){.sequence = 1});
	for (; bytes >= sizeof text; bytes -= sizeof text)
		add(MESSAGE_NOTICE, &notice);
	add(MESSAGE_DUMP_END, &end);
	add(MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){.sequence = 1, .key = key});
	now_ns += SECOND;
}

/* Of len bytes: if they are odd, all messages after it lie at unaligned places. */
static void
add_packet(size_t len)
{
	static const uint8_t bytes[64];
	struct framing_header header;

	framing_fill(&header, now_ns, ETH_P_IP, 0, len);
	header.cooked.arphrd = htons(ARPHRD_ETHER);
	buffer_append(&stream, &header, sizeof header);
	buffer_append(&stream, bytes, len);
	now_ns += 1000;
}

static void
begin_stream(void)
{
	uint8_t header[STREAM_HEADER_SIZE];

	buffer_clear(&stream);
	stream_header_fill(header);
	buffer_append(&stream, header, sizeof header);
}

/* All that was added, in portions of so many bytes. */
static void
take(struct recorder *recorder, size_t portion)
{
	for (size_t at = 0; at < stream.len; at += portion) {
		const size_t len = stream.len - at < portion ? stream.len - at : portion;

		assert_int_equal(recorder_take(recorder, stream.data + at, len, &error), 0);
	}
	buffer_clear(&stream);
}

static int
start(void **state)
{
	(void)state;
	buffer_init(&stream, 0);
	now_ns = UINT64_C(1700000000) * SECOND;
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/box.pcap", folder);
	begin_stream();
	return 0;
}

/* Calls on_file for each file, in the order of names. How many. */
static int
each_file(void (*on_file)(const char *name))
{
	struct dirent **names;
	const int count = scandir(folder, &names, NULL, alphasort);
	int files = 0;

	for (int i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.') {
			char full[512];

			snprintf(full, sizeof full, "%s/%s", folder, names[i]->d_name);
			if (on_file != NULL)
				on_file(full);
			files++;
		}
		free(names[i]);
	}
	free(names);
	return files;
}

static void
remove_file(const char *name)
{
	unlink(name);
}

static int
stop(void **state)
{
	(void)state;
	each_file(remove_file);
	rmdir(folder);
	buffer_fini(&stream);
	return 0;
}

/* What a file holds. */
static struct {
	unsigned records, hellos, snapshots;
	bool begins_with_hello, has_index;
	struct message_index index;
	uint64_t offsets[MESSAGE_ARRAY_MAX];
	uint32_t last_size;
	uint64_t hello_at[16];
} held;

static void
read_file(const char *name)
{
	struct stream_cutter *const cutter = stream_cutter_new();
	const int fd = open(name, O_RDONLY | O_CLOEXEC);
	uint8_t *const bytes = malloc(FILE_MAX);
	const ssize_t len = read(fd, bytes, FILE_MAX);
	uint64_t at = STREAM_HEADER_SIZE;
	struct stream_cut cut;
	int status;

	memset(&held, 0, sizeof held);
	assert_true(len > STREAM_HEADER_SIZE);
	assert_int_equal(stream_cutter_add(cutter, bytes, (size_t)len), 0);
	while ((status = stream_cutter_next(cutter, &cut, &error)) == 1) {
		struct message message;

		held.records++;
		held.snapshots += cut.type == MESSAGE_SNAPSHOT_END;
		if (cut.type == MESSAGE_HELLO && held.hellos < 16)
			held.hello_at[held.hellos++] = at;
		held.begins_with_hello |= held.records == 1 && cut.type == MESSAGE_HELLO;
		held.has_index = cut.type == MESSAGE_INDEX;
		if (held.has_index) {
			assert_int_equal(stream_cutter_decode(cutter, &cut, &message), 0);
			held.index = message.body.index;
			for (size_t i = 0; i < held.index.offsets.count; i++)
				held.offsets[i] = array_u64(held.index.offsets, i);
			assert_int_equal(held.index.size, cut.len);
		}
		at += cut.len;
	}
	assert_int_equal(status, 0);
	assert_int_equal(at, len);
	memcpy(&held.last_size, bytes + len - 4, sizeof held.last_size);
	free(bytes);
	close(fd);
	stream_cutter_free(cutter);
}

/* What is found by the index, and what is refused of it. */
static void
check_index(uint64_t begun_ns)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC);
	const off_t size = lseek(fd, 0, SEEK_END);
	struct stream_index index;

	assert_int_equal(stream_index_read(fd, &index), 0);
	assert_int_equal(index.count, 2);
	assert_true(index.first_ns == begun_ns && index.last_ns == held.index.last_ns);
	assert_true(index.key_frames[1].offset == held.hello_at[1]);
	assert_true(index.key_frames[0].end_ns < index.key_frames[1].end_ns);
	assert_null(stream_index_find(&index, index.key_frames[0].end_ns - 1));
	assert_ptr_equal(
		stream_index_find(&index, index.key_frames[0].end_ns), &index.key_frames[0]);
	assert_ptr_equal(
		stream_index_find(&index, index.key_frames[1].end_ns - 1), &index.key_frames[0]);
	assert_ptr_equal(stream_index_find(&index, UINT64_MAX), &index.key_frames[1]);
	stream_index_fini(&index);
	/* Its place is that of the last bytes; without one of them there is none. */
	for (off_t less = 1; less <= 4; less++) {
		assert_int_equal(ftruncate(fd, size - less), 0);
		assert_int_equal(stream_index_read(fd, &index), -ENOENT);
	}
	assert_int_equal(ftruncate(fd, STREAM_HEADER_SIZE), 0);
	assert_int_equal(stream_index_read(fd, &index), -ENOENT);
	close(fd);
}

/* Whatever the portions, the file has the stream's bytes and then an index. */
static void
test_one_file(void **state)
{
	static const size_t portions[] = {1, 7, 100, 65536};

	(void)state;
	unit_each (i, portions) {
		const struct recorder_options options = {.path = path, .force = true};
		struct recorder *const recorder = recorder_new(&options, &error);
		const uint64_t begun_ns = now_ns;

		assert_non_null(recorder);
		begin_stream();
		add_refresh(true, 5, 0);
		add_refresh(false, 6, 0);
		add(MESSAGE_LOSS, &(struct message_loss){.what = LOSS_BOUNDED, .count = 3});
		add(MESSAGE_LOSS, &(struct message_loss){.what = LOSS_BOUNDED, .count = 4});
		add_refresh(true, 7, 2048);
		take(recorder, portions[i]);
		assert_int_equal(recorder_facts(recorder)->snapshots, 3);
		assert_int_equal(recorder_facts(recorder)->key_frames, 2);
		assert_int_equal(recorder_facts(recorder)->sockets, 7);
		assert_int_equal(recorder_facts(recorder)->lost, 4);
		assert_true(recorder_facts(recorder)->first_ns == begun_ns);
		assert_int_equal(recorder_finish(recorder, &error), 0);
		recorder_free(recorder);
		read_file(path);
		assert_true(held.begins_with_hello && held.has_index);
		assert_int_equal(held.snapshots, 3);
		assert_int_equal(held.last_size, held.index.size);
		assert_int_equal(held.index.offsets.count, 2);
		assert_int_equal(held.index.times.count, 2);
		assert_int_equal(held.index.sockets.count, 2);
		assert_true(held.offsets[0] == STREAM_HEADER_SIZE);
		assert_true(held.offsets[1] == held.hello_at[1]);
		assert_int_equal(held.index.snapshots, 3);
		assert_true(held.index.first_ns == begun_ns);
		assert_true(
			held.index.last_ns < now_ns && held.index.last_ns > now_ns - 2 * SECOND);
		check_index(begun_ns);
	}
}

static bool
wants(struct recorder *recorder, unsigned seconds)
{
	return recorder_wants_key(recorder, (1000 + seconds) * (uint64_t)SECOND);
}

/* A refresh that says that it is no whole key frame is none. */
static void
test_incomplete_key(void **state)
{
	const struct recorder_options options = {.path = path};
	struct recorder *const recorder = recorder_new(&options, &error);

	(void)state;
	add_refresh(true, 5, 0);
	add(MESSAGE_HELLO, &(struct message_hello){.again = 1});
	add_refresh(false, 5, 0);
	assert_false(wants(recorder, 0));
	take(recorder, 65536);
	assert_int_equal(recorder_facts(recorder)->key_frames, 1);
	/* Another one is asked for, until it comes. */
	assert_true(wants(recorder, 1));
	assert_false(wants(recorder, 2));
	assert_true(wants(recorder, 3));
	assert_int_equal(recorder_finish(recorder, &error), 0);
	recorder_free(recorder);
	read_file(path);
	assert_int_equal(held.hellos, 2);
	assert_int_equal(held.index.offsets.count, 1);
}

/*
 * Due after five minutes, or after ten seconds when as much came as the last one took, but no less
 * than 1 MiB. Once for each, and again when none came.
 */
static void
test_when_due(void **state)
{
	const struct recorder_options options = {.path = path};
	struct recorder *const recorder = recorder_new(&options, &error);

	(void)state;
	assert_false(wants(recorder, 0));
	add_refresh(true, 5, 0);
	take(recorder, 65536);
	assert_false(wants(recorder, 0));
	assert_false(wants(recorder, 299));
	assert_true(wants(recorder, 300));
	assert_false(wants(recorder, 301));
	assert_true(wants(recorder, 302));
	/* It comes, and the time begins anew. */
	add_refresh(true, 5, 2 * 1024 * 1024);
	take(recorder, 65536);
	assert_false(wants(recorder, 303));
	add_refresh(false, 5, 1536 * 1024);
	take(recorder, 65536);
	assert_false(wants(recorder, 320));
	add_refresh(false, 5, 1024 * 1024);
	take(recorder, 65536);
	assert_true(wants(recorder, 321));
	/* A small one: not before 1 MiB came, and not within ten seconds. */
	add_refresh(true, 5, 0);
	take(recorder, 65536);
	assert_false(wants(recorder, 400));
	add_refresh(false, 5, 900 * 1024);
	take(recorder, 65536);
	assert_false(wants(recorder, 420));
	add_refresh(false, 5, 512 * 1024);
	take(recorder, 65536);
	assert_false(wants(recorder, 409));
	assert_true(wants(recorder, 410));
	recorder_free(recorder);
}

static void
check_piece(const char *name)
{
	read_file(name);
	assert_true(held.begins_with_hello && held.has_index);
	assert_int_equal(held.index.offsets.count, held.hellos);
}

static uint64_t folder_size;

static void
add_size(const char *name)
{
	struct stat facts;

	assert_int_equal(stat(name, &facts), 0);
	assert_int_equal(facts.st_mode & 0777, 0600);
	folder_size += (uint64_t)facts.st_size;
}

static uint64_t
size_of_all(void)
{
	folder_size = 0;
	each_file(add_size);
	return folder_size;
}

/* The sum stays within the bound with every portion, and each file begins with a key frame. */
static void
test_ring(void **state)
{
	const struct recorder_options options = {
		.path = path, .max_bytes = 2 * 1024 * 1024, .files = 4};
	struct recorder *recorder = recorder_new(&options, &error);
	uint32_t time = 0;

	(void)state;
	assert_non_null(recorder);
	assert_int_equal(each_file(NULL), 0);
	for (unsigned refresh = 0; refresh < 100; refresh++) {
		add_refresh(wants(recorder, time++) || refresh == 0, 9, 100 * 1024);
		for (size_t at = 0; at < stream.len; at += 4096) {
			const size_t len = stream.len - at < 4096 ? stream.len - at : 4096;

			assert_int_equal(recorder_take(recorder, stream.data + at, len, &error), 0);
			assert_true(size_of_all() <= options.max_bytes);
		}
		buffer_clear(&stream);
	}
	assert_true(recorder_facts(recorder)->removed > 8);
	assert_int_equal(recorder_finish(recorder, &error), 0);
	assert_true(size_of_all() <= options.max_bytes);
	recorder_free(recorder);
	assert_true(each_file(check_piece) >= 3 && each_file(NULL) <= 4);
}

/* Only a key frame may begin a file; without one the bound ends it, and a small bound at once. */
static void
test_ring_without_key(void **state)
{
	struct recorder_options options = {.path = path, .max_bytes = 1024 * 1024, .files = 2};
	struct recorder *recorder = recorder_new(&options, &error);
	int result = 0;

	(void)state;
	add_refresh(true, 9, 100 * 1024);
	take(recorder, 65536);
	for (unsigned i = 0; i < 20 && result == 0; i++) {
		add_refresh(false, 9, 100 * 1024);
		result = recorder_take(recorder, stream.data, stream.len, &error);
		buffer_clear(&stream);
	}
	assert_int_equal(result, -ENOENT);
	assert_non_null(strstr(error.text, "alone has reached the bound"));
	assert_true(size_of_all() <= options.max_bytes);
	recorder_free(recorder);
	each_file(remove_file);

	recorder = recorder_new(&options, &error);
	begin_stream();
	add_refresh(true, 9, 300 * 1024);
	assert_int_equal(recorder_take(recorder, stream.data, stream.len, &error), -EMSGSIZE);
	recorder_free(recorder);
}

/* By age: what is older goes with the next refresh. */
static void
test_age(void **state)
{
	const struct recorder_options options = {
		.path = path, .max_age_ns = UINT64_C(100) * SECOND, .files = 10};
	struct recorder *const recorder = recorder_new(&options, &error);

	(void)state;
	for (unsigned second = 0; second < 200; second++) {
		add_refresh(wants(recorder, second) || second == 0, 9, 0);
		take(recorder, 65536);
	}
	assert_int_equal(recorder_finish(recorder, &error), 0);
	recorder_free(recorder);
	assert_true(each_file(check_piece) >= 9);
	assert_true(each_file(NULL) <= 11);
}

/* More key frames than an index has room for: every second one is left out, from then on too. */
static void
test_long_index(void **state)
{
	static struct piece piece;
	static const uint8_t bytes[40];
	const struct stream_cut hello = {
		.bytes = bytes, .len = sizeof bytes, .time_ns = 1, .type = MESSAGE_HELLO};

	(void)state;
	piece_init(&piece);
	assert_int_equal(
		piece_begin(&piece, open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "x", 0), 0);
	for (uint32_t i = 0; i < MESSAGE_ARRAY_MAX + 3; i++) {
		assert_int_equal(piece_add(&piece, &hello), 0);
		piece_note_key(&piece, i);
	}
	assert_int_equal(piece.index.count, MESSAGE_ARRAY_MAX / 2 + 2);
	for (uint32_t i = 0; i < piece.index.count; i++) {
		assert_int_equal(piece.index.sockets[i], 2 * i);
		assert_true(piece.index.offsets[i] ==
			    STREAM_HEADER_SIZE + 2 * i * (uint64_t)sizeof bytes);
	}
	piece.snapshots = 1;
	assert_int_equal(piece_finish(&piece), 0);
	piece_fini(&piece);
}

/*
 * A file that somebody else made, whose key frames end without a beginning: it is gone on with, and
 * the index names only what a reader can begin at.
 */
static void
test_append_to_odd(void **state)
{
	const struct recorder_options options = {.path = path, .append = true};
	FILE *const file = fopen(path, "wbe");
	struct recorder *recorder;
	struct stream_index index;
	int fd;

	(void)state;
	add(MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){.key = 1});
	add_refresh(true, 5, 0);
	add(MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){.key = 1});
	assert_non_null(file);
	assert_int_equal(fwrite(stream.data, 1, stream.len, file), stream.len);
	assert_int_equal(fclose(file), 0);
	recorder = recorder_new(&options, &error);
	assert_non_null(recorder);
	assert_int_equal(recorder_finish(recorder, &error), 0);
	recorder_free(recorder);
	read_file(path);
	assert_true(held.has_index);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(stream_index_read(fd, &index), 0);
	assert_int_equal(index.count, 1);
	assert_true(index.key_frames[0].offset == held.hello_at[0]);
	stream_index_fini(&index);
	close(fd);
}

/* Every byte is written as it came, also where a message had to be aligned to be read. */
static void
test_unaligned(void **state)
{
	const struct recorder_options options = {.path = path};
	struct recorder *const recorder = recorder_new(&options, &error);
	struct buffer before;
	uint8_t *const bytes = malloc(FILE_MAX);
	ssize_t len;
	int fd;

	(void)state;
	for (size_t odd = 1; odd < 4; odd++) {
		add_packet(40 + odd);
		add_refresh(true, 5, 4096);
	}
	buffer_init(&before, 0);
	buffer_append(&before, stream.data, stream.len);
	take(recorder, 1000);
	assert_int_equal(recorder_facts(recorder)->key_frames, 3);
	assert_int_equal(recorder_finish(recorder, &error), 0);
	recorder_free(recorder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = read(fd, bytes, FILE_MAX);
	assert_true(len > (ssize_t)before.len);
	assert_memory_equal(bytes, before.data, before.len);
	close(fd);
	free(bytes);
	buffer_fini(&before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_file, start, stop),
		cmocka_unit_test_setup_teardown(test_incomplete_key, start, stop),
		cmocka_unit_test_setup_teardown(test_when_due, start, stop),
		cmocka_unit_test_setup_teardown(test_ring, start, stop),
		cmocka_unit_test_setup_teardown(test_ring_without_key, start, stop),
		cmocka_unit_test_setup_teardown(test_age, start, stop),
		cmocka_unit_test_setup_teardown(test_long_index, start, stop),
		cmocka_unit_test_setup_teardown(test_append_to_odd, start, stop),
		cmocka_unit_test_setup_teardown(test_unaligned, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
