/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/stream/message.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/stream.h>

#include "stream/message_table.h"
#include "unit.h"

enum { TYPES = 256, COOKED_HEADER = 20 };

/* What texts and arrays of every test point to. */
static char store[65536];

static bool
is_array(enum message_kind kind)
{
	return kind >= MESSAGE_KIND_U32_ARRAY;
}

static int
fill_store(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof store; i++)
		store[i] = (char)(i * 7 + i / 256);
	return 0;
}

/* A body whose members are as large as they may be, minus `less`. */
static void
fill(const struct message_layout *layout, union message_body *body, uint32_t less)
{
	memset(body, 0, sizeof *body);
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const struct message_attribute *const row = &layout->attributes[i];
		void *const member = (uint8_t *)body + row->offset;

		if (row->kind == MESSAGE_KIND_TEXT)
			*(struct text *)member = (struct text){store + i, row->bound - less};
		else if (is_array(row->kind))
			*(struct array *)member = (struct array){store + i, row->bound - less};
		else
			memset(member, 0xff - (int)less, message_kind_size(row->kind));
	}
}

static void
assert_same(const struct message_layout *layout, const void *expected, const void *body)
{
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const struct message_attribute *const row = &layout->attributes[i];
		const void *const a = (const uint8_t *)expected + row->offset;
		const void *const b = (const uint8_t *)body + row->offset;
		const size_t size = message_kind_size(row->kind);
		bool same;

		if (row->kind == MESSAGE_KIND_TEXT) {
			same = text_equal(*(const struct text *)a, *(const struct text *)b);
		} else if (is_array(row->kind)) {
			const struct array *const x = a, *const y = b;

			same = x->count == y->count &&
			       memcmp(x->data, y->data, x->count * size) == 0;
		} else {
			same = memcmp(a, b, size) == 0;
		}
		if (!same)
			fail_msg("message %s, attribute %s: another value came back", layout->name,
				row->name);
	}
}

static void
encode(unsigned type, const union message_body *body, struct buffer *out)
{
	buffer_init(out, 0);
	assert_int_equal(message_encode((enum message_type)type, body, out), 0);
	assert_int_equal(out->len % 4, 0);
}

static void
every_type_round_trips(void **state)
{
	unsigned types = 0;

	(void)state;
	for (unsigned type = 0; type < TYPES; type++) {
		const struct message_layout *const layout = message_layout(type);

		for (uint32_t less = 0; layout != NULL && less < 2; less++) {
			union message_body body;
			struct message message;
			struct buffer out;

			fill(layout, &body, less);
			encode(type, &body, &out);
			if (out.len + COOKED_HEADER > STREAM_RECORD_MAX)
				fail_msg("message %s is too long for a record: %zu bytes",
					layout->name, out.len);
			if (message_decode(out.data, out.len, &message) != 0)
				fail_msg("message %s is not read", layout->name);
			if (message.type != type)
				fail_msg("message %s is read as number %u", layout->name,
					message.type);
			assert_same(layout, &body, &message.body);
			buffer_fini(&out);
		}
		types += layout != NULL;
	}
	assert_true(types >= 20);
}

/* Left out is what reads the same when missing; texts are "", never NULL. */
static void
zeros_take_no_room(void **state)
{
	const struct message_hello hello = {0};
	struct message message;
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	assert_int_equal(message_encode(MESSAGE_HELLO, &hello, &out), 0);
	assert_int_equal(out.len, MNL_NLMSG_HDRLEN);
	memset(&message, 0xff, sizeof message);
	assert_int_equal(message_decode(out.data, out.len, &message), 0);
	assert_int_equal(message.body.hello.pid, 0);
	assert_int_equal(message.body.hello.host.len, 0);
	assert_string_equal(message.body.hello.host.data, "");
	buffer_fini(&out);
}

static void
bounds_when_encoding(void **state)
{
	const struct message_notice notice = {.text = {store, sizeof store}};
	const struct message_owners owners = {.held = {store, MESSAGE_ARRAY_MAX + 1}};
	struct message message;
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	assert_int_equal(message_encode(MESSAGE_NOTICE, &notice, &out), 0);
	assert_int_equal(message_decode(out.data, out.len, &message), 0);
	assert_int_equal(message.body.notice.text.len, 1024);
	assert_memory_equal(message.body.notice.text.data, store, 1024);
	buffer_clear(&out);
	assert_int_equal(message_encode(MESSAGE_OWNERS, &owners, &out), -EINVAL);
	assert_int_equal(message_encode((enum message_type)1, &owners, &out), -EINVAL);
	assert_int_equal(out.len, 0);
	buffer_fini(&out);
	buffer_init(&out, 64);
	assert_int_equal(message_encode(MESSAGE_NOTICE, &notice, &out), -ENOMEM);
	buffer_fini(&out);
}

/* Each type at its bounds less one, cut at every byte, with and without that length in its header.
 */
static void
cut_anywhere(void **state)
{
	(void)state;
	for (unsigned type = 0; type < TYPES; type++) {
		const struct message_layout *const layout = message_layout(type);
		union message_body body;
		struct message message;
		struct buffer out;
		size_t whole = 0;

		if (layout == NULL)
			continue;
		unit_row_set(layout->name, 0, 1);
		fill(layout, &body, 1);
		encode(type, &body, &out);
		for (size_t len = 0; len < out.len; len++) {
			struct nlmsghdr *const header = (struct nlmsghdr *)(void *)out.data;
			const uint32_t saved = header->nlmsg_len;

			assert_int_equal(message_decode(out.data, len, &message), -EINVAL);
			if (len < sizeof *header)
				continue;
			header->nlmsg_len = (uint32_t)len;
			if (message_decode(out.data, len, &message) == 0)
				whole++;
			header->nlmsg_len = saved;
		}
		/* Only between two attributes is a shorter message one. */
		assert_int_equal(whole, layout->attribute_count);
		buffer_fini(&out);
	}
}

/* A notice with one attribute of the given number and payload. */
static int
decode_one(uint16_t type, uint16_t id, size_t len, struct message *message)
{
	static uint32_t space[16 * 1024];
	struct nlmsghdr *const header = mnl_nlmsg_put_header(space);

	header->nlmsg_type = type;
	mnl_attr_put(header, id, len, store);
	return message_decode(space, header->nlmsg_len, message);
}

static void
wrong_lengths(void **state)
{
	struct message message;

	(void)state;
	for (uint16_t type = 0; type < TYPES; type++) {
		const struct message_layout *const layout = message_layout(type);

		for (size_t i = 0; layout != NULL && i < layout->attribute_count; i++) {
			const struct message_attribute *const row = &layout->attributes[i];
			const size_t size = message_kind_size(row->kind);
			const size_t most = size * row->bound;

			unit_row_set(layout->name, i, layout->attribute_count);
			assert_int_equal(decode_one(type, row->id, most, &message), 0);
			assert_int_equal(decode_one(type, row->id, most + 1, &message), -EINVAL);
			assert_int_equal(decode_one(type, row->id, most + size, &message), -EINVAL);
			if (row->kind == MESSAGE_KIND_TEXT)
				continue;
			assert_int_equal(decode_one(type, row->id, most - 1, &message), -EINVAL);
			assert_int_equal(decode_one(type, row->id, 0, &message),
				is_array(row->kind) ? 0 : -EINVAL);
		}
	}
}

static void
unknown_attributes_are_skipped(void **state)
{
	const struct message_loss loss = {.what = LOSS_BOUNDED, .count = 77};
	struct nlmsghdr *header;
	struct message message;
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	assert_int_equal(message_encode(MESSAGE_LOSS, &loss, &out), 0);
	assert_non_null(buffer_reserve(&out, 64));
	header = (struct nlmsghdr *)(void *)out.data;
	mnl_attr_put(header, 999, 5, store);
	assert_int_equal(message_decode(out.data, header->nlmsg_len, &message), 0);
	assert_int_equal(message.body.loss.what, LOSS_BOUNDED);
	assert_int_equal(message.body.loss.count, 77);
	/* The last of two wins. */
	mnl_attr_put_u64(header, 2, 78);
	assert_int_equal(message_decode(out.data, header->nlmsg_len, &message), 0);
	assert_int_equal(message.body.loss.count, 78);
	buffer_fini(&out);
}

static void
unknown_types(void **state)
{
	struct message message;

	(void)state;
	assert_int_equal(decode_one(15, 1, 4, &message), -ENOMSG);
	assert_int_equal(decode_one(UINT16_MAX, 1, 4, &message), -ENOMSG);
}

/* The numbers on the wire are the format: one that moves breaks every recording. */
static void
numbers_do_not_change(void **state)
{
	(void)state;
	assert_int_equal(MESSAGE_HELLO, 16);
	assert_int_equal(MESSAGE_RESULT, 32);
	assert_int_equal(MESSAGE_CALLERS, 38);
	assert_int_equal(MESSAGE_SUBSCRIPTION, 64);
	for (unsigned type = 0; type < TYPES; type++) {
		const struct message_layout *const layout = message_layout(type);

		for (size_t i = 0; layout != NULL && i < layout->attribute_count; i++) {
			const struct message_attribute *const row = &layout->attributes[i];

			const size_t size = is_array(row->kind) ? sizeof(struct array)
								: message_kind_size(row->kind);

			if (row->id != i + 1)
				fail_msg("message %s, attribute %s: its number is %u, not %zu",
					layout->name, row->name, row->id, i + 1);
			if (row->offset + size > layout->size)
				fail_msg(
					"message %s, attribute %s: it is a member of another struct",
					layout->name, row->name);
		}
	}
}

static void
arrays_need_no_alignment(void **state)
{
	uint8_t bytes[1 + 2 * sizeof(uint64_t)] = {0};
	const struct array array = {.data = bytes + 1, .count = 2};
	const uint64_t cookie = UINT64_C(0x0102030405060708);
	const uint32_t pid = 4711;

	(void)state;
	memcpy(bytes + 1 + sizeof cookie, &cookie, sizeof cookie);
	assert_true(array_u64(array, 1) == cookie);
	memcpy(bytes + 1 + sizeof pid, &pid, sizeof pid);
	assert_int_equal(array_u32(array, 1), pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_do_not_change),
		cmocka_unit_test(every_type_round_trips),
		cmocka_unit_test(zeros_take_no_room),
		cmocka_unit_test(bounds_when_encoding),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(wrong_lengths),
		cmocka_unit_test(unknown_attributes_are_skipped),
		cmocka_unit_test(unknown_types),
		cmocka_unit_test(arrays_need_no_alignment),
	};

	return cmocka_run_group_tests_name("message", tests, fill_store, NULL);
}
