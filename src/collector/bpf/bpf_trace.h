/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tracing program in the kernel (callers.bpf.c), by libbpf: loaded once, attached while its
 * records are wanted. trace_none.c stands in where sockwatch is built without libbpf.
 */
#ifndef SOCKWATCH_COLLECTOR_BPF_BPF_TRACE_H
#define SOCKWATCH_COLLECTOR_BPF_BPF_TRACE_H

#include <stdint.h>

#include <sockwatch/base/error.h>

#include "bpf_record.h"

struct trace;

/* What it takes to load (enum right): to be kept until then, and to be in force only meanwhile. */
uint32_t trace_rights(void);
/*
 * Loads: some 40 ms, most of it the kernel's types. 0, or negative errno with a sentence: -ENOSYS
 * (not built), others as the kernel refused.
 */
int trace_load(struct trace **trace, struct error *error);
void trace_free(struct trace *trace);

/* 0, or negative errno with a sentence. */
int trace_attach(struct trace *trace, struct error *error);
/* What is in the ring stays there. */
void trace_detach(struct trace *trace);
/* Only sockets of the network namespace with this inode; 0: of all. */
void trace_set_netns(struct trace *trace, uint32_t inode);

/* Hands over all that the ring holds, which is bounded. */
void trace_read(struct trace *trace,
	void (*on_record)(void *context, const struct caller_record *record), void *context);
/* Records that found no room, since it was loaded. */
uint64_t trace_lost(const struct trace *trace);

#endif
