/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The phases of owner_walk. Each returns true when it is finished, false when the slice is over. */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_PHASE_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_PHASE_H

#include <stdbool.h>

#include "owner_walk.h"

bool owner_phase_list(struct owner_walk *walk);
bool owner_phase_count(struct owner_walk *walk);
bool owner_phase_new(struct owner_walk *walk);
bool owner_phase_queue(struct owner_walk *walk); /* CHANGED, LIKELY, SWEEP */
bool owner_phase_facts(struct owner_walk *walk);

/* It has descriptors, and they can be read as far as is known. */
bool owner_phase_is_readable(const struct owner_walk *walk, const struct holder *holder);

#endif
