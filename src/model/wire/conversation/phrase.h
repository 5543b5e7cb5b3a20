/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short texts put together piece by piece: every segment of a busy box has one, and printf would
 * cost more than all else that is done with it. What does not fit is cut.
 */
#ifndef SOCKWATCH_MODEL_WIRE_CONVERSATION_PHRASE_H
#define SOCKWATCH_MODEL_WIRE_CONVERSATION_PHRASE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sockwatch/base/number.h>

struct phrase {
	char *out;
	size_t size, len; /* len: without the NUL, which is always there */
};

static inline void
phrase_init(struct phrase *phrase, char *out, size_t size)
{
	if (size != 0)
		out[0] = '\0';
	phrase->out = out;
	phrase->size = size;
	phrase->len = 0;
}

static inline struct phrase
phrase_begin(char *out, size_t size)
{
	struct phrase phrase;

	phrase_init(&phrase, out, size);
	return phrase;
}

static inline void
phrase_add(struct phrase *phrase, const char *text, size_t len)
{
	if (phrase->size == 0)
		return;
	if (len > phrase->size - 1 - phrase->len)
		len = phrase->size - 1 - phrase->len;
	memcpy(phrase->out + phrase->len, text, len);
	phrase->len += len;
	phrase->out[phrase->len] = '\0';
}

static inline void
phrase_text(struct phrase *phrase, const char *text)
{
	phrase_add(phrase, text, strlen(text));
}

static inline void
phrase_number(struct phrase *phrase, uint64_t number)
{
	char digits[20];

	phrase_add(phrase, digits, number_write_unsigned(number, digits));
}

#endif
