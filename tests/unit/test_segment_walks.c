/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random packets: link layers, tags, labels and tunnels one after the other in any order that may
 * be, with options and extension headers, cut at any byte, some with a bit turned. What is read of
 * each is noted (random_walk.h).
 */
#include <config.h>

#include <stdlib.h>

#include <sockwatch/model/segment.h>
#include <sockwatch/stream/stream.h>

#include "random_packets.h"

enum { WALKS = 200, PACKETS = 40 };

static void
note_segment(enum segment_result result, const struct segment *segment,
	const struct segment_tunnel *tunnel)
{
	char options[SEGMENT_OPTIONS_TEXT_SIZE], flags[16], short_options[20];

	note("%d %s %u", (int)result, segment_tunnel_name((enum segment_tunnel_kind)tunnel->kind),
		tunnel->kind != SEGMENT_TUNNEL_NONE ? tunnel->source.bytes[15] : 0);
	if (result != SEGMENT_OK) {
		note("\n");
		return;
	}
	(void)segment_format_flags(segment->flags, flags, sizeof flags);
	(void)segment_format_options(segment, 1000, options, sizeof options);
	(void)segment_format_options(segment, 0, short_options, sizeof short_options);
	note(" %u ttl %u if %u %u vlan %u id %u %u>%u %u:%u %u:%u %s%s win %u len %u of %u",
		segment->family, segment->ttl, segment->ifindex, segment->direction, segment->vlan,
		segment->ip_id, segment->source.bytes[15], segment->destination.bytes[15],
		segment->source_port, segment->destination_port, segment->seq, segment->ack, flags,
		segment_flags_illegal(segment->flags) ? " illegal" : "", segment->window,
		segment->len, segment->data_offset);
	note(" <%s> <%s>\n", options, short_options);
}

static void
read_packet(struct walk *walk)
{
	struct record record = random_record(walk);
	struct segment segment;
	struct segment_tunnel tunnel;
	uint8_t *copy;

	if (dice(5) == 0)
		turn_bit(walk);
	record.len = dice(3) == 0 ? dice((unsigned)walk->packet.len + 1) : walk->packet.len;
	record.wire_len = dice(2) == 0 ? record.len : walk->packet.len;
	/* Of the exact size, so that a sanitizer sees what is read behind the end. */
	copy = malloc(record.len != 0 ? record.len : 1);
	assert_non_null(copy);
	memcpy(copy, walk->packet.data, record.len);
	record.data = copy;
	note_segment(segment_decode(&record, &segment, &tunnel), &segment, &tunnel);
	free(copy);
}

static void
take_walk(unsigned number, struct buffer *out)
{
	struct walk walk = {.layers = 0};

	(void)number;
	(void)out;
	for (unsigned i = 0; i < PACKETS; i++)
		read_packet(&walk);
}

static void
test_walks(void **state)
{
	(void)state;
	random_walks("segment-walks", WALKS, 9, take_walk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
