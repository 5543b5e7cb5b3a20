/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Behind damage: the next place of a stream where records begin. A pcap file has no marks to look
 * for, so a place is taken when the headers there hold together: lengths that agree, a cooked
 * header as a collector writes it, and behind the record another such header of about the same
 * time, or the end of the stream.
 */
#include <config.h>

#include "parser.h"

#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "framing.h"

/* Two records that follow each other are no further apart. */
enum { APART_MAX_S = 24 * 60 * 60 };

static bool
is_near(uint32_t a, uint32_t b)
{
	return (a > b ? a - b : b - a) <= APART_MAX_S;
}

/* The address is filled up with zeros. */
static bool
has_address(const struct framing_cooked *cooked)
{
	for (size_t i = cooked->address_len; i < sizeof cooked->address; i++) {
		if (cooked->address[i] != 0)
			return false;
	}
	return cooked->address_len <= sizeof cooked->address;
}

/* As framing_fill writes it, or as a capture of packets. */
static bool
is_cooked(const struct framing_cooked *cooked, bool is_whole)
{
	if (!has_address(cooked))
		return false;
	if (ntohs(cooked->arphrd) != ARPHRD_NETLINK)
		return cooked->packet_type <= PACKET_OUTGOING && cooked->protocol != 0 &&
		       cooked->ifindex != 0;
	return is_whole && cooked->packet_type == PACKET_HOST &&
	       cooked->address_len == sizeof(uint32_t) && cooked->ifindex == 0 &&
	       (ntohs(cooked->protocol) == NETLINK_SOCK_DIAG ||
		       ntohs(cooked->protocol) == NETLINK_USERSOCK);
}

/* The bytes of the record whose headers may be at `at`, its time in *seconds; 0: they are none, or
 * its time is not near *before, unless that is NULL. */
static size_t
record_size(const struct parser *parser, size_t at, const uint32_t *before, uint32_t *seconds)
{
	struct framing_header header;

	memcpy(&header, parser->data + at, sizeof header);
	if (header.record.len < sizeof header.cooked || header.record.len > STREAM_RECORD_MAX ||
		header.record.wire_len < header.record.len ||
		header.record.nanoseconds >= CLOCK_NS_PER_S ||
		(before != NULL && !is_near(*before, header.record.seconds)) ||
		!is_cooked(&header.cooked, header.record.wire_len == header.record.len))
		return 0;
	*seconds = header.record.seconds;
	return sizeof header.record + header.record.len;
}

/* The last record has nothing behind it that could agree, so it must be one of a collector's, of
 * about the time of the last one. */
static bool
is_last(const struct parser *parser, size_t at, size_t size)
{
	struct framing_header header;

	memcpy(&header, parser->data + at, sizeof header);
	return ntohs(header.cooked.arphrd) == ARPHRD_NETLINK && size == parser->end - at &&
	       is_near(parser->seconds, header.record.seconds);
}

enum place { PLACE_NONE, PLACE_RECORD, PLACE_UNKNOWN };

static enum place
look_at(const struct parser *parser, size_t at)
{
	const size_t left = parser->end - at;
	const size_t header = sizeof(struct framing_header);
	uint32_t seconds, next;
	size_t size;

	if (left < header)
		return parser->at_end ? PLACE_NONE : PLACE_UNKNOWN;
	size = record_size(parser, at, NULL, &seconds);
	if (size == 0 || (parser->at_end && size > left))
		return PLACE_NONE;
	if (left < size + header && !parser->at_end)
		return PLACE_UNKNOWN;
	if (left < size + header)
		return is_last(parser, at, size) ? PLACE_RECORD : PLACE_NONE;
	return record_size(parser, at + size, &seconds, &next) != 0 ? PLACE_RECORD : PLACE_NONE;
}

enum parser_doubt
parser_doubt(const struct parser *parser, size_t size)
{
	const size_t end = parser->start + size;
	uint32_t seconds;

	if (parser->end < end + sizeof(struct framing_header))
		return PARSER_DOUBT_LITTLE;
	if (record_size(parser, end, NULL, &seconds) != 0)
		return PARSER_DOUBT_NONE;
	for (size_t at = parser->start + 1; at < end; at++) {
		const enum place place = look_at(parser, at);

		if (place != PLACE_NONE)
			return place == PLACE_RECORD ? PARSER_DOUBT_WRONG : PARSER_DOUBT_OPEN;
	}
	return PARSER_DOUBT_LITTLE;
}

/* Skips len bytes; the first ones of a damaged place count as another place. */
static void
skip(struct parser *parser, size_t len, bool is_new)
{
	struct stream_damage *const damage = &parser->damage;

	if (is_new && damage->places++ == 0)
		damage->first_offset = parser->offset;
	damage->bytes += len;
	parser->start += len;
	parser->offset += len;
}

bool
parser_resync(struct parser *parser)
{
	/* The bytes at which the damage was found are no record. */
	size_t at = parser->start + (parser->was_skipped ? 0 : 1);
	enum place place = PLACE_NONE;

	while (at < parser->end && (place = look_at(parser, at)) == PLACE_NONE)
		at++;
	if (at > parser->end || (place == PLACE_NONE && parser->is_tail))
		return false;
	skip(parser, at - parser->start, !parser->was_skipped);
	parser->is_lost = place != PLACE_RECORD;
	parser->was_skipped = parser->is_lost;
	return !parser->is_lost;
}

/* The header of the file, behind words that were printed before it. */
static bool
begins_at(const struct parser *parser, size_t at)
{
	struct framing_file header;

	if (parser->end - at < sizeof header)
		return false;
	memcpy(&header, parser->data + at, sizeof header);
	return framing_is_ours(&header);
}

bool
parser_begin_inside(struct parser *parser)
{
	size_t at = parser->start;
	enum place place = PLACE_NONE;

	while (at < parser->end && !begins_at(parser, at) &&
		(place = look_at(parser, at)) != PLACE_RECORD)
		at++;
	if (at == parser->end)
		return false;
	skip(parser, at - parser->start, place != PLACE_RECORD);
	parser->opened = place == PLACE_RECORD;
	return true;
}
