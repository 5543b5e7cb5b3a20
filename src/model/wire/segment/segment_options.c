/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a TCP header. */
#include <config.h>

#include <sockwatch/model/segment.h>

#include <stddef.h>
#include <string.h>

#include "packet_bytes.h"
#include "segment_private.h"

/* https://www.iana.org/assignments/tcp-parameters: kinds that are read. */
enum option_kind {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_WSCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_SACK = 5,
	OPTION_TIMESTAMPS = 8,
	OPTION_MD5 = 19,
	OPTION_AO = 29,
	OPTION_MPTCP = 30,
	OPTION_FASTOPEN = 34,
	OPTION_EXPERIMENT = 254,
};

enum {
	FASTOPEN_MAGIC = 0xf989, /* RFC 7413 section 4.1.1, before it had a kind of its own */
	SACK_BLOCK = 8,
	MPTCP_SUBTYPE = 4, /* bits to shift */
};

static void
read_sack(struct packet_bytes *packet, size_t at, size_t len, struct segment_options *options)
{
	const size_t count = len / SACK_BLOCK;

	for (size_t i = 0; i < count && i < sizeof options->sack / sizeof *options->sack; i++) {
		const struct segment_sack sack = {
			.begin = packet_bytes_32(packet, at + i * SACK_BLOCK),
			.end = packet_bytes_32(packet, at + i * SACK_BLOCK + 4),
		};

		if (packet->over)
			return;
		options->sack[i] = sack;
		options->sack_count = (uint8_t)(i + 1);
	}
}

/*
 * By kind: how many bytes may follow kind and length, and which option the segment then has. A
 * step is a power of two.
 */
static const struct option_row {
	uint16_t option; /* enum segment_option */
	uint8_t min, max, step;
} option_rows[] = {
	[OPTION_MSS] = {SEGMENT_HAS_MSS, .min = 2, .max = 2, .step = 1},
	[OPTION_WSCALE] = {SEGMENT_HAS_WSCALE, .min = 1, .max = 1, .step = 1},
	[OPTION_SACK_PERMITTED] = {SEGMENT_HAS_SACK_PERMITTED, .min = 0, .max = 0, .step = 1},
	[OPTION_SACK] = {SEGMENT_HAS_SACK, .min = 8, .max = 32, .step = SACK_BLOCK},
	[OPTION_TIMESTAMPS] = {SEGMENT_HAS_TIMESTAMPS, .min = 8, .max = 8, .step = 1},
	[OPTION_MD5] = {SEGMENT_HAS_MD5, .min = 16, .max = 16, .step = 1},
	[OPTION_AO] = {SEGMENT_HAS_AO, .min = 2, .max = 38, .step = 1},
	[OPTION_MPTCP] = {SEGMENT_HAS_MPTCP, .min = 1, .max = 38, .step = 1},
	[OPTION_FASTOPEN] = {SEGMENT_HAS_FASTOPEN, .min = 0, .max = 16, .step = 2},
};

enum { OPTION_ROWS = sizeof option_rows / sizeof *option_rows };

/* The value of an option whose length is right. */
static void
read_value(struct packet_bytes *packet, enum option_kind kind, size_t at, size_t len,
	struct segment_options *options)
{
	options->has |= option_rows[kind].option;
	switch (kind) {
	case OPTION_MSS: options->mss = packet_bytes_16(packet, at); break;
	case OPTION_WSCALE: options->wscale = packet_bytes_8(packet, at); break;
	case OPTION_SACK: read_sack(packet, at, len, options); break;
	case OPTION_TIMESTAMPS:
		options->timestamp = packet_bytes_32(packet, at);
		options->timestamp_echo = packet_bytes_32(packet, at + 4);
		break;
	case OPTION_MPTCP:
		options->mptcp_subtypes |=
			(uint16_t)(1U << (packet_bytes_8(packet, at) >> MPTCP_SUBTYPE));
		break;
	case OPTION_FASTOPEN: options->fastopen_len = (uint8_t)len; break;
	case OPTION_END:
	case OPTION_NOP:
	case OPTION_SACK_PERMITTED:
	case OPTION_MD5:
	case OPTION_AO:
	case OPTION_EXPERIMENT: break;
	}
}

/* Reads the value at `at`, len bytes without kind and length. False: the length is wrong. */
static bool
read_option(struct packet_bytes *packet, uint8_t kind, size_t at, size_t len,
	struct segment_options *options)
{
	const struct option_row *row;

	if (kind == OPTION_EXPERIMENT && len >= 2 &&
		packet_bytes_16(packet, at) == FASTOPEN_MAGIC) {
		kind = OPTION_FASTOPEN;
		at += 2;
		len -= 2;
	}
	if (kind >= OPTION_ROWS || option_rows[kind].step == 0) {
		options->has |= SEGMENT_HAS_OTHER;
		return true;
	}
	row = &option_rows[kind];
	if (len < row->min || len > row->max || (len & (row->step - 1U)) != 0)
		return false;
	read_value(packet, (enum option_kind)kind, at, len, options);
	return true;
}

/* Stops at an option that is wrong or cut; options read before that stay. */
static void
read_all(struct packet_bytes *packet, size_t end, struct segment_options *options)
{
	size_t at = 0;

	while (at < end) {
		const uint8_t kind = packet_bytes_8(packet, at);
		size_t len;

		if (packet->over || kind == OPTION_END)
			break;
		if (kind == OPTION_NOP) {
			at++;
			continue;
		}
		len = at + 1 < end ? packet_bytes_8(packet, at + 1) : 0;
		if (packet->over)
			break;
		if (len < 2 || len > end - at) {
			options->has |= SEGMENT_OPTIONS_BAD;
			return;
		}
		/* The captured blocks of a SACK that is cut are good. */
		if (packet_bytes_at(packet, at, len) == NULL && kind != OPTION_SACK)
			break;
		packet->over = false;
		if (!read_option(packet, kind, at + 2, len - 2, options)) {
			options->has |= SEGMENT_OPTIONS_BAD;
			return;
		}
		at += len;
	}
	if (packet->over)
		options->has |= SEGMENT_OPTIONS_CUT;
}

void
segment_read_options(const struct segment *segment, struct segment_options *options)
{
	struct packet_bytes packet = {.data = segment->options, .len = segment->option_len};

	memset(options, 0, offsetof(struct segment_options, sack));
	if (segment->data_offset > SEGMENT_TCP_SIZE)
		read_all(&packet, (size_t)segment->data_offset - SEGMENT_TCP_SIZE, options);
}
