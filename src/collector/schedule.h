/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the collector does when: a refresh at its time, with each table of each namespace, then
 * owners, then counters. All is done in slices, and no faster than the stream is read.
 */
#ifndef SOCKWATCH_COLLECTOR_SCHEDULE_H
#define SOCKWATCH_COLLECTOR_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

struct schedule;

enum schedule_status {
	SCHEDULE_MORE,    /* the time of this slice is over */
	SCHEDULE_BLOCKED, /* the stream takes no more for now */
	SCHEDULE_WAIT,    /* until schedule_wait_fd is readable */
	SCHEDULE_IDLE,    /* until schedule_next_ns */
	SCHEDULE_ENDED,   /* the one refresh of a once-subscription is over */
	SCHEDULE_FAILED,
};

/* The writer must outlive it. NULL with a sentence. */
struct schedule *schedule_new(struct stream_writer *writer, struct error *error);
void schedule_free(struct schedule *schedule);

/* Takes effect with the next refresh, which comes at once when the subscription asks for more. */
void schedule_subscribe(struct schedule *schedule, const struct message_subscription *subscription);

/* Works for about budget_ns. error: a sentence for SCHEDULE_FAILED. */
enum schedule_status schedule_step(
	struct schedule *schedule, uint64_t budget_ns, struct error *error);
int schedule_wait_fd(const struct schedule *schedule);
/* CLOCK_MONOTONIC; UINT64_MAX: not before another subscription. */
uint64_t schedule_next_ns(const struct schedule *schedule);

/* The next refresh comes without waiting for the interval. */
void schedule_hurry(struct schedule *schedule);
struct proc *schedule_proc(const struct schedule *schedule);

/* While a dump runs, its socket must not be used for requests. */
bool schedule_is_dumping(const struct schedule *schedule);
struct namespaces *schedule_namespaces(struct schedule *schedule);
/* Other sources count here what they lost (enum loss); it is reported with the refresh. */
uint64_t *schedule_losses(struct schedule *schedule);

#endif
