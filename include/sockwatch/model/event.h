/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recent segments of the wire (wire.h) as events: what each meant in its conversation, and the
 * text for it. Under a flood one event stands for many.
 */
#ifndef SOCKWATCH_MODEL_EVENT_H
#define SOCKWATCH_MODEL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/segment.h>

/* What a segment means. */
enum event_kind {
	EVENT_SYN,
	EVENT_SYN_ACK,
	EVENT_HANDSHAKE_DONE, /* the ACK that completes it */
	EVENT_SIMULTANEOUS_SYN,
	EVENT_DATA,
	EVENT_ACK,
	EVENT_FIN,
	EVENT_FIN_ACK, /* FIN of the second side, or the ACK of a FIN: words shows which */
	EVENT_RST,
	EVENT_REFUSED,    /* RST to a SYN */
	EVENT_RETRANSMIT, /* of SYN, SYN-ACK, FIN or data */
	EVENT_KEEPALIVE,
	EVENT_ZERO_WINDOW,
	EVENT_WINDOW_PROBE, /* sent into a zero window */
	EVENT_WINDOW_UPDATE,
	EVENT_ILLEGAL, /* flags that are never legitimate */
	EVENT_KIND_COUNT,
};

/* What all events have in common that were folded into one. */
enum event_fold_scope {
	EVENT_FOLD_ENDPOINT, /* address and port of side 1 */
	EVENT_FOLD_ADDRESS,  /* its address */
	EVENT_FOLD_OPENER,   /* side 0's address: a scan by it */
};

#define EVENT_UNKNOWN_US UINT32_MAX

/* A segment as it is shown in the event pane. */
struct event {
	struct segment segment;
	uint32_t conversation; /* slot, with generation */
	uint32_t generation;
	uint32_t relative_seq, relative_ack;
	uint8_t side;       /* which sent it */
	uint8_t kind;       /* enum event_kind */
	bool relative;      /* relative_* hold */
	uint8_t fold_scope; /* enum event_fold_scope, when folded */
	uint32_t folded;    /* how many more events this one stands for */
	uint32_t sources;   /* when folded: about how many different addresses they came from */
	/* Set in SYN-ACKs and the ACKs of them: SYN to SYN-ACK, SYN-ACK to ACK. */
	uint32_t syn_ack_us, ack_us; /* EVENT_UNKNOWN_US */
	uint64_t number;             /* ever growing */
	char words[64];              /* "1/3", "established in 12.0 ms", "refused" */
};

/* It opens or closes a connection, or is illegal. */
bool event_is_flag(const struct segment *segment, enum event_kind kind);
const char *event_kind_name(enum event_kind kind); /* "syn", "syn-ack", "handshake-done" … */

#endif
