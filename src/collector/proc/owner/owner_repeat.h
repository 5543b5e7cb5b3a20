/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The phase of owner_walk that reports again, for a key frame, what was reported before. */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_REPEAT_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_REPEAT_H

#include <stdbool.h>

#include "owner_walk.h"

/* true: finished; false: the slice is over. It reads no descriptors but those of a reading that was
 * begun: what is told is what the reports before add up to. */
bool owner_repeat(struct owner_walk *walk);

#endif
