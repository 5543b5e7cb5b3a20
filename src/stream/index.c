/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the index that a recording ends with. */
#include <config.h>

#include <sockwatch/stream/index.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/message.h>

#include "framing.h"

static bool
read_at(int fd, void *out, size_t len, uint64_t offset)
{
	return pread(fd, out, len, (off_t)offset) == (ssize_t)len;
}

/* The offsets must be places of this file, in order: it may come from anywhere. */
static bool
is_sane(const struct message_index *index, uint64_t size)
{
	uint64_t before = 0;

	if (index->offsets.count == 0 || index->offsets.count != index->times.count)
		return false;
	for (size_t i = 0; i < index->offsets.count; i++) {
		const uint64_t offset = array_u64(index->offsets, i);

		if (offset <= before || offset >= size)
			return false;
		before = offset;
	}
	return true;
}

static int
take(struct stream_index *index, const struct message_index *message)
{
	const size_t count = message->offsets.count;

	index->key_frames = calloc(count, sizeof *index->key_frames);
	if (index->key_frames == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		index->key_frames[i] =
			(struct stream_key_frame){.offset = array_u64(message->offsets, i),
				.end_ns = array_u64(message->times, i)};
	index->count = count;
	index->first_ns = message->first_ns;
	index->last_ns = message->last_ns;
	return 0;
}

/* The record that the file ends with, when it is one of ours. */
static int
read_last(int fd, uint64_t size, uint32_t len, struct stream_index *index)
{
	struct framing_header header;
	struct buffer bytes;
	struct message message;
	int result = -ENOENT;

	if (!read_at(fd, &header, sizeof header, size - len) ||
		header.record.len != len - sizeof header.record)
		return -ENOENT;
	buffer_init(&bytes, 0);
	len -= (uint32_t)sizeof header;
	if (buffer_reserve(&bytes, len) == NULL)
		return -ENOMEM;
	if (read_at(fd, bytes.data, len, size - len) &&
		message_decode(bytes.data, len, &message) == 0 && message.type == MESSAGE_INDEX &&
		is_sane(&message.body.index, size))
		result = take(index, &message.body.index);
	buffer_fini(&bytes);
	return result;
}

int
stream_index_read(int fd, struct stream_index *index)
{
	struct framing_file file;
	struct stat facts;
	uint32_t len;

	*index = (struct stream_index){0};
	if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode) ||
		(uint64_t)facts.st_size < sizeof file + sizeof len ||
		!read_at(fd, &file, sizeof file, 0) || !framing_is_ours(&file) ||
		!read_at(fd, &len, sizeof len, (uint64_t)facts.st_size - sizeof len))
		return -ENOENT;
	if (len <= sizeof(struct framing_header) || len > STREAM_RECORD_MAX ||
		len % sizeof len != 0 || len > (uint64_t)facts.st_size - sizeof file)
		return -ENOENT;
	return read_last(fd, (uint64_t)facts.st_size, len, index);
}

void
stream_index_fini(struct stream_index *index)
{
	free(index->key_frames);
	*index = (struct stream_index){0};
}

const struct stream_key_frame *
stream_index_find(const struct stream_index *index, uint64_t at_ns)
{
	const struct stream_key_frame *found = NULL;

	for (size_t i = 0; i < index->count && index->key_frames[i].end_ns <= at_ns; i++)
		found = &index->key_frames[i];
	return found;
}
