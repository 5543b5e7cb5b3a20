/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a collector's stream to a file, or to a ring of files that never takes more than its
 * bound. It writes what came as it came, and knows where readers may begin (key frames): each file
 * begins with one and ends with an index of them.
 */
#ifndef SOCKWATCH_RECORDING_RECORDER_H
#define SOCKWATCH_RECORDING_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/message.h>

struct recorder_options {
	const char *path;    /* "-": standard output; NULL: a ring in memory */
	uint64_t max_bytes;  /* of all files together; 0: no bound */
	uint64_t max_age_ns; /* of what is kept; 0: no bound. Either bound makes a ring. */
	unsigned files;      /* of a ring, at most */
	bool append;         /* go on behind what the file holds */
	bool force;          /* replace it */
	/* What the collector has to say to a person; may be NULL. */
	void (*on_notice)(void *context, const struct message_notice *notice);
	void *context;
};

struct recorder_facts {
	uint64_t first_ns, last_ns; /* CLOCK_REALTIME of the records; 0: none came */
	uint64_t bytes;             /* written, whether they are still there or not */
	uint64_t snapshots;         /* complete */
	uint64_t key_frames;
	uint64_t lost;    /* what the collector said that it lost, all kinds together */
	uint32_t sockets; /* listed in the last refresh */
	uint64_t removed; /* files of the ring */
	const char *name; /* of the file that is written now; lives as long as the recorder */
};

struct recorder;

/*
 * Opens the directory, so that this process may give up its rights afterwards, and, but for a
 * ring, makes the file: 0600, never through a symbolic link. NULL with a sentence.
 */
struct recorder *recorder_new(const struct recorder_options *options, struct error *error);
/* Nothing is written any more. NULL is allowed. */
void recorder_free(struct recorder *recorder);

/* Another collector begins its stream. */
void recorder_restart(struct recorder *recorder);
/*
 * Takes bytes as they come. 0; -EPROTO (no stream); -EMSGSIZE (the bound is too small for this
 * box); or another negative errno of the file, all with a sentence; what was written until then
 * ends with a whole record.
 */
int recorder_take(struct recorder *recorder, const void *bytes, size_t len, struct error *error);
/*
 * Whether a key frame is due: a reader that begins at the last one would have too far to go, or
 * the next file of the ring is to begin. Ask the collector for it then; true only once for each.
 */
bool recorder_wants_key(struct recorder *recorder, uint64_t monotonic_ns);
/* A key frame is due now; of a ring it begins another file. */
void recorder_turn(struct recorder *recorder);
/* Writes a note; it takes its place behind what came. 0, or negative errno with a sentence. */
int recorder_mark(struct recorder *recorder, const char *text, struct error *error);
/* Ends the file in order, with its index. 0, or negative errno with a sentence. */
int recorder_finish(struct recorder *recorder, struct error *error);
/*
 * Opens what a recorder in memory holds, the oldest first: at most `room` descriptors, the caller's
 * (negative: none was left). How many.
 */
int recorder_open(struct recorder *recorder, int *fds, size_t room);
/*
 * Writes what a recorder in memory holds as one recording, by a function that returns 0 or negative
 * errno. 0, or negative errno.
 */
int recorder_copy(struct recorder *recorder,
	int (*write)(void *context, const void *bytes, size_t len), void *context);
const struct recorder_facts *recorder_facts(const struct recorder *recorder);

#endif
