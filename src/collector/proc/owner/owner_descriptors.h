/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many descriptors each reported process has open, and how many it may have. The number of a
 * busy server changes in every refresh, so these numbers have a message of their own, 8 bytes for
 * each that changed.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_DESCRIPTORS_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_DESCRIPTORS_H

#include <stdbool.h>

#include "owner_walk.h"

/* A phase of owner_walk: true when finished, false when the slice is over. */
bool owner_descriptors_report(struct owner_walk *walk);

#endif
