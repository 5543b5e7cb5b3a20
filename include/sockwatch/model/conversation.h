/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP as the wire shows it: a conversation per pair of endpoints, in which the state machine of RFC
 * 9293 is followed on both sides. Written by the wire (wire.h); read by analysis and views.
 *
 * The capture may hold SYN, FIN and RST only. What cannot be seen then (the ACK of a SYN-ACK, of a
 * FIN) is inferred from what follows or from the socket table, or stays unknown.
 */
#ifndef SOCKWATCH_MODEL_CONVERSATION_H
#define SOCKWATCH_MODEL_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/model/tcp_state.h>

#define CONVERSATION_NONE       UINT32_MAX
#define CONVERSATION_UNKNOWN_US UINT64_MAX

/* In ended_by, first_fin, local_side. */
enum { CONVERSATION_SIDE_UNKNOWN = 2 };
enum { CONVERSATION_WSCALE_UNKNOWN = 255, CONVERSATION_PATH_MAX = 8, CONVERSATION_COMM_SIZE = 16 };

/* The two sides: 0 opened (sent the first SYN, or the first segment seen), 1 is the other. */
enum conversation_outcome {
	CONVERSATION_OUTCOME_NONE,    /* it has not ended */
	CONVERSATION_OUTCOME_CLOSED,  /* FIN both ways */
	CONVERSATION_OUTCOME_REFUSED, /* RST to a SYN */
	CONVERSATION_OUTCOME_RESET,
	CONVERSATION_OUTCOME_TIMEOUT, /* SYNs or SYN-ACKs without an answer */
	CONVERSATION_OUTCOME_GONE,    /* destroyed by the kernel; how it ended was not seen */
};

struct conversation_side {
	uint32_t isn;   /* initial sequence number; !isn_known: the first seen, less one */
	uint32_t next;  /* highest sequence number sent, plus one */
	uint32_t acked; /* highest acknowledged by the other */
	uint32_t fin_seq;
	uint64_t bytes; /* payload by sequence numbers, each once, captured or not */
	uint64_t last_ns;
	uint64_t zero_ns; /* its window is 0 since, or 0 */
	uint32_t segments;
	uint16_t retransmits; /* segments repeated */
	uint16_t window;      /* as in the header: not scaled */
	uint8_t state;        /* enum tcp_state as the wire shows it */
	uint8_t syn_retransmits, fin_retransmits;
	uint8_t wscale; /* CONVERSATION_WSCALE_UNKNOWN */
	bool isn_known, fin, fin_acked;
	bool next_from_ack; /* next is what the other has acknowledged */
	bool numbered;      /* isn and next hold */
	bool ack_known;     /* acked holds */
	bool data;          /* payload was captured */
	bool syn_ack, rst;  /* has sent one */
	bool hears;         /* has acknowledged what the other really sent */
	bool before_start;  /* data came that was sent before what was seen first */
	bool window_known;  /* window is not a SYN's, which is never scaled */
	/* Distinguish a packet that is seen twice from one that is sent twice: see duplicate.c. */
	uint8_t home_direction;
	uint16_t undecided; /* segments that were repeated or overtaken, nothing shows which */
	uint32_t home_ifindex;
	uint32_t last_seq;
	/* Distinguish a packet that is sent twice from one that was overtaken: see resend.c. */
	uint16_t ip_id;    /* of its newest segment that had one */
	uint8_t ip_ids;    /* how many in a row each had a little higher one, up to a bound */
	uint8_t same_acks; /* ACKs in a row that acknowledged nothing new */
};

/* A process that held one end. */
struct conversation_owner {
	uint32_t pid;                      /* 0: not known */
	char comm[CONVERSATION_COMM_SIZE]; /* as it came: not clean */
};

struct conversation {
	struct address address[2];
	uint64_t hash;    /* of the ends */
	uint16_t port[2]; /* host order */
	uint32_t netns;
	uint32_t link;       /* ifindex where an address is link-local, else 0 */
	uint32_t generation; /* of this slot: grows when the slot is used again */
	uint32_t lru_prev, lru_next;
	uint16_t hole_set; /* which set of holes it had last, and one: see holes.c */
	uint8_t list;
	bool half_open;     /* in the part for unconfirmed ones */
	uint8_t local_side; /* 0, 1; unknown: both are local, or none */
	/* A new connection of the same endpoints resets all members from here on. */
	uint8_t outcome;   /* enum conversation_outcome */
	uint8_t ended_by;  /* side that sent the first FIN or the RST */
	uint8_t first_fin; /* side that sent it */
	bool established;  /* was, at some time */
	bool simultaneous; /* both sent a SYN */
	bool both_closed;  /* both sent a FIN before they saw the other's */
	bool mid_stream;   /* first seen when it was established already */
	bool fast_open;    /* its SYN carried data (RFC 7413) */
	bool full;         /* not only its SYN, FIN and RST were captured */
	uint8_t path_len[2];
	uint8_t path[CONVERSATION_PATH_MAX][2]; /* states gone through, per side; the first ones */
	uint64_t now_ns; /* of the segment that is followed: the time of states that are entered */
	/* TSval of the first SYN and of the last before the SYN-ACK; 0: none. */
	uint32_t syn_timestamp, last_syn_timestamp;
	/* 0: not seen. syn and syn_ack: the first; answered: the SYN that the SYN-ACK names by its
	 * TSecr, or else the last before it. */
	uint64_t first_ns, syn_ns, answered_ns, syn_ack_ns, established_ns, fin_ns, ended_ns;
	/* When the socket table first had it past its handshake, or 0. */
	uint64_t socket_established_ns;
	struct conversation_side side[2];
	/* A SYN into an established connection: it opens a new one if the other side answers. */
	uint64_t pending_ns;
	uint32_t pending_isn;
	uint8_t pending_side; /* unknown: none */
	uint64_t gone_ns;     /* its socket was destroyed, or 0 */
	uint32_t socket;      /* row of the socket table that it was joined with, or SOCKET_NONE */
	uint64_t cookie;      /* of that row */
	struct conversation_owner owner[2];         /* of each end, when that was joined */
	uint64_t path_ns[CONVERSATION_PATH_MAX][2]; /* when the states of path were entered */
};

/* Which side this end of it is: 0 or 1. */
uint8_t conversation_side_of(
	const struct conversation *conversation, const struct address *address, uint16_t port);
/* Its socket was closed before the other side answered: the opener gave up. */
bool conversation_is_given_up(const struct conversation *conversation);
/* "closed by us", "reset by peer after data", "refused": how it ended, in words. */
size_t conversation_format_outcome(const struct conversation *conversation, char *out, size_t size);
/* "us" or "peer"; "client" or "server" where both or none are local; or "port 443". */
size_t conversation_format_side(
	const struct conversation *conversation, uint8_t side, char *out, size_t size);
/*
 * The times of the handshake in microseconds: SYN to SYN-ACK (network and peer, as seen from the
 * client), and SYN-ACK to ACK. false: SYN or SYN-ACK was not seen. *ack_us can be
 * CONVERSATION_UNKNOWN_US.
 */
bool conversation_handshake(
	const struct conversation *conversation, uint64_t *network_us, uint64_t *ack_us);
const char *conversation_outcome_name(enum conversation_outcome outcome);

#endif
