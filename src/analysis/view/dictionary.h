/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Different values of one field, numbered from 0 in the order in which they turn up, with a socket
 * that has each. For groups, for counts in menus, and to order texts by rank: among 500,000 rows
 * there are few different texts.
 */
#ifndef SOCKWATCH_ANALYSIS_VIEW_DICTIONARY_H
#define SOCKWATCH_ANALYSIS_VIEW_DICTIONARY_H

#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/map.h>

enum { DISTINCT_FRONT = 256 };

struct dictionary {
	struct map map; /* identity to number */
	uint32_t *sockets;
	uint32_t count, capacity;
	uint32_t unknown; /* number of the unknown value, or MAP_EMPTY */
	/* The last ones asked for: neighbours in the table are often alike. */
	struct {
		uint64_t identity;
		uint32_t number;
	} front[DISTINCT_FRONT];
};

void dictionary_init(struct dictionary *distinct);
void dictionary_fini(struct dictionary *distinct);
/* The number of the value, which socket has; MAP_EMPTY when memory ran out. */
uint32_t dictionary_add(struct dictionary *distinct, const struct value *value, uint32_t socket);
/* The same, but only if it is known already; else MAP_EMPTY. */
uint32_t dictionary_find(const struct dictionary *distinct, const struct value *value);

#endif
