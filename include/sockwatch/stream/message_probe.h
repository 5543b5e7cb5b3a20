/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probing of a path: what the viewer orders, and what was sent and answered (MESSAGE_PROBE_*).
 */
#ifndef SOCKWATCH_STREAM_MESSAGE_PROBE_H
#define SOCKWATCH_STREAM_MESSAGE_PROBE_H

#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/text.h>

enum probe_protocol { PROBE_PROTOCOL_ICMP, PROBE_PROTOCOL_UDP, PROBE_PROTOCOL_TCP };

/* What may become of packets that are too big for a link. */
enum probe_fragment {
	PROBE_FRAGMENT_ALLOWED,
	PROBE_FRAGMENT_NEVER,
	PROBE_FRAGMENT_SEARCH /* never, and by ICMP the path MTU is searched */
};

/* How a probe is sent: the best that the kernel allowed. */
enum probe_method {
	PROBE_METHOD_NONE,
	PROBE_METHOD_PING_SOCKET,
	PROBE_METHOD_RAW,
	PROBE_METHOD_UDP_SOCKET,
	PROBE_METHOD_CONNECT
};

enum {
	/*
	 * When a probe counts as lost, unless the viewer says otherwise. A router that searches a
	 * neighbour in vain says so after 3 s and some (Linux: mcast_solicit times retrans_time of
	 * net.ipv4.neigh), and the answer has its way before it.
	 */
	PROBE_TIMEOUT_MS = 5000
};

/*
 * Start (or, with a known id, change) the probing of a path: every interval a cycle of one probe
 * for each ttl of first_ttl..max_ttl (as far as the target is known to be) and flow. The collector
 * repeats it in the stream, held to its bounds.
 */
struct message_probe_start {
	uint32_t id; /* the viewer's choice */
	uint32_t netns;
	uint8_t protocol; /* enum probe_protocol */
	uint8_t flows;    /* parallel flows, 1 or more; each keeps its header fields constant */
	uint8_t first_ttl;
	uint8_t max_ttl;
	struct address target;
	struct address source; /* :: lets the kernel choose */
	uint16_t port;         /* of the target: TCP, UDP (0: the default) */
	uint16_t source_port;  /* 0: chosen */
	uint32_t interval_ms;  /* between cycles */
	uint32_t cycles;       /* 0: until stopped */
	uint32_t timeout_ms;   /* when a probe counts as lost */
	uint16_t size;         /* bytes of payload */
	uint8_t tos;
	uint8_t dont_fragment; /* enum probe_fragment */
	uint16_t router_rate;  /* times a second that a router is asked at most; 0: once */
	uint32_t interface;    /* index of the one to send by; 0: as routed */
	uint32_t mark;         /* firewall mark; 0: none */
	uint8_t continued;     /* the viewer keeps what it measured so far */
};

struct message_probe_stop {
	uint32_t id;
};

struct message_probe_state {
	uint32_t id;
	uint8_t running;       /* 0: no more is sent; what is in flight may still be answered */
	uint8_t method;        /* enum probe_method */
	int32_t error;         /* errno why it cannot, or 0; while it runs: why not at present */
	struct text text;      /* a sentence: what is missing, what was taken instead */
	uint32_t cycle;        /* cycles begun */
	struct address source; /* as the kernel chose */
	uint16_t mtu;          /* of the path as the kernel knows it, or 0 */
};

struct message_probe_sent {
	uint32_t id;
	uint32_t sequence; /* of this probe id, from 1 */
	uint32_t cycle;
	uint8_t ttl;
	uint8_t flow;
	uint64_t sent_ns; /* CLOCK_REALTIME, the kernel's transmit stamp where it gives one */
	uint8_t kernel_stamp;
	int32_t error;  /* errno of the sending, or 0 */
	uint16_t size;  /* bytes of the IP packet; 0: not known */
	uint8_t search; /* 1: for the search of the path MTU; its loss says nothing of the path */
};

/* The kind of answer: an ICMP error, an echo reply, a SYN-ACK, a RST. Only what the kernel reports
 * is interpreted. */
enum probe_answer {
	PROBE_ANSWER_ICMP,
	PROBE_ANSWER_ECHO,
	PROBE_ANSWER_CONNECTED,
	PROBE_ANSWER_REFUSED,
	PROBE_ANSWER_UDP
};

struct message_probe_answer {
	uint32_t id;
	uint32_t sequence; /* of the probe that it answers; 0: the viewer finds it from data */
	uint8_t kind;      /* enum probe_answer */
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint8_t ttl;          /* of the answer as received, or 0 */
	uint64_t received_ns; /* CLOCK_REALTIME, the kernel's receive stamp where it gives one */
	uint8_t kernel_stamp;
	struct address from;
	uint32_t info;      /* next-hop MTU of "fragmentation needed" */
	uint16_t extension; /* offset of RFC 4884 extensions in data, or 0 */
	struct text data;   /* bytes as they came: quoted packet and extensions */
};

#endif
