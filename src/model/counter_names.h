/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of counters, as their readings are taken in. */
#ifndef SOCKWATCH_MODEL_COUNTER_NAMES_H
#define SOCKWATCH_MODEL_COUNTER_NAMES_H

#include <sockwatch/model/counters.h>

/* The file that has it. */
enum counter_source counter_definition_source(enum counter counter);

enum counter_source counter_names_source(const struct counter_names *names, size_t index);

/*
 * The index of a name, which is taken in if it is new. last: the index of the name before it in
 * this reading, or COUNTERS_MAX. COUNTERS_MAX when it cannot be kept, which is counted.
 */
size_t counter_names_take(struct counter_names *names, size_t last, enum counter_source source,
	struct text group, struct text member);

#endif
