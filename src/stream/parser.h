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
	bool opened;       /* the file's header was seen */
};

void parser_init(struct parser *parser);
void parser_fini(struct parser *parser);
/* Room for the next *len bytes; NULL: no memory. The last record is gone then. */
uint8_t *parser_room(struct parser *parser, size_t *len);
/* len bytes came. */
void parser_filled(struct parser *parser, size_t len);
/* 1 and *record; 0: more bytes are needed; -EPROTO with a sentence. */
int parser_next(struct parser *parser, struct record *record, struct error *error);
/* Within a record, or before the end of the file's header. */
bool parser_inside(const struct parser *parser);

#endif
