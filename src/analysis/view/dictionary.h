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

enum { DICTIONARY_FRONT = 256 };

struct dictionary {
	struct map map; /* identity to number */
	uint32_t *sockets;
	uint32_t count, capacity;
	uint32_t unknown; /* number of the unknown value, or MAP_EMPTY */
	/* The last values that were asked for: neighbours in the table are often alike. */
	struct {
		uint64_t key;
		uint32_t number;
	} front[DICTIONARY_FRONT];
};

void dictionary_init(struct dictionary *dictionary);
void dictionary_fini(struct dictionary *dictionary);
/* The number of the value, which that socket has; MAP_EMPTY when memory ran out. */
uint32_t dictionary_add(struct dictionary *dictionary, const struct value *value, uint32_t socket);
/* The number of the value, or MAP_EMPTY: it was never added. */
uint32_t dictionary_find(const struct dictionary *dictionary, const struct value *value);

#endif
