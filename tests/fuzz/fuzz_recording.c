/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recording as a file: its index is found, the recorder goes on behind its last whole record and
 * writes the index anew, and a model begins at each key frame that the index names. What was gone
 * on with is a whole recording, whatever it was before.
 */
#include <config.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sockwatch/model/model.h>
#include <sockwatch/stream/stream.h>

#include "fuzz.h"
#include "memory_file.h"
#include "recording/resume.h"

enum { SOCKETS = 100, KEY_FRAMES_TRIED = 2 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static uint64_t
size_of(int fd)
{
	struct stat facts;

	require(fstat(fd, &facts) == 0);
	return (uint64_t)facts.st_size;
}

/* Its offsets are places of the file, in order, and it finds its own entries. */
static void
check_index(const struct stream_index *index, uint64_t size)
{
	uint64_t before = 0;

	for (size_t i = 0; i < index->count; i++) {
		const struct stream_key_frame *const frame = &index->key_frames[i];
		const struct stream_key_frame *found;

		require(frame->offset > before && frame->offset < size);
		before = frame->offset;
		found = stream_index_find(index, frame->end_ns);
		require(found == NULL || found->end_ns <= frame->end_ns);
	}
}

/* All records from here on, to a model that knows nothing before. */
static void
read_on(struct stream_reader *reader)
{
	struct model *const model = model_new(SOCKETS);
	struct record record;
	struct error error;

	require(model != NULL);
	while (stream_reader_next(reader, &record, &error) == 1)
		model_apply(model, &record);
	model_tick(model, model->now_ns);
	model_free(model);
}

static void
read_from_key_frames(const char *path)
{
	struct error error = {.text = ""};
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	struct stream_index index;

	require(reader != NULL || error.text[0] != '\0');
	if (reader == NULL)
		return;
	if (stream_reader_index(reader, &index) == 0) {
		for (size_t i = 0; i < index.count && i < KEY_FRAMES_TRIED; i++) {
			if (stream_reader_seek(reader, index.key_frames[i].offset) == 0)
				read_on(reader);
		}
		stream_index_fini(&index);
	}
	stream_reader_free(reader);
}

/* The index that was written is the one that is read. */
static void
check_written(int fd, const struct piece *piece)
{
	const bool has_index = piece->snapshots != 0 && piece->index.count != 0;
	struct stream_index index;

	require(size_of(fd) == piece->size);
	/* Where none was written, the bytes of a last record may look like one. */
	if (stream_index_read(fd, &index) == 0)
		require(!has_index || index.count == piece->index.count);
	else
		require(!has_index);
	check_index(&index, piece->size);
	stream_index_fini(&index);
}

/* Takes the descriptor; the other one is of the same file. */
static void
go_on(int fd, int other)
{
	static struct piece piece;
	struct error error = {.text = ""};
	const uint64_t before = size_of(fd);

	piece_init(&piece);
	if (resume_piece(&piece, fd, "input", &error) == 0) {
		require(piece.size <= before || before < STREAM_HEADER_SIZE);
		require(piece_finish(&piece) == 0);
		check_written(other, &piece);
	} else {
		require(error.text[0] != '\0' && size_of(fd) == before);
		close(fd);
	}
	piece_fini(&piece);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct memory_file file = memory_file_make(data, len);
	struct stream_index index;

	if (stream_index_read(file.fd, &index) == 0)
		check_index(&index, len);
	stream_index_fini(&index);
	read_from_key_frames(file.path);
	go_on(dup(file.fd), file.fd);
	close(file.fd);
	return 0;
}
