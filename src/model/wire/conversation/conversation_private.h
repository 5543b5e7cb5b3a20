/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of this folder: one segment and the step that it makes in its conversation.
 */
#ifndef SOCKWATCH_MODEL_WIRE_CONVERSATION_CONVERSATION_PRIVATE_H
#define SOCKWATCH_MODEL_WIRE_CONVERSATION_CONVERSATION_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>

#include "phrase.h"

struct step {
	struct conversation *conversation;
	const struct segment *segment;
	struct conversation_side *from, *to;
	uint8_t side; /* from's */
	/* Set by conversation_numbers from the sequence numbers. */
	bool repeated; /* takes sequence space, and none of it is new */
	bool late;     /* fills a hole */
	bool new_ack;  /* acknowledges more than before */
	bool acks_fin; /* and the other's FIN for the first time */
	/* Before this segment. */
	uint64_t since_ns; /* since the sender's last segment */
	uint64_t zero_ns;  /* for how long the sender's window had been 0 */
	uint16_t window;
	/* The meaning of the segment. */
	enum event_kind kind;
	struct phrase words;
};

/* What happens to one side; see the table in conversation_state.c. */
enum conversation_input {
	CONVERSATION_SENDS_SYN,
	CONVERSATION_SENDS_SYN_ACK,
	CONVERSATION_SENDS_FIN,
	CONVERSATION_GETS_SYN,
	CONVERSATION_GETS_SYN_ACK, /* of its own SYN */
	CONVERSATION_GETS_ACK_OF_SYN,
	CONVERSATION_GETS_FIN,
	CONVERSATION_GETS_ACK_OF_FIN,
	CONVERSATION_GETS_FIN_AND_ACK, /* in one segment */
	CONVERSATION_RESETS,           /* sends or gets a RST */
	CONVERSATION_WAITED,           /* long enough: a time-out */
	CONVERSATION_INPUT_COUNT,
};

void conversation_input(
	struct conversation *conversation, uint8_t side, enum conversation_input input);
/* Enters the state and writes it into the path. */
void conversation_enter(struct conversation *conversation, uint8_t side, enum tcp_state state);
/* The last state was a mistake. */
void conversation_leave(struct conversation *conversation, uint8_t side);
/* That side must have got past the handshake, though it was not seen. */
void conversation_assume_established(struct conversation *conversation, uint8_t side);

/* Empties it for a new connection of the same endpoints. */
void conversation_clear(struct conversation *conversation);

/* Sequence and acknowledgement numbers, bytes, which side hears the other. */
void conversation_numbers(struct step *step);
/* The whole segment: numbers, states, kind, words. */
void conversation_follow(struct step *step);
/* SYN and SYN-ACK. */
void conversation_open(struct step *step);
/* Before anything else of a SYN is read: is it another connection? True: it is noted as pending,
 * and the conversation goes on. */
bool conversation_reopen(struct step *step);
/* The words of step->kind where it has any that are not set yet. */
void conversation_words(struct step *step);
/* "850 us", "12.0 ms", "3.2 s", "2 min 5 s". */
void conversation_append_span(struct phrase *phrase, uint64_t ns);
/* 2: "2nd try". */
void conversation_append_try(struct phrase *phrase, unsigned number);
void conversation_append_outcome(struct phrase *phrase, const struct conversation *conversation);

/* The same packet seen another time. */
bool duplicate_check(
	struct conversation *conversation, uint8_t side, const struct segment *segment);
/* When it was not, and was followed. */
void duplicate_remember(struct conversation_side *from, const struct segment *segment);

/* a - b on the circle of sequence numbers. */
static inline int32_t
sequence_distance(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static inline bool
segment_has(const struct segment *segment, uint16_t flags)
{
	return (segment->flags & flags) == flags;
}

/* The sequence number after it. */
static inline uint32_t
segment_end(const struct segment *segment)
{
	return segment->seq + segment->len + ((segment->flags & SEGMENT_SYN) != 0) +
	       ((segment->flags & SEGMENT_FIN) != 0);
}

#endif
