/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TCP header, with its options as they came. */
#include <config.h>

#include <string.h>

#include "segment_private.h"

/* Copies the options as far as they were captured. The header at `at` is complete before them. */
static void
keep_options(const struct packet_bytes *packet, size_t at, size_t header, struct segment *segment)
{
	const size_t end = at + header < packet->len ? at + header : packet->len;
	const size_t begin = at + SEGMENT_TCP_SIZE;

	segment->option_len = (uint8_t)(end - begin);
	memcpy(segment->options, packet->data + begin, end - begin);
}

/* RFC 9293 section 3.1. */
enum segment_result
segment_tcp(struct segment_reading *reading)
{
	struct packet_bytes *const packet = &reading->packet;
	struct segment *const segment = reading->segment;
	const size_t at = reading->at;
	const uint8_t *const tcp = packet_bytes_at(packet, at, SEGMENT_TCP_SIZE);
	size_t header;

	if (at + SEGMENT_TCP_SIZE > reading->end)
		return SEGMENT_BAD;
	if (tcp == NULL)
		return segment_reading_short(reading);
	header = (size_t)(tcp[12] >> 4) * 4;
	if (header < SEGMENT_TCP_SIZE || header > reading->end - at)
		return SEGMENT_BAD;
	segment->source_port = packet_load_16(tcp);
	segment->destination_port = packet_load_16(tcp + 2);
	segment->seq = packet_load_32(tcp + 4);
	segment->ack = packet_load_32(tcp + 8);
	segment->data_offset = (uint8_t)header;
	segment->flags = packet_load_16(tcp + 12) & 0x01ff;
	segment->window = packet_load_16(tcp + 14);
	segment->len = (uint32_t)(reading->end - at - header);
	keep_options(packet, at, header, segment);
	return SEGMENT_OK;
}
