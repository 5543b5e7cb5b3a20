/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses, from MESSAGE_NAME. Bounded: when full, the one that was told longest ago
 * goes. Times are the model's clock.
 */
#ifndef SOCKWATCH_MODEL_NAMES_H
#define SOCKWATCH_MODEL_NAMES_H

#include <stdint.h>

#include <sockwatch/stream/message.h>

/* Bytes of a name that are kept: DNS has no longer ones. */
enum { NAMES_SIZE = 256 };

struct names;

/* limit: names at most, 1 or more. NULL: no memory. */
struct names *names_new(uint32_t limit);
void names_free(struct names *names);

/* A name that was found takes the place of the one before; that there is none ends it; a failure
 * leaves it. */
void names_take(struct names *names, const struct message_name *name, uint64_t now_ns);
/* Not clean; NULL: none, or its time is over. Lives until the next names_take. */
const char *names_find(const struct names *names, const struct address *address, uint64_t now_ns);

#endif
