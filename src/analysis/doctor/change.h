/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of each namespace at the last looks. */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_CHANGE_H
#define SOCKWATCH_ANALYSIS_DOCTOR_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/counters.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/netns.h>

struct change;

enum { CHANGE_SAMPLES = 16, CHANGE_SPAN_S = 12 };

struct change_sample {
	uint64_t time_ns; /* 0: none */
	uint64_t values[COUNTER_COUNT];
	bool known[COUNTER_COUNT];
};

/* Of one namespace: a ring; the newest is at (next - 1). */
struct change_history {
	struct change_sample samples[CHANGE_SAMPLES];
	uint32_t next;
};

struct changes {
	struct change_history *of[MODEL_NETNS_MAX]; /* by our number of the namespace */
};

/*
 * Takes a sample of every namespace. Returns how many have none for lack of memory: their changes
 * are unknown.
 */
uint32_t changes_sample(struct changes *changes, const struct model *model, uint64_t now_ns);
void changes_fini(struct changes *changes);
/* See look_change; any_time: a shorter time will do. */
bool changes_find(const struct changes *changes, uint16_t netns, enum counter counter,
	double seconds, bool any_time, struct change *change);

#endif
