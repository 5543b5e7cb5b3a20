/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses, from MESSAGE_NAME. Bounded: when full, the entry that was
 * reported longest ago is replaced. Times are the model's clock.
 */
#ifndef SOCKWATCH_MODEL_NAMES_H
#define SOCKWATCH_MODEL_NAMES_H

#include <stdint.h>

#include <sockwatch/stream/message.h>

/* Bytes kept of a name; DNS names are not longer. */
enum { NAMES_SIZE = 256 };

struct names;

/* limit: names at most, 1 or more. NULL: no memory. */
struct names *names_new(uint32_t limit);
void names_free(struct names *names);

/* NAME_FOUND replaces the name, NAME_NONE removes it, NAME_FAILED leaves it. */
void names_take(struct names *names, const struct message_name *name, uint64_t now_ns);
/* Not clean; NULL: none, or its time is over. Lives until the next names_take. */
const char *names_find(const struct names *names, const struct address *address, uint64_t now_ns);

#endif
