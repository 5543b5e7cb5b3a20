/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of messages and their attributes: the encoder, the decoder and the manual derive from
 * it. */
#ifndef SOCKWATCH_STREAM_MESSAGE_TABLE_H
#define SOCKWATCH_STREAM_MESSAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>

enum message_kind {
	MESSAGE_KIND_U8,
	MESSAGE_KIND_U16,
	MESSAGE_KIND_U32,
	MESSAGE_KIND_U64,
	MESSAGE_KIND_I32,
	MESSAGE_KIND_ADDRESS,
	MESSAGE_KIND_TEXT,
	/* Arrays from here on. */
	MESSAGE_KIND_U32_ARRAY,
	MESSAGE_KIND_U64_ARRAY,
	MESSAGE_KIND_CONDITION_ARRAY,
	MESSAGE_KIND_CALLER_ARRAY,
};

struct message_attribute {
	uint16_t id; /* nla_type; part of the format: never reuse one */
	enum message_kind kind;
	const char *name, *help;
	size_t offset;  /* of the member in the message's struct */
	uint32_t bound; /* bytes of a text, elements of an array; else 1 */
};

struct message_layout {
	const char *name, *help;
	const struct message_attribute *attributes;
	size_t attribute_count;
	size_t size; /* of the message's struct */
};

/* NULL for an unknown type. */
const struct message_layout *message_layout(unsigned type);
/* Bytes of a number, an address or one element of an array; 1 for texts. */
size_t message_kind_size(enum message_kind kind);
/* Of a number, address or text, or of one element of an array. */
const char *message_kind_name(enum message_kind kind);
bool message_kind_is_array(enum message_kind kind);

#endif
