/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of a recording: whole records behind a header, key frames, an index at the end. */
#ifndef SOCKWATCH_RECORDING_PIECE_H
#define SOCKWATCH_RECORDING_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>
#include <sockwatch/stream/cutter.h>

/* Where the key frames are; when it is full every second entry goes. */
struct piece_index {
	uint64_t offsets[MESSAGE_ARRAY_MAX];
	uint64_t times[MESSAGE_ARRAY_MAX];
	uint32_t sockets[MESSAGE_ARRAY_MAX];
	size_t count;
	unsigned every, skipped; /* one key frame in so many has an entry */
};

struct piece {
	int fd; /* -1: none is open */
	char name[256];
	uint64_t size;     /* bytes, with those that wait */
	struct buffer out; /* they wait */
	struct piece_index index;
	uint64_t first_ns, last_ns;
	uint64_t snapshots;
	uint64_t key_offset; /* of the last complete key frame, or of the one under way */
	bool in_key;
	uint32_t listed; /* sockets, in the refresh under way or the last */
};

/* What ends with a record. */
enum piece_end {
	PIECE_END_NOTHING,
	PIECE_END_REFRESH,
	PIECE_END_KEY_FRAME,
	PIECE_END_BROKEN_KEY_FRAME, /* a reader cannot begin with it */
};

/* What an index takes at most, so that there is room for it. */
enum { PIECE_INDEX_MAX = 100 * 1024 };

void piece_init(struct piece *piece);
/* What was written stays; no index is added. */
void piece_fini(struct piece *piece);

/* Takes the descriptor, which is at the end of size bytes. size 0: a new file, which gets its
 * header. 0, or negative errno. */
int piece_begin(struct piece *piece, int fd, const char *name, uint64_t size);
/* Appends a record. 0, or -ENOMEM. */
int piece_add(struct piece *piece, const struct stream_cut *cut);
/* Enough waits to be written. */
bool piece_is_due(const struct piece *piece);
/* Keeps what the index says of a record at this offset, which is in the file or will be. */
void piece_note_record(struct piece *piece, const struct stream_cut *cut, uint64_t offset);
/* Takes in what the record that was noted last says. cutter: that it was cut by. */
enum piece_end piece_note_message(
	struct piece *piece, struct stream_cutter *cutter, const struct stream_cut *cut);
/* A complete key frame with so many sockets ends with the record that was added last. */
void piece_note_key(struct piece *piece, uint32_t sockets);
/* Writes what waits. What a failed write left of a record is taken away again. */
int piece_flush(struct piece *piece);
/* Writes the index, and closes. */
int piece_finish(struct piece *piece);

#endif
