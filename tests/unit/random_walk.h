/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walks that are the same each time. All that a walk notes goes into one hash, and the
 * hashes of all walks are a page of tests/golden/pages, so that no step changes unseen. To see what
 * became of a walk: SHOW_WALK=NUMBER before the test. gcc and clang evaluate the arguments of a
 * call in different orders, so one of them at most rolls the dice.
 */
#ifndef SOCKWATCH_TESTS_UNIT_RANDOM_WALK_H
#define SOCKWATCH_TESTS_UNIT_RANDOM_WALK_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sockwatch/base/buffer.h>

#include "page_file.h"
#include "unit.h"

/* The walk that is taken now. */
static struct random_walk {
	uint64_t seed, hash;
	bool is_shown;
} random_walk;

/* Walks of the same number and salt roll the same. */
static inline void
random_walk_begin(unsigned number, unsigned salt)
{
	const char *const shown = getenv("SHOW_WALK");

	random_walk.seed = number * UINT64_C(104729) + salt;
	random_walk.hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a, as in note_bytes() */
	random_walk.is_shown = shown != NULL && (unsigned)atoi(shown) == number;
}

/* From 0 to faces - 1. */
static inline unsigned
dice(unsigned faces)
{
	random_walk.seed =
		random_walk.seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(random_walk.seed >> 33) % faces;
}

static inline void
note_bytes(const void *bytes, size_t len)
{
	const uint8_t *const at = bytes;

	for (size_t i = 0; i < len; i++)
		random_walk.hash = (random_walk.hash ^ at[i]) * UINT64_C(0x100000001b3);
	if (random_walk.is_shown)
		print_message("%.*s", (int)len, (const char *)bytes);
}

__attribute__((format(printf, 1, 2))) static inline void
note(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	note_bytes(text, strlen(text));
}

/* What is in the buffer, which is empty afterwards. */
static inline void
note_buffer(struct buffer *buffer)
{
	note_bytes(buffer->data, buffer->len);
	buffer_clear(buffer);
}

/* The page has a line for each walk: its number, what the walk appends (" …"), and its hash. */
static inline void
random_walks(const char *page, unsigned count, unsigned salt,
	void (*take)(unsigned number, struct buffer *out))
{
	struct buffer out = {0};

	for (unsigned number = 0; number < count; number++) {
		random_walk_begin(number, salt);
		buffer_append_format(&out, "%u:", number);
		take(number, &out);
		buffer_append_format(&out, " %016" PRIx64 "\n", random_walk.hash);
	}
	compare(page, &out);
	buffer_fini(&out);
}

#endif
