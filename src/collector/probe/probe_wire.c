/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes probes and reads what answers quote of them: ICMP echo, UDP and TCP, byte by byte. */
#include <config.h>

#include "probe_wire.h"

#include <string.h>

enum {
	ICMP4_ECHO = 8,
	ICMP4_ECHO_REPLY = 0,
	ICMP6_ECHO = 128,
	ICMP6_ECHO_REPLY = 129,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	/* In UDP, checksum 0 means that there is none. */
	UDP_CHECKSUMS = 0xffff,
	TCP_HEADER = 20,
	TCP_RST = 4,
	TCP_SYN = 2,
	TCP_ACK = 16,
	/* The sum that payloads of flow 0 are made to have; each flow has another. */
	PAYLOAD_SUM = 0x5357,
	FLOW_STEP = 0x0b1d,
	QUOTE_MIN = 128,
	EXTENSION_MIN = 8, /* its header, and that of an object */
	EXTENSION_VERSION = 2,
	MSS = 1220, /* fits every path of IPv6 */
};

static void
put16(uint8_t *out, uint32_t number)
{
	out[0] = (uint8_t)(number >> 8);
	out[1] = (uint8_t)number;
}

static void
put32(uint8_t *out, uint32_t number)
{
	put16(out, number >> 16);
	put16(out + 2, number);
}

static uint16_t
get16(const uint8_t *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

static uint32_t
get32(const uint8_t *data)
{
	return (uint32_t)get16(data) << 16 | get16(data + 2);
}

static uint16_t
fold(uint32_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Sum of 16-bit words, not yet folded: correct up to 128 KiB. */
static uint32_t
add(const uint8_t *data, size_t len, uint32_t sum)
{
	for (; len > 1; data += 2, len -= 2)
		sum += get16(data);
	return len != 0 ? sum + ((uint32_t)data[0] << 8) : sum;
}

uint16_t
probe_wire_checksum(const void *data, size_t len, uint32_t sum)
{
	return (uint16_t)~fold(add(data, len, fold(sum)));
}

size_t
probe_wire_payload(uint8_t *out, size_t size, const struct wire_mark *mark, uint16_t besides)
{
	const uint32_t wanted = fold(PAYLOAD_SUM + mark->flow * (uint32_t)FLOW_STEP);

	if (size < WIRE_PAYLOAD_MIN)
		size = WIRE_PAYLOAD_MIN;
	memset(out, 0, size);
	put32(out + 2, mark->sequence);
	out[6] = mark->ttl;
	out[7] = mark->flow;
	/* In one's complement, subtracting is adding the complement. */
	put16(out, fold(wanted + probe_wire_checksum(out, WIRE_PAYLOAD_MIN, besides)));
	return size;
}

bool
probe_wire_read_payload(const uint8_t *data, size_t len, struct wire_mark *mark)
{
	if (len < WIRE_PAYLOAD_MIN)
		return false;
	*mark = (struct wire_mark){.sequence = get32(data + 2), .ttl = data[6], .flow = data[7]};
	return true;
}

size_t
probe_wire_echo(uint8_t *out, bool is_v4, uint16_t id, size_t payload, const struct wire_mark *mark)
{
	const uint16_t low = (uint16_t)mark->sequence;
	size_t len;

	memset(out, 0, WIRE_ICMP_HEADER);
	out[0] = is_v4 ? ICMP4_ECHO : ICMP6_ECHO;
	put16(out + 4, id);
	put16(out + 6, low);
	len = WIRE_ICMP_HEADER + probe_wire_payload(out + WIRE_ICMP_HEADER, payload, mark, low);
	if (is_v4)
		put16(out + 2, probe_wire_checksum(out, len, 0));
	return len;
}

bool
probe_wire_read_echo(const uint8_t *data, size_t len, bool is_reply, bool is_v4, uint16_t *id,
	uint16_t *sequence)
{
	const uint8_t request = is_v4 ? ICMP4_ECHO : ICMP6_ECHO;
	const uint8_t reply = is_v4 ? ICMP4_ECHO_REPLY : ICMP6_ECHO_REPLY;

	if (len < WIRE_ICMP_HEADER || data[0] != (is_reply ? reply : request))
		return false;
	*id = get16(data + 4);
	*sequence = get16(data + 6);
	return true;
}

uint32_t
probe_wire_widen(uint16_t low, uint32_t last)
{
	const uint32_t near = (last & ~UINT32_C(0xffff)) | low;

	return near > last && near >= 0x10000 ? near - 0x10000 : near;
}

/* Sum of the pseudo header that checksums cover (RFC 9293 section 3.1, RFC 8200 section 8.1). */
static uint32_t
pseudo_header(
	const struct address *source, const struct address *target, uint8_t protocol, size_t len)
{
	const size_t skip = address_is_v4(target) ? 12 : 0;

	return add(source->bytes + skip, 16 - skip, 0) + add(target->bytes + skip, 16 - skip, 0) +
	       protocol + (uint32_t)len;
}

size_t
probe_wire_syn(uint8_t *out, const struct probe_wire_syn *syn)
{
	memset(out, 0, WIRE_SYN_SIZE);
	put16(out, syn->source_port);
	put16(out + 2, syn->port);
	put32(out + 4, syn->number);
	out[12] = WIRE_SYN_SIZE / 4 << 4;
	out[13] = TCP_SYN;
	put16(out + 14, UINT16_MAX); /* window */
	out[20] = 2;                 /* maximum segment size */
	out[21] = 4;
	put16(out + 22, MSS);
	put16(out + 16,
		probe_wire_checksum(out, WIRE_SYN_SIZE,
			pseudo_header(&syn->source, &syn->target, PROTOCOL_TCP, WIRE_SYN_SIZE)));
	return WIRE_SYN_SIZE;
}

bool
probe_wire_read_syn(const uint8_t *data, size_t len, struct probe_wire_syn *syn)
{
	if (len < 8)
		return false;
	*syn = (struct probe_wire_syn){
		.source_port = get16(data), .port = get16(data + 2), .number = get32(data + 4)};
	return true;
}

bool
probe_wire_read_syn_answer(
	const uint8_t *data, size_t len, struct probe_wire_syn *syn, bool *is_refused)
{
	if (len < TCP_HEADER || (data[13] & TCP_ACK) == 0 || (data[13] & (TCP_SYN | TCP_RST)) == 0)
		return false;
	*syn = (struct probe_wire_syn){
		.source_port = get16(data + 2), .port = get16(data), .number = get32(data + 8) - 1};
	*is_refused = (data[13] & TCP_RST) != 0;
	return true;
}

size_t
probe_wire_udp(uint8_t *out, size_t payload, const struct probe_wire_udp *udp)
{
	uint8_t *const data = out + WIRE_UDP_HEADER;
	const size_t len = WIRE_UDP_HEADER + probe_wire_payload(data, payload, &udp->mark, 0);
	const uint16_t wanted = (uint16_t)(udp->mark.sequence % UDP_CHECKSUMS + 1);
	uint16_t sum;

	put16(out, udp->source_port);
	put16(out + 2, udp->port);
	put16(out + 4, (uint32_t)len);
	put16(out + 6, wanted);
	put16(data, 0);
	/* What is missing to make the sum 0xffff, as a receiver checks it. */
	sum = probe_wire_checksum(
		out, len, pseudo_header(&udp->source, &udp->target, PROTOCOL_UDP, len));
	put16(data, sum);
	return len;
}

bool
probe_wire_read_udp(const uint8_t *data, size_t len, uint32_t last, struct probe_wire_udp *udp)
{
	uint32_t back;

	if (len < WIRE_UDP_HEADER)
		return false;
	*udp = (struct probe_wire_udp){.source_port = get16(data), .port = get16(data + 2)};
	if (probe_wire_read_payload(data + WIRE_UDP_HEADER, len - WIRE_UDP_HEADER, &udp->mark))
		return true;
	if (get16(data + 6) == 0)
		return false;
	back = (last % UDP_CHECKSUMS + UDP_CHECKSUMS + 1U - get16(data + 6)) % UDP_CHECKSUMS;
	udp->mark.sequence = last - back;
	return back <= last;
}

size_t
probe_wire_ipv4_header(const uint8_t *data, size_t len)
{
	const size_t header = len != 0 ? (data[0] & 15) * (size_t)4 : 0;

	return header >= 20 && header <= len ? header : 0;
}

size_t
probe_wire_find_extension(const uint8_t *data, size_t len, size_t stripped)
{
	const size_t at = QUOTE_MIN - stripped;

	if (len < at + EXTENSION_MIN || data[at] >> 4 != EXTENSION_VERSION)
		return 0;
	/* Only the checksum tells it from what the packet held. */
	return get16(data + at + 2) != 0 && probe_wire_checksum(data + at, len - at, 0) == 0 ? at
											     : 0;
}
