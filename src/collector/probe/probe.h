/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probing of paths: sends probes whose time to live ends at each router on the way, and passes
 * on what came back and when, by the kernel's stamps. Told by MESSAGE_PROBE_START and _STOP; tells
 * MESSAGE_PROBE_STATE, _SENT and _ANSWER, and repeats the START, so that a recording has it.
 *
 *	probe.c    the targets, one timer for all of them
 *	target.c   one target: its probes in flight
 *	schedule.c     which ttl of which flow is to be probed when
 *	rate limit.c     how often a router may be made to answer
 *	send.c     probes into a socket
 *	receive.c  messages and stamps from a socket
 *	wire.c     the bytes of probes and answers
 *	open.c, icmp.c, udp.c, udp_raw.c, syn.c, connect.c   the ways in which a probe goes out
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_PROBE_H
#define SOCKWATCH_COLLECTOR_PROBE_PROBE_H

#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

struct probe_engine;

/* NULL: out of memory, or no timer. All must outlive it. */
struct probe_engine *probe_engine_new(struct loop *loop, struct stream_writer *writer,
	const struct namespaces *namespaces, uint64_t *losses);
void probe_engine_free(struct probe_engine *engine);

/* Starts, or with a known id starts anew. What cannot be is told by MESSAGE_PROBE_STATE. */
void probe_engine_start(struct probe_engine *engine, const struct message_probe_start *start);
void probe_engine_stop(struct probe_engine *engine, uint32_t id);

#endif
