/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where segment_decode stands in its packet, for its two files. */
#ifndef SOCKWATCH_MODEL_WIRE_SEGMENT_SEGMENT_PRIVATE_H
#define SOCKWATCH_MODEL_WIRE_SEGMENT_SEGMENT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/segment.h>

#include "packet_bytes.h"

enum { SEGMENT_TCP_SIZE = 20 }; /* without options */

struct segment_reading {
	struct packet_bytes packet;
	struct segment *segment;
	size_t at;     /* of the header to be read next */
	size_t end;    /* of the IP packet, captured or not */
	uint16_t type; /* ethertype of what is at `at` */
	uint8_t next_header;
	bool captured_whole;
};

/* A header is not all there: was it cut by the capture, or so on the wire? */
static inline enum segment_result
segment_reading_short(const struct segment_reading *reading)
{
	return reading->captured_whole ? SEGMENT_BAD : SEGMENT_CUT;
}

/* Reads the TCP header at `at`. */
enum segment_result segment_tcp(struct segment_reading *reading);

#endif
