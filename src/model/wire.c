/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One segment after the other: is it new, whose is it, what did it do. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/map.h>

#include "conversation_private.h"
#include "wire_private.h"

enum {
	CONVERSATIONS_DEFAULT = 65536,
	HALF_OPEN_DEFAULT = 16384,
	EVENTS_DEFAULT = 8192,
	FOLD_ABOVE_DEFAULT = 50,
	CONVERSATIONS_MAX = 1 << 24,
};

static const uint32_t no_slot = CONVERSATION_NONE;

static void
fill_options(struct wire_options *options, const struct wire_options *from)
{
	*options = (struct wire_options){0};
	if (from != NULL)
		*options = *from;
	if (options->conversations == 0)
		options->conversations = CONVERSATIONS_DEFAULT;
	if (options->conversations < 4)
		options->conversations = 4;
	if (options->conversations > CONVERSATIONS_MAX)
		options->conversations = CONVERSATIONS_MAX;
	if (options->half_open == 0)
		options->half_open = HALF_OPEN_DEFAULT;
	if (options->half_open >= options->conversations)
		options->half_open = options->conversations / 4;
	if (options->events == 0)
		options->events = EVENTS_DEFAULT;
	if (options->fold_above == 0)
		options->fold_above = FOLD_ABOVE_DEFAULT;
}

static bool
allocate(struct wire *wire, const struct wire_options *options)
{
	size_t places = 16;

	while (places < (size_t)options->conversations * 2)
		places *= 2;
	wire->conversations = calloc(options->conversations, sizeof *wire->conversations);
	wire->places = calloc(places, sizeof *wire->places);
	if (wire->conversations == NULL || wire->places == NULL)
		return false;
	wire->place_mask = places - 1;
	return event_ring_init(&wire->events, options->events, options->fold_above) == 0;
}

struct wire *
wire_new(const struct wire_options *options)
{
	struct wire *const wire = calloc(1, sizeof *wire);
	struct wire_options filled;

	if (wire == NULL)
		return NULL;
	fill_options(&filled, options);
	wire->capacity = filled.conversations;
	wire->stranger_limit = filled.half_open;
	for (unsigned i = 0; i < WIRE_LIST_COUNT; i++)
		wire->chains[i] = (struct wire_chain){.first = no_slot, .last = no_slot};
	if (!allocate(wire, &filled)) {
		wire_free(wire);
		return NULL;
	}
	return wire;
}

void
wire_free(struct wire *wire)
{
	if (wire == NULL)
		return;
	event_ring_fini(&wire->events);
	free(wire->conversations);
	free(wire->places);
	free(wire);
}

static void
count_flags(struct wire_counts *counts, const struct segment *segment)
{
	const uint16_t flags = segment->flags;

	counts->segments++;
	if ((flags & SEGMENT_SYN) != 0 && (flags & SEGMENT_ACK) != 0)
		counts->syn_ack++;
	else if ((flags & SEGMENT_SYN) != 0)
		counts->syn++;
	counts->fin += (flags & SEGMENT_FIN) != 0;
	counts->rst += (flags & SEGMENT_RST) != 0;
	counts->illegal += segment_flags_illegal(flags);
	counts->data += segment->len != 0;
}

static uint64_t
address_hash(const struct conversation *conversation, unsigned side)
{
	return map_hash_bytes(&conversation->address[side], sizeof conversation->address[side],
		conversation->netns);
}

/* Only what strangers do is folded; of what stands every event is kept. */
static struct event *
event_place(struct wire *wire, const struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;
	const uint64_t what = (uint64_t)turn->kind << 1 | turn->side;
	struct event_scope scope = {.time_ns = turn->segment->time_ns};
	struct event *event;
	uint64_t opener, other;

	if (conversation->side[0].hears && conversation->side[1].hears)
		return event_ring_add(&wire->events);
	opener = address_hash(conversation, 0);
	other = address_hash(conversation, 1);
	scope.keys[EVENT_FOLD_ENDPOINT] =
		map_hash(other ^ (what << 16 | conversation->port[1]) << 2);
	scope.keys[EVENT_FOLD_ADDRESS] = map_hash((other ^ what << 2) + 1);
	scope.keys[EVENT_FOLD_OPENER] = map_hash((opener ^ what << 2) + 2);
	scope.far_hashes[EVENT_FOLD_ENDPOINT] = opener;
	scope.far_hashes[EVENT_FOLD_ADDRESS] = opener;
	scope.far_hashes[EVENT_FOLD_OPENER] = other;
	return event_ring_fold(&wire->events, &scope, &event) ? NULL : event;
}

static void
add_event(struct wire *wire, const struct turn *turn, uint32_t slot)
{
	struct event *const event = event_place(wire, turn);

	if (event == NULL)
		return;
	event->segment = *turn->segment;
	event->conversation = slot;
	event->generation = turn->conversation->generation;
	/* A RST that refuses has no number of its own. */
	event->relative = turn->from->numbered || (turn->segment->seq == 0 && turn->to->numbered);
	event->relative_seq = turn->segment->seq - turn->from->isn;
	event->relative_ack = 0;
	if ((turn->segment->flags & SEGMENT_ACK) != 0 && turn->to->numbered)
		event->relative_ack = turn->segment->ack - turn->to->isn;
	event->side = turn->side;
	event->kind = (uint8_t)turn->kind;
	memcpy(event->words, turn->words.out, turn->words.len + 1);
}

void
wire_segment(struct wire *wire, const struct segment *segment)
{
	const uint64_t hash = wire_key_hash(segment->netns, &segment->source, segment->source_port,
		&segment->destination, segment->destination_port);
	char words[sizeof((struct event){0}).words];
	struct conversation *conversation;
	struct turn turn;
	uint8_t side = 0;
	uint32_t slot;

	slot = wire_slot_find(wire, hash, segment->netns, &segment->source, segment->source_port,
		&segment->destination, segment->destination_port, &side);
	if (slot == CONVERSATION_NONE)
		slot = wire_slot_add(wire, hash, segment);
	conversation = &wire->conversations[slot];
	if (duplicate_check(conversation, side, segment)) {
		wire->counts.duplicates++;
		return;
	}
	count_flags(&wire->counts, segment);
	turn = (struct turn){
		.conversation = conversation,
		.segment = segment,
		.from = &conversation->side[side],
		.to = &conversation->side[side ^ 1],
		.side = side,
		.kind = EVENT_ACK,
		.words = phrase_begin(words, sizeof words),
	};
	conversation_follow(&turn);
	duplicate_remember(turn.from, segment);
	add_event(wire, &turn, slot);
	wire_slot_touch(wire, slot);
}

void
wire_packet(struct wire *wire, const struct record *record)
{
	struct segment segment;

	wire->counts.packets++;
	switch (segment_decode(record, &segment)) {
	case SEGMENT_OK: wire_segment(wire, &segment); break;
	case SEGMENT_NOT_TCP: wire->counts.not_tcp++; break;
	case SEGMENT_CUT: wire->counts.cut++; break;
	case SEGMENT_BAD: wire->counts.bad++; break;
	}
}

const struct wire_counts *
wire_counts(const struct wire *wire)
{
	return &wire->counts;
}

uint64_t
wire_event_first(const struct wire *wire)
{
	const struct event_ring *const ring = &wire->events;

	return ring->end > ring->capacity ? ring->end - ring->capacity : 0;
}

uint64_t
wire_event_end(const struct wire *wire)
{
	return wire->events.end;
}

const struct event *
wire_event(const struct wire *wire, uint64_t number)
{
	return event_ring_get(&wire->events, number);
}

void
wire_event_close(struct wire *wire, uint64_t number)
{
	event_ring_close(&wire->events, number);
}

struct conversation *
wire_find(struct wire *wire, uint32_t netns, const struct address *a, uint16_t a_port,
	const struct address *b, uint16_t b_port)
{
	const uint64_t hash = wire_key_hash(netns, a, a_port, b, b_port);
	uint8_t side;
	const uint32_t slot = wire_slot_find(wire, hash, netns, a, a_port, b, b_port, &side);

	return slot != CONVERSATION_NONE ? &wire->conversations[slot] : NULL;
}

uint32_t
wire_slots(const struct wire *wire)
{
	return wire->used;
}

const struct conversation *
wire_slot(const struct wire *wire, uint32_t slot)
{
	if (slot >= wire->used || wire->conversations[slot].list == WIRE_LIST_FREE)
		return NULL;
	return &wire->conversations[slot];
}

const struct conversation *
wire_conversation(const struct wire *wire, uint32_t slot, uint32_t generation)
{
	const struct conversation *const conversation = wire_slot(wire, slot);

	return conversation != NULL && conversation->generation == generation ? conversation : NULL;
}
