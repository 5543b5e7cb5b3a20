/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes packets in the format of Wireshark (draft-ietf-opsawg-pcapng), because only there a packet
 * may have a comment. Into a buffer: whoever calls writes it away.
 */
#ifndef SOCKWATCH_STREAM_PCAPNG_WRITER_H
#define SOCKWATCH_STREAM_PCAPNG_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/stream.h>

enum { PCAPNG_WRITER_LINKS = 3, PCAPNG_COMMENT_MAX = 512 };

/* Zeroed, nothing is written yet. One interface stands for each link type. */
struct pcapng_writer {
	bool has_begun;
	uint16_t link_types[PCAPNG_WRITER_LINKS];
	uint32_t link_count;
};

/* The section's header, once; without a packet the file is one of no packets. program: "sockwatch
 * 1.0", told as the one that wrote it. */
void pcapng_writer_begin(struct pcapng_writer *writer, const char *program, struct buffer *out);
/*
 * A packet as a reader gave it (RECORD_PACKET). comment: clean text, cut at PCAPNG_COMMENT_MAX
 * bytes; "": none. False: its link type cannot be written, and it is left out.
 */
bool pcapng_writer_add(struct pcapng_writer *writer, const struct record *packet,
	const char *comment, struct buffer *out);

#endif
