/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tracing program in the kernel (callers.bpf.c), by libbpf: loaded once, attached while its
 * records are wanted. bpf_trace_none.c stands in where sockwatch is built without libbpf.
 */
#ifndef SOCKWATCH_COLLECTOR_BPF_BPF_TRACE_H
#define SOCKWATCH_COLLECTOR_BPF_BPF_TRACE_H

#include <stdint.h>

#include <sockwatch/base/error.h>

#include "bpf_record.h"

struct bpf_trace;

/* The rights (enum right) that bpf_trace_load needs. */
uint32_t bpf_trace_rights(void);
/*
 * Takes about 40 ms, most of it for the kernel's types. 0, or negative errno with a sentence:
 * -ENOSYS (not built), others as the kernel refused.
 */
int bpf_trace_load(struct bpf_trace **trace, struct error *error);
void bpf_trace_free(struct bpf_trace *trace);

/* 0, or negative errno with a sentence. */
int bpf_trace_attach(struct bpf_trace *trace, struct error *error);
/* What is in the ring stays there. */
void bpf_trace_detach(struct bpf_trace *trace);
/* Traces only sockets of the network namespace with this inode; 0: all sockets. */
void bpf_trace_set_netns(struct bpf_trace *trace, uint32_t inode);

/* Hands over all that the ring holds, which is bounded. */
void bpf_trace_read(struct bpf_trace *trace,
	void (*on_record)(void *context, const struct caller_record *record), void *context);
/* A descriptor that is readable while the ring holds records, as of bpf_trace_sleep. */
int bpf_trace_wait_fd(const struct bpf_trace *trace);
/* The next record wakes who waits for the descriptor; those after it wake nobody. */
void bpf_trace_sleep(struct bpf_trace *trace);
/* Records that found no room, since it was loaded. */
uint64_t bpf_trace_lost(const struct bpf_trace *trace);

#endif
