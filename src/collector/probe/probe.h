/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probing of paths: sends probes whose time to live ends at each router on the path, and passes on
 * what came back and when, by the kernel's stamps. MESSAGE_PROBE_START and _STOP order it; it
 * writes MESSAGE_PROBE_STATE, _SENT and _ANSWER, and repeats the START, so that a recording has it.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_PROBE_H
#define SOCKWATCH_COLLECTOR_PROBE_PROBE_H

#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

struct probe_engine;

/* NULL: errno says why. All must outlive it. */
struct probe_engine *probe_engine_new(struct loop *loop, struct stream_writer *writer,
	const struct namespaces *namespaces, uint64_t *losses);
void probe_engine_free(struct probe_engine *engine);

/* Starts, or with a known id starts again. MESSAGE_PROBE_STATE reports what cannot be done. */
void probe_engine_start(struct probe_engine *engine, const struct message_probe_start *start);
void probe_engine_stop(struct probe_engine *engine, uint32_t id);

#endif
