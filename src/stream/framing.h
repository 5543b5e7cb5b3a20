/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers around a record: the pcap file's header once, then before each record pcap's record
 * header (the writer's byte order) and the cooked header of LINUX_SLL2 (network byte order).
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 * https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
 * All three are multiples of 4 long, and so is every netlink datagram, so netlink data stays
 * aligned.
 */
#ifndef SOCKWATCH_STREAM_FRAMING_H
#define SOCKWATCH_STREAM_FRAMING_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

#define FRAMING_MAGIC_NS      UINT32_C(0xa1b23c4d)
#define FRAMING_MAGIC_SWAPPED UINT32_C(0x4d3cb2a1)

enum {
	FRAMING_MAJOR = 2,
	FRAMING_MINOR = 4,
	FRAMING_LINK_TYPE = 276, /* LINUX_SLL2, as link type and as DLT */
};

struct framing_file {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy; /* always 0 */
	uint32_t snaplen;
	uint32_t link_type;
};

struct framing_record {
	uint32_t seconds, nanoseconds;
	uint32_t len, wire_len;
};

struct framing_cooked {
	uint16_t protocol;
	uint16_t reserved;
	uint32_t ifindex;
	uint16_t arphrd;
	uint8_t packet_type;
	uint8_t address_len;
	uint8_t address[8];
};

struct framing_header {
	struct framing_record record;
	struct framing_cooked cooked;
};

static_assert(sizeof(struct framing_file) == 24, "as in the file");
static_assert(sizeof(struct framing_header) == 36, "as in the file");

/* That of the streams that we write. */
extern const struct framing_file framing_file_header;

/* A stream of this byte order. */
bool framing_is_ours(const struct framing_file *header);

/* The headers of a netlink record of len bytes. */
void framing_fill(struct framing_header *header, uint64_t time_ns, uint16_t protocol,
	uint32_t netns, size_t len);

/*
 * Reads the cooked header at data; the rest is the record's. Sets all but time_ns. 0, or -EPROTO
 * with a sentence when len is shorter than the header.
 */
int framing_open_cooked(const uint8_t *data, size_t len, size_t wire_len, struct record *record,
	struct error *error);

#endif
