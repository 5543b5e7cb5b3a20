/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for bpf_trace.c where sockwatch is built without libbpf: nothing can be traced. */
#include <config.h>

#include "bpf_trace.h"

#include <errno.h>

uint32_t
bpf_trace_rights(void)
{
	return 0;
}

int
bpf_trace_load(struct bpf_trace **trace, struct error *error)
{
	*trace = NULL;
	error_set(error, "sockwatch was built without libbpf");
	return -ENOSYS;
}

void
bpf_trace_free(struct bpf_trace *trace)
{
	(void)trace;
}

int
bpf_trace_attach(struct bpf_trace *trace, struct error *error)
{
	return bpf_trace_load(&trace, error);
}

void
bpf_trace_detach(struct bpf_trace *trace)
{
	(void)trace;
}

void
bpf_trace_set_netns(struct bpf_trace *trace, uint32_t inode)
{
	(void)trace;
	(void)inode;
}

void
bpf_trace_read(struct bpf_trace *trace,
	void (*on_record)(void *context, const struct caller_record *record), void *context)
{
	(void)trace;
	(void)on_record;
	(void)context;
}

int
bpf_trace_wait_fd(const struct bpf_trace *trace)
{
	(void)trace;
	return -1;
}

void
bpf_trace_sleep(struct bpf_trace *trace)
{
	(void)trace;
}

uint64_t
bpf_trace_lost(const struct bpf_trace *trace)
{
	(void)trace;
	return 0;
}
