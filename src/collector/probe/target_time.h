/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a target wants to run next, on CLOCK_MONOTONIC. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_TARGET_TIME_H
#define SOCKWATCH_COLLECTOR_PROBE_TARGET_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "target.h"

/* When target_run is to be called next. */
uint64_t target_time_next_ns(const struct target *target);
/* When the last probe counts as lost. */
uint64_t target_time_end_ns(const struct target *target);
/* No answer can come any more, until something is sent. */
bool target_time_is_quiet(const struct target *target, uint64_t now_ns);

/* It could not be opened, and is not waited for. */
bool target_time_is_failed(const struct target *target);
/* A method that sends one probe at a time waits for the answer. */
bool target_time_is_busy(const struct target *target);

/* When the next round of the search for the path MTU is due; UINT64_MAX: none is. */
uint64_t target_time_search_ns(const struct target *target);

#endif
