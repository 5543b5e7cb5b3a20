/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets into segments, segments into conversations. Input: which link, then packets, each as its
 * length, the milliseconds since the one before, and its bytes; the last one may be cut.
 */
#include <config.h>

#include <linux/if_arp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

#include "fuzz.h"
#include "model/wire/wire_input.h"

static const struct {
	uint16_t arphrd, protocol;
} links[] = {
	{ARPHRD_NONE, 0},
	{ARPHRD_ETHER, 0},
	{ARPHRD_ETHER, 0x0800},
	{ARPHRD_ETHER, 0x86dd},
	{ARPHRD_ETHER, 0x8100},
	{ARPHRD_LOOPBACK, 0},
	{ARPHRD_PPP, 0},
};

enum { LINK_COUNT = sizeof links / sizeof *links, TEXT_SIZE = 64 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Texts fit at every size. */
static void
check_segment(const struct segment *segment)
{
	struct segment_options options;
	char text[TEXT_SIZE];

	segment_read_options(segment, &options);
	require(options.sack_count <= sizeof options.sack / sizeof *options.sack);
	require(segment_format_flags(segment->flags, text, sizeof text) == strlen(text));
	for (size_t size = 1; size <= sizeof text; size += 7) {
		require(segment_format_options(segment, 0, text, size) < size);
		require(memchr(text, '\0', size) != NULL);
	}
}

static void
check_wire(struct wire *wire)
{
	const struct event *event;
	char text[TEXT_SIZE];

	for (uint64_t i = 0; (event = wire_event_from(wire, i)) != NULL; i = event->number + 1) {
		require(event->number >= i && event->number < wire_event_end(wire) &&
			event->kind < EVENT_KIND_COUNT);
		require(memchr(event->words, '\0', sizeof event->words) != NULL);
	}
	for (uint32_t slot = 0; slot < wire_slots(wire); slot++) {
		const struct conversation *const conversation = wire_slot(wire, slot);

		if (conversation == NULL)
			continue;
		require(wire_find(wire, conversation->netns, conversation->link,
				&conversation->address[0], conversation->port[0],
				&conversation->address[1], conversation->port[1]) == conversation);
		require(conversation_format_outcome(conversation, text, sizeof text) < sizeof text);
	}
}

/* The bytes are in a block of their own size, so that a sanitizer sees the first one too many. */
static void
feed(struct wire *wire, struct record *record, const uint8_t *data, size_t len)
{
	uint8_t *const block = malloc(len != 0 ? len : 1);
	struct segment_tunnel tunnel;
	struct segment segment;

	require(block != NULL);
	memcpy(block, data, len);
	record->data = block;
	record->len = len;
	if (segment_decode(record, &segment, &tunnel) == SEGMENT_OK)
		check_segment(&segment);
	/* Now and then two at once, which look at their memory together. */
	wire_packets(
		wire, (struct record[]){*record, *record}, 1 + (len != 0 && (block[0] & 1) != 0));
	free(block);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct wire_options options = {
		.conversations = 16, .half_open = 4, .events = 32, .fold_above = 4};
	struct record record = {.kind = RECORD_PACKET, .time_ns = UINT64_C(1) << 60};
	struct wire *wire;

	if (len == 0)
		return 0;
	wire = wire_new(&options);
	require(wire != NULL);
	record.arphrd = links[data[0] % LINK_COUNT].arphrd;
	record.protocol = links[data[0] % LINK_COUNT].protocol;
	record.packet_type = data[0] / LINK_COUNT;
	for (data++, len--; len >= 2;) {
		const size_t wire_len = data[0];
		const size_t there = wire_len < len - 2 ? wire_len : len - 2;

		record.time_ns += data[1] * CLOCK_NS_PER_MS;
		record.ifindex = data[1] % 3;
		record.wire_len = wire_len;
		feed(wire, &record, data + 2, there);
		data += 2 + there;
		len -= 2 + there;
	}
	wire_tick(wire, record.time_ns + 100 * CLOCK_NS_PER_S);
	check_wire(wire);
	wire_free(wire);
	return 0;
}
