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

#include "holes.h"
#include "phrase.h"
#include "sightings.h"

/* Memory that all conversations have together. */
struct conversation_shared {
	struct sightings sightings;
	struct holes holes;
};

struct step {
	struct conversation_shared *shared;
	struct conversation *conversation;
	const struct segment *segment;
	struct conversation_side *from, *to;
	/* The meaning of the segment. */
	enum event_kind kind;
	struct phrase words;
	uint8_t side; /* from's */
	/* From here to the hole all is 0 at first. Set by conversation_numbers from the sequence
	 * numbers. */
	bool repeated;   /* takes sequence space, and none of it is new */
	bool late;       /* fills a hole, or begins before all that was seen */
	bool probe;      /* one octet into a window of 0: not counted as sent */
	bool last;       /* repeats what was sent last */
	bool new_ack;    /* acknowledges more than before */
	bool acks_fin;   /* and the other's FIN for the first time */
	bool undecided;  /* late: overtaken or sent again, nothing shows which */
	bool overtaken;  /* seen before: but that was the repetition, and this the first */
	bool is_ignored; /* its receiver does not obey it: it changes nothing */
	/* Before this segment. */
	uint16_t window;
	uint64_t since_ns; /* since the sender's last segment */
	uint64_t zero_ns;  /* for how long the sender's window had been 0 */
	struct hole hole;  /* late: which; not set otherwise */
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

/* The widest window that the receiver can ever have offered, in bytes. */
int32_t conversation_window(const struct conversation_side *receiver);
/* Sequence and acknowledgement numbers, bytes, which side hears the other. */
void conversation_numbers(struct step *step);
/* The whole segment: numbers, states, kind, words. */
void conversation_follow(struct step *step);
/* It has ended so, by that side, with this segment. */
void conversation_end(struct step *step, enum conversation_outcome outcome, uint8_t by);
/* RST. */
void conversation_reset(struct step *step);
/* A side that has reset sends nothing more; if it does, somebody else had sent that RST. */
void conversation_revive(struct step *step);
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
bool duplicate_check(const struct step *step, uint64_t sighting);
/* When it was not, and was followed. sighting: its sightings_hash. */
void duplicate_remember(const struct step *step, uint64_t sighting);

/* What data that fills a hole is; see resend.c. */
enum resend {
	RESEND_OVERTAKEN,
	RESEND_AGAIN,
	RESEND_UNDECIDED,
};

/* The segment opens that hole, whose numbers are set. */
void resend_begin(const struct step *step, struct hole *hole);
enum resend resend_check(const struct step *step);
/*
 * The segment has data that was seen before. Where that had filled a hole, one of the two may have
 * been overtaken by the other, and what was counted is put right.
 */
enum resend resend_repeat(const struct step *step);
/* What the segment equals had filled a hole of which its sender can have heard: it may be another.
 */
bool resend_may_repeat(const struct step *step);
/* Its TSval (RFC 7323), or 0. */
uint32_t resend_timestamp(const struct segment *segment);
/* From the capture to the sender and back, as the handshake took it, in nanoseconds. */
uint64_t resend_loop(const struct step *step);
/* Of a segment that was followed. */
void resend_remember(struct conversation_side *from, uint16_t ip_id);

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
