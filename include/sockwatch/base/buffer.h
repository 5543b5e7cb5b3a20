/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A byte buffer that grows. Appending never fails loudly: when memory or the limit is reached the
 * buffer keeps what it had, sets `failed`, takes nothing more, and the owner looks once at the end.
 */
#ifndef SOCKWATCH_BASE_BUFFER_H
#define SOCKWATCH_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *data;
	size_t len;
	size_t capacity;
	size_t limit; /* bytes; 0: none */
	bool failed;
};

void buffer_init(struct buffer *buffer, size_t limit);
void buffer_fini(struct buffer *buffer);
/* Forgets the contents, keeps the memory, clears failed. */
void buffer_clear(struct buffer *buffer);

/* Room for len more bytes at the end, not yet counted in len; NULL when it cannot be had. */
void *buffer_reserve(struct buffer *buffer, size_t len);
void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_append_unsigned(struct buffer *buffer, uint64_t number);
void buffer_append_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Drops len bytes from the front. */
void buffer_consume(struct buffer *buffer, size_t len);

#endif
