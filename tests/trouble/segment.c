/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds a TCP segment without data, IPv4 or IPv6, with its checksums. */
#include <config.h>

#include "segment.h"

#include <string.h>

enum { TCP_HEADER = 20, PACKET_SIZE = 60 };

static void
put16(uint8_t *bytes, unsigned value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

static uint32_t
sum(const uint8_t *bytes, unsigned len, uint32_t start)
{
	for (unsigned i = 0; i < len; i += 2)
		start += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return start;
}

static unsigned
fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total & 0xffff;
}

static void
write_header4(uint8_t *packet, const union endpoint *from, const union endpoint *to)
{
	packet[0] = 0x45;
	put16(packet + 2, 20 + TCP_HEADER);
	packet[8] = 64;
	packet[9] = IPPROTO_TCP;
	memcpy(packet + 12, &from->v4.sin_addr, 4);
	memcpy(packet + 16, &to->v4.sin_addr, 4);
	put16(packet + 10, fold(sum(packet, 20, 0)));
}

static void
write_header6(uint8_t *packet, const union endpoint *from, const union endpoint *to)
{
	packet[0] = 0x60;
	put16(packet + 4, TCP_HEADER);
	packet[6] = IPPROTO_TCP;
	packet[7] = 64;
	memcpy(packet + 8, &from->v6.sin6_addr, 16);
	memcpy(packet + 24, &to->v6.sin6_addr, 16);
}

void
segment_inject(
	const struct lab *lab, unsigned host, uint16_t from_port, uint16_t port, unsigned flags)
{
	const unsigned ip = lab->six ? 40 : 20;
	uint8_t packet[PACKET_SIZE] = {0};
	uint8_t *const tcp = packet + ip;
	union endpoint from, to;
	uint32_t pseudo;

	lab_address(lab, LAB_NET_VOID, host, from_port, &from);
	lab_address(lab, LAB_NET_NEAR, 0, port, &to);
	if (lab->six)
		write_header6(packet, &from, &to);
	else
		write_header4(packet, &from, &to);
	put16(tcp, from_port);
	put16(tcp + 2, port);
	put16(tcp + 4, host);
	tcp[12] = TCP_HEADER / 4 << 4;
	tcp[13] = (uint8_t)flags;
	put16(tcp + 14, 65535);
	pseudo = lab->six ? sum(packet + 8, 32, 0) : sum(packet + 12, 8, 0);
	put16(tcp + 16, fold(sum(tcp, TCP_HEADER, pseudo + IPPROTO_TCP + TCP_HEADER)));
	lab_inject(lab, packet, ip + TCP_HEADER);
}
