/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the captured bytes down to the TCP header. Each step reads its header at `at` and moves on.
 *
 *   segment_link.c     Ethernet and what else may stand before IP    segment_ip.c       IPv4, IPv6
 *   segment_tunnel.c   IP within IP                                  segment_tcp.c      TCP
 *   segment_options.c  the options of TCP                            segment_format.c   in words
 */
#include <config.h>

#include <sockwatch/model/segment.h>

#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stddef.h>

#include <sockwatch/stream/stream.h>

#include "segment_private.h"

enum { TUNNELS_MAX = 4 }; /* one in the other */

static uint8_t
direction_of(uint8_t packet_type)
{
	switch (packet_type) {
	case PACKET_OUTGOING: return SEGMENT_OUT;
	case PACKET_HOST:
	case PACKET_BROADCAST:
	case PACKET_MULTICAST:
	case PACKET_OTHERHOST: return SEGMENT_IN;
	default: return SEGMENT_DIRECTION_UNKNOWN;
	}
}

/* From one IP header to the next, until one carries TCP. */
static enum segment_result
descend(struct segment_reading *reading)
{
	for (unsigned depth = 0; depth <= TUNNELS_MAX; depth++) {
		enum segment_result result;
		bool is_tunnel;

		segment_shims(reading);
		if (reading->packet.over)
			return segment_reading_short(reading);
		result = segment_ip(reading);
		if (result != SEGMENT_OK)
			return result;
		if (reading->packet.over)
			return segment_reading_short(reading);
		if (reading->next_header == IPPROTO_TCP)
			return segment_tcp(reading);
		is_tunnel = segment_tunnel(reading);
		if (reading->packet.over && !reading->captured_whole)
			return SEGMENT_CUT;
		if (!is_tunnel || reading->packet.over)
			return SEGMENT_NOT_TCP;
	}
	return SEGMENT_NOT_TCP;
}

enum segment_result
segment_decode(const struct record *record, struct segment *segment, struct segment_tunnel *tunnel)
{
	struct segment_reading reading = {
		.packet = {.data = record->data, .len = record->len},
		.segment = segment,
		.tunnel = tunnel,
		.end = record->wire_len,
		.captured_whole = record->wire_len <= record->len,
	};

	tunnel->kind = SEGMENT_TUNNEL_NONE;
	segment->time_ns = record->time_ns;
	segment->netns = record->netns;
	segment->ifindex = record->ifindex;
	segment->direction = direction_of(record->packet_type);
	segment->vlan = segment->ip_id = 0; /* not every segment has them */
	segment->tunnel = 0;
	if (record->kind != RECORD_PACKET)
		return SEGMENT_NOT_TCP;
	segment_link(&reading, record);
	return descend(&reading);
}
