/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records from a pipe or a socket (parser.c) or from a file (savefile.c). */
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
	bool ended;
	bool cut;
	int failed; /* negative errno; the sentence is in error */
	struct error error;
};

struct stream_reader *
stream_reader_new(int fd)
{
	struct stream_reader *const reader = calloc(1, sizeof *reader);

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

/* Records that are in memory: how many, or negative errno. */
static int
parse(struct stream_reader *reader, struct record *records, unsigned max)
{
	unsigned count = 0;
	int status = 1;

	while (count < max && (count == 0 || records[count - 1].kind == RECORD_PACKET)) {
		status = parser_next(&reader->parser, &records[count], &reader->error);
		if (status <= 0)
			break;
		count++;
	}
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

	if (status == 0 && reader->savefile == NULL) {
		status = some_of_pipe(reader, records, max);
	} else if (status == 0 && !reader->ended) { /* libpcap has one at a time */
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
	return reader->cut;
}
