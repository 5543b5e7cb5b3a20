/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a file by how it begins: a stream of ours goes to the parser, which goes on behind damage,
 * anything else to savefile.c. It is opened once and read once, so that a pipe will do.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "framing.h"
#include "reader_private.h"
#include "savefile.h"

/* So far the first record of a stream without its beginning is looked for. */
enum { HEAD_MAX = 1024 * 1024 };

/* A descriptor and what was read of it already. */
struct input {
	int fd;
	uint8_t *head;
	size_t len, at;
	bool at_end;
};

/* Reads until the head has len bytes, or all that there are. 0, or negative errno. */
static int
read_head(struct input *input, size_t len)
{
	uint8_t *const head = realloc(input->head, len);

	if (head == NULL)
		return -ENOMEM;
	input->head = head;
	while (input->len < len && !input->at_end) {
		const ssize_t count = read(input->fd, head + input->len, len - input->len);

		if (count < 0 && errno != EINTR)
			return -errno;
		input->at_end = count == 0;
		input->len += count > 0 ? (size_t)count : 0;
	}
	return 0;
}

static ssize_t
on_read(void *context, char *out, size_t size)
{
	struct input *const input = context;
	const size_t left = input->len - input->at;

	if (left == 0)
		return input->at_end ? 0 : read(input->fd, out, size);
	if (size > left)
		size = left;
	memcpy(out, input->head + input->at, size);
	input->at += size;
	return (ssize_t)size;
}

static void
input_fini(struct input *input)
{
	close(input->fd);
	free(input->head);
}

static int
on_close(void *context)
{
	input_fini(context);
	free(context);
	return 0;
}

/* What was read and what follows, as savefile.c wants it. Of a file it is read again. */
static FILE *
as_file(const struct input *input)
{
	static const cookie_io_functions_t functions = {.read = on_read, .close = on_close};
	struct input *copy;
	FILE *file;

	if (lseek(input->fd, -(off_t)input->len, SEEK_CUR) >= 0) {
		file = fdopen(input->fd, "rb");
		if (file != NULL)
			free(input->head);
		return file;
	}
	copy = malloc(sizeof *copy);
	if (copy == NULL)
		return NULL;
	*copy = *input;
	file = fopencookie(copy, "rb", functions);
	if (file == NULL)
		free(copy);
	return file;
}

static bool
is_stream(const struct input *input)
{
	struct framing_file header;

	if (input->len < sizeof header)
		return false;
	memcpy(&header, input->head, sizeof header);
	return framing_is_ours(&header);
}

/* Any byte order, microseconds or nanoseconds; pcapng. */
static bool
is_capture(const struct input *input)
{
	static const uint32_t magics[] = {0xa1b2c3d4, 0xd4c3b2a1, FRAMING_MAGIC_NS,
		FRAMING_MAGIC_SWAPPED, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a};
	uint32_t magic;

	if (input->len < sizeof magic)
		return true; /* too short for anything else: savefile.c says so */
	memcpy(&magic, input->head, sizeof magic);
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		if (magic == magics[i])
			return true;
	}
	return false;
}

/* Hands the head to the parser, whose fd brings the rest. */
static bool
feed_parser(struct stream_reader *reader, const struct input *input)
{
	struct parser *const parser = &reader->parser;

	for (size_t at = 0; at < input->len;) {
		size_t len;
		uint8_t *const room = parser_room(parser, &len);

		if (room == NULL)
			return false;
		if (len > input->len - at)
			len = input->len - at;
		memcpy(room, input->head + at, len);
		parser_filled(parser, len);
		at += len;
	}
	reader->fd = input->fd;
	parser->recovers = true;
	parser->at_end = reader->ended = input->at_end;
	return true;
}

static int
open_savefile(
	struct stream_reader *reader, struct input *input, const char *name, struct error *error)
{
	FILE *const file = as_file(input);

	if (file == NULL) {
		error_set(error, "no memory to read %s", name);
		input_fini(input);
		return -ENOMEM;
	}
	parser_fini(&reader->parser);
	reader->savefile = savefile_open_file(file, name, error);
	return reader->savefile != NULL ? 0 : -EINVAL;
}

/* 0, or negative errno with a sentence; the input is used up. */
static int
open_input(struct stream_reader *reader, struct input *input, const char *name, struct error *error)
{
	int result = read_head(input, sizeof(struct framing_file));
	bool is_ours = is_stream(input);

	if (result == 0 && !is_ours && !is_capture(input)) {
		result = read_head(input, HEAD_MAX);
		if (result == 0 && !feed_parser(reader, input))
			result = -ENOMEM;
		is_ours = result == 0 && parser_begin_inside(&reader->parser);
	} else if (result == 0 && is_ours && !feed_parser(reader, input)) {
		result = -ENOMEM;
	}
	if (result != 0) {
		error_set(error, "cannot read %s: %s", name, strerror(-result));
		input_fini(input);
		return result;
	}
	if (!is_ours) {
		reader->fd = -1;
		reader->ended = false;
		return open_savefile(reader, input, name, error);
	}
	reader->is_file = true;
	free(input->head);
	return 0;
}

struct stream_reader *
stream_reader_open(int fd, const char *name, struct error *error)
{
	struct input input = {.fd = fd};
	struct stream_reader *reader;

	if (fd < 0) {
		error_set(error, "cannot open %s: %s", name, strerror(errno));
		return NULL;
	}
	reader = stream_reader_new(-1);
	if (reader == NULL) {
		error_set(error, "cannot open %s: %s", name, strerror(ENOMEM));
		input_fini(&input);
		return NULL;
	}
	if (open_input(reader, &input, name, error) == 0)
		return reader;
	stream_reader_free(reader);
	return NULL;
}
