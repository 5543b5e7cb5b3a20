/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages for inputs: each member has something that is not zero. */
#ifndef SOCKWATCH_TESTS_FUZZ_SEED_FILL_H
#define SOCKWATCH_TESTS_FUZZ_SEED_FILL_H

#include <string.h>

#include "stream/message_table.h"

enum { SEED_FILL_TYPES = 256 };

static inline void
seed_fill(const struct message_layout *layout, union message_body *body)
{
	static const char sample[256] = "nginx: worker process";

	memset(body, 0, sizeof *body);
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const struct message_attribute *const row = &layout->attributes[i];
		void *const member = (uint8_t *)body + row->offset;

		if (row->kind == MESSAGE_KIND_TEXT)
			*(struct text *)member = text_of(sample);
		else if (row->kind >= MESSAGE_KIND_U32_ARRAY)
			*(struct array *)member = (struct array){.data = sample, .count = 2};
		else
			memset(member, (int)i + 1, message_kind_size(row->kind));
	}
}

#endif
