/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of a recording in few bytes, so that an input is short: each has a header of four
 * bytes (kind: 0 netlink datagram, 1 message, 2 packet, else none; tenths of a second that pass
 * before it; length, two bytes, little end first) and its bytes. Those of a packet begin with its
 * packet type and its ethertype, little end first. The framing itself is fuzz_stream's.
 */
#ifndef SOCKWATCH_TESTS_FUZZ_RECORDS_H
#define SOCKWATCH_TESTS_FUZZ_RECORDS_H

#include <linux/if_arp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/stream/stream.h>

enum { RECORDS_HEADER = 4, RECORDS_PACKET_HEADER = 3, RECORDS_NETNS = 1, RECORDS_IFINDEX = 2 };

struct records {
	const uint8_t *data;
	size_t len;
	uint64_t time_ns;
	uint8_t *copy; /* the bytes of the last record, of their exact size: a step too far is seen
			*/
};

static inline struct records
records_begin(const uint8_t *data, size_t len)
{
	return (struct records){data, len, UINT64_C(1700000000) * 1000000000, NULL};
}

static inline void
records_end(struct records *records)
{
	free(records->copy);
	records->copy = NULL;
}

/* False: it is none, and only time passed. */
static inline bool
records_fill(struct records *records, uint8_t kind, size_t len, struct record *record)
{
	const uint8_t *const bytes = records->data;
	const size_t skip = kind == 2 ? RECORDS_PACKET_HEADER : 0;

	if (kind > 2 || len < skip)
		return false;
	records->copy = malloc(len - skip != 0 ? len - skip : 1);
	if (records->copy == NULL)
		abort();
	memcpy(records->copy, bytes + skip, len - skip);
	record->kind = kind == 0 ? RECORD_DIAG : kind == 1 ? RECORD_MESSAGE : RECORD_PACKET;
	record->data = records->copy;
	record->len = record->wire_len = len - skip;
	record->netns = RECORDS_NETNS;
	if (kind == 2) {
		record->packet_type = bytes[0];
		record->protocol = (uint16_t)(bytes[1] | bytes[2] << 8);
		record->arphrd = ARPHRD_ETHER;
		record->ifindex = RECORDS_IFINDEX;
	}
	return true;
}

/*
 * The next record, whose bytes live until the next call or records_end. False at the end. Where the
 * header says that it is none, *record is no more than a time: its data is NULL.
 */
static inline bool
records_next(struct records *records, struct record *record)
{
	size_t len;

	records_end(records);
	if (records->len < RECORDS_HEADER)
		return false;
	records->time_ns += records->data[1] * UINT64_C(100000000);
	len = records->data[2] | (size_t)records->data[3] << 8;
	if (len > records->len - RECORDS_HEADER)
		len = records->len - RECORDS_HEADER;
	*record = (struct record){.time_ns = records->time_ns};
	records->data += RECORDS_HEADER;
	records->len -= RECORDS_HEADER;
	(void)records_fill(records, records->data[-RECORDS_HEADER], len, record);
	records->data += len;
	records->len -= len;
	return true;
}

#endif
