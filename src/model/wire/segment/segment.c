/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the captured bytes down to the TCP header: link layer, VLAN tags, IP. Each step reads its
 * header at `at` and moves on. TCP itself is in segment_tcp.c.
 */
#include <config.h>

#include <sockwatch/model/segment.h>

#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/stream/stream.h>

#include "segment_private.h"

/* Ethertypes (IEEE registration authority) and PPP's protocol numbers (RFC 1661, 5072). */
enum {
	TYPE_IPV4 = 0x0800,
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,
	TYPE_QINQ_OLD = 0x9100,
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_FRAMED = 0xff03, /* address and control octets of HDLC */
};

enum {
	ETHERNET_TYPE = 12, /* offset */
	ETHERNET_SIZE = 14,
	VLAN_SIZE = 4,
	PPPOE_SIZE = 6,
	LOOP_SIZE = 4,
	VLAN_TAGS_MAX = 8,
	IPV4_SIZE = 20,
	IPV6_SIZE = 40,
	IPV6_HEADERS_MAX = 32,
	IPV6_FRAGMENT_SIZE = 8,
};

/* Address families as BSDs, macOS and Linux number IPv6 in the header of their loopback. */
enum {
	LOOP_IPV4 = 2,
	LOOP_IPV6_LINUX = 10,
	LOOP_IPV6_NETBSD = 24,
	LOOP_IPV6_FREEBSD = 28,
	LOOP_IPV6_MACOS = 30
};

static uint16_t
type_of_version(uint8_t first)
{
	switch (first >> 4) {
	case 4: return TYPE_IPV4;
	case 6: return TYPE_IPV6;
	default: return 0;
	}
}

static void
open_ppp(struct segment_reading *reading)
{
	uint16_t protocol = packet_bytes_16(&reading->packet, reading->at);

	if (protocol == PPP_FRAMED) {
		reading->at += 2;
		protocol = packet_bytes_16(&reading->packet, reading->at);
	}
	reading->at += 2;
	reading->type = 0;
	if (protocol == PPP_IPV4)
		reading->type = TYPE_IPV4;
	if (protocol == PPP_IPV6)
		reading->type = TYPE_IPV6;
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
	case LOOP_IPV4: reading->type = TYPE_IPV4; break;
	case LOOP_IPV6_LINUX:
	case LOOP_IPV6_NETBSD:
	case LOOP_IPV6_FREEBSD:
	case LOOP_IPV6_MACOS: reading->type = TYPE_IPV6; break;
	default: reading->type = 0;
	}
}

/* Sets the ethertype of the next header; 0 when we do not read it. */
static void
open_link(struct segment_reading *reading, const struct record *record)
{
	reading->type = record->protocol;
	if (record->protocol != 0) /* a cooked capture: the link header is gone */
		return;
	switch (record->arphrd) {
	case ARPHRD_ETHER:
		reading->type = packet_bytes_16(&reading->packet, ETHERNET_TYPE);
		reading->at = ETHERNET_SIZE;
		break;
	case ARPHRD_NONE:
	case ARPHRD_RAWIP:
		reading->type = type_of_version(packet_bytes_8(&reading->packet, 0));
		break;
	case ARPHRD_LOOPBACK: open_loop(reading); break;
	case ARPHRD_PPP: open_ppp(reading); break;
	default: break;
	}
}

/* The kernel removes one tag and libpcap puts it back, on every link type; with QinQ the second
 * stays in the packet. */
static void
open_tags(struct segment_reading *reading)
{
	for (unsigned tags = 0; tags < VLAN_TAGS_MAX; tags++) {
		if (reading->type != TYPE_VLAN && reading->type != TYPE_QINQ &&
			reading->type != TYPE_QINQ_OLD)
			break;
		reading->segment->vlan = packet_bytes_16(&reading->packet, reading->at) & 0x0fff;
		reading->type = packet_bytes_16(&reading->packet, reading->at + 2);
		reading->at += VLAN_SIZE;
	}
	if (reading->type == TYPE_PPPOE) {
		reading->at += PPPOE_SIZE;
		open_ppp(reading);
	}
}

/* RFC 4302: the one extension header that IPv4 has too. */
static void
open_authentication(struct segment_reading *reading)
{
	const size_t at = reading->at;

	reading->next_header = packet_bytes_8(&reading->packet, at);
	reading->at += ((size_t)packet_bytes_8(&reading->packet, at + 1) + 2) * 4;
}

/* RFC 791. */
static enum segment_result
open_ipv4(struct segment_reading *reading)
{
	const uint8_t *const ip = packet_bytes_at(&reading->packet, reading->at, IPV4_SIZE);
	size_t header, total;

	if (ip == NULL)
		return segment_reading_short(reading);
	header = (size_t)(ip[0] & 0x0f) * 4;
	total = packet_load_16(ip + 2);
	if (ip[0] >> 4 != 4 || header < IPV4_SIZE || (total != 0 && total < header))
		return SEGMENT_BAD;
	reading->segment->family = AF_INET;
	reading->segment->ip_id = packet_load_16(ip + 4);
	reading->segment->ttl = ip[8];
	reading->segment->source = address_from_v4(ip + 12);
	reading->segment->destination = address_from_v4(ip + 16);
	/* A large packet that the card has yet to cut (TSO) can have length 0: it fills the packet.
	 */
	if (total != 0)
		reading->end = reading->at + total;
	reading->at += header;
	reading->next_header = ip[9];
	if ((packet_load_16(ip + 6) & 0x1fff) != 0)
		return SEGMENT_NOT_TCP; /* a later fragment */
	if (reading->next_header == IPPROTO_AH)
		open_authentication(reading);
	return SEGMENT_OK;
}

/* RFC 8200 section 4: walks to the TCP header. */
static enum segment_result
open_ipv6_headers(struct segment_reading *reading)
{
	struct packet_bytes *const packet = &reading->packet;

	for (unsigned headers = 0; headers < IPV6_HEADERS_MAX && !packet->over; headers++) {
		const size_t at = reading->at;

		switch (reading->next_header) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
		case IPPROTO_MH:
			reading->next_header = packet_bytes_8(packet, at);
			reading->at += ((size_t)packet_bytes_8(packet, at + 1) + 1) * 8;
			break;
		case IPPROTO_AH: open_authentication(reading); break;
		case IPPROTO_FRAGMENT:
			reading->next_header = packet_bytes_8(packet, at);
			reading->at += IPV6_FRAGMENT_SIZE;
			if (packet_bytes_16(packet, at + 2) >> 3 != 0)
				return SEGMENT_NOT_TCP;
			break;
		default: return SEGMENT_OK;
		}
	}
	return packet->over ? segment_reading_short(reading) : SEGMENT_NOT_TCP;
}

static enum segment_result
open_ipv6(struct segment_reading *reading)
{
	struct packet_bytes *const packet = &reading->packet;
	const size_t at = reading->at;
	const uint8_t *const addresses = packet_bytes_at(packet, at + 8, 32);
	const size_t payload = packet_bytes_16(packet, at + 4);

	if (addresses == NULL)
		return segment_reading_short(reading);
	if (packet_bytes_8(packet, at) >> 4 != 6)
		return SEGMENT_BAD;
	reading->segment->family = AF_INET6;
	reading->segment->ttl = packet_bytes_8(packet, at + 7);
	reading->segment->source = address_from_v6(addresses);
	reading->segment->destination = address_from_v6(addresses + 16);
	reading->next_header = packet_bytes_8(packet, at + 6);
	reading->at += IPV6_SIZE;
	/* 0: a jumbogram (RFC 2675), or not yet cut by the card. */
	if (payload != 0)
		reading->end = reading->at + payload;
	return open_ipv6_headers(reading);
}

static uint8_t
direction_of(uint8_t packet_type)
{
	switch (packet_type) {
	case PACKET_OUTGOING: return SEGMENT_OUT;
	case PACKET_HOST:
	case PACKET_BROADCAST:
	case PACKET_MULTICAST:
	case PACKET_OTHERHOST: return SEGMENT_IN;
	default: return SEGMENT_DIRECTION_UNKNOWN;
	}
}

enum segment_result
segment_decode(const struct record *record, struct segment *segment)
{
	struct segment_reading reading = {
		.packet = {.data = record->data, .len = record->len},
		.segment = segment,
		.end = record->wire_len,
		.captured_whole = record->wire_len <= record->len,
	};
	enum segment_result result;

	segment->time_ns = record->time_ns;
	segment->netns = record->netns;
	segment->ifindex = record->ifindex;
	segment->direction = direction_of(record->packet_type);
	segment->vlan = segment->ip_id = 0; /* not every segment has them */
	if (record->kind != RECORD_PACKET)
		return SEGMENT_NOT_TCP;
	open_link(&reading, record);
	open_tags(&reading);
	if (reading.packet.over)
		return segment_reading_short(&reading);
	if (reading.type == TYPE_IPV4)
		result = open_ipv4(&reading);
	else if (reading.type == TYPE_IPV6)
		result = open_ipv6(&reading);
	else
		return SEGMENT_NOT_TCP;
	if (result != SEGMENT_OK)
		return result;
	if (reading.packet.over)
		return segment_reading_short(&reading);
	if (reading.next_header != IPPROTO_TCP)
		return SEGMENT_NOT_TCP;
	return segment_tcp(&reading);
}
