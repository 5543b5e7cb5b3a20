/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One TCP segment, read out of a captured packet: Ethernet, VLAN, LLC, MPLS, PPP, Cisco HDLC,
 * cooked (SLL, SLL2), raw IP, loopback; tunnels (GRE, IP in IP, VXLAN, Geneve, GTP-U); IPv4 with
 * options, IPv6 with extension headers; TCP with all its options (RFC 9293, 7323, 2018, 7413,
 * 8684). Every byte is reached through checked access: a packet may be cut or hostile. The options
 * are kept as they came and read on demand: that takes longer than all the rest, and during a flood
 * it is not needed.
 */
#ifndef SOCKWATCH_MODEL_SEGMENT_H
#define SOCKWATCH_MODEL_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>

struct record;

enum segment_flag {
	SEGMENT_FIN = 1 << 0,
	SEGMENT_SYN = 1 << 1,
	SEGMENT_RST = 1 << 2,
	SEGMENT_PSH = 1 << 3,
	SEGMENT_ACK = 1 << 4,
	SEGMENT_URG = 1 << 5,
	SEGMENT_ECE = 1 << 6,
	SEGMENT_CWR = 1 << 7,
	SEGMENT_AE = 1 << 8, /* the former NS */
};

enum segment_direction { SEGMENT_DIRECTION_UNKNOWN, SEGMENT_IN, SEGMENT_OUT };

enum segment_option {
	SEGMENT_HAS_MSS = 1 << 0,
	SEGMENT_HAS_WSCALE = 1 << 1,
	SEGMENT_HAS_SACK_PERMITTED = 1 << 2,
	SEGMENT_HAS_SACK = 1 << 3,
	SEGMENT_HAS_TIMESTAMPS = 1 << 4,
	SEGMENT_HAS_FASTOPEN = 1 << 5,
	SEGMENT_HAS_MPTCP = 1 << 6,
	SEGMENT_HAS_MD5 = 1 << 7,
	SEGMENT_HAS_AO = 1 << 8,
	SEGMENT_HAS_OTHER = 1 << 9,
	SEGMENT_OPTIONS_CUT = 1 << 10, /* capture ended within them */
	SEGMENT_OPTIONS_BAD = 1 << 11, /* a length that cannot be */
};

struct segment_sack {
	uint32_t begin, end;
};

enum {
	SEGMENT_OPTION_BYTES = 40, /* more are not possible */
	SEGMENT_OPTIONS_TEXT_SIZE = 320,
};

struct segment {
	uint64_t time_ns; /* CLOCK_REALTIME of the capture */
	uint32_t netns;
	uint8_t direction;   /* enum segment_direction */
	uint8_t family;      /* AF_INET, AF_INET6 */
	uint8_t ttl;         /* or hop limit */
	uint8_t data_offset; /* bytes of TCP header */
	uint32_t ifindex;    /* 0: unknown. Not beside netns, as it is in a record: both would be
			      * copied as one word, which waits for what was written as two */
	uint16_t vlan;       /* innermost VLAN id, 0: none */
	uint16_t ip_id;      /* IPv4 */
	struct address source, destination;
	uint16_t source_port, destination_port;
	uint32_t seq, ack;
	uint16_t window;
	uint16_t flags;     /* enum segment_flag */
	uint32_t len;       /* bytes of payload by the IP header's length, captured or not */
	uint8_t option_len; /* bytes captured of the options; data_offset has the full length */
	uint8_t tunnel; /* number that the wire gave the tunnel it came through (wire_tunnel), or 0
			 */
	uint8_t options[SEGMENT_OPTION_BYTES];
};

/* Protocols that carry IP packets within others. */
enum segment_tunnel_kind {
	SEGMENT_TUNNEL_NONE,
	SEGMENT_TUNNEL_GRE,  /* ERSPAN and PPTP too */
	SEGMENT_TUNNEL_IPIP, /* IPv4 in IPv4 */
	SEGMENT_TUNNEL_6IN4,
	SEGMENT_TUNNEL_IP6, /* either in IPv6 */
	SEGMENT_TUNNEL_MPLS,
	SEGMENT_TUNNEL_VXLAN,
	SEGMENT_TUNNEL_GENEVE,
	SEGMENT_TUNNEL_GTPU,
	SEGMENT_TUNNEL_L2TP, /* not looked into, nor is ESP */
	SEGMENT_TUNNEL_ESP,
	SEGMENT_TUNNEL_COUNT,
};

/* The outermost tunnel of a packet, with the addresses of its IP header. */
struct segment_tunnel {
	uint8_t kind; /* enum segment_tunnel_kind; NONE: the other members are not set */
	struct address source, destination;
};

/* The options as read. Members other than `has` and sack_count hold only if `has` has their bit. */
struct segment_options {
	uint16_t has; /* enum segment_option */
	uint16_t mss;
	uint8_t wscale;
	uint8_t sack_count;
	uint8_t fastopen_len;               /* bytes of cookie */
	uint16_t mptcp_subtypes;            /* a bit each: a segment may have several */
	uint32_t timestamp, timestamp_echo; /* 0 without */
	struct segment_sack sack[4];
};

enum segment_result {
	SEGMENT_OK,
	SEGMENT_NOT_TCP, /* another protocol, a later fragment, an unknown link layer */
	SEGMENT_CUT,     /* captured bytes end before the TCP header does */
	SEGMENT_BAD,     /* lengths that contradict each other */
};

/*
 * Reads a RECORD_PACKET. Only SEGMENT_OK fills all of *segment, whose tunnel is 0; *tunnel is the
 * one through which it came, whatever the result.
 */
enum segment_result segment_decode(
	const struct record *record, struct segment *segment, struct segment_tunnel *tunnel);
/* "vxlan", "gre", "6in4" …; "" for none. */
const char *segment_tunnel_name(enum segment_tunnel_kind kind);
void segment_read_options(const struct segment *segment, struct segment_options *options);

/* tcpdump's letters without brackets: "S", "S.", "P.", "F.", "R", ".", "none"; order F S R P . U E
 * W e. size >= 16. */
size_t segment_format_flags(uint16_t flags, char *out, size_t size);
/*
 * tcpdump's options: "mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7" without the nops. The edges of
 * SACK blocks count from sack_base: the initial sequence number of who gets the segment, or 0 for
 * numbers as they were sent. All fits into SEGMENT_OPTIONS_TEXT_SIZE; in less room a text that was
 * cut ends in '~'. Returns its length.
 */
size_t segment_format_options(
	const struct segment *segment, uint32_t sack_base, char *out, size_t size);

/* FIN|SYN, SYN|RST, FIN without ACK, none, FIN|PSH|URG …: never legitimate. */
bool segment_flags_illegal(uint16_t flags);

#endif
