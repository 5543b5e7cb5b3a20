/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers of IPv4 and IPv6, with the extension headers of IPv6. */
#include <config.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "segment_private.h"

enum {
	IPV4_SIZE = 20,
	IPV6_SIZE = 40,
	IPV6_HEADERS_MAX = 32,
	IPV6_FRAGMENT_SIZE = 8,
};

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

enum segment_result
segment_ip(struct segment_reading *reading)
{
	switch (reading->type) {
	case SEGMENT_TYPE_IPV4: return open_ipv4(reading);
	case SEGMENT_TYPE_IPV6: return open_ipv6(reading);
	default: return SEGMENT_NOT_TCP;
	}
}
