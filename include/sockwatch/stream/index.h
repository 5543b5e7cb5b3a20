/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of a recording (MESSAGE_INDEX): where a reader may begin. */
#ifndef SOCKWATCH_STREAM_INDEX_H
#define SOCKWATCH_STREAM_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct stream_key_frame {
	uint64_t offset; /* of its HELLO, bytes from the start of the file */
	uint64_t end_ns; /* CLOCK_REALTIME when it was complete */
};

struct stream_index {
	struct stream_key_frame *key_frames; /* in the order of the file */
	size_t count;
	uint64_t first_ns, last_ns; /* CLOCK_REALTIME of the first and the last record */
};

/*
 * 0; -ENOENT: no regular file, none of ours, or one that does not end with an index (it was cut, or
 * is being written); -ENOMEM. The place of the descriptor stays as it is.
 */
int stream_index_read(int fd, struct stream_index *index);
void stream_index_fini(struct stream_index *index);
/* The last key frame that was complete at this time, before any later one. NULL: none was. */
const struct stream_key_frame *stream_index_find(const struct stream_index *index, uint64_t at_ns);

#endif
