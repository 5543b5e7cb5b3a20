/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may stand before an IP header: Ethernet, VLAN tags, LLC with SNAP, MPLS, PPP, PPPoE, Cisco
 * HDLC, and the loopback of BSDs. Each step reads its header at `at`, moves on, and sets the type
 * of the next.
 */
#include <config.h>

#include <linux/if_arp.h>

#include <sockwatch/stream/stream.h>

#include "segment_private.h"

/* Ethertypes (IEEE registration authority) and PPP's protocol numbers (RFC 1661, 5072, 3032). */
enum {
	TYPE_LLC = 0x0004,     /* Linux: ETH_P_802_2, a cooked capture of an LLC header */
	TYPE_LENGTHS = 0x05dc, /* up to this it is a length (IEEE 802.3), and LLC follows */
	TYPE_VLAN = 0x8100,
	TYPE_MPLS_MULTICAST = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,
	TYPE_QINQ_OLD = 0x9100,
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_MPLS = 0x0281,
	PPP_FRAMED = 0xff03,   /* address and control octets of HDLC */
	HDLC_UNICAST = 0x0f00, /* the same of Cisco's HDLC */
	HDLC_MULTICAST = 0x8f00,
};

enum {
	ETHERNET_TYPE = 12, /* offset */
	ETHERNET_SIZE = 14,
	VLAN_SIZE = 4,
	PPPOE_SIZE = 6,
	LOOP_SIZE = 4,
	HDLC_SIZE = 4,
	LLC_SIZE = 3,
	SNAP_SIZE = 8, /* with LLC */
	MPLS_SIZE = 4,
	MPLS_BOTTOM = 0x100, /* RFC 3032: the last label */
	LLC_UNNUMBERED = 3,
	LLC_SNAP = 0xaaaa,
	LLC_IP = 0x0606,
	STEPS_MAX = 16, /* tags and labels */
};

/* Address families as BSDs, macOS and Linux number IPv6 in the header of their loopback. */
enum {
	LOOP_IPV4 = 2,
	LOOP_IPV6_LINUX = 10,
	LOOP_IPV6_NETBSD = 24,
	LOOP_IPV6_FREEBSD = 28,
	LOOP_IPV6_MACOS = 30
};

uint16_t
segment_type_of_version(uint8_t first)
{
	switch (first >> 4) {
	case 4: return SEGMENT_TYPE_IPV4;
	case 6: return SEGMENT_TYPE_IPV6;
	default: return 0;
	}
}

void
segment_ethernet(struct segment_reading *reading)
{
	reading->type = packet_bytes_16(&reading->packet, reading->at + ETHERNET_TYPE);
	reading->at += ETHERNET_SIZE;
}

static void
open_hdlc(struct segment_reading *reading)
{
	reading->type = packet_bytes_16(&reading->packet, reading->at + 2);
	reading->at += HDLC_SIZE;
}

/* RFC 1661 section 2: a protocol below 256 may be one octet, which alone is odd then. */
static uint16_t
read_ppp_protocol(struct segment_reading *reading)
{
	const uint8_t first = packet_bytes_8(&reading->packet, reading->at);
	uint16_t protocol;

	if ((first & 1) != 0) {
		reading->at++;
		return first;
	}
	protocol = packet_bytes_16(&reading->packet, reading->at);
	reading->at += 2;
	return protocol;
}

void
segment_ppp(struct segment_reading *reading)
{
	const uint16_t begin = packet_bytes_16(&reading->packet, reading->at);

	if (begin == HDLC_UNICAST || begin == HDLC_MULTICAST) {
		open_hdlc(reading);
		return;
	}
	if (begin == PPP_FRAMED)
		reading->at += 2;
	switch (read_ppp_protocol(reading)) {
	case PPP_IPV4: reading->type = SEGMENT_TYPE_IPV4; break;
	case PPP_IPV6: reading->type = SEGMENT_TYPE_IPV6; break;
	case PPP_MPLS: reading->type = SEGMENT_TYPE_MPLS; break;
	default: reading->type = 0;
	}
}

/* DLT_NULL is in the byte order of the machine that captured, DLT_LOOP in network order. */
static void
open_loop(struct segment_reading *reading)
{
	uint32_t family = packet_bytes_32(&reading->packet, reading->at);

	if ((family & 0xffff) == 0)
		family = family >> 24 | (family >> 8 & 0xff00);
	reading->at += LOOP_SIZE;
	switch (family) {
	case LOOP_IPV4: reading->type = SEGMENT_TYPE_IPV4; break;
	case LOOP_IPV6_LINUX:
	case LOOP_IPV6_NETBSD:
	case LOOP_IPV6_FREEBSD:
	case LOOP_IPV6_MACOS: reading->type = SEGMENT_TYPE_IPV6; break;
	default: reading->type = 0;
	}
}

void
segment_link(struct segment_reading *reading, const struct record *record)
{
	reading->type = record->protocol;
	if (record->protocol != 0) /* a cooked capture: the link header is gone */
		return;
	switch (record->arphrd) {
	case ARPHRD_ETHER: segment_ethernet(reading); break;
	case ARPHRD_NONE:
	case ARPHRD_RAWIP:
		reading->type = segment_type_of_version(packet_bytes_8(&reading->packet, 0));
		break;
	case ARPHRD_LOOPBACK: open_loop(reading); break;
	case ARPHRD_PPP: segment_ppp(reading); break;
	case ARPHRD_CISCO: open_hdlc(reading); break;
	default: break;
	}
}

/* IEEE 802.2, and RFC 1042 for the ethertype after it. */
static void
open_llc(struct segment_reading *reading)
{
	struct packet_bytes *const packet = &reading->packet;
	const uint16_t points = packet_bytes_16(packet, reading->at);

	reading->type = 0;
	if (packet_bytes_8(packet, reading->at + 2) != LLC_UNNUMBERED)
		return;
	if (points == LLC_SNAP) {
		reading->type = packet_bytes_16(packet, reading->at + SNAP_SIZE - 2);
		reading->at += SNAP_SIZE;
	} else if (points == LLC_IP) {
		reading->type = SEGMENT_TYPE_IPV4;
		reading->at += LLC_SIZE;
	}
	if (reading->type <= TYPE_LENGTHS && reading->type != 0 && points == LLC_SNAP)
		reading->type = 0; /* no LLC within LLC */
}

/*
 * No label says what follows the last: by custom an IP header, which shows by its version (RFC
 * 4928), or a control word that begins with 0, and Ethernet (RFC 4448).
 */
static void
open_mpls(struct segment_reading *reading)
{
	struct packet_bytes *const packet = &reading->packet;
	const uint32_t label = packet_bytes_32(packet, reading->at);
	uint8_t first;

	reading->at += MPLS_SIZE;
	reading->type = SEGMENT_TYPE_MPLS;
	if ((label & MPLS_BOTTOM) == 0)
		return;
	first = packet_bytes_8(packet, reading->at);
	reading->type = segment_type_of_version(first);
	if (reading->type != 0)
		return;
	if (first >> 4 == 0)
		reading->at += MPLS_SIZE;
	segment_ethernet(reading);
}

/*
 * The kernel removes one tag and libpcap puts it back, on every link type; with QinQ the second
 * stays in the packet.
 */
static void
open_tag(struct segment_reading *reading)
{
	reading->segment->vlan = packet_bytes_16(&reading->packet, reading->at) & 0x0fff;
	reading->type = packet_bytes_16(&reading->packet, reading->at + 2);
	reading->at += VLAN_SIZE;
}

/* False: nothing more stands before the header of this type. */
static bool
step(struct segment_reading *reading)
{
	switch (reading->type) {
	case TYPE_VLAN:
	case TYPE_QINQ:
	case TYPE_QINQ_OLD: open_tag(reading); return true;
	case SEGMENT_TYPE_MPLS:
	case TYPE_MPLS_MULTICAST: open_mpls(reading); return true;
	case TYPE_PPPOE:
		reading->at += PPPOE_SIZE;
		segment_ppp(reading);
		return true;
	case 0:
	case SEGMENT_TYPE_IPV4:
	case SEGMENT_TYPE_IPV6: return false;
	default: break;
	}
	if (reading->type > TYPE_LENGTHS)
		return false;
	open_llc(reading);
	return true;
}

void
segment_shims(struct segment_reading *reading)
{
	for (unsigned steps = 0; steps < STEPS_MAX; steps++)
		if (reading->packet.over || !step(reading))
			break;
}
