/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of a stream (parser.c), or of a capture in another format (savefile.c). reader_open.c
 * opens files.
 */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader_private.h"
#include "savefile.h"

struct stream_reader *
stream_reader_new(int fd)
{
	struct stream_reader *const reader = calloc(1, sizeof *reader);

	if (reader == NULL)
		return NULL;
	reader->fd = fd;
	return reader;
}

void
stream_reader_free(struct stream_reader *reader)
{
	if (reader == NULL)
		return;
	savefile_close(reader->savefile);
	if (reader->is_file)
		close(reader->fd);
	parser_fini(&reader->parser);
	free(reader);
}

int
stream_reader_index(const struct stream_reader *reader, struct stream_index *index)
{
	*index = (struct stream_index){0};
	return reader->is_file ? stream_index_read(reader->fd, index) : -ENOENT;
}

int
stream_reader_seek(struct stream_reader *reader, uint64_t offset)
{
	if (!reader->is_file)
		return -ESPIPE;
	if (lseek(reader->fd, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	parser_seek(&reader->parser, offset);
	reader->ended = false;
	return 0;
}

void
stream_reader_tee(struct stream_reader *reader,
	void (*tee)(void *context, const void *bytes, size_t len), void *context)
{
	reader->tee = tee;
	reader->tee_context = context;
}

/* Nothing is there now: a file is waited for, also when somebody made it non-blocking. */
static bool
waits(const struct stream_reader *reader)
{
	struct pollfd source = {.fd = reader->fd, .events = POLLIN};

	return reader->is_file && (poll(&source, 1, -1) > 0 || errno == EINTR);
}

/* 1 when bytes came or the end did, 0 when none are there now, negative errno with a sentence. */
static int
fill(struct stream_reader *reader)
{
	size_t len;
	ssize_t count;
	uint8_t *const room = parser_room(&reader->parser, &len);

	if (room == NULL) {
		error_set(&reader->error, "no memory to read the stream");
		return -ENOMEM;
	}
	do
		count = read(reader->fd, room, len);
	while (count < 0 &&
		(errno == EINTR || ((errno == EAGAIN || errno == EWOULDBLOCK) && waits(reader))));
	if (count > 0) {
		if (reader->tee != NULL)
			reader->tee(reader->tee_context, room, (size_t)count);
		parser_filled(&reader->parser, (size_t)count);
		return 1;
	}
	if (count == 0) {
		reader->ended = reader->parser.at_end = true;
		return 1;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	count = -errno;
	error_set(&reader->error, "cannot read the stream: %s", strerror((int)-count));
	return (int)count;
}

/* Records that are in memory: how many, or negative errno. */
static int
parse(struct stream_reader *reader, struct record *records, unsigned max)
{
	unsigned count = 0;
	int status;

	do {
		status = parser_next(&reader->parser, &records[count], &reader->error);
		count += status > 0;
	} while (status > 0 && count < max && records[count - 1].kind == RECORD_PACKET);
	/* An error after them is found again. */
	return count != 0 ? (int)count : status;
}

static int
some_of_pipe(struct stream_reader *reader, struct record *records, unsigned max)
{
	for (;;) {
		int status = parse(reader, records, max);

		if (status != 0)
			return status;
		status = reader->ended ? 0 : fill(reader);
		if (status <= 0)
			return status;
	}
}

int
stream_reader_some(
	struct stream_reader *reader, struct record *records, unsigned max, struct error *error)
{
	int status = reader->failed;

	/* Of a file one at a time, as libpcap gives them. */
	if (reader->is_file)
		max = 1;
	if (status == 0 && reader->savefile == NULL) {
		status = some_of_pipe(reader, records, max);
	} else if (status == 0 && !reader->ended) {
		status = savefile_next(reader->savefile, records, &reader->cut, &reader->error);
		reader->ended = status == 0;
	}
	if (status < 0) {
		reader->failed = status;
		if (error != NULL)
			*error = reader->error;
	}
	return status;
}

int
stream_reader_next(struct stream_reader *reader, struct record *record, struct error *error)
{
	return stream_reader_some(reader, record, 1, error);
}

bool
stream_reader_ended(const struct stream_reader *reader)
{
	return reader->ended;
}

bool
stream_reader_cut(const struct stream_reader *reader)
{
	return reader->cut ||
	       (reader->savefile == NULL && reader->ended && parser_inside(&reader->parser));
}

struct stream_damage
stream_reader_damage(const struct stream_reader *reader)
{
	return reader->parser.damage;
}
