/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of probes and of their answers. As in Paris traceroute, the fields that routers hash
 * (ports, or the checksum of ICMP) stay constant within a flow. The sequence number is in the
 * payload, or is TCP's own; two bytes of the payload undo its effect on the checksum.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_PROBE_WIRE_H
#define SOCKWATCH_COLLECTOR_PROBE_PROBE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>

enum {
	WIRE_PAYLOAD_MIN = 8,
	WIRE_PAYLOAD_MAX = 9000,
	WIRE_ICMP_HEADER = 8,
	WIRE_UDP_HEADER = 8,
	WIRE_SYN_SIZE = 24, /* with the one option of a maximum segment size */
	WIRE_PACKET_MAX = WIRE_ICMP_HEADER + WIRE_PAYLOAD_MAX,
};

/* What a probe carries to be recognised by. */
struct wire_mark {
	uint32_t sequence;
	uint8_t ttl, flow;
};

/* Internet checksum (RFC 1071) of len bytes, added to sum, in the form of a header. */
uint16_t probe_wire_checksum(const void *data, size_t len, uint32_t sum);

/* Writes size bytes of payload, at least WIRE_PAYLOAD_MIN; returns size. besides: another word that
 * the checksum covers and that changes with the sequence, or 0. */
size_t probe_wire_payload(
	uint8_t *out, size_t size, const struct wire_mark *mark, uint16_t besides);
/* Reads the mark from the part of a payload that is left. False: too little of it. */
bool probe_wire_read_payload(const uint8_t *data, size_t len, struct wire_mark *mark);

/* An echo request; returns its bytes. The checksum of IPv6 is left to the kernel. */
size_t probe_wire_echo(
	uint8_t *out, bool is_v4, uint16_t id, size_t payload, const struct wire_mark *mark);
/* Reads the ICMP header of a request or reply; *sequence: the low 16 bits of the sequence. */
bool probe_wire_read_echo(const uint8_t *data, size_t len, bool is_reply, bool is_v4, uint16_t *id,
	uint16_t *sequence);
/* The latest sequence with these low 16 bits, at or below last. */
uint32_t probe_wire_widen(uint16_t low, uint32_t last);

struct probe_wire_syn {
	struct address source, target;
	uint16_t source_port, port;
	uint32_t number; /* sequence number */
};

/* A SYN; returns its bytes. */
size_t probe_wire_syn(uint8_t *out, const struct probe_wire_syn *syn);
/* Reads a SYN of ours that a router quotes; it needs 8 bytes. */
bool probe_wire_read_syn(const uint8_t *data, size_t len, struct probe_wire_syn *syn);
/* Reads a SYN-ACK or RST to a SYN: our ports and number. False: something else. */
bool probe_wire_read_syn_answer(
	const uint8_t *data, size_t len, struct probe_wire_syn *syn, bool *is_refused);

struct probe_wire_udp {
	struct address source, target;
	uint16_t source_port, port;
	struct wire_mark mark;
};

/*
 * Writes a datagram with its header, whose checksum encodes the sequence: that is all that comes
 * back from a router that quotes only eight bytes. Returns its bytes.
 */
size_t probe_wire_udp(uint8_t *out, size_t payload, const struct probe_wire_udp *udp);
/*
 * Reads ports and sequence of a datagram that is quoted or sent back. Where only the checksum has
 * the sequence, it is the latest one at or below `last`. False: too little.
 */
bool probe_wire_read_udp(
	const uint8_t *data, size_t len, uint32_t last, struct probe_wire_udp *udp);

/*
 * Routers older than RFC 4884 put extensions after the first 128 bytes of the packet that they
 * quote, and do not say so (RFC 4950 section 5, RFC 4884 section 5.5). stripped: bytes of the
 * quoted packet that are missing before data. Returns where the extensions begin in data, or 0.
 */
size_t probe_wire_find_extension(const uint8_t *data, size_t len, size_t stripped);

/* Bytes of the IPv4 header before the data of a raw socket, or 0: too little. */
size_t probe_wire_ipv4_header(const uint8_t *data, size_t len);

#endif
