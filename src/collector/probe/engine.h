/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the engine share. */
#ifndef COLLECTOR_PROBE_ENGINE_H
#define COLLECTOR_PROBE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "pace.h"
#include "probe.h"
#include "target.h"

enum { PROBE_TARGETS_MAX = 256 };

struct probe_engine {
	struct loop *loop;
	struct stream_writer *writer;
	const struct namespaces *namespaces;
	uint64_t *losses;
	struct loop_source *timer;
	struct pace pace;
	struct target *targets[PROBE_TARGETS_MAX];
	size_t count;
	uint32_t turn; /* targets ever started */
};

/* Sets the timer to what the targets want next. */
void engine_arm(struct probe_engine *engine);
/* Writes to the stream; what it has no room for is counted as lost. */
void engine_write(const struct probe_engine *engine, enum message_type type, const void *body);

#endif
