/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a capture file as sockwatch reads it, for comparisons.
 *
 *	segments FILE: a line of tab-separated fields a segment, in tshark's spelling
 *	segments -e FILE: a line an event, with what it means; then the conversations
 */
#include <config.h>
#include <fcntl.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

#include "model/wire/wire_input.h"

/* A field that is only there sometimes. */
static void
print_if(bool there, uint32_t number)
{
	if (there)
		printf("%" PRIu32, number);
	putchar('\t');
}

static void
print_sack(const struct segment_options *options, bool ends)
{
	for (uint8_t i = 0; i < options->sack_count; i++)
		printf("%s%" PRIu32, i != 0 ? "," : "",
			ends ? options->sack[i].end : options->sack[i].begin);
	putchar('\t');
}

static void
print_mptcp(const struct segment_options *options)
{
	const char *comma = "";

	for (unsigned subtype = 0; subtype < 16; subtype++) {
		if ((options->mptcp_subtypes >> subtype & 1) == 0)
			continue;
		printf("%s%u", comma, subtype);
		comma = ",";
	}
}

static void
print_fields(unsigned long frame, const struct segment *segment)
{
	char source[ADDRESS_TEXT_SIZE], destination[ADDRESS_TEXT_SIZE];
	struct segment_options options;

	segment_read_options(segment, &options);
	address_format(&segment->source, source, sizeof source);
	address_format(&segment->destination, destination, sizeof destination);
	printf("%lu\t%s\t%u\t%s\t%u\t", frame, source, segment->source_port, destination,
		segment->destination_port);
	printf("0x%04x\t%" PRIu32 "\t%" PRIu32 "\t%u\t%" PRIu32 "\t%u\t%u\t", segment->flags,
		segment->seq, segment->ack, segment->window, segment->len, segment->data_offset,
		segment->ttl);
	if (segment->family == AF_INET)
		printf("0x%04x", segment->ip_id);
	putchar('\t');
	print_if(segment->vlan != 0, segment->vlan);
	print_if((options.has & SEGMENT_HAS_MSS) != 0, options.mss);
	print_if((options.has & SEGMENT_HAS_WSCALE) != 0, options.wscale);
	print_if((options.has & SEGMENT_HAS_SACK_PERMITTED) != 0, 1);
	print_if((options.has & SEGMENT_HAS_TIMESTAMPS) != 0, options.timestamp);
	print_if((options.has & SEGMENT_HAS_TIMESTAMPS) != 0, options.timestamp_echo);
	print_sack(&options, false);
	print_sack(&options, true);
	print_mptcp(&options);
	putchar('\t');
	if ((options.has & SEGMENT_HAS_FASTOPEN) != 0)
		printf("%u", options.fastopen_len);
	putchar('\n');
}

static void
print_event(const struct wire *wire, const struct event *event)
{
	const struct conversation *const conversation =
		wire_conversation(wire, event->conversation, event->generation);
	char flags[16];

	segment_format_flags(event->segment.flags, flags, sizeof flags);
	printf("%u [%s] seq %" PRIu32 " ack %" PRIu32 " len %" PRIu32 " %s, %s, %s", event->side,
		flags, event->relative_seq, event->relative_ack, event->segment.len,
		event_kind_name((enum event_kind)event->kind),
		tcp_state_name((enum tcp_state)conversation->side[0].state),
		tcp_state_name((enum tcp_state)conversation->side[1].state));
	printf("%s%s\n", event->words[0] != '\0' ? ": " : "", event->words);
}

static void
print_conversation(const struct conversation *conversation)
{
	uint64_t network_us, ack_us;
	char outcome[64];

	conversation_format_outcome(conversation, outcome, sizeof outcome);
	printf("conversation: %s: %s\n",
		conversation_outcome_name((enum conversation_outcome)conversation->outcome),
		outcome);
	for (unsigned side = 0; side < 2; side++) {
		printf("%u: port %u, %" PRIu64 " bytes, %u segments, %u repeated:", side,
			conversation->port[side], conversation->side[side].bytes,
			conversation->side[side].segments, conversation->side[side].retransmits);
		for (uint8_t i = 0; i < conversation->path_len[side]; i++)
			printf(" %s", tcp_state_name((enum tcp_state)conversation->path[i][side]));
		putchar('\n');
	}
	if (!conversation_handshake(conversation, &network_us, &ack_us))
		return;
	fprintf(stderr, "handshake\t%" PRIu64, network_us);
	if (ack_us != CONVERSATION_UNKNOWN_US)
		fprintf(stderr, "\t%" PRIu64, ack_us);
	fputc('\n', stderr);
}

static void
print_packet(struct wire *wire, unsigned long frame, const struct record *record, bool events)
{
	const uint64_t before = wire_event_end(wire);
	struct segment_tunnel tunnel;
	struct segment segment;

	if (!events && segment_decode(record, &segment, &tunnel) == SEGMENT_OK)
		print_fields(frame, &segment);
	wire_packets(wire, record, 1);
	if (events && wire_event_end(wire) != before)
		print_event(wire, wire_event(wire, before));
}

static int
print_file(struct wire *wire, const char *path, bool events)
{
	struct error error = {.text = ""};
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	struct record record;
	unsigned long frame = 0;
	int status;

	if (reader == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return -1;
	}
	while ((status = stream_reader_next(reader, &record, &error)) == 1)
		print_packet(wire, ++frame, &record, events);
	if (status < 0)
		fprintf(stderr, "%s\n", error.text);
	stream_reader_free(reader);
	for (uint32_t slot = 0; events && slot < wire_slots(wire); slot++)
		if (wire_slot(wire, slot) != NULL)
			print_conversation(wire_slot(wire, slot));
	return status;
}

int
main(int argc, char **argv)
{
	static const struct wire_options options = {.fold_above = UINT32_MAX};
	const bool events = argc == 3 && strcmp(argv[1], "-e") == 0;
	struct wire *wire;
	int status;

	if (argc != 2 && !events) {
		fprintf(stderr, "usage: %s [-e] FILE\n", argv[0]);
		return EXIT_FAILURE;
	}
	wire = wire_new(&options);
	if (wire == NULL)
		return EXIT_FAILURE;
	status = print_file(wire, argv[argc - 1], events);
	wire_free(wire);
	return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
