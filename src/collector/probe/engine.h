/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all targets share: the stream, the timer, the sockets that wait for answers. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_ENGINE_H
#define SOCKWATCH_COLLECTOR_PROBE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/privilege/budget.h>

#include "probe.h"
#include "rate_limit.h"
#include "target.h"

enum { PROBE_TARGETS_MAX = 256 };

/* For all targets together, whatever is ordered. */
enum {
	PROBE_PACKETS_PER_S = 5000,
	PROBE_BYTES_PER_S = 5 * 1000 * 1000,
	PROBE_DESCRIPTORS_MAX = 2048,
};

struct receive_room;
struct route_watch;
struct send_room;

struct probe_engine {
	struct loop *loop;
	struct stream_writer *writer;
	const struct namespaces *namespaces;
	uint64_t *losses;
	struct loop_source *timer;
	int answers; /* epoll of the targets' sockets */
	struct loop_source *answers_source;
	struct receive_room *room;
	struct send_room *send_room;
	struct rate_limit limit;
	struct budget packets, bytes;
	bool is_short;               /* in this run something due was not sent for want of them */
	uint64_t reported_ns;        /* CLOCK_MONOTONIC: when that was last reported; 0: never */
	struct route_watch *watches; /* one for each namespace of the targets */
	struct target *targets[PROBE_TARGETS_MAX];
	size_t count;
	uint32_t started; /* targets ever */
};

/* Answers on the target's socket, if it has one, are read from now on. False: error says why not.
 */
bool engine_listen(struct target *target);
/* Whether so many more probes of the target may be sent now; if not, what is due waits. */
bool engine_may_send(const struct target *target, size_t count);
/* The target's next step that is due and may be sent, after `count` others that are not yet spent.
 */
bool engine_take_step(
	struct target *target, size_t count, uint64_t now_ns, struct probe_schedule_step *step);
/* They are sent. */
void engine_spend(const struct target *target, size_t count);
/* Answers are read as they come. */
bool engine_is_eager(const struct probe_engine *engine);
/* Sets the timer to what the targets want next. */
void engine_arm(struct probe_engine *engine);
/* Writes to the stream; what it has no room for is counted as lost. */
void engine_write(const struct probe_engine *engine, enum message_type type, const void *body);

#endif
