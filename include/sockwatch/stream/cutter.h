/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts the bytes of a collector's stream into whole records and leaves them as they are: for who
 * writes them on. It knows of a record only how long it is, and which message of ours.
 */
#ifndef SOCKWATCH_STREAM_CUTTER_H
#define SOCKWATCH_STREAM_CUTTER_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>
#include <sockwatch/stream/message.h>

struct stream_cutter;

/* A record with its headers. */
struct stream_cut {
	const uint8_t *bytes; /* live until the next call on the cutter */
	size_t len;
	uint64_t time_ns; /* CLOCK_REALTIME */
	unsigned type;    /* enum message_type; 0: none of our messages */
};

/* NULL: no memory. */
struct stream_cutter *stream_cutter_new(void);
void stream_cutter_free(struct stream_cutter *cutter);
/* Another stream begins, with a header of its own; a record that was begun is dropped. */
void stream_cutter_restart(struct stream_cutter *cutter);
/* len bytes came. 0, or -ENOMEM. What was cut before is gone. */
int stream_cutter_add(struct stream_cutter *cutter, const void *bytes, size_t len);
/* The next record: 1; 0: more bytes are needed; -EPROTO with a sentence. */
int stream_cutter_next(struct stream_cutter *cutter, struct stream_cut *cut, struct error *error);
/* The message that a record is, as message_decode; its texts live as long as the record. */
int stream_cutter_decode(
	struct stream_cutter *cutter, const struct stream_cut *cut, struct message *message);

enum { STREAM_HEADER_SIZE = 24 };

/* The header of a stream's file. */
void stream_header_fill(uint8_t header[STREAM_HEADER_SIZE]);
/* Appends a record with one of our messages. 0, or negative errno. */
int stream_append_message(
	struct buffer *out, uint64_t time_ns, enum message_type type, const void *body);

#endif
