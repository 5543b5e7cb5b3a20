/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All reads of packet bytes go through this: a read outside gives 0 and is remembered in `over`, so
 * a parser may read a whole header and ask once. Numbers are in network byte order there.
 */
#ifndef SOCKWATCH_MODEL_WIRE_SEGMENT_PACKET_BYTES_H
#define SOCKWATCH_MODEL_WIRE_SEGMENT_PACKET_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet_bytes {
	const uint8_t *data;
	size_t len;
	bool over; /* a read went past the end */
};

/* `count` bytes at `at`, or NULL. */
static inline const uint8_t *
packet_bytes_at(struct packet_bytes *packet, size_t at, size_t count)
{
	if (at <= packet->len && count <= packet->len - at)
		return packet->data + at;
	packet->over = true;
	return NULL;
}

/* For bytes returned by packet_bytes_at. */
static inline uint16_t
packet_load_16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t
packet_load_32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static inline uint8_t
packet_bytes_8(struct packet_bytes *packet, size_t at)
{
	const uint8_t *const bytes = packet_bytes_at(packet, at, 1);

	return bytes != NULL ? bytes[0] : 0;
}

static inline uint16_t
packet_bytes_16(struct packet_bytes *packet, size_t at)
{
	const uint8_t *const bytes = packet_bytes_at(packet, at, 2);

	return bytes != NULL ? packet_load_16(bytes) : 0;
}

static inline uint32_t
packet_bytes_32(struct packet_bytes *packet, size_t at)
{
	const uint8_t *const bytes = packet_bytes_at(packet, at, 4);

	return bytes != NULL ? packet_load_32(bytes) : 0;
}

#endif
