/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a misspelt word is from a name, for "did you mean". */
#ifndef SOCKWATCH_BASE_EDIT_DISTANCE_H
#define SOCKWATCH_BASE_EDIT_DISTANCE_H

#include <stddef.h>

#include <sockwatch/base/text.h>

enum { EDIT_DISTANCE_MAX = 64 };

/*
 * How many letters must be changed, inserted, dropped or swapped with their neighbour to get from a
 * to b. SIZE_MAX when one has more than EDIT_DISTANCE_MAX bytes.
 */
size_t edit_distance(struct text a, struct text b);

#endif
