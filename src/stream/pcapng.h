/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures in the format of Wireshark (draft-ietf-opsawg-pcapng): any number of sections and
 * interfaces, each with its own link type, capture length, resolution of time and byte order.
 * libpcap reads only those whose interfaces are alike.
 */
#ifndef SOCKWATCH_STREAM_PCAPNG_H
#define SOCKWATCH_STREAM_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/text.h>

struct pcapng;

enum pcapng_direction { PCAPNG_UNKNOWN, PCAPNG_IN, PCAPNG_OUT };

/* A packet, or (data NULL) an interface before its first packet. */
struct pcapng_item {
	uint32_t interface; /* from 1 on, another for each interface of each section */
	uint16_t link_type; /* as the file numbers it */
	uint64_t time_ns;
	enum pcapng_direction direction;
	const uint8_t *data; /* lives until the next call */
	size_t len, wire_len;
	bool is_swapped;  /* the section is of the other byte order */
	struct text name; /* of the interface, as it came; empty: it has none */
};

/* The first byte of every such file. */
enum { PCAPNG_FIRST_BYTE = 0x0a };

/* Reads from file, which stays the caller's. NULL with a sentence: no memory. */
struct pcapng *pcapng_new(FILE *file, struct error *error);
void pcapng_free(struct pcapng *pcapng);
/* 1 and *item; 0 at the end, *cut when it was within a block; -EPROTO with a sentence; -ENOTSUP: it
 * is no such file. */
int pcapng_next(struct pcapng *pcapng, struct pcapng_item *item, bool *cut, struct error *error);

#endif
