/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds captured packets by hand: what a test wants in each header, whatever it may be. */
#ifndef SOCKWATCH_TESTS_UNIT_PACKETS_H
#define SOCKWATCH_TESTS_UNIT_PACKETS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sockwatch/model/segment.h>

enum { PACKET_MAX = 512 };

struct packet {
	uint8_t data[PACKET_MAX];
	size_t len;
};

static inline void
packet_add(struct packet *packet, const void *data, size_t len)
{
	memcpy(packet->data + packet->len, data, len);
	packet->len += len;
}

static inline void
packet_add_8(struct packet *packet, unsigned number)
{
	packet->data[packet->len++] = (uint8_t)number;
}

static inline void
packet_add_16(struct packet *packet, unsigned number)
{
	packet_add_8(packet, number >> 8);
	packet_add_8(packet, number & 0xff);
}

static inline void
packet_add_32(struct packet *packet, uint32_t number)
{
	packet_add_16(packet, number >> 16);
	packet_add_16(packet, number & 0xffff);
}

static inline void
packet_add_zeros(struct packet *packet, size_t count)
{
	memset(packet->data + packet->len, 0, count);
	packet->len += count;
}

/* 10.0.0.1:40000 > 10.0.0.2:80; total: the length in the header. */
static inline void
packet_add_ipv4(struct packet *packet, unsigned option_bytes, unsigned protocol, unsigned total)
{
	packet_add_8(packet, 0x45 + option_bytes / 4);
	packet_add_8(packet, 0);
	packet_add_16(packet, total);
	packet_add_16(packet, 0x1234); /* id */
	packet_add_16(packet, 0x4000); /* do not fragment */
	packet_add_8(packet, 63);
	packet_add_8(packet, protocol);
	packet_add_16(packet, 0);
	packet_add(packet, "\x0a\0\0\1\x0a\0\0\2", 8);
	packet_add_zeros(packet, option_bytes);
}

/* fd00::1 > fd00::2. */
static inline void
packet_add_ipv6(struct packet *packet, unsigned next_header, unsigned payload)
{
	packet_add_32(packet, 0x60000000);
	packet_add_16(packet, payload);
	packet_add_8(packet, next_header);
	packet_add_8(packet, 61);
	packet_add(packet, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	packet_add(packet, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 16);
}

/* seq 1000, ack 2000, window 501; the options' length is a multiple of 4. */
static inline void
packet_add_tcp(struct packet *packet, unsigned flags, const void *options, size_t options_len)
{
	packet_add_16(packet, 40000);
	packet_add_16(packet, 80);
	packet_add_32(packet, 1000);
	packet_add_32(packet, 2000);
	packet_add_16(packet, (unsigned)(20 + options_len) / 4 << 12 | flags);
	packet_add_16(packet, 501);
	packet_add_32(packet, 0); /* checksum, urgent pointer */
	packet_add(packet, options, options_len);
}

#endif
