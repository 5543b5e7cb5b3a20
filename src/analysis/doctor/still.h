/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Since when single rows meet conditions, look after look. Bounded. */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_STILL_H
#define SOCKWATCH_ANALYSIS_DOCTOR_STILL_H

#include <stdint.h>

#include <sockwatch/base/map.h>

struct still;

enum { STILL_MAX = 65536 };

struct still_entry {
	uint64_t key;
	uint64_t cookie; /* of the row: another socket may have its id */
	uint64_t since_ns;
	uint64_t first, last;
	uint32_t look; /* in which it was met last */
};

struct still_table {
	struct map index; /* by condition and id */
	struct still_entry *entries;
	uint32_t count, capacity;
	uint64_t refused;
};

void still_fini(struct still_table *table);
/* key: condition and id of the row. See look_still. */
bool still_meet(struct still_table *table, uint64_t key, uint64_t cookie, uint64_t value,
	uint64_t now_ns, uint32_t look, struct still *still);
/* Begins anew at the next meeting if the value was another one. */
void still_forget_other(struct still_table *table, uint64_t key, uint64_t value);
/* Forgets what was not met in this look. */
void still_sweep(struct still_table *table, uint32_t look);

#endif
