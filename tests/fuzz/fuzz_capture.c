/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture files of others: pcap and pcapng, with every link header and tunnel that is decoded, down
 * to the conversations. Inputs are whole files. pcapng is read by its reader alone too.
 */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/model/conversation.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>

#include "fuzz.h"
#include "model/wire/wire_input.h"
#include "stream/pcapng.h"
#include "stream/savefile.h"

enum { NAME_MAX_LEN = 64 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static unsigned
touch(const void *data, size_t len)
{
	const uint8_t *const bytes = data;
	volatile unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += bytes[i];
	return sum;
}

/* Each packet is of an interface, whose name comes before its first one. */
static void
read_blocks(const uint8_t *data, size_t len)
{
	FILE *const file = fmemopen((void *)(uintptr_t)data, len, "rb");
	struct error error = {.text = ""};
	struct pcapng *pcapng;
	struct pcapng_item item;
	uint32_t most = 0;
	bool cut = false;
	int status;

	require(file != NULL);
	pcapng = pcapng_new(file, &error);
	require(pcapng != NULL);
	while ((status = pcapng_next(pcapng, &item, &cut, &error)) == 1) {
		require(item.interface >= 1 && item.name.len <= NAME_MAX_LEN);
		touch(item.name.data, item.name.len);
		require(item.data == NULL || item.interface <= most);
		if (item.data == NULL && item.interface > most)
			most = item.interface;
		if (item.data != NULL)
			touch(item.data, item.len);
		require(item.time_ns / 1000000000 <= INT64_MAX / 1000000000);
	}
	require(status != -EPROTO || error.text[0] != '\0');
	pcapng_free(pcapng);
	fclose(file);
}

/* In a block of its own size, so that a sanitizer sees the first byte too many. */
static void
take_packet(struct wire *wire, const struct record *record)
{
	struct record copy = *record;
	uint8_t *const block = malloc(record->len != 0 ? record->len : 1);
	struct segment_tunnel tunnel;
	struct segment segment;
	char text[64];

	require(block != NULL && record->len <= record->wire_len);
	memcpy(block, record->data, record->len);
	copy.data = block;
	if (segment_decode(&copy, &segment, &tunnel) == SEGMENT_OK)
		(void)segment_format_options(&segment, 0, text, sizeof text);
	wire_packets(wire, &copy, 1);
	free(block);
}

static void
read_records(struct wire *wire, const uint8_t *data, size_t len)
{
	FILE *const file = fmemopen((void *)(uintptr_t)data, len, "rb");
	struct error error = {.text = ""};
	struct record record;
	struct savefile *savefile;
	bool cut = false;
	int status;

	require(file != NULL);
	savefile = savefile_open_file(file, "input", &error);
	require(savefile != NULL || error.text[0] != '\0');
	if (savefile == NULL)
		return;
	while ((status = savefile_next(savefile, &record, &cut, &error)) == 1) {
		if (record.kind == RECORD_PACKET)
			take_packet(wire, &record);
		else
			touch(record.data, record.len);
	}
	require(status == 0 || error.text[0] != '\0');
	savefile_close(savefile);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct wire_options options = {
		.conversations = 16, .half_open = 4, .events = 32, .fold_above = 4};
	struct wire *wire;

	if (len == 0)
		return 0;
	if (data[0] == PCAPNG_FIRST_BYTE)
		read_blocks(data, len);
	wire = wire_new(&options);
	require(wire != NULL);
	read_records(wire, data, len);
	wire_free(wire);
	return 0;
}
