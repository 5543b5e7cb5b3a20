/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole records of a stream, as they are. */
#include <config.h>

#include <sockwatch/stream/cutter.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "framing.h"
#include "parser.h"

struct stream_cutter {
	struct parser parser;
	struct buffer aligned; /* of stream_cutter_decode */
};

struct stream_cutter *
stream_cutter_new(void)
{
	struct stream_cutter *const cutter = calloc(1, sizeof *cutter);

	if (cutter == NULL)
		return NULL;
	stream_cutter_restart(cutter);
	buffer_init(&cutter->aligned, 0);
	return cutter;
}

void
stream_cutter_free(struct stream_cutter *cutter)
{
	if (cutter == NULL)
		return;
	parser_fini(&cutter->parser);
	buffer_fini(&cutter->aligned);
	free(cutter);
}

void
stream_cutter_restart(struct stream_cutter *cutter)
{
	parser_fini(&cutter->parser);
	cutter->parser.keeps_bytes = true;
}

int
stream_cutter_add(struct stream_cutter *cutter, const void *bytes, size_t len)
{
	const uint8_t *const from = bytes;
	size_t room;

	for (size_t done = 0; done < len; done += room) {
		uint8_t *const to = parser_room(&cutter->parser, &room);

		if (to == NULL)
			return -ENOMEM;
		room = room < len - done ? room : len - done;
		memcpy(to, from + done, room);
		parser_filled(&cutter->parser, room);
	}
	return 0;
}

static unsigned
type_of(const struct record *record)
{
	struct nlmsghdr message;

	if (record->kind != RECORD_MESSAGE || record->len < sizeof message)
		return 0;
	memcpy(&message, record->data, sizeof message);
	return message.nlmsg_type;
}

int
stream_cutter_next(struct stream_cutter *cutter, struct stream_cut *cut, struct error *error)
{
	struct record record;
	const int status = parser_next(&cutter->parser, &record, error);

	if (status == 1)
		*cut = (struct stream_cut){
			.bytes = record.data - sizeof(struct framing_header),
			.len = sizeof(struct framing_header) + record.len,
			.time_ns = record.time_ns,
			.type = type_of(&record),
		};
	return status;
}

int
stream_cutter_decode(
	struct stream_cutter *cutter, const struct stream_cut *cut, struct message *message)
{
	const size_t headers = sizeof(struct framing_header);

	buffer_clear(&cutter->aligned);
	buffer_append(&cutter->aligned, cut->bytes + headers, cut->len - headers);
	if (cutter->aligned.failed)
		return -ENOMEM;
	return message_decode(cutter->aligned.data, cutter->aligned.len, message);
}

void
stream_header_fill(uint8_t header[STREAM_HEADER_SIZE])
{
	static_assert(sizeof framing_file_header == STREAM_HEADER_SIZE, "as in the file");
	memcpy(header, &framing_file_header, sizeof framing_file_header);
}

int
stream_append_message(
	struct buffer *out, uint64_t time_ns, enum message_type type, const void *body)
{
	struct framing_header header;
	struct buffer message; /* aligned, whatever out holds */
	int error;

	buffer_init(&message, 0);
	error = message_encode(type, body, &message);
	if (error == 0) {
		framing_fill(&header, time_ns, NETLINK_USERSOCK, 0, message.len);
		buffer_append(out, &header, sizeof header);
		buffer_append(out, message.data, message.len);
		error = out->failed ? -ENOMEM : 0;
	}
	buffer_fini(&message);
	return error;
}
