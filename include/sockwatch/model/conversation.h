/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP as the wire shows it: a conversation per pair of endpoints with the state machine of RFC 9293
 * followed on both sides, and the recent segments as events. Written by the model from
 * RECORD_PACKET, from what the socket table knows, and from destroy events; read by analysis and
 * views. All is bounded: half-open strangers live in a part of their own and cannot push out
 * conversations in which both sides have shown that they hear each other.
 *
 * The capture may hold SYN, FIN and RST only. What cannot be seen then (the ACK of a SYN-ACK, of a
 * FIN) is inferred from what follows or from the socket table, or stays unknown.
 */
#ifndef SOCKWATCH_MODEL_CONVERSATION_H
#define SOCKWATCH_MODEL_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/segment.h>
#include <sockwatch/model/tcp_state.h>

#define CONVERSATION_NONE       UINT32_MAX
#define CONVERSATION_UNKNOWN_US UINT64_MAX

/* In ended_by, first_fin, local_side. */
enum { CONVERSATION_SIDE_UNKNOWN = 2 };
enum { CONVERSATION_WSCALE_UNKNOWN = 255, CONVERSATION_PATH_MAX = 8, CONVERSATION_COMM_SIZE = 16 };

/* The two sides: 0 opened (sent the first SYN, or the first segment seen), 1 is the other. */
enum conversation_outcome {
	CONVERSATION_OUTCOME_NONE,    /* it lives */
	CONVERSATION_OUTCOME_CLOSED,  /* FIN both ways */
	CONVERSATION_OUTCOME_REFUSED, /* RST to a SYN */
	CONVERSATION_OUTCOME_RESET,
	CONVERSATION_OUTCOME_TIMEOUT, /* SYNs or SYN-ACKs without answer */
	CONVERSATION_OUTCOME_GONE,    /* the kernel's destroy event; how was not seen */
};

/* What a segment means. */
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
	EVENT_WINDOW_PROBE, /* sent into a zero window */
	EVENT_WINDOW_UPDATE,
	EVENT_ILLEGAL, /* flags that are never legitimate */
	EVENT_KIND_COUNT,
};

struct conversation_side {
	uint32_t isn;   /* initial sequence number; !isn_known: the first seen, less one */
	uint32_t next;  /* highest sequence number sent, plus one */
	uint32_t acked; /* highest acknowledged by the other */
	uint32_t fin_seq;
	uint32_t hole_begin, hole_end; /* not seen yet; equal: none */
	uint64_t bytes;                /* payload by sequence numbers, each once, captured or not */
	uint64_t last_ns;
	uint64_t zero_ns; /* its window is 0 since, or 0 */
	uint32_t segments;
	uint16_t retransmits; /* segments repeated */
	uint16_t window;      /* as in the header: not scaled */
	uint8_t state;        /* enum tcp_state as the wire tells */
	uint8_t syn_retransmits, fin_retransmits;
	uint8_t wscale; /* CONVERSATION_WSCALE_UNKNOWN */
	bool isn_known, fin, fin_acked;
	bool told;         /* next is what the other has acknowledged */
	bool numbered;     /* isn and next hold */
	bool ack_known;    /* acked holds */
	bool data;         /* payload was captured */
	bool syn_ack, rst; /* has sent one */
	bool hears;        /* has acknowledged what the other really sent */
	/* To tell a packet that is seen twice from one that is sent twice: see duplicate.c. */
	uint8_t home_direction;
	uint32_t home_ifindex;
	uint32_t last_seq, last_ack;
	uint16_t last_ip_id, last_flags;
	uint32_t last_timestamp;
};

struct conversation {
	struct address address[2];
	uint16_t port[2]; /* host order */
	uint32_t netns;
	uint32_t generation; /* of this slot: who names another one means an older tenant */
	uint32_t lru_prev, lru_next;
	uint64_t hash;
	uint8_t list;
	bool half_open;     /* in the strangers' part */
	uint8_t local_side; /* 0, 1; unknown: both are local, or none */
	/* From here on all is new with a new connection of the same endpoints. */
	uint8_t outcome;   /* enum conversation_outcome */
	uint8_t ended_by;  /* side that sent the first FIN or the RST */
	uint8_t first_fin; /* side that sent it */
	bool established;  /* was, at some time */
	bool simultaneous; /* both sent a SYN */
	bool both_closed;  /* both sent a FIN before they saw the other's */
	bool mid_stream;   /* first seen when it stood already */
	bool fast_open;    /* its SYN carried data (RFC 7413) */
	bool full;         /* not only its SYN, FIN and RST were captured */
	uint8_t path_len[2];
	uint8_t path[CONVERSATION_PATH_MAX][2]; /* states gone through, per side; the first ones */
	uint64_t now_ns; /* of what is followed: the time of states that are entered */
	/* 0: not seen. syn and syn_ack: the first; answered: the last SYN before the SYN-ACK. */
	uint64_t first_ns, syn_ns, answered_ns, syn_ack_ns, established_ns, fin_ns, ended_ns;
	uint64_t told_ns; /* when the socket table first had it past its handshake, or 0 */
	struct conversation_side side[2];
	/* A SYN into a connection that stands: a new one if the other side answers it. */
	uint64_t pending_ns;
	uint32_t pending_isn;
	uint8_t pending_side; /* unknown: none */
	uint64_t gone_ns;     /* its socket was destroyed, or 0 */
	uint32_t socket;      /* row of the socket table that it was joined with, or SOCKET_NONE */
	uint32_t pid;         /* owner when it was joined, or 0 */
	uint64_t cookie;      /* of that row */
	char comm[CONVERSATION_COMM_SIZE];          /* of the owner, as it came: not clean */
	uint64_t path_ns[CONVERSATION_PATH_MAX][2]; /* when the states of path were entered */
};

/* What the events have in common that one event stands for. */
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
	uint32_t folded;    /* equal events that stand for this one, besides itself */
	uint32_t sources;   /* when folded: about how many addresses the rest differs in */
	/* Of the segments that end a part of the handshake: SYN to SYN-ACK, SYN-ACK to ACK. */
	uint32_t syn_ack_us, ack_us; /* EVENT_UNKNOWN_US */
	uint64_t number;             /* ever growing */
	char words[64];              /* "1/3", "established in 12.0 ms", "refused" */
};

struct wire_counts {
	uint64_t packets, segments, duplicates, not_tcp, cut, bad;
	uint64_t syn, syn_ack, fin, rst, illegal,
		data;                        /* of segments, by flags; data: with payload */
	uint64_t evicted_half_open, evicted; /* bounds reached */
};

struct wire;

/* 0 is a default. */
struct wire_options {
	uint32_t conversations; /* at most */
	uint32_t half_open;     /* of them at most; less than conversations */
	uint32_t events;        /* kept of each kind: flags, and the rest */
	/* Events of one kind to one endpoint within 100 ms; what strangers send beyond it is folded
	 * into one event a second. UINT32_MAX: never. */
	uint32_t fold_above;
};

/* NULL: no memory. */
struct wire *wire_new(const struct wire_options *options);
void wire_free(struct wire *wire);

/* Decodes RECORD_PACKETs in order of capture, counts them, and passes them on. */
void wire_packets(struct wire *wire, const struct record *records, size_t count);
/* A decoded segment, in order of capture. Duplicates (the same one seen on a second interface) are
 * counted and dropped. */
void wire_segment(struct wire *wire, const struct segment *segment);
/* Ends handshakes that never completed, forgets what ended long ago. Once per pass. */
void wire_tick(struct wire *wire, uint64_t now_ns);

/*
 * What the socket table knows of a connection: joins it, and moves the state on where the wire did
 * not show it. Ignored when no such conversation was seen.
 */
struct wire_socket {
	struct address local, remote;
	uint16_t local_port, remote_port;
	uint32_t netns;  /* the stream's number */
	uint32_t socket; /* row */
	uint64_t cookie;
	uint64_t seen_ns; /* as of then */
	uint64_t born_ns; /* when the row was first seen, or 0 */
	enum tcp_state state;
	uint32_t pid;     /* owner, or 0 */
	const char *comm; /* or NULL */
	bool destroyed;   /* by the kernel: the conversation is over, however it ended */
};
void wire_note_socket(struct wire *wire, const struct wire_socket *socket);

const struct wire_counts *wire_counts(const struct wire *wire);
/*
 * Events have numbers in the order in which they came; two rings hold the recent ones, one what is
 * a flag (event_is_flag), the other the rest. An event that is gone is passed over, and NULL where
 * it is asked for. Pointers hold until the next segment.
 */
uint64_t wire_event_end(const struct wire *wire); /* one past the newest */
const struct event *wire_event(const struct wire *wire, uint64_t number);
/* The oldest with this number or a higher one. */
const struct event *wire_event_from(const struct wire *wire, uint64_t number);
const struct event *wire_flag_from(const struct wire *wire, uint64_t number);
/* The newest with a lower number. */
const struct event *wire_flag_before(const struct wire *wire, uint64_t number);
/* How many more events of its ring come before it goes; 0: it is gone. */
uint32_t wire_event_room(const struct wire *wire, uint64_t number);
/* Nothing more is counted in this event: for who shows each event once. */
void wire_event_close(struct wire *wire, uint64_t number);

/* The conversation between these endpoints, either way round, or NULL. netns: the stream's. */
struct conversation *wire_find(struct wire *wire, uint32_t netns, const struct address *a,
	uint16_t a_port, const struct address *b, uint16_t b_port);
const struct conversation *wire_conversation(
	const struct wire *wire, uint32_t slot, uint32_t generation);
/* Slots are 0 .. wire_slots-1; wire_slot gives NULL for free ones. */
uint32_t wire_slots(const struct wire *wire);
const struct conversation *wire_slot(const struct wire *wire, uint32_t slot);

/* Which side this end of it is: 0 or 1. */
uint8_t conversation_side_of(
	const struct conversation *conversation, const struct address *address, uint16_t port);
/* Its socket went before anything came from the other side: who opened it did not wait. */
bool conversation_is_given_up(const struct conversation *conversation);
/* "closed by us", "reset by peer after data", "refused": how it ended, in words. */
size_t conversation_format_outcome(const struct conversation *conversation, char *out, size_t size);
/* Who that side is: "us", "peer"; where both or none are local "client", "server"; "port 443". */
size_t conversation_format_side(
	const struct conversation *conversation, uint8_t side, char *out, size_t size);
/*
 * Handshake in microseconds: SYN to SYN-ACK (network and peer, as seen from the client), SYN-ACK to
 * ACK. false: SYN or SYN-ACK was not seen. *ack_us can be CONVERSATION_UNKNOWN_US.
 */
bool conversation_handshake(
	const struct conversation *conversation, uint64_t *network_us, uint64_t *ack_us);
/* It opens or closes a connection, or is illegal: told also where a capture holds more. */
bool event_is_flag(const struct segment *segment, enum event_kind kind);
const char *event_kind_name(enum event_kind kind); /* "syn", "syn-ack", "handshake-done" … */
const char *conversation_outcome_name(enum conversation_outcome outcome);

#endif
