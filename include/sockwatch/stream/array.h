/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An array inside a message: of u32, u64, conditions or callers. It points into the record, is not
 * aligned, and lives as long as the record. Its elements are read one at a time.
 */
#ifndef SOCKWATCH_STREAM_ARRAY_H
#define SOCKWATCH_STREAM_ARRAY_H

#include <stddef.h>
#include <stdint.h>

struct array {
	const void *data;
	size_t count; /* elements, not bytes */
};

uint32_t array_u32(struct array array, size_t index);
uint64_t array_u64(struct array array, size_t index);

#endif
