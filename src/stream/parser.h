/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes a stream apart as its bytes come, in pieces of any size: the part of the pipe reader that
 * needs no pipe. One buffer, of one record and one read at most; a record is not copied.
 */
#ifndef SOCKWATCH_STREAM_PARSER_H
#define SOCKWATCH_STREAM_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

struct parser {
	uint8_t *data;
	size_t capacity;
	size_t start, end; /* bytes not yet taken apart */
	bool opened;       /* the file's header was seen, or the stream begins without it */
	bool recovers;     /* goes on behind damage, see resync.c; otherwise that is an error */
	bool keeps_bytes;  /* leaves records as they are, netlink aligned or not */
	bool at_end;       /* no more bytes come */
	bool is_lost;      /* between damage and the next record */
	bool was_skipped;  /* some bytes of this damage are behind us */
	bool is_tail;      /* lost at the end: either damage or a last record that was cut */
	uint32_t seconds;  /* of the last record */
	uint64_t offset;   /* of start, from the beginning of the stream */
	struct stream_damage damage;
};

/* One that is all zeros has read nothing yet. */
void parser_fini(struct parser *parser);
/* Room for the next *len bytes; NULL: no memory. The last record is gone then. */
uint8_t *parser_room(struct parser *parser, size_t *len);
/* len bytes came. */
void parser_filled(struct parser *parser, size_t len);
/* 1 and *record; 0: more bytes are needed; -EPROTO with a sentence. */
int parser_next(struct parser *parser, struct record *record, struct error *error);
/* The next bytes are those at this offset of the stream, where a record begins. */
void parser_seek(struct parser *parser, uint64_t offset);
/* Within a record, or before the end of the file's header. */
bool parser_inside(const struct parser *parser);

/*
 * Moves start to the next place that looks like two records, one behind the other, or like one that
 * ends the stream; what is skipped is counted. False: more bytes are needed. (resync.c)
 */
bool parser_resync(struct parser *parser);
/*
 * Of the record of size bytes at start. NONE: a header follows it; LITTLE: none does, or none has
 * come yet; WRONG: none does, and there are others in it, so it claims too much; OPEN: more bytes
 * are needed to know.
 */
enum parser_doubt {
	PARSER_DOUBT_NONE,
	PARSER_DOUBT_LITTLE,
	PARSER_DOUBT_WRONG,
	PARSER_DOUBT_OPEN,
};
enum parser_doubt parser_doubt(const struct parser *parser, size_t size);
/*
 * For a stream whose beginning is missing: moves start to the first record among the bytes that
 * have come. False: there is none, and nothing changed.
 */
bool parser_begin_inside(struct parser *parser);

#endif
