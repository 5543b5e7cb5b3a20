/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "bpf_trace.h"

#include <errno.h>

uint32_t
trace_rights(void)
{
	return 0;
}

int
trace_load(struct trace **trace, struct error *error)
{
	*trace = NULL;
	error_set(error, "sockwatch was built without libbpf");
	return -ENOSYS;
}

void
trace_free(struct trace *trace)
{
	(void)trace;
}

int
trace_attach(struct trace *trace, struct error *error)
{
	return trace_load(&trace, error);
}

void
trace_detach(struct trace *trace)
{
	(void)trace;
}

void
trace_set_netns(struct trace *trace, uint32_t inode)
{
	(void)trace;
	(void)inode;
}

void
trace_read(struct trace *trace,
	void (*on_record)(void *context, const struct caller_record *record), void *context)
{
	(void)trace;
	(void)on_record;
	(void)context;
}

uint64_t
trace_lost(const struct trace *trace)
{
	(void)trace;
	return 0;
}
