/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the captures showed: conversations (conversation.h) and the recent events (event.h). Written
 * by the model from RECORD_PACKET, from what the socket table knows, and from destroy events
 * (src/model/wire/wire_input.h). All is bounded: connections that were never confirmed live in a
 * part of their own and cannot push out conversations in which both sides have shown that they hear
 * each other.
 */
#ifndef SOCKWATCH_MODEL_WIRE_H
#define SOCKWATCH_MODEL_WIRE_H

#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/model/segment.h>

struct conversation;
struct event;
struct wire;

struct wire_counts {
	uint64_t packets, segments, duplicates, not_tcp, cut, bad;
	uint64_t syn, syn_ack, fin, rst, illegal,
		data;                           /* of segments, by flags; data: with payload */
	uint64_t evicted_half_open, evicted;    /* bounds reached */
	uint64_t tunnels[SEGMENT_TUNNEL_COUNT]; /* packets by the outermost, TCP within or not */
};

/* 0 is a default. */
struct wire_options {
	uint32_t conversations; /* at most */
	uint32_t half_open;     /* of them at most; less than conversations */
	uint32_t events;        /* kept of each kind: flags, and the rest */
	/* Events of one kind to one endpoint within 100 ms; more from unconfirmed peers are folded
	 * into one event a second. UINT32_MAX: never. */
	uint32_t fold_above;
};

const struct wire_counts *wire_counts(const struct wire *wire);
/*
 * Events have numbers in the order in which they came; two rings hold the recent ones: one the
 * flags (event_is_flag), the other the rest. Events that are gone are skipped; asked for by number
 * they are NULL. Pointers hold until the next segment.
 */
uint64_t wire_event_end(const struct wire *wire); /* one past the newest */
const struct event *wire_event(const struct wire *wire, uint64_t number);
/* The oldest with this number or a higher one. */
const struct event *wire_event_from(const struct wire *wire, uint64_t number);
const struct event *wire_flag_from(const struct wire *wire, uint64_t number);
/* The newest with a lower number. */
const struct event *wire_flag_before(const struct wire *wire, uint64_t number);
/* How many more events its ring can take before this one is gone; 0: it is gone. */
uint32_t wire_event_room(const struct wire *wire, uint64_t number);
/* Later segments are not folded into this event: for callers that show each event once. */
void wire_event_close(struct wire *wire, uint64_t number);

/* The tunnel of this number (segment->tunnel), or NULL: none, or more came than are kept. */
const struct segment_tunnel *wire_tunnel(const struct wire *wire, uint8_t number);

/* The conversation between these endpoints, in either direction, or NULL. netns: the stream's;
 * ifindex matters only where an address is link-local. */
struct conversation *wire_find(struct wire *wire, uint32_t netns, uint32_t ifindex,
	const struct address *a, uint16_t a_port, const struct address *b, uint16_t b_port);
const struct conversation *wire_conversation(
	const struct wire *wire, uint32_t slot, uint32_t generation);
/* Slots are 0 .. wire_slots-1; wire_slot gives NULL for free ones. */
uint32_t wire_slots(const struct wire *wire);
const struct conversation *wire_slot(const struct wire *wire, uint32_t slot);

#endif
