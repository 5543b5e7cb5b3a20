/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recording in a file, as far as it must be known to begin anywhere in it. */
#ifndef SOCKWATCH_SOURCE_TRACK_H
#define SOCKWATCH_SOURCE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/index.h>
#include <sockwatch/stream/stream.h>

struct track_walk;

struct track {
	char *path;
	int fd;
	char host[64], boot[64];   /* which box, and since when; "": not known */
	struct stream_index index; /* of the file; or found by reading it */
	uint64_t *marks_ns;        /* in the order of the file, as far as it was looked through */
	size_t mark_count, mark_room;
	struct track_walk *walk; /* NULL: all of it was looked through */
};

/*
 * A file that has no index is looked through for its key frames; another one when there is time,
 * for its marks. fd is used up. 0, or negative errno with a sentence.
 */
int track_open(struct track *track, int fd, const char *path, struct error *error);
/* It stands at another place now. */
void track_moved(struct track *track);
/* Looks through a part of the file, some 100 us. True: there is more. */
bool track_look(struct track *track);
void track_close(struct track *track);
/*
 * A reader that begins with the key frame from which the last snapshot before at_ns can be shown,
 * with another snapshot before it if that is not far, since rates are of two. *offset is where.
 * NULL with a sentence.
 */
struct stream_reader *track_read(
	const struct track *track, uint64_t at_ns, uint64_t *offset, struct error *error);

/* Where to begin for a time, as track_read; NULL: at the start of the file. */
const struct stream_key_frame *track_choose(const struct stream_index *index, uint64_t at_ns);

#endif
