/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the key frames and marks of a recording, and begins to read it at one of them. */
#include <config.h>

#include "track.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/cutter.h>

enum {
	CHUNK = 256 * 1024,
	/* Key frames that are no further apart are both read. */
	WARM_UP_BYTES = 16 * 1024 * 1024,
};

/* One pass over the file. */
struct track_walk {
	struct track *track;
	struct stream_cutter *cutter;
	uint8_t *bytes;     /* CHUNK */
	uint64_t place;     /* in the file, of the next bytes */
	uint64_t offset;    /* of the next record */
	uint64_t hello;     /* of the newest HELLO; 0: its refresh has ended */
	size_t room;        /* for key frames */
	bool has_index;     /* they are known */
	uint64_t snapshots; /* complete ones */
};

static int
grow(void **items, size_t count, size_t *room, size_t size)
{
	void *more;

	if (count < *room)
		return 0;
	*room = *room != 0 ? *room * 2 : 64;
	more = reallocarray(*items, *room, size);
	if (more == NULL)
		return -ENOMEM;
	*items = more;
	return 0;
}

static int
add_mark(struct track *track, uint64_t time_ns)
{
	const int result = grow((void **)&track->marks_ns, track->mark_count, &track->mark_room,
		sizeof *track->marks_ns);

	if (result == 0)
		track->marks_ns[track->mark_count++] = time_ns;
	return result;
}

static int
add_key_frame(struct track_walk *walk, uint64_t end_ns)
{
	struct stream_index *const index = &walk->track->index;
	const int result = grow(
		(void **)&index->key_frames, index->count, &walk->room, sizeof *index->key_frames);

	if (result == 0)
		index->key_frames[index->count++] =
			(struct stream_key_frame){.offset = walk->hello, .end_ns = end_ns};
	return result;
}

static int
end_snapshot(struct track_walk *walk, const struct stream_cut *cut)
{
	struct message message;
	const bool is_key = walk->hello != 0 &&
			    stream_cutter_decode(walk->cutter, cut, &message) == 0 &&
			    message.body.snapshot_end.key != 0;
	const int result = is_key && !walk->has_index ? add_key_frame(walk, cut->time_ns) : 0;

	walk->snapshots++;
	walk->hello = 0;
	return result;
}

static int
take(struct track_walk *walk, const struct stream_cut *cut)
{
	struct stream_index *const index = &walk->track->index;
	const uint64_t offset = walk->offset;

	walk->offset += cut->len;
	if (cut->type == MESSAGE_INDEX)
		return 0;
	if (index->first_ns == 0)
		index->first_ns = cut->time_ns;
	if (cut->time_ns > index->last_ns)
		index->last_ns = cut->time_ns;
	switch (cut->type) {
	case MESSAGE_HELLO: walk->hello = offset; return 0;
	case MESSAGE_SNAPSHOT_END: return end_snapshot(walk, cut);
	case MESSAGE_MARK: return add_mark(walk->track, cut->time_ns);
	default: return 0;
	}
}

/* 1: go on; 0: what follows cannot be cut into records; negative errno. */
static int
take_bytes(struct track_walk *walk, const uint8_t *bytes, size_t len)
{
	struct error error = {.position = -1};
	struct stream_cut cut;
	int result = stream_cutter_add(walk->cutter, bytes, len);

	while (result == 0 && (result = stream_cutter_next(walk->cutter, &cut, &error)) == 1)
		result = take(walk, &cut);
	if (result == -EPROTO)
		return 0;
	return result < 0 ? result : 1;
}

/* 1: go on; 0: that was all; negative errno. */
static int
take_chunk(struct track_walk *walk)
{
	const ssize_t count = pread(walk->track->fd, walk->bytes, CHUNK, (off_t)walk->place);

	if (count < 0)
		return errno == EINTR ? 1 : -errno;
	walk->place += (uint64_t)count;
	return count > 0 ? take_bytes(walk, walk->bytes, (size_t)count) : 0;
}

static void
end_walk(struct track *track)
{
	if (track->walk == NULL)
		return;
	stream_cutter_free(track->walk->cutter);
	free(track->walk->bytes);
	free(track->walk);
	track->walk = NULL;
}

static int
begin_walk(struct track *track)
{
	struct track_walk *const walk = calloc(1, sizeof *walk);

	if (walk == NULL)
		return -ENOMEM;
	track->walk = walk;
	walk->track = track;
	walk->offset = STREAM_HEADER_SIZE;
	walk->cutter = stream_cutter_new();
	walk->bytes = malloc(CHUNK);
	walk->has_index = stream_index_read(track->fd, &track->index) == 0;
	return walk->cutter != NULL && walk->bytes != NULL ? 0 : -ENOMEM;
}

static int
find_key_frames(struct track *track, struct error *error)
{
	int result = begin_walk(track);

	if (result == 0 && track->walk->has_index)
		return 0;
	if (result == 0) {
		while ((result = take_chunk(track->walk)) == 1)
			;
	}
	if (result != 0) {
		error_set(error, "cannot read %s: %s", track->path, file_words(result));
	} else if (track->walk->snapshots == 0) {
		error_set(error,
			"%s holds no complete snapshot; `sockwatch record` writes recordings",
			track->path);
		result = -EINVAL;
	}
	end_walk(track);
	return result;
}

void
track_moved(struct track *track)
{
	if (track->walk != NULL)
		track->walk->track = track;
}

bool
track_look(struct track *track)
{
	/* What cannot be read is told when it is shown. */
	if (track->walk != NULL && take_chunk(track->walk) != 1)
		end_walk(track);
	return track->walk != NULL;
}

/* The first record says who speaks. */
static void
read_hello(struct track *track)
{
	struct error error = {.position = -1};
	struct stream_reader *reader;
	struct record record;
	struct message message;
	uint64_t offset;

	reader = track_read(track, 0, &offset, &error);
	if (reader != NULL && stream_reader_next(reader, &record, &error) == 1 &&
		record.kind == RECORD_MESSAGE &&
		message_decode(record.data, record.len, &message) == 0 &&
		message.type == MESSAGE_HELLO) {
		text_clean(message.body.hello.machine_id, track->host, sizeof track->host);
		text_clean(message.body.hello.boot_id, track->boot, sizeof track->boot);
	}
	stream_reader_free(reader);
}

int
track_open(struct track *track, int fd, const char *path, struct error *error)
{
	int result = -ENOMEM;

	*track = (struct track){.path = strdup(path), .fd = fd};
	if (track->path != NULL)
		result = find_key_frames(track, error);
	else
		error_set(error, "there is not enough memory to begin");
	if (result == 0)
		read_hello(track);
	else
		track_close(track);
	return result;
}

void
track_close(struct track *track)
{
	end_walk(track);
	if (track->fd >= 0)
		close(track->fd);
	stream_index_fini(&track->index);
	free(track->marks_ns);
	free(track->path);
	*track = (struct track){.fd = -1};
}

const struct stream_key_frame *
track_choose(const struct stream_index *index, uint64_t at_ns)
{
	const struct stream_key_frame *const last = stream_index_find(index, at_ns);

	if (last == NULL || last == index->key_frames ||
		last->offset - last[-1].offset > WARM_UP_BYTES)
		return last;
	return last - 1;
}

struct stream_reader *
track_read(const struct track *track, uint64_t at_ns, uint64_t *offset, struct error *error)
{
	const struct stream_key_frame *const key_frame = track_choose(&track->index, at_ns);
	const int fd = fcntl(track->fd, F_DUPFD_CLOEXEC, 0);
	struct stream_reader *reader;

	*offset = key_frame != NULL ? key_frame->offset : STREAM_HEADER_SIZE;
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) != 0) {
		error_set(error, "%s cannot be sought in: %s", track->path, file_words(errno));
		close(fd);
		return NULL;
	}
	reader = stream_reader_open(fd, track->path, error);
	if (reader != NULL && stream_reader_seek(reader, *offset) != 0) {
		error_set(error, "%s cannot be sought in", track->path);
		stream_reader_free(reader);
		return NULL;
	}
	return reader;
}
