/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probed paths: what came back from each hop, from MESSAGE_PROBE_*. A path lives from its
 * start until it is forgotten. Times are those of the kernel's stamps where there were any.
 */
#ifndef SOCKWATCH_MODEL_PATH_H
#define SOCKWATCH_MODEL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/stream/message_probe.h>

enum {
	PATH_TTL_MAX = 64,
	PATH_ADDRESSES_MAX = 8,
	PATH_HISTORY = 128,
	PATH_LABELS_MAX = 8,
	PATH_FLOWS_MAX = 16,
	PATH_CHANGES_MAX = 16
};

/* Why a hop does not answer all probes; decided in path_judge.c. */
enum hop_verdict {
	HOP_VERDICT_NONE,         /* nothing to report */
	HOP_VERDICT_SILENT,       /* never answers, hops beyond do */
	HOP_VERDICT_RATE_LIMITED, /* answers few, hops beyond do not share the loss */
	HOP_VERDICT_LOSS,         /* loss that begins here and goes on beyond */
	HOP_VERDICT_LOOP,         /* an address that answered at an earlier ttl as well */
	HOP_VERDICT_PROHIBITED,   /* administratively prohibited */
	HOP_VERDICT_UNREACHABLE,
};

/* How an answer said that a probe came as far as it did. */
enum path_answer {
	PATH_ANSWER_NONE,
	PATH_ANSWER_ECHO,        /* ICMP echo reply */
	PATH_ANSWER_CONNECTED,   /* SYN-ACK */
	PATH_ANSWER_REFUSED,     /* RST */
	PATH_ANSWER_UDP,         /* a datagram */
	PATH_ANSWER_PORT,        /* ICMP port unreachable: nobody listens there */
	PATH_ANSWER_EXCEEDED,    /* ICMP time exceeded, as a router */
	PATH_ANSWER_UNREACHABLE, /* ICMP destination unreachable for another reason */
	PATH_ANSWER_OTHER,       /* another ICMP error */
	PATH_ANSWER_COUNT
};

/* In a hop's history, in place of a round-trip time. */
enum { PATH_HISTORY_LOST = -1, PATH_HISTORY_EMPTY = -2 };

struct hop_label {
	uint32_t label;
	uint8_t traffic_class, bottom, ttl;
};

struct hop_address {
	struct address address;
	uint32_t received;
	uint32_t flows; /* bits of the flows that took it */
	uint64_t first_ns, last_ns;
};

struct hop {
	uint8_t ttl;
	uint8_t address_count;
	struct hop_address addresses[PATH_ADDRESSES_MAX]; /* most answers first */
	uint32_t addresses_refused;    /* answers of addresses beyond the bound */
	uint32_t sent, received, late; /* late: after the timeout; counted as received too */
	uint32_t pending;              /* sent, not yet answered, not yet timed out */
	uint32_t unsent; /* of sent: could not be sent, so they are lost, but by no hop */
	uint32_t errors; /* of received: "unreachable", so the probe did not get through */
	uint32_t timed;  /* of received: the time is the path's, not that of a neighbour search */
	uint64_t last_us, best_us, worst_us;
	double mean_us, m2;               /* Welford */
	double jitter_us;                 /* RFC 3550 section 6.4.1 */
	int32_t history_us[PATH_HISTORY]; /* ring */
	uint16_t history_next;
	uint8_t reply_ttl;              /* of the last answer, or 0 */
	uint8_t answer;                 /* enum path_answer, of the last answer */
	struct address answer_from;     /* its sender */
	uint8_t error_type, error_code; /* of the last answer, when it is "unreachable", else 0/0 */
	struct address error_from;      /* its sender */
	uint16_t mtu;                   /* next-hop MTU that was reported, or 0 */
	struct hop_label labels[PATH_LABELS_MAX];
	uint8_t label_count;
	uint8_t verdict;  /* enum hop_verdict */
	bool balanced;    /* within a flow one router or another answers, packet by packet */
	bool target;      /* the target answered here, and a flow ends here */
	double link_loss; /* 0..1 of the link into this hop as pathping shows it; NAN unknown */
	double loss;      /* 0..1 of probes that are decided; NAN before any */
};

struct path_change {
	uint64_t time_ns; /* CLOCK_REALTIME, of the first answer of the new router */
	uint8_t ttl, flow;
	struct address from, to;
};

struct path {
	uint32_t id;
	struct message_probe_start start; /* as asked */
	struct hop hops[PATH_TTL_MAX];
	uint8_t hop_count; /* up to the end of the longest flow, or the farthest answer */
	bool ended;   /* the end is known: the target, or a router that reports it unreachable */
	bool reached; /* the target */
	bool running;
	uint8_t method; /* enum probe_method */
	uint32_t cycle;
	int32_t error;
	char text[256];               /* how it is probed, or why it cannot be */
	char reason[96];              /* why nothing can be sent at present, or "" */
	uint64_t started_ns, full_ns; /* full_ns: when the whole path was first known, or 0 */
	struct path_change changes[PATH_CHANGES_MAX];
	uint32_t change_count;    /* ever */
	uint8_t reply_hops;       /* hops back as the reply's TTL suggests, or 0 */
	uint16_t mtu;             /* smallest that was reported, or 0 */
	uint16_t passed_size;     /* bytes of the largest packet that the target answered, or 0 */
	uint64_t unknown_answers; /* that matched no probe */
	uint64_t send_errors;     /* probes that could not be sent */
	int32_t send_error;       /* errno of the last probe that could not be sent, or 0 */
	uint64_t unsent_ns;       /* CLOCK_REALTIME, when that was */
	bool is_blocked;          /* nothing went out since */
};

struct path_table;

/* limit: paths at most. NULL: no memory. */
struct path_table *path_table_new(uint32_t limit);
void path_table_free(struct path_table *table);
/*
 * The path with this id, new or reset; start->continued keeps what was measured so far. At the
 * limit the oldest path that no longer runs is forgotten; NULL when all run.
 */
struct path *path_table_start(
	struct path_table *table, const struct message_probe_start *start, uint64_t now_ns);
void path_table_forget(struct path_table *table, uint32_t id);
/*
 * Probing was stopped before its end: probes in flight count as never sent, since their answers
 * will not be received.
 */
void path_table_drain(struct path_table *table, uint32_t id);
struct path *path_table_find(const struct path_table *table, uint32_t id);
/* The i-th path in order of start, or NULL. */
struct path *path_table_at(const struct path_table *table, size_t i);

void path_on_state(
	struct path_table *table, const struct message_probe_state *state, uint64_t now_ns);
void path_on_sent(struct path_table *table, const struct message_probe_sent *sent);
void path_on_answer(struct path_table *table, const struct message_probe_answer *answer);
/* Counts overdue probes as lost and updates the verdicts. */
void path_tick(struct path_table *table, uint64_t now_ns);

/* "echo", "port-unreachable" …; NULL for PATH_ANSWER_NONE. */
const char *path_answer_name(enum path_answer answer);
/*
 * Hops that an answer with this ttl passed. Systems begin with 32, 64, 128 or 255, so it is a
 * guess: the one that is nearest to expected, the hops of the way there. *first: the ttl that is
 * assumed; NULL: not wanted. 0 for ttl 0.
 */
unsigned path_hops_back(uint8_t ttl, unsigned expected, unsigned *first);
/* Percentile (0..100) of what the history ring holds, in microseconds; false: it is empty. */
bool hop_percentile(const struct hop *hop, unsigned percent, uint64_t *us);
const char *hop_verdict_name(enum hop_verdict verdict);
/* traceroute's mark for an ICMP "unreachable" of that family: "!H", "!N", "!X", "!<7>" …; "" for a
 * port, and for other messages. */
void path_icmp_mark(int family, uint8_t type, uint8_t code, char *out, size_t size);
/* "admin prohibited", "host unreachable" … for an ICMP type and code of that family; NULL
 * for others. */
const char *path_icmp_words(int family, uint8_t type, uint8_t code);

#endif
