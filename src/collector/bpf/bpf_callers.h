/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which process opened and closed a TCP connection, as the kernel tells it at that moment. Works
 * only while it is subscribed to; what it takes is loaded with the first such subscription, and its
 * rights are gone after that. Where it cannot be had, MESSAGE_CALLERS_STATE says why, once.
 */
#ifndef SOCKWATCH_COLLECTOR_BPF_BPF_CALLERS_H
#define SOCKWATCH_COLLECTOR_BPF_BPF_CALLERS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

struct bpf_callers;

/* Of these rights (enum right) none is in force but while it loads. */
uint32_t bpf_callers_rights(void);

/* NULL: out of memory. All must outlive it. losses: LOSS_CALLERS is counted there. */
struct bpf_callers *bpf_callers_new(
	struct loop *loop, struct stream_writer *writer, uint64_t *losses);
void bpf_callers_free(struct bpf_callers *callers);

/* Starts or ends as subscribed to, for the sockets of these namespaces; tells counts. Once a
 * refresh, and when the subscription changes. */
void bpf_callers_sync(
	struct bpf_callers *callers, bool is_subscribed, const struct namespaces *namespaces);
/*
 * Passes on what was told until then (CLOCK_REALTIME), as far as that was not done yet. Who writes
 * a packet does this first: then the reader of the stream knows whose it is when it reads it.
 */
void bpf_callers_read_until(struct bpf_callers *callers, uint64_t time_ns);

#endif
