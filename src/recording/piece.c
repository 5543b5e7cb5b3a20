/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes one file of a recording. */
#include <config.h>

#include "piece.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { WRITE_AT = 64 * 1024 };

void
piece_init(struct piece *piece)
{
	*piece = (struct piece){.fd = -1, .index = {.every = 1}};
	buffer_init(&piece->out, 0);
}

void
piece_fini(struct piece *piece)
{
	if (piece->fd >= 0)
		close(piece->fd);
	piece->fd = -1;
	buffer_fini(&piece->out);
}

int
piece_begin(struct piece *piece, int fd, const char *name, uint64_t size)
{
	uint8_t header[STREAM_HEADER_SIZE];

	piece->fd = fd;
	piece->size = size;
	piece->first_ns = piece->last_ns = piece->snapshots = piece->key_offset = 0;
	piece->in_key = false;
	piece->index.count = piece->index.skipped = 0;
	piece->index.every = 1;
	buffer_clear(&piece->out);
	memcpy(piece->name, name, strnlen(name, sizeof piece->name - 1) + 1);
	piece->name[sizeof piece->name - 1] = '\0';
	if (size != 0)
		return 0;
	stream_header_fill(header);
	buffer_append(&piece->out, header, sizeof header);
	piece->size = sizeof header;
	return piece->out.failed ? -ENOMEM : 0;
}

/* The file ends with a whole record, however far the writing came. */
static void
take_back(const struct piece *piece, size_t written)
{
	const off_t end = (off_t)(piece->size - piece->out.len);

	if (written != 0 && lseek(piece->fd, 0, SEEK_CUR) >= 0 && ftruncate(piece->fd, end) == 0)
		(void)lseek(piece->fd, end, SEEK_SET);
}

int
piece_flush(struct piece *piece)
{
	size_t written = 0;

	while (written < piece->out.len) {
		const ssize_t count =
			write(piece->fd, piece->out.data + written, piece->out.len - written);

		if (count < 0 && errno != EINTR) {
			const int error = errno;

			take_back(piece, written);
			return -error;
		}
		written += count > 0 ? (size_t)count : 0;
	}
	buffer_clear(&piece->out);
	return 0;
}

void
piece_note_record(struct piece *piece, const struct stream_cut *cut, uint64_t offset)
{
	if (piece->first_ns == 0)
		piece->first_ns = cut->time_ns;
	piece->last_ns = cut->time_ns;
	if (cut->type == MESSAGE_HELLO) {
		piece->key_offset = offset;
		piece->in_key = true;
	}
	piece->snapshots += cut->type == MESSAGE_SNAPSHOT_END;
}

int
piece_add(struct piece *piece, const struct stream_cut *cut)
{
	piece_note_record(piece, cut, piece->size);
	buffer_append(&piece->out, cut->bytes, cut->len);
	if (piece->out.failed)
		return -ENOMEM;
	piece->size += cut->len;
	return 0;
}

bool
piece_is_due(const struct piece *piece)
{
	return piece->out.len >= WRITE_AT;
}

static void
thin_out(struct piece_index *index)
{
	for (size_t i = 0; i < index->count / 2; i++) {
		index->offsets[i] = index->offsets[2 * i];
		index->times[i] = index->times[2 * i];
		index->sockets[i] = index->sockets[2 * i];
	}
	index->count /= 2;
	index->every *= 2;
}

void
piece_note_key(struct piece *piece, uint32_t sockets)
{
	struct piece_index *const index = &piece->index;

	/* A file that somebody else made may have an end without a beginning. */
	if (!piece->in_key)
		return;
	piece->in_key = false;
	if (++index->skipped < index->every)
		return;
	index->skipped = 0;
	if (index->count == MESSAGE_ARRAY_MAX)
		thin_out(index);
	index->offsets[index->count] = piece->key_offset;
	index->times[index->count] = piece->last_ns;
	index->sockets[index->count++] = sockets;
}

static enum piece_end
note_snapshot_end(struct piece *piece, const struct message_snapshot_end *end)
{
	if (end->key != 0) {
		piece_note_key(piece, piece->listed);
		return PIECE_END_KEY_FRAME;
	}
	if (!piece->in_key)
		return PIECE_END_REFRESH;
	piece->in_key = false;
	return PIECE_END_BROKEN_KEY_FRAME;
}

enum piece_end
piece_note_message(struct piece *piece, struct stream_cutter *cutter, const struct stream_cut *cut)
{
	struct message message;

	if (cut->type == MESSAGE_SNAPSHOT_BEGIN)
		piece->listed = 0;
	if (cut->type != MESSAGE_DUMP_END && cut->type != MESSAGE_SNAPSHOT_END)
		return PIECE_END_NOTHING;
	/* What cannot be read is a snapshot's end all the same, and no key frame's. */
	if (stream_cutter_decode(cutter, cut, &message) != 0)
		message.body = (union message_body){0};
	if (cut->type == MESSAGE_SNAPSHOT_END)
		return note_snapshot_end(piece, &message.body.snapshot_end);
	piece->listed += message.body.dump_end.listed;
	return PIECE_END_NOTHING;
}

static int
add_index(struct piece *piece)
{
	const struct piece_index *const index = &piece->index;
	struct message_index message = {
		.offsets = {index->offsets, index->count},
		.times = {index->times, index->count},
		.sockets = {index->sockets, index->count},
		.first_ns = piece->first_ns,
		.last_ns = piece->last_ns,
		.snapshots = piece->snapshots,
		.size = UINT32_MAX, /* so that it takes its room */
	};
	const size_t before = piece->out.len;
	int error = stream_append_message(&piece->out, piece->last_ns, MESSAGE_INDEX, &message);

	if (error == 0) {
		message.size = (uint32_t)(piece->out.len - before);
		piece->out.len = before;
		error = stream_append_message(&piece->out, piece->last_ns, MESSAGE_INDEX, &message);
		piece->size += message.size;
	}
	return error;
}

int
piece_finish(struct piece *piece)
{
	int error = piece->snapshots != 0 ? add_index(piece) : 0;

	if (error == 0)
		error = piece_flush(piece);
	/* Standard output cannot be synchronized, and need not be. */
	(void)fdatasync(piece->fd);
	if (close(piece->fd) != 0 && error == 0)
		error = -errno;
	piece->fd = -1;
	return error;
}
