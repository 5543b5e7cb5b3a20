/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts kept once and named by a small number: process names, users, cgroups, congestion control.
 * Numbers start at 1; 0 means "no text". Texts live as long as the table. Bounded: a text that
 * comes after the limit gets the number of "(too many names)" and is counted.
 */
#ifndef SOCKWATCH_BASE_INTERN_H
#define SOCKWATCH_BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/text.h>

struct intern;

/* limit: texts at most. NULL when out of memory. */
struct intern *intern_new(uint32_t limit);
void intern_free(struct intern *intern);
/* The number of text, added when new; 0 for empty text or when out of memory. */
uint32_t intern_add(struct intern *intern, struct text text);
/* "" for 0 and for numbers never given. NUL-terminated. */
struct text intern_get(const struct intern *intern, uint32_t id);
uint32_t intern_count(const struct intern *intern);
uint64_t intern_refused(const struct intern *intern);

#endif
