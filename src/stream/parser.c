/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a stream apart: pcap's headers, then record by record, in place. resync.c finds the next
 * record behind damage. */
#include <config.h>

#include "parser.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "framing.h"

/* CHUNK bytes are read at once, and always to the same place: they stay in the cache until they are
 * parsed. */
enum { CHUNK = 64 * 1024, ALIGNMENT = 4 };

void
parser_fini(struct parser *parser)
{
	free(parser->data);
	*parser = (struct parser){0};
}

/* Bytes from start to the end of what comes next, as far as it is known; never more than a record.
 */
static size_t
wanted(const struct parser *parser)
{
	struct framing_record header;

	if (!parser->opened)
		return sizeof(struct framing_file);
	/* A record of any size, and the header behind it. */
	if (parser->is_lost)
		return STREAM_RECORD_MAX + 2 * sizeof header;
	if (parser->end - parser->start < sizeof header)
		return sizeof header;
	memcpy(&header, parser->data + parser->start, sizeof header);
	if (header.len > STREAM_RECORD_MAX)
		return sizeof header;
	return sizeof header + header.len;
}

uint8_t *
parser_room(struct parser *parser, size_t *len)
{
	const size_t pending = parser->end - parser->start;
	const size_t total = wanted(parser);
	const size_t missing = total > pending ? total - pending : 0;
	const size_t needed = missing > CHUNK ? missing : CHUNK;

	/* Most of the time this is less than a record. */
	if (parser->start != 0) {
		memmove(parser->data, parser->data + parser->start, pending);
		parser->start = 0;
		parser->end = pending;
	}
	if (parser->capacity - parser->end < needed) {
		const size_t capacity = (pending + needed + CHUNK - 1) / CHUNK * CHUNK;
		uint8_t *const data = realloc(parser->data, capacity);

		if (data == NULL)
			return NULL;
		parser->data = data;
		parser->capacity = capacity;
	}
	*len = needed;
	return parser->data + parser->end;
}

void
parser_filled(struct parser *parser, size_t len)
{
	parser->end += len;
}

static int
open_file(struct parser *parser, struct error *error)
{
	struct framing_file header;

	memcpy(&header, parser->data + parser->start, sizeof header);
	if (header.magic == FRAMING_MAGIC_SWAPPED) {
		error_set(error,
			"the stream comes from a machine of the other byte order; read it on a machine of that byte order");
		return -EPROTO;
	}
	if (header.magic != FRAMING_MAGIC_NS || header.major != FRAMING_MAJOR) {
		error_set(error,
			"this is not a stream of sockwatch: it begins with %08" PRIx32
			" instead of the mark of a pcap file in nanoseconds; is something printed before it?",
			header.magic);
		return -EPROTO;
	}
	if (header.link_type != FRAMING_LINK_TYPE) {
		error_set(error,
			"this is not a stream of sockwatch: its link type is %" PRIu32
			" instead of %d (LINUX_SLL2)",
			header.link_type, FRAMING_LINK_TYPE);
		return -EPROTO;
	}
	parser->start += sizeof header;
	parser->offset += sizeof header;
	parser->opened = true;
	return 0;
}

/*
 * Netlink is read in place and needs alignment, which only a packet of odd length before it can
 * spoil. Then it moves down over its headers, which were read.
 */
static void
align(struct record *record, uint8_t *data)
{
	const size_t excess = (uintptr_t)data % ALIGNMENT;

	if (excess == 0 || record->kind == RECORD_PACKET)
		return;
	memmove(data - excess, data, record->len);
	record->data = data - excess;
}

/* The next record, where the stream is whole. */
static int
next_record(struct parser *parser, struct record *record, struct error *error)
{
	const size_t pending = parser->end - parser->start;
	enum parser_doubt doubt = PARSER_DOUBT_NONE;
	struct framing_record header;
	uint8_t *data;

	if (pending < sizeof header)
		return 0;
	memcpy(&header, parser->data + parser->start, sizeof header);
	if (header.len > STREAM_RECORD_MAX || header.nanoseconds >= CLOCK_NS_PER_S) {
		error_set(error,
			"the stream is broken: a record claims %" PRIu32 " bytes and %" PRIu32
			" nanoseconds",
			header.len, header.nanoseconds);
		return -EPROTO;
	}
	if (pending < sizeof header + header.len)
		return 0;
	if (parser->recovers)
		doubt = parser_doubt(parser, sizeof header + header.len);
	if (doubt == PARSER_DOUBT_WRONG || doubt == PARSER_DOUBT_OPEN)
		return doubt == PARSER_DOUBT_WRONG ? -EPROTO : 0;
	data = parser->data + parser->start + sizeof header;
	record->time_ns = header.seconds * CLOCK_NS_PER_S + header.nanoseconds;
	if (framing_open_cooked(data, header.len, header.wire_len, record, error) != 0)
		return -EPROTO;
	if (!parser->keeps_bytes)
		align(record, data + sizeof(struct framing_cooked));
	parser->start += sizeof header + header.len;
	parser->offset += sizeof header + header.len;
	if (doubt == PARSER_DOUBT_NONE)
		parser->seconds = header.seconds;
	return 1;
}

int
parser_next(struct parser *parser, struct record *record, struct error *error)
{
	if (!parser->opened) {
		const int status = parser->end - parser->start < sizeof(struct framing_file)
					   ? 0
					   : open_file(parser, error);

		if (!parser->opened)
			return status;
	}
	for (;;) {
		int status;

		if (parser->is_lost && !parser_resync(parser))
			return 0;
		status = next_record(parser, record, error);
		if (!parser->recovers || status == 1)
			return status;
		/* A record longer than what is left: cut, unless there are others in it. */
		if (status == 0 && (!parser->at_end || parser->start == parser->end))
			return 0;
		parser->is_lost = true;
		parser->is_tail = status == 0;
	}
}

void
parser_seek(struct parser *parser, uint64_t offset)
{
	parser->start = parser->end = 0;
	parser->offset = offset;
	parser->opened = true;
	parser->at_end = parser->is_lost = parser->was_skipped = parser->is_tail = false;
}

bool
parser_inside(const struct parser *parser)
{
	return parser->start != parser->end || !parser->opened;
}
