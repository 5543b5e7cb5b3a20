/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A byte buffer that grows by doubling, up to its limit. */
#include <config.h>

#include <sockwatch/base/buffer.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/number.h>

enum { FIRST_CAPACITY = 256, UNSIGNED_DIGITS = 20 };

void
buffer_init(struct buffer *buffer, size_t limit)
{
	*buffer = (struct buffer){.limit = limit};
}

void
buffer_fini(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){.limit = buffer->limit};
}

void
buffer_clear(struct buffer *buffer)
{
	buffer->len = 0;
	buffer->failed = false;
}

/* Doubles, so that appending byte by byte stays linear, but not beyond the limit. */
static bool
grow(struct buffer *buffer, size_t needed)
{
	const size_t limit = buffer->limit != 0 ? buffer->limit : SIZE_MAX / 2;
	size_t capacity = buffer->capacity != 0 ? buffer->capacity : FIRST_CAPACITY;
	uint8_t *data;

	if (needed > limit)
		return false;
	while (capacity < needed)
		capacity *= 2;
	if (capacity > limit)
		capacity = limit;
	/* One byte more than is counted: vsnprintf ends its text with a NUL that we do not keep. */
	data = realloc(buffer->data, capacity + 1);
	if (data == NULL)
		return false;
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void *
buffer_reserve(struct buffer *buffer, size_t len)
{
	/* After a failure nothing is taken any more, or there would be a hole in the middle. */
	if (buffer->failed)
		return NULL;
	if (buffer->data == NULL || len > buffer->capacity - buffer->len) {
		if (len > SIZE_MAX - buffer->len || !grow(buffer, buffer->len + len)) {
			buffer->failed = true;
			return NULL;
		}
	}
	return buffer->data + buffer->len;
}

void
buffer_append(struct buffer *buffer, const void *data, size_t len)
{
	void *const room = buffer_reserve(buffer, len);

	if (room == NULL || len == 0)
		return;
	memcpy(room, data, len);
	buffer->len += len;
}

void
buffer_append_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void
buffer_append_char(struct buffer *buffer, char c)
{
	char *const room = buffer_reserve(buffer, 1);

	if (room == NULL)
		return;
	*room = c;
	buffer->len++;
}

void
buffer_append_unsigned(struct buffer *buffer, uint64_t number)
{
	char digits[UNSIGNED_DIGITS];

	buffer_append(buffer, digits, number_write_unsigned(number, digits));
}

void
buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	char *room = buffer_reserve(buffer, 0);
	va_list arguments;
	size_t free_bytes;
	int len;

	if (room == NULL)
		return;
	free_bytes = buffer->capacity - buffer->len;
	va_start(arguments, format);
	len = vsnprintf(room, free_bytes + 1, format, arguments);
	va_end(arguments);
	if (len < 0) {
		buffer->failed = true;
		return;
	}
	if ((size_t)len > free_bytes) {
		room = buffer_reserve(buffer, (size_t)len);
		if (room == NULL)
			return;
		va_start(arguments, format);
		vsnprintf(room, (size_t)len + 1, format, arguments);
		va_end(arguments);
	}
	buffer->len += (size_t)len;
}

void
buffer_consume(struct buffer *buffer, size_t len)
{
	if (len >= buffer->len) {
		buffer->len = 0;
		return;
	}
	if (len == 0)
		return;
	memmove(buffer->data, buffer->data + len, buffer->len - len);
	buffer->len -= len;
}
