/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that wait for the end of their refresh. */
#include <config.h>

#include "pending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Records lie one behind the other: struct record, then its bytes, filled up so that both and the
 * netlink within them are aligned. */
enum { ALIGNMENT = 8 };

void
pending_init(struct pending *pending, size_t memory_max, FILE *spill)
{
	*pending = (struct pending){.memory_max = memory_max, .spill = spill};
	buffer_init(&pending->memory, 0);
}

static void
forget(struct pending *pending)
{
	buffer_clear(&pending->memory);
	if (pending->has_spilled) {
		rewind(pending->spill);
		if (ftruncate(fileno(pending->spill), 0) != 0)
			pending->spill = NULL; /* what it holds must not be read again */
	}
	pending->has_spilled = false;
}

void
pending_fini(struct pending *pending)
{
	forget(pending);
	buffer_fini(&pending->memory);
}

static size_t
padded(size_t len)
{
	return (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static int
spill(struct pending *pending)
{
	if (pending->spill == NULL)
		return -ENOSPC;
	pending->has_spilled = true;
	if (fwrite(pending->memory.data, 1, pending->memory.len, pending->spill) !=
		pending->memory.len)
		return -errno;
	buffer_clear(&pending->memory);
	return 0;
}

int
pending_add(struct pending *pending, const struct record *record)
{
	static const uint8_t filling[ALIGNMENT];
	int result = 0;

	if (pending->memory.len >= pending->memory_max)
		result = spill(pending);
	buffer_append(&pending->memory, record, sizeof *record);
	buffer_append(&pending->memory, record->data, record->len);
	buffer_append(&pending->memory, filling, padded(record->len) - record->len);
	return result != 0 || !pending->memory.failed ? result : -ENOMEM;
}

static int
apply_spilled(struct pending *pending, struct model *model)
{
	uint8_t *const data = malloc(padded(STREAM_RECORD_MAX));
	struct record record;
	int result = data == NULL ? -ENOMEM : 0;

	if (!pending->has_spilled || result != 0 || fseek(pending->spill, 0, SEEK_SET) != 0) {
		free(data);
		return !pending->has_spilled ? 0 : -EIO;
	}
	while (fread(&record, sizeof record, 1, pending->spill) == 1) {
		const size_t len = padded(record.len);

		if (len > padded(STREAM_RECORD_MAX) ||
			(len != 0 && fread(data, len, 1, pending->spill) != 1)) {
			result = -EIO;
			break;
		}
		record.data = data;
		model_apply(model, &record);
	}
	free(data);
	return result;
}

static void
apply_memory(const struct pending *pending, struct model *model)
{
	size_t at = 0;

	while (at < pending->memory.len) {
		struct record record;

		memcpy(&record, pending->memory.data + at, sizeof record);
		record.data = pending->memory.data + at + sizeof record;
		model_apply(model, &record);
		at += sizeof record + padded(record.len);
	}
}

int
pending_apply(struct pending *pending, struct model *model)
{
	const int result = apply_spilled(pending, model);

	apply_memory(pending, model);
	forget(pending);
	return result;
}
