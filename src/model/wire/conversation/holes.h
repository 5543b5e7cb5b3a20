/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The holes of a conversation: sequence numbers that were passed over, for each side, with the time
 * at which that happened. Few conversations have any, so they lie in sets that all share. There are
 * as many as conversations needed at the same time; what an ended one leaves goes to the next. When
 * there are HOLE_SETS and all are in use, they are given again in turn.
 */
#ifndef SOCKWATCH_MODEL_WIRE_CONVERSATION_HOLES_H
#define SOCKWATCH_MODEL_WIRE_CONVERSATION_HOLES_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/conversation.h>

struct hole_set;

struct hole {
	uint32_t begin, end; /* sequence numbers; end: one past the last */
	uint64_t since_ns;   /* when what comes after it was seen */
	/* Of what came after it: TSval and TSecr, or 0; the ACK, if it had one. */
	uint32_t timestamp, echo, ack;
	bool has_ack;
	uint16_t ip_id;    /* its IP id, or 0 */
	bool skips_id;     /* that is not the next: what is missing had one before it */
	bool acknowledged; /* by the receiver: only the capture has not seen it */
	/* The receiver's first segment since then, by which the sender can have heard of it: when
	 * that was seen, or 0, and its TSval, or 0. */
	uint64_t reported_ns;
	uint32_t reported_timestamp;
	uint64_t third_ns;  /* when it had reported three segments that came after it, or 0 */
	uint8_t followers;  /* so many came, as far as that matters */
	uint8_t duplicates; /* and so many duplicate ACKs */
	bool is_next;       /* others were missing before: the first report makes it repeat this */
};

/* What a segment that filled a hole was taken for. */
enum hole_verdict {
	HOLE_FILLED_OVERTAKEN,
	HOLE_FILLED_AGAIN,     /* counted as sent again: a guess */
	HOLE_FILLED_UNDECIDED, /* counted as that */
	HOLE_FILLED_PROVEN,    /* counted as sent again: it was sent after the hole was opened */
};

/* A segment that filled a hole lately: if the same comes once more, each shows what the other was.
 */
struct hole_filler {
	uint64_t time_ns;                   /* 0: none */
	uint32_t begin, end, age_us;        /* age: of the hole */
	uint32_t timestamp, echo;           /* its own TSval and TSecr, or 0 */
	uint32_t hole_timestamp, hole_echo; /* those of what came after the hole */
	uint16_t ip_id;
	uint8_t verdict; /* enum hole_verdict */
	bool was_heard;  /* the sender had time to hear of the hole before */
};

enum { HOLE_FILLERS = 4 };

/* What the holes of one side have shown of the way that its segments take; 0: nothing yet. */
struct holes_lesson {
	uint32_t loop_us;      /* so soon after the receiver's report something was sent again */
	uint32_t overtaken_us; /* so late something came that had been overtaken */
	struct hole_filler fillers[HOLE_FILLERS];
	uint8_t next_filler;
};

enum { HOLE_SETS = 1024, HOLE_BLOCK_SETS = 16, HOLE_BLOCKS = HOLE_SETS / HOLE_BLOCK_SETS };

struct holes {
	struct hole_set *blocks[HOLE_BLOCKS]; /* made when they are needed */
	uint32_t count;                       /* sets that were ever taken */
	uint32_t hand;                        /* where one that was left is looked for */
	uint32_t next;                        /* to be taken from its conversation */
};

void holes_init(struct holes *holes);
void holes_fini(struct holes *holes);
/* Where there are too many the first two become one, with what lies between. Without memory it is
 * not kept. */
void holes_open(struct holes *holes, struct conversation *conversation, uint8_t side,
	const struct hole *hole);
/* Takes the numbers from begin to end out of the holes. Returns how many were in one; the oldest
 * such hole, as it was, goes to *hole. */
uint32_t holes_fill(struct holes *holes, const struct conversation *conversation, uint8_t side,
	uint32_t begin, uint32_t end, struct hole *hole);
/* Are any of the numbers in a hole? */
bool holes_contain(const struct holes *holes, const struct conversation *conversation, uint8_t side,
	uint32_t begin, uint32_t end);
/* A segment beyond all holes came, as long as so many of an Ethernet. */
void holes_follow(struct holes *holes, const struct conversation *conversation, uint8_t side,
	unsigned segments);
/* Does any hole wait for a report? */
bool holes_await(const struct holes *holes, const struct conversation *conversation, uint8_t side);
/* A segment of the receiver was seen, with that TSval or 0: it reports what came after the holes
 * until now. is_duplicate: a duplicate ACK (RFC 5681 section 2). */
void holes_report(struct holes *holes, const struct conversation *conversation, uint8_t side,
	uint64_t time_ns, uint32_t timestamp, bool is_duplicate);
/* Lives until the set is taken by another conversation; NULL: the side has no set. */
struct holes_lesson *holes_lesson(
	const struct holes *holes, const struct conversation *conversation, uint8_t side);
/* That side has none any more. */
void holes_clear(struct holes *holes, const struct conversation *conversation, uint8_t side);

#endif
