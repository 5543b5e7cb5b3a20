/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which process opened and closed a TCP connection, as the kernel sees it at that moment. It runs
 * only while it is subscribed to. The first such subscription loads the program, after which the
 * rights for that are gone. MESSAGE_CALLERS_STATE says once why it does not work.
 */
#ifndef SOCKWATCH_COLLECTOR_BPF_BPF_CALLERS_H
#define SOCKWATCH_COLLECTOR_BPF_BPF_CALLERS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

struct bpf_callers;

/* The rights (enum right) that loading takes. They are in force only while it loads. */
uint32_t bpf_callers_rights(void);

/* NULL (errno): out of memory, or of descriptors. All must outlive it. losses: LOSS_CALLERS is
 * counted there. */
struct bpf_callers *bpf_callers_new(
	struct loop *loop, struct stream_writer *writer, uint64_t *losses);
void bpf_callers_free(struct bpf_callers *callers);

/*
 * Starts or stops as the subscription wants, for the sockets of these namespaces; reports counts.
 * Call it once a refresh, and when the subscription changes.
 */
void bpf_callers_sync(
	struct bpf_callers *callers, bool is_subscribed, const struct namespaces *namespaces);
/*
 * Passes on what the kernel recorded until then (CLOCK_REALTIME). Call it before a packet is
 * written: then the reader of the stream knows whose it is when it reads it.
 */
void bpf_callers_read_until(struct bpf_callers *callers, uint64_t time_ns);

#endif
