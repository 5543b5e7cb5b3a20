/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Segments as the capture on our box sees them, for a model that is fed: we are 10.0.0.2, they
 * 10.0.0.1. */
#ifndef SOCKWATCH_TESTS_UNIT_FEED_WIRE_H
#define SOCKWATCH_TESTS_UNIT_FEED_WIRE_H

#include <linux/if_packet.h>
#include <netinet/in.h>

#include <sockwatch/model/event.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

#include "feed.h"
#include "packets.h"

struct feed_segment {
	bool out;
	uint16_t ours, theirs; /* ports */
	unsigned flags;
	uint32_t seq, ack;
};

static inline void
feed_wire(struct feed *feed, const struct feed_segment *segment)
{
	const bool out = segment->out;
	struct packet packet = {.len = 0};
	struct record record = {.time_ns = feed->realtime_ns,
		.kind = RECORD_PACKET,
		.netns = FEED_NETNS,
		.ifindex = 2,
		.protocol = 0x0800,
		.packet_type = out ? PACKET_OUTGOING : PACKET_HOST};

	packet_add_ipv4(&packet, 0, IPPROTO_TCP, 40);
	packet_add_tcp(&packet, segment->flags, "", 0);
	packet.data[15] = out ? 2 : 1;
	packet.data[19] = out ? 1 : 2;
	packet.len = 20;
	packet_add_16(&packet, out ? segment->ours : segment->theirs);
	packet_add_16(&packet, out ? segment->theirs : segment->ours);
	packet_add_32(&packet, segment->seq);
	packet_add_32(&packet, segment->ack);
	packet.len = 40;
	record.data = packet.data;
	record.len = record.wire_len = packet.len;
	model_apply(feed->model, &record);
}

/* Of the newest event. */
static inline const struct conversation *
feed_newest(const struct feed *feed)
{
	struct wire *const wire = feed->model->wire;
	const struct event *const event = wire_event(wire, wire_event_end(wire) - 1);

	return wire_conversation(wire, event->conversation, event->generation);
}

#endif
