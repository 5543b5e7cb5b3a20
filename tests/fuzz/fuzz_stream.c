/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stream reader, both ways: in pieces through the pipe's parser, and through libpcap as a file.
 * Every message is decoded and every byte that a record names is touched. Inputs are pcap files.
 */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/stream/message.h>
#include <sockwatch/stream/stream.h>

#include "fuzz.h"
#include "stream/message_table.h"
#include "stream/parser.h"
#include "stream/savefile.h"

/* The size of the pieces follows from that of the input; a prime, so that they fall anywhere. */
enum { PIECE_MAX = 251 };

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

/* A decoded message lies within its bounds, and comes out the same when it is encoded again. */
static void
check_message(const struct message *message)
{
	const struct message_layout *const layout = message_layout(message->type);
	struct buffer first, second;
	struct message again;

	for (size_t i = 0; i < layout->attribute_count; i++) {
		const struct message_attribute *const row = &layout->attributes[i];
		const void *const member = (const uint8_t *)&message->body + row->offset;

		if (row->kind == MESSAGE_KIND_TEXT) {
			const struct text *const text = member;

			require(text->len <= row->bound);
			touch(text->data, text->len);
		} else if (row->kind >= MESSAGE_KIND_U32_ARRAY) {
			const struct array *const array = member;

			require(array->count <= row->bound);
			touch(array->data, array->count * message_kind_size(row->kind));
		}
	}
	buffer_init(&first, 0);
	buffer_init(&second, 0);
	require(message_encode(message->type, &message->body, &first) == 0);
	require(message_decode(first.data, first.len, &again) == 0);
	require(message_encode(again.type, &again.body, &second) == 0);
	require(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	buffer_fini(&first);
	buffer_fini(&second);
}

static void
check_record(const struct record *record)
{
	struct message message;

	require(record->len <= record->wire_len);
	touch(record->data, record->len);
	if (record->kind == RECORD_PACKET)
		return;
	require((uintptr_t)record->data % 4 == 0);
	if (record->kind == RECORD_MESSAGE &&
		message_decode(record->data, record->len, &message) == 0)
		check_message(&message);
}

static void
run_parser(const uint8_t *data, size_t len, size_t piece)
{
	struct parser parser = {0};
	struct record record;
	struct error error = {.text = ""};
	int status = 0;

	while (len != 0 && status == 0) {
		size_t room;
		uint8_t *const out = parser_room(&parser, &room);
		size_t count = len < piece ? len : piece;

		require(out != NULL);
		count = count < room ? count : room;
		memcpy(out, data, count);
		parser_filled(&parser, count);
		data += count;
		len -= count;
		while ((status = parser_next(&parser, &record, &error)) == 1)
			check_record(&record);
	}
	require(status == 0 || error.text[0] != '\0');
	parser_fini(&parser);
}

static void
run_file(const uint8_t *data, size_t len)
{
	FILE *const file = fmemopen((void *)(uintptr_t)data, len, "rb");
	struct error error = {.text = ""};
	struct record record;
	struct savefile *savefile;
	bool cut = false;
	int status;

	require(file != NULL);
	savefile = savefile_open_file(file, "input", &error);
	if (savefile == NULL) {
		require(error.text[0] != '\0');
		return;
	}
	while ((status = savefile_next(savefile, &record, &cut, &error)) == 1)
		check_record(&record);
	require(status == 0 || error.text[0] != '\0');
	savefile_close(savefile);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len == 0)
		return 0;
	run_parser(data, len, len % PIECE_MAX + 1);
	run_file(data, len);
	return 0;
}
