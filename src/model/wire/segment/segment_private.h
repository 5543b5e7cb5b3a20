/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where segment_decode stands in its packet, for its files. */
#ifndef SOCKWATCH_MODEL_WIRE_SEGMENT_SEGMENT_PRIVATE_H
#define SOCKWATCH_MODEL_WIRE_SEGMENT_SEGMENT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/segment.h>

#include "packet_bytes.h"

enum { SEGMENT_TCP_SIZE = 20 }; /* without options */

/* Ethertypes that several files read. 0: one that we do not read. */
enum {
	SEGMENT_TYPE_IPV4 = 0x0800,
	SEGMENT_TYPE_IPV6 = 0x86dd,
	SEGMENT_TYPE_MPLS = 0x8847,
};

struct segment_reading {
	struct packet_bytes packet;
	struct segment *segment;
	struct segment_tunnel *tunnel; /* the outermost */
	size_t at;                     /* of the header to be read next */
	size_t end;                    /* of the IP packet, captured or not */
	uint16_t type;                 /* ethertype of what is at `at` */
	uint8_t next_header;
	bool captured_whole;
};

/* A header is not all there: was it cut by the capture, or so on the wire? */
static inline enum segment_result
segment_reading_short(const struct segment_reading *reading)
{
	return reading->captured_whole ? SEGMENT_BAD : SEGMENT_CUT;
}

struct record;

/* The header of the link. */
void segment_link(struct segment_reading *reading, const struct record *record);
/* Tags, labels, LLC and PPPoE down to the IP header. */
void segment_shims(struct segment_reading *reading);
void segment_ethernet(struct segment_reading *reading);
void segment_ppp(struct segment_reading *reading);
/* By the first byte of an IP header. */
uint16_t segment_type_of_version(uint8_t first);
/* The IP header of reading->type, and its extension headers. */
enum segment_result segment_ip(struct segment_reading *reading);
/* After an IP header: true when it carries a tunnel; reading->type is what that carries. */
bool segment_tunnel(struct segment_reading *reading);
/* Reads the TCP header at `at`. */
enum segment_result segment_tcp(struct segment_reading *reading);

#endif
