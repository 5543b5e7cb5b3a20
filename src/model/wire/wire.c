/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wire: takes in segments, finds the conversation of each, and makes events.
 *
 *   wire_index.c    slots by endpoints and by age    wire_time.c     what time and the table change
 *   wire_syns.c     SYNs of a flood                  event_ring.c    the recent events, folded
 *   wire_tunnels.c  through which they came          event.c         kinds of events
 *   apply_wire.c, model_conversation.c               the model
 *   segment/        reads a packet                   conversation/   follows the state machine
 */
#include <config.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/stream/stream.h>

#include "model/wire/conversation/conversation_private.h"
#include "wire_private.h"

enum {
	CONVERSATIONS_DEFAULT = 65536,
	HALF_OPEN_DEFAULT = 16384,
	EVENTS_DEFAULT = 8192,
	FOLD_ABOVE_DEFAULT = 50,
	CONVERSATIONS_MAX = 1 << 24,
	WORDS_SIZE = sizeof(((struct event *)NULL)->words),
	BATCH = 16, /* packets that are decoded before the first of them is followed */
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
	wire->conversations = calloc(options->conversations, sizeof *wire->conversations);
	wire->buckets = calloc(wire_buckets_needed(options->conversations), sizeof *wire->buckets);
	if (wire->conversations == NULL || wire->buckets == NULL ||
		!wire_syns_init(&wire->unanswered_syns, options->half_open) ||
		!sightings_init(&wire->shared.sightings))
		return false;
	holes_init(&wire->shared.holes);
	wire->bucket_mask = wire_buckets_needed(0) - 1;
	return event_ring_init(&wire->flags, options->events, options->fold_above,
		       &wire->next_event) == 0 &&
	       event_ring_init(
		       &wire->rest, options->events, options->fold_above, &wire->next_event) == 0;
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
	wire->unconfirmed_limit = filled.half_open;
	for (unsigned i = 0; i < WIRE_LIST_COUNT; i++)
		wire->lists[i] = (struct slot_list){.first = no_slot, .last = no_slot};
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
	event_ring_fini(&wire->flags);
	event_ring_fini(&wire->rest);
	wire_syns_fini(&wire->unanswered_syns);
	sightings_fini(&wire->shared.sightings);
	holes_fini(&wire->shared.holes);
	free(wire->conversations);
	free(wire->buckets);
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

/* By what the segment's event can be counted in another one. `a` of the hashes sent it. */
static struct event_scope
scope_of(const struct segment *segment, const struct wire_hashes *hashes, enum event_kind kind,
	uint8_t side)
{
	return (struct event_scope){
		.time_ns = segment->time_ns,
		.what = (uint64_t)kind << 1 | side,
		.opener_hash = side == 0 ? hashes->a : hashes->b,
		.other_hash = side == 0 ? hashes->b : hashes->a,
		.port = side == 0 ? segment->destination_port : segment->source_port,
	};
}

/* Only events of unconfirmed connections are folded; every event of an assured one is kept. */
static struct event *
new_event(struct wire *wire, const struct step *step, const struct wire_hashes *hashes)
{
	const struct conversation *const conversation = step->conversation;
	struct event_ring *const ring =
		event_is_flag(step->segment, step->kind) ? &wire->flags : &wire->rest;
	struct event_scope scope;
	struct event *event;

	if (conversation->side[0].hears && conversation->side[1].hears)
		return event_ring_add(ring);
	scope = scope_of(step->segment, hashes, step->kind, step->side);
	return event_ring_fold(ring, &scope, &event) ? NULL : event;
}

static uint32_t
bounded_us(uint64_t us)
{
	return us < EVENT_UNKNOWN_US ? (uint32_t)us : EVENT_UNKNOWN_US;
}

/* The event keeps its times: the conversation goes on, and another may take its endpoints. */
static void
keep_handshake(struct event *event, const struct conversation *conversation)
{
	const uint64_t time_ns = event->segment.time_ns;
	uint64_t syn_ack_us, ack_us;

	event->syn_ack_us = event->ack_us = EVENT_UNKNOWN_US;
	if ((event->kind != EVENT_SYN_ACK && event->kind != EVENT_HANDSHAKE_DONE) ||
		!conversation_handshake(conversation, &syn_ack_us, &ack_us))
		return;
	if (event->kind == EVENT_HANDSHAKE_DONE)
		event->ack_us = bounded_us(ack_us);
	else if (conversation->syn_ack_ns != time_ns)
		return;
	event->syn_ack_us = bounded_us(syn_ack_us);
}

static void
fill_event(struct event *event, const struct step *step, uint32_t slot)
{
	event->segment = *step->segment;
	event->conversation = slot;
	event->generation = step->conversation->generation;
	/* A RST that refuses carries no sequence number of its own. */
	event->relative = step->from->numbered || (step->segment->seq == 0 && step->to->numbered);
	event->relative_seq = step->segment->seq - step->from->isn;
	event->relative_ack = 0;
	if ((step->segment->flags & SEGMENT_ACK) != 0 && step->to->numbered)
		event->relative_ack = step->segment->ack - step->to->isn;
	event->side = step->side;
	event->kind = (uint8_t)step->kind;
	memcpy(event->words, step->words.out, step->words.len + 1);
	keep_handshake(event, step->conversation);
}

/*
 * The step that a segment of this slot makes; its words go to out. Written where it stays: a copy
 * made right after the members were written waits for each of them, which took a sixth of all time.
 */
static void
begin_step(struct wire *wire, uint32_t slot, uint8_t side, const struct segment *segment,
	struct step *step, char *out)
{
	struct conversation *const conversation = &wire->conversations[slot];

	memset(&step->repeated, 0, offsetof(struct step, hole) - offsetof(struct step, repeated));
	step->shared = &wire->shared;
	step->conversation = conversation;
	step->segment = segment;
	step->from = &conversation->side[side];
	step->to = &conversation->side[side ^ 1];
	step->side = side;
	step->kind = EVENT_ACK;
	phrase_init(&step->words, out, WORDS_SIZE);
}

/*
 * On a busy box, packets that were captured before the socket was destroyed may come long after the
 * destroy event: then they show how the connection ended.
 */
static void
reopen(struct conversation *conversation, const struct segment *segment)
{
	if (conversation->outcome != CONVERSATION_OUTCOME_GONE ||
		segment->time_ns > conversation->gone_ns)
		return;
	conversation->outcome = CONVERSATION_OUTCOME_NONE;
	conversation->ended_ns = 0;
}

/* Moves the conversation; false: the segment is a copy of what was seen. */
static bool
follow(struct step *step, uint64_t sighting)
{
	if (sighting == 0)
		sighting = sightings_hash(step->segment, step->conversation->hash);
	reopen(step->conversation, step->segment);
	if (duplicate_check(step, sighting))
		return false;
	conversation_follow(step);
	duplicate_remember(step, sighting);
	return true;
}

static struct wire_ends
ends_of(const struct segment *segment)
{
	return (struct wire_ends){.a = &segment->source,
		.b = &segment->destination,
		.netns = segment->netns,
		.link = address_link_of(&segment->source, &segment->destination, segment->ifindex),
		.a_port = segment->source_port,
		.b_port = segment->destination_port};
}

/* Makes a conversation of an unanswered SYN, which was counted when it came and has its event. */
static uint32_t
open_unanswered(struct wire *wire, uint64_t hash, const struct segment *unanswered)
{
	const struct segment syn = *unanswered;
	const uint32_t slot = wire_slot_add(wire, hash, &syn);
	char words[WORDS_SIZE];
	struct step step;

	begin_step(wire, slot, 0, &syn, &step, words);
	wire_syns_forget(&wire->unanswered_syns, hash);
	(void)follow(&step, 0);
	return slot;
}

uint32_t
wire_slot_get(struct wire *wire, uint64_t hash, const struct wire_ends *ends, uint8_t *side)
{
	const uint32_t slot = wire_slot_find(wire, hash, ends, side);
	const struct segment *unanswered;

	if (slot != CONVERSATION_NONE)
		return slot;
	unanswered = wire_syns_find(&wire->unanswered_syns, hash, ends, side);
	return unanswered != NULL ? open_unanswered(wire, hash, unanswered) : CONVERSATION_NONE;
}

static bool
is_plain_syn(const struct segment *segment)
{
	static const uint16_t mask = SEGMENT_SYN | SEGMENT_ACK | SEGMENT_FIN | SEGMENT_RST;

	return (segment->flags & mask) == SEGMENT_SYN;
}

/* As wire_slot_get, for a segment that is to be followed: one that replaces an unanswered SYN has
 * no slot yet. */
static uint32_t
slot_of(struct wire *wire, uint64_t hash, const struct segment *segment,
	const struct wire_ends *ends, uint8_t *side)
{
	const uint32_t slot = wire_slot_find(wire, hash, ends, side);
	const struct segment *unanswered;

	if (slot != CONVERSATION_NONE)
		return slot;
	unanswered = wire_syns_find(&wire->unanswered_syns, hash, ends, side);
	if (unanswered == NULL)
		return CONVERSATION_NONE;
	if (*side != 0 || !is_plain_syn(segment) || segment->seq == unanswered->seq)
		return open_unanswered(wire, hash, unanswered);
	wire_syns_forget(&wire->unanswered_syns, hash);
	return CONVERSATION_NONE;
}

/* For the first segment of these endpoints: true when it is a SYN and counted in another event.
 * Otherwise *event is its own, where there is one. */
static bool
is_unanswered(struct wire *wire, const struct segment *segment, const struct wire_hashes *hashes,
	struct event **event)
{
	struct event_scope scope;

	if (!is_plain_syn(segment))
		return false;
	scope = scope_of(segment, hashes, EVENT_SYN, 0);
	return event_ring_fold(&wire->flags, &scope, event);
}

static void
take_segment(struct wire *wire, const struct segment *segment, const struct wire_ends *ends,
	const struct wire_hashes *hashes, uint64_t sighting)
{
	char words[WORDS_SIZE];
	struct event *event = NULL;
	struct step step;
	uint8_t side = 0;
	uint32_t slot = slot_of(wire, hashes->key, segment, ends, &side);

	if (slot == CONVERSATION_NONE) {
		if (is_unanswered(wire, segment, hashes, &event)) {
			count_flags(&wire->counts, segment);
			wire->counts.evicted_half_open +=
				wire_syns_add(&wire->unanswered_syns, hashes->key, segment);
			return;
		}
		side = 0;
		slot = wire_slot_add(wire, hashes->key, segment);
	}
	begin_step(wire, slot, side, segment, &step, words);
	if (!follow(&step, sighting)) {
		wire->counts.duplicates++;
		return;
	}
	count_flags(&wire->counts, segment);
	if (event == NULL)
		event = new_event(wire, &step, hashes);
	if (event != NULL)
		fill_event(event, &step, slot);
	wire_slot_touch(wire, slot);
}

/* Its bucket comes into the cache before it is looked at. 0: a SYN, which in a flood is not
 * followed. */
static uint64_t
begin_sighting(const struct wire *wire, const struct segment *segment, uint64_t hash)
{
	uint64_t sighting;

	if (is_plain_syn(segment))
		return 0;
	sighting = sightings_hash(segment, hash);
	sightings_prefetch(&wire->shared.sightings, sighting);
	return sighting;
}

void
wire_segment(struct wire *wire, const struct segment *segment)
{
	const struct wire_ends ends = ends_of(segment);
	struct wire_hashes hashes;

	wire_hash(&ends, &hashes);
	take_segment(wire, segment, &ends, &hashes, begin_sighting(wire, segment, hashes.key));
}

/* Reads it, and counts the tunnel that it came through. */
static enum segment_result
decode(struct wire *wire, const struct record *record, struct segment *segment)
{
	struct segment_tunnel tunnel;
	const enum segment_result result = segment_decode(record, segment, &tunnel);

	if (tunnel.kind == SEGMENT_TUNNEL_NONE)
		return result;
	wire->counts.tunnels[tunnel.kind]++;
	if (result == SEGMENT_OK)
		segment->tunnel = wire_tunnels_number(&wire->tunnels, &tunnel);
	return result;
}

/* Its slots in the indexes come into the cache while the others of its batch are decoded. */
static void
open_packet(struct wire *wire, const struct record *record, struct wire_arrival *arrival)
{
	uint64_t hash;

	arrival->result = decode(wire, record, &arrival->segment);
	if (arrival->result != SEGMENT_OK)
		return;
	arrival->ends = ends_of(&arrival->segment);
	hash = wire_hash(&arrival->ends, &arrival->hashes);
	__builtin_prefetch(&wire->buckets[hash & wire->bucket_mask]);
	wire_syns_prefetch(&wire->unanswered_syns, hash);
	arrival->sighting = begin_sighting(wire, &arrival->segment, hash);
}

static void
count_packet(struct wire_counts *counts, enum segment_result result)
{
	counts->packets++;
	switch (result) {
	case SEGMENT_OK: break;
	case SEGMENT_NOT_TCP: counts->not_tcp++; break;
	case SEGMENT_CUT: counts->cut++; break;
	case SEGMENT_BAD: counts->bad++; break;
	}
}

/* A single packet: nothing else could be done while its slots come into the cache. */
static void
take_alone(struct wire *wire, const struct record *record)
{
	struct segment segment;
	const enum segment_result result = decode(wire, record, &segment);

	count_packet(&wire->counts, result);
	if (result == SEGMENT_OK)
		wire_segment(wire, &segment);
}

static void
take_together(struct wire *wire, const struct record *records, size_t count)
{
	struct wire_arrival arrivals[BATCH];

	for (size_t i = 0; i < count; i++)
		open_packet(wire, &records[i], &arrivals[i]);
	for (size_t i = 0; i < count; i++) {
		count_packet(&wire->counts, arrivals[i].result);
		if (arrivals[i].result == SEGMENT_OK)
			take_segment(wire, &arrivals[i].segment, &arrivals[i].ends,
				&arrivals[i].hashes, arrivals[i].sighting);
	}
}

void
wire_packets(struct wire *wire, const struct record *records, size_t count)
{
	for (; count > BATCH; records += BATCH, count -= BATCH)
		take_together(wire, records, BATCH);
	if (count == 1)
		take_alone(wire, records);
	else
		take_together(wire, records, count);
}

const struct wire_counts *
wire_counts(const struct wire *wire)
{
	return &wire->counts;
}

uint64_t
wire_event_end(const struct wire *wire)
{
	return wire->next_event;
}

const struct event *
wire_flag_from(const struct wire *wire, uint64_t number)
{
	return event_ring_from(&wire->flags, number);
}

const struct event *
wire_flag_before(const struct wire *wire, uint64_t number)
{
	return event_ring_before(&wire->flags, number);
}

const struct event *
wire_event_from(const struct wire *wire, uint64_t number)
{
	const struct event *const flag = event_ring_from(&wire->flags, number);
	const struct event *const other = event_ring_from(&wire->rest, number);

	if (flag == NULL || other == NULL)
		return flag != NULL ? flag : other;
	return flag->number < other->number ? flag : other;
}

const struct event *
wire_event(const struct wire *wire, uint64_t number)
{
	const struct event *const event = wire_event_from(wire, number);

	return event != NULL && event->number == number ? event : NULL;
}

uint32_t
wire_event_room(const struct wire *wire, uint64_t number)
{
	const uint32_t room = event_ring_room(&wire->flags, number);

	return room != 0 ? room : event_ring_room(&wire->rest, number);
}

void
wire_event_close(struct wire *wire, uint64_t number)
{
	event_ring_close(&wire->flags, number);
	event_ring_close(&wire->rest, number);
}

struct conversation *
wire_find(struct wire *wire, uint32_t netns, uint32_t ifindex, const struct address *a,
	uint16_t a_port, const struct address *b, uint16_t b_port)
{
	const struct wire_ends ends = {.a = a,
		.b = b,
		.netns = netns,
		.link = address_link_of(a, b, ifindex),
		.a_port = a_port,
		.b_port = b_port};
	uint8_t side;
	const uint32_t slot = wire_slot_find(wire, wire_key_hash(&ends), &ends, &side);

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
