/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP as the wire shows it: a conversation per pair of endpoints with the state machine of RFC 9293
 * followed on both sides, and the recent segments as events. Written by the model from
 * RECORD_PACKET and destroy events; read by analysis and views. All bounded: half-open strangers
 * live in a part of their own and cannot push out conversations that were established.
 */
#ifndef SOCKWATCH_MODEL_CONVERSATION_H
#define SOCKWATCH_MODEL_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/tcp_state.h>

#define CONVERSATION_NONE UINT32_MAX

/* The two sides: 0 opened (sent the first SYN, or the first segment seen), 1 is the other. */
enum conversation_ending {
	CONVERSATION_ENDING_NONE,    /* it lives */
	CONVERSATION_ENDING_CLOSED,  /* FIN and ACK both ways */
	CONVERSATION_ENDING_REFUSED, /* RST to a SYN */
	CONVERSATION_ENDING_RESET,
	CONVERSATION_ENDING_TIMEOUT, /* SYNs without answer */
	CONVERSATION_ENDING_GONE,    /* the kernel's destroy event; how was not seen */
};

/* What a segment means; from the table in conversation.c. */
enum event_kind {
	EVENT_SYN,
	EVENT_SYN_ACK,
	EVENT_HANDSHAKE_DONE, /* the ACK that completes it */
	EVENT_SIMULTANEOUS_SYN,
	EVENT_DATA,
	EVENT_ACK,
	EVENT_FIN,
	EVENT_FIN_ACK, /* FIN of the second side, or the ACK of a FIN: see the words */
	EVENT_RST,
	EVENT_REFUSED,    /* RST to a SYN */
	EVENT_RETRANSMIT, /* of SYN, SYN-ACK, FIN or data */
	EVENT_KEEPALIVE,
	EVENT_ZERO_WINDOW,
	EVENT_WINDOW_UPDATE,
	EVENT_ILLEGAL, /* flags that are never legitimate */
	EVENT_KIND_COUNT,
};

struct conversation_side {
	uint32_t isn;   /* initial sequence number */
	uint32_t next;  /* highest sequence number sent, plus one */
	uint32_t acked; /* highest acknowledged by the other */
	uint64_t bytes; /* payload, each once */
	uint32_t segments;
	uint16_t retransmits; /* segments repeated */
	uint8_t state;        /* enum tcp_state as the wire tells */
	uint8_t syn_retransmits;
	uint16_t window;
	uint8_t wscale; /* 255: not known */
	bool isn_known, fin, fin_acked;
	uint32_t fin_seq;
	uint64_t last_ns;
};

struct conversation {
	struct address address[2];
	uint16_t port[2]; /* host order */
	uint32_t netns;
	uint8_t local_side; /* 0, 1; 2: not known */
	uint8_t ending;     /* enum conversation_ending */
	uint8_t ended_by;   /* side that sent the first FIN or the RST; 2: not known */
	bool established;   /* was, at some time */
	bool simultaneous;
	bool mid_stream; /* first seen when it stood already */
	uint64_t first_ns, syn_ns, syn_ack_ns, established_ns, fin_ns, ended_ns; /* 0: not seen */
	struct conversation_side side[2];
	uint8_t path[8][2]; /* states gone through, per side (at most 8, the first ones) */
	uint8_t path_len[2];
	uint32_t socket; /* row of the socket table that it was joined with, or SOCKET_NONE */
	uint64_t cookie; /* of that row */
	uint32_t pid;    /* owner when it was joined, or 0 */
	uint32_t comm;   /* intern */
	uint32_t lru_prev, lru_next;
	bool half_open;      /* in the strangers' part */
	uint32_t generation; /* of this slot: an event that names another one is of an older tenant
			      */
};

/* A segment as it is shown in the event pane. */
struct event {
	struct segment segment;
	uint32_t conversation; /* slot, with generation */
	uint32_t generation;
	uint32_t relative_seq, relative_ack;
	uint8_t side;    /* which sent it */
	uint8_t kind;    /* enum event_kind */
	bool relative;   /* relative_* hold */
	uint32_t folded; /* equal events that stand for this one, besides itself */
	uint64_t number; /* ever growing */
	char words[64];  /* "1/3", "established in 12.0 ms", "refused" */
};

struct wire_counts {
	uint64_t packets, segments, duplicates, not_tcp, cut, bad;
	uint64_t syn, syn_ack, fin, rst, illegal, data;
	uint64_t refused_half_open, evicted; /* bounds reached */
};

struct wire;

struct wire_options {
	uint32_t conversations; /* at most */
	uint32_t half_open;     /* of them at most */
	uint32_t events;        /* kept */
};

/* NULL: no memory. */
struct wire *wire_new(const struct wire_options *options);
void wire_free(struct wire *wire);

/* A decoded segment, in order of capture. Duplicates (the same one seen on a second interface) are
 * counted and dropped. */
void wire_segment(struct wire *wire, const struct segment *segment);
/* Ends handshakes that never completed, forgets what ended long ago. */
void wire_tick(struct wire *wire, uint64_t now_ns);

const struct wire_counts *wire_counts(const struct wire *wire);
/* Events first .. last ever: numbers; what is older than the ring is gone. NULL when gone. */
uint64_t wire_event_first(const struct wire *wire);
uint64_t wire_event_end(const struct wire *wire); /* one past the newest */
const struct event *wire_event(const struct wire *wire, uint64_t number);

/* The conversation between these endpoints, either way round, or NULL. */
struct conversation *wire_find(struct wire *wire, uint32_t netns, const struct address *a,
	uint16_t a_port, const struct address *b, uint16_t b_port);
const struct conversation *wire_conversation(
	const struct wire *wire, uint32_t slot, uint32_t generation);

/* "closed by us", "reset by peer after data", "refused": how it ended, in words. */
size_t conversation_format_ending(const struct conversation *conversation, char *out, size_t size);
/* Handshake in microseconds: SYN to SYN-ACK (network and peer), SYN-ACK to ACK. false: not seen. */
bool conversation_handshake(
	const struct conversation *conversation, uint64_t *network_us, uint64_t *peer_us);
const char *event_kind_name(enum event_kind kind); /* "syn", "syn-ack", "handshake-done" … */

#endif
