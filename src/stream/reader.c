/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/stream/stream.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "framing.h"
#include "parser.h"
#include "savefile.h"

struct stream_reader {
	pcap_t *savefile; /* NULL: a pipe */
	int fd;
	struct parser parser;
	struct record ahead; /* taken out of the parser before it was asked for */
	bool has_ahead;
	bool ended;
	bool cut;
	int failed; /* negative errno; why is in error */
	struct error error;
};

struct stream_reader *
stream_reader_new(int fd)
{
	struct stream_reader *const reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->fd = fd;
	parser_init(&reader->parser);
	return reader;
}

struct stream_reader *
stream_reader_open(const char *path, struct error *error)
{
	struct stream_reader *const reader = stream_reader_new(-1);

	if (reader == NULL) {
		error_set(error, "no memory to read %s", path);
		return NULL;
	}
	reader->savefile = savefile_open(path, error);
	if (reader->savefile == NULL) {
		stream_reader_free(reader);
		return NULL;
	}
	return reader;
}

void
stream_reader_free(struct stream_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->savefile != NULL)
		pcap_close(reader->savefile);
	parser_fini(&reader->parser);
	free(reader);
}

/* 1 when bytes came, 0 when none are there now or ever again, negative errno with a sentence. */
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
	while (count < 0 && errno == EINTR);
	if (count > 0) {
		parser_filled(&reader->parser, (size_t)count);
		return 1;
	}
	if (count == 0) {
		reader->ended = true;
		reader->cut = parser_inside(&reader->parser);
		return 0;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	count = -errno;
	error_set(&reader->error, "cannot read the stream: %s", strerror((int)-count));
	return (int)count;
}

static int
next_of_pipe(struct stream_reader *reader, struct record *record)
{
	if (reader->has_ahead) {
		reader->has_ahead = false;
		*record = reader->ahead;
		return 1;
	}
	for (;;) {
		int status = parser_next(&reader->parser, record, &reader->error);

		if (status != 0)
			return status;
		status = reader->ended ? 0 : fill(reader);
		if (status <= 0)
			return status;
	}
}

int
stream_reader_next(struct stream_reader *reader, struct record *record, struct error *error)
{
	int status = reader->failed;

	if (status == 0 && reader->savefile == NULL) {
		status = next_of_pipe(reader, record);
	} else if (status == 0 && !reader->ended) {
		status = savefile_next(reader->savefile, record, &reader->cut, &reader->error);
		reader->ended = status == 0;
	}
	if (status < 0) {
		reader->failed = status;
		if (error != NULL)
			*error = reader->error;
	}
	return status;
}

const struct record *
stream_reader_peek(struct stream_reader *reader)
{
	struct error error;

	/* An error is found again by who asks for the record. */
	if (reader->savefile == NULL && reader->failed == 0 && !reader->has_ahead)
		reader->has_ahead = parser_next(&reader->parser, &reader->ahead, &error) > 0;
	return reader->has_ahead ? &reader->ahead : NULL;
}

bool
stream_reader_ended(const struct stream_reader *reader)
{
	return reader->ended;
}

bool
stream_reader_cut(const struct stream_reader *reader)
{
	return reader->cut;
}
