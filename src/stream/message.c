/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of our own, encoded and decoded as the table (message_table.c) says. In this room:
 *   framing.c        what stands around a record: pcap's headers and the cooked one
 *   parser.c         a stream's bytes to records, in pieces of any size
 *   cutter.c         the same, for who writes them on as they are
 *   index.c          where the key frames of a recording are
 *   reader.c         records from a pipe, a socket or a file
 *   savefile.c       recordings and other captures, read with libpcap
 *   writer.c         records to a pipe, a socket or a file
 */
#include <config.h>

#include <sockwatch/stream/message.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include <sockwatch/stream/attribute.h>

#include "message_table.h"

uint32_t
array_u32(struct array array, size_t index)
{
	uint32_t element;

	memcpy(&element, (const uint8_t *)array.data + index * sizeof element, sizeof element);
	return element;
}

uint64_t
array_u64(struct array array, size_t index)
{
	uint64_t element;

	memcpy(&element, (const uint8_t *)array.data + index * sizeof element, sizeof element);
	return element;
}

struct caller
array_caller(struct array array, size_t index)
{
	struct caller element;

	memcpy(&element, (const uint8_t *)array.data + index * sizeof element, sizeof element);
	return element;
}

static bool
all_zero(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != 0)
			return false;
	return true;
}

/*
 * The value of this attribute on the wire: *data and *len, 0 when it is left out because a missing
 * one reads the same. -EINVAL for an array over its bound.
 */
static int
payload_of(
	const struct message_attribute *attribute, const void *body, const void **data, size_t *len)
{
	const uint8_t *const member = (const uint8_t *)body + attribute->offset;
	const size_t size = message_kind_size(attribute->kind);

	if (attribute->kind == MESSAGE_KIND_TEXT) {
		const struct text *const text = (const void *)member;

		*data = text->data;
		*len = text->len < attribute->bound ? text->len : attribute->bound;
	} else if (message_kind_is_array(attribute->kind)) {
		const struct array *const array = (const void *)member;

		if (array->count > attribute->bound)
			return -EINVAL;
		*data = array->data;
		*len = array->count * size;
	} else {
		*data = member;
		*len = all_zero(member, size) ? 0 : size;
	}
	return 0;
}

/* Bytes of the whole message, or negative errno. */
static int
encoded_size(const struct message_layout *layout, const void *body, size_t *size)
{
	*size = MNL_NLMSG_HDRLEN;
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const void *data;
		size_t len;
		const int error = payload_of(&layout->attributes[i], body, &data, &len);

		if (error != 0)
			return error;
		if (len != 0)
			*size += MNL_ATTR_HDRLEN + MNL_ALIGN(len);
	}
	return 0;
}

/* libmnl leaves the padding as it was: old contents of our memory would go into recordings. */
static void
put_attribute(struct nlmsghdr *header, uint16_t id, size_t len, const void *data)
{
	uint8_t *const payload = (uint8_t *)mnl_nlmsg_get_payload_tail(header) + MNL_ATTR_HDRLEN;

	mnl_attr_put(header, id, len, data);
	memset(payload + len, 0, MNL_ALIGN(len) - len);
}

int
message_encode(enum message_type type, const void *body, struct buffer *out)
{
	const struct message_layout *const layout = message_layout(type);
	struct nlmsghdr *header;
	size_t size;
	int error;

	if (layout == NULL)
		return -EINVAL;
	error = encoded_size(layout, body, &size);
	if (error != 0)
		return error;
	header = buffer_reserve(out, size);
	if (header == NULL)
		return -ENOMEM;
	mnl_nlmsg_put_header(header);
	header->nlmsg_type = (uint16_t)type;
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const void *data = NULL;
		size_t len = 0;

		payload_of(&layout->attributes[i], body, &data, &len);
		if (len != 0)
			put_attribute(header, layout->attributes[i].id, len, data);
	}
	out->len += header->nlmsg_len;
	return 0;
}

static int
decode_attribute(const struct message_attribute *attribute, const struct attribute *raw, void *body)
{
	uint8_t *const member = (uint8_t *)body + attribute->offset;
	const size_t size = message_kind_size(attribute->kind);

	if (attribute->kind == MESSAGE_KIND_TEXT) {
		if (raw->len > attribute->bound)
			return -EINVAL;
		*(struct text *)(void *)member = (struct text){(const char *)raw->data, raw->len};
	} else if (message_kind_is_array(attribute->kind)) {
		if (raw->len % size != 0 || raw->len / size > attribute->bound)
			return -EINVAL;
		*(struct array *)(void *)member = (struct array){raw->data, raw->len / size};
	} else {
		if (raw->len != size)
			return -EINVAL;
		memcpy(member, raw->data, size);
	}
	return 0;
}

static const struct message_attribute *
find_attribute(const struct message_layout *layout, unsigned id)
{
	for (size_t i = 0; i < layout->attribute_count; i++)
		if (layout->attributes[i].id == id)
			return &layout->attributes[i];
	return NULL;
}

/* Texts that are missing are empty, not NULL. */
static void
clear_body(const struct message_layout *layout, union message_body *body)
{
	memset(body, 0, sizeof *body);
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const struct message_attribute *const attribute = &layout->attributes[i];
		void *const member = (uint8_t *)body + attribute->offset;

		if (attribute->kind == MESSAGE_KIND_TEXT)
			((struct text *)member)->data = "";
		else if (message_kind_is_array(attribute->kind))
			((struct array *)member)->data = "";
	}
}

int
message_decode(const void *data, size_t len, struct message *message)
{
	const struct nlmsghdr *const header = data;
	const struct message_layout *layout;
	struct attribute raw;
	const uint8_t *next;
	size_t left;
	int status;

	/* Ours are padded to the end. */
	if (len < MNL_NLMSG_HDRLEN || header->nlmsg_len != len || len % MNL_ALIGNTO != 0)
		return -EINVAL;
	layout = message_layout(header->nlmsg_type);
	if (layout == NULL)
		return -ENOMSG;
	message->type = (enum message_type)header->nlmsg_type;
	clear_body(layout, &message->body);
	next = (const uint8_t *)data + MNL_NLMSG_HDRLEN;
	left = len - MNL_NLMSG_HDRLEN;
	while ((status = attribute_next(&next, &left, &raw)) > 0) {
		const struct message_attribute *const attribute = find_attribute(layout, raw.type);

		if (attribute != NULL && decode_attribute(attribute, &raw, &message->body) != 0)
			return -EINVAL;
	}
	return status;
}
