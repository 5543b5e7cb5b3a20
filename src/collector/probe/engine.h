/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all targets share: the stream, the timer, the sockets that wait for answers. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_ENGINE_H
#define SOCKWATCH_COLLECTOR_PROBE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe.h"
#include "rate_limit.h"
#include "target.h"

enum { PROBE_TARGETS_MAX = 256 };

struct receive_room;
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
	struct target *targets[PROBE_TARGETS_MAX];
	size_t count;
	uint32_t started; /* targets ever */
};

/* Answers on the target's socket are read from now on. 0, or errno. */
int engine_listen(const struct probe_engine *engine, struct target *target);
/* Answers are read as they come. */
bool engine_is_eager(const struct probe_engine *engine);
/* Sets the timer to what the targets want next. */
void engine_arm(struct probe_engine *engine);
/* Writes to the stream; what it has no room for is counted as lost. */
void engine_write(const struct probe_engine *engine, enum message_type type, const void *body);

#endif
