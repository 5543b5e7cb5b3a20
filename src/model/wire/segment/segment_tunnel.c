/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels: an IP header within another, after a header of the tunnel or none. Those that can be are
 * looked into; the others are only named.
 */
#include <config.h>

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#include "segment_private.h"

/* https://www.iana.org/assignments: protocol numbers that netinet/in.h may lack, and UDP ports. */
enum {
	PROTOCOL_L2TP = 115,
	PROTOCOL_MPLS = 137,
	PORT_L2TP = 1701,
	PORT_GTPU = 2152,
	PORT_IPSEC = 4500,
	PORT_VXLAN = 4789,
	PORT_VXLAN_GPE = 4790,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472, /* before it had a port of its own */
};

enum {
	UDP_SIZE = 8,
	TYPE_BRIDGED = 0x6558, /* transparent Ethernet bridging */
	TYPE_PPP = 0x880b,
	TYPE_ERSPAN_2 = 0x88be,
	TYPE_ERSPAN_3 = 0x22eb,
};

static const char *const names[SEGMENT_TUNNEL_COUNT] = {
	[SEGMENT_TUNNEL_NONE] = "",
	[SEGMENT_TUNNEL_GRE] = "gre",
	[SEGMENT_TUNNEL_IPIP] = "ipip",
	[SEGMENT_TUNNEL_6IN4] = "6in4",
	[SEGMENT_TUNNEL_IP6] = "ip6",
	[SEGMENT_TUNNEL_MPLS] = "mpls-in-ip",
	[SEGMENT_TUNNEL_VXLAN] = "vxlan",
	[SEGMENT_TUNNEL_GENEVE] = "geneve",
	[SEGMENT_TUNNEL_GTPU] = "gtp-u",
	[SEGMENT_TUNNEL_L2TP] = "l2tp",
	[SEGMENT_TUNNEL_ESP] = "esp",
};

const char *
segment_tunnel_name(enum segment_tunnel_kind kind)
{
	return (unsigned int)kind < SEGMENT_TUNNEL_COUNT ? names[kind] : "";
}

/* What follows has this ethertype, as GRE and Geneve say it. */
static void
enter_type(struct segment_reading *reading, uint16_t type)
{
	switch (type) {
	case TYPE_BRIDGED: segment_ethernet(reading); break;
	case TYPE_PPP: segment_ppp(reading); break;
	default: reading->type = type;
	}
}

/* draft-foschiano-erspan-03: type I has no header, II has 8 bytes, III 12 and perhaps 8 more. */
static void
enter_erspan(struct segment_reading *reading, uint16_t type, bool has_sequence)
{
	enum { TYPE_2_SIZE = 8, TYPE_3_SIZE = 12, PLATFORM_SIZE = 8 };

	if (type == TYPE_ERSPAN_3) {
		const bool more = (packet_bytes_8(&reading->packet, reading->at + 11) & 1) != 0;

		reading->at += TYPE_3_SIZE + (more ? PLATFORM_SIZE : 0);
	} else if (has_sequence) {
		reading->at += TYPE_2_SIZE;
	}
	segment_ethernet(reading);
}

/* RFC 2784, 2890; version 1 with the length of an acknowledgement: RFC 2637 (PPTP). */
static enum segment_tunnel_kind
enter_gre(struct segment_reading *reading)
{
	enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACK = 0x80 };
	const uint16_t flags = packet_bytes_16(&reading->packet, reading->at);
	const uint16_t type = packet_bytes_16(&reading->packet, reading->at + 2);

	reading->at += 4;
	for (unsigned bit = CHECKSUM; bit >= SEQUENCE; bit >>= 1)
		reading->at += bit != ROUTING && (flags & bit) != 0 ? 4 : 0;
	if ((flags & 7) == 1 && (flags & ACK) != 0)
		reading->at += 4;
	if ((flags & 7) > 1 || (flags & ROUTING) != 0)
		reading->type = 0;
	else if (type == TYPE_ERSPAN_2 || type == TYPE_ERSPAN_3)
		enter_erspan(reading, type, (flags & SEQUENCE) != 0);
	else
		enter_type(reading, type);
	return SEGMENT_TUNNEL_GRE;
}

/* RFC 7348; the next protocol of GPE: draft-ietf-nvo3-vxlan-gpe-12. */
static enum segment_tunnel_kind
enter_vxlan(struct segment_reading *reading, bool is_gpe)
{
	enum { SIZE = 8, HAS_NETWORK = 0x08, HAS_NEXT = 0x04 };
	enum { NEXT_IPV4 = 1, NEXT_IPV6 = 2, NEXT_MPLS = 5 };
	const uint8_t flags = packet_bytes_8(&reading->packet, reading->at);
	const uint8_t next = packet_bytes_8(&reading->packet, reading->at + 3);

	if ((flags & HAS_NETWORK) == 0)
		return SEGMENT_TUNNEL_NONE;
	reading->at += SIZE;
	if (!is_gpe || (flags & HAS_NEXT) == 0) {
		segment_ethernet(reading);
		return SEGMENT_TUNNEL_VXLAN;
	}
	switch (next) {
	case NEXT_IPV4: reading->type = SEGMENT_TYPE_IPV4; break;
	case NEXT_IPV6: reading->type = SEGMENT_TYPE_IPV6; break;
	case NEXT_MPLS: reading->type = SEGMENT_TYPE_MPLS; break;
	default: segment_ethernet(reading);
	}
	return SEGMENT_TUNNEL_VXLAN;
}

/* RFC 8926 section 3.4. */
static enum segment_tunnel_kind
enter_geneve(struct segment_reading *reading)
{
	enum { SIZE = 8, VERSION_BITS = 0xc0, OPTION_WORDS = 0x3f };
	const uint8_t first = packet_bytes_8(&reading->packet, reading->at);
	const uint16_t type = packet_bytes_16(&reading->packet, reading->at + 2);

	if ((first & VERSION_BITS) != 0)
		return SEGMENT_TUNNEL_NONE;
	reading->at += SIZE + (first & OPTION_WORDS) * 4U;
	enter_type(reading, type);
	return SEGMENT_TUNNEL_GENEVE;
}

/* 3GPP TS 29.281 section 5: user data is message 255; extension headers name the next. */
static enum segment_tunnel_kind
enter_gtpu(struct segment_reading *reading)
{
	enum { SIZE = 8, OPTIONAL = 4, VERSION_1 = 0x30, HAS_ANY = 7, HAS_NEXT = 4, DATA = 255 };
	enum { EXTENSIONS_MAX = 8 };
	struct packet_bytes *const packet = &reading->packet;
	const uint8_t first = packet_bytes_8(packet, reading->at);
	const uint8_t message = packet_bytes_8(packet, reading->at + 1);
	uint8_t next = 0;

	if ((first & 0xf0) != VERSION_1)
		return SEGMENT_TUNNEL_NONE;
	reading->at += SIZE;
	if ((first & HAS_ANY) != 0)
		reading->at += OPTIONAL;
	if ((first & HAS_NEXT) != 0)
		next = packet_bytes_8(packet, reading->at - 1);
	for (unsigned i = 0; next != 0 && i < EXTENSIONS_MAX && !packet->over; i++) {
		reading->at += packet_bytes_8(packet, reading->at) * 4U;
		next = packet_bytes_8(packet, reading->at - 1);
	}
	reading->type = message != DATA || next != 0
				? 0
				: segment_type_of_version(packet_bytes_8(packet, reading->at));
	return SEGMENT_TUNNEL_GTPU;
}

/* Only named. */
static enum segment_tunnel_kind
leave(struct segment_reading *reading, enum segment_tunnel_kind kind)
{
	reading->type = 0;
	return kind;
}

/* RFC 3948: before a key exchange stand four zeros, a keepalive is one byte. */
static enum segment_tunnel_kind
enter_ipsec(struct segment_reading *reading, size_t len)
{
	return len > 4 && packet_bytes_32(&reading->packet, reading->at) != 0
		       ? leave(reading, SEGMENT_TUNNEL_ESP)
		       : SEGMENT_TUNNEL_NONE;
}

static enum segment_tunnel_kind
enter_udp(struct segment_reading *reading)
{
	const uint16_t port = packet_bytes_16(&reading->packet, reading->at + 2);
	const uint16_t len = packet_bytes_16(&reading->packet, reading->at + 4);

	reading->at += UDP_SIZE;
	switch (port) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX: return enter_vxlan(reading, false);
	case PORT_VXLAN_GPE: return enter_vxlan(reading, true);
	case PORT_GENEVE: return enter_geneve(reading);
	case PORT_GTPU: return enter_gtpu(reading);
	case PORT_L2TP: return leave(reading, SEGMENT_TUNNEL_L2TP);
	case PORT_IPSEC: return enter_ipsec(reading, len - (size_t)UDP_SIZE);
	default: return SEGMENT_TUNNEL_NONE;
	}
}

/* Moves to what the tunnel carries; SEGMENT_TUNNEL_NONE: it is none. */
static enum segment_tunnel_kind
enter(struct segment_reading *reading)
{
	const bool outer_v4 = reading->segment->family == AF_INET;

	switch (reading->next_header) {
	case IPPROTO_IPIP:
		reading->type = SEGMENT_TYPE_IPV4;
		return outer_v4 ? SEGMENT_TUNNEL_IPIP : SEGMENT_TUNNEL_IP6;
	case IPPROTO_IPV6:
		reading->type = SEGMENT_TYPE_IPV6;
		return outer_v4 ? SEGMENT_TUNNEL_6IN4 : SEGMENT_TUNNEL_IP6;
	case PROTOCOL_MPLS: reading->type = SEGMENT_TYPE_MPLS; return SEGMENT_TUNNEL_MPLS;
	case IPPROTO_GRE: return enter_gre(reading);
	case IPPROTO_UDP: return enter_udp(reading);
	case IPPROTO_ESP: return leave(reading, SEGMENT_TUNNEL_ESP);
	case PROTOCOL_L2TP: return leave(reading, SEGMENT_TUNNEL_L2TP);
	default: return SEGMENT_TUNNEL_NONE;
	}
}

bool
segment_tunnel(struct segment_reading *reading)
{
	const struct segment_tunnel outer = {
		.source = reading->segment->source, .destination = reading->segment->destination};
	const enum segment_tunnel_kind kind = enter(reading);

	if (kind == SEGMENT_TUNNEL_NONE)
		return false;
	/* Of tunnels within tunnels the outermost is kept. */
	if (reading->tunnel->kind == SEGMENT_TUNNEL_NONE) {
		*reading->tunnel = outer;
		reading->tunnel->kind = (uint8_t)kind;
	}
	reading->segment->ip_id = 0;
	return true;
}
