/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracing program in the kernel, by libbpf: load, attach, read its ring. */
#include <config.h>

#include "bpf_trace.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/stream/message.h>
#include <sockwatch/stream/rights.h>

#include "object.h" /* callers.bpf.c as the compiler left it: callers_object */

static const char types_path[] = "/sys/kernel/btf/vmlinux";

struct bpf_trace {
	struct bpf_object *object;
	struct bpf_program *program;
	struct bpf_link *link;
	struct ring_buffer *ring;
	/* Mapped memory that both sides see at once. */
	struct caller_variables *variables;
	/* Of the current call of bpf_trace_read. */
	void (*on_record)(void *context, const struct caller_record *record);
	void *context;
};

/* libbpf must not print: errno says what failed. */
static int
keep_quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

uint32_t
bpf_trace_rights(void)
{
	return RIGHT_BPF | RIGHT_PERFMON;
}

static int
refuse(int result, struct error *error)
{
	if (access(types_path, R_OK) != 0)
		error_set(error,
			"the kernel does not describe its types (%s, which CONFIG_DEBUG_INFO_BTF gives)",
			types_path);
	else
		error_set(error, "the kernel refused the tracing program: %s", strerror(-result));
	return result;
}

/* The map of the program's variables in this section (".bss", ".rodata"), or NULL. */
static struct bpf_map *
find_variables(const struct bpf_trace *trace, const char *section)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, trace->object)
	{
		const char *const dot = strchr(bpf_map__name(map), '.');

		if (dot != NULL && strcmp(dot, section) == 0)
			return map;
	}
	return NULL;
}

static int
on_sample(void *context, void *data, size_t size)
{
	const struct bpf_trace *const trace = context;

	if (size >= sizeof(struct caller_record))
		trace->on_record(trace->context, data);
	return 0;
}

/* Process numbers are those of our PID namespace, as in /proc. */
static int
open_object(struct bpf_trace *trace)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "sockwatch");
	struct bpf_map *constants;
	struct stat status;
	uint32_t pid_namespace;

	trace->object = bpf_object__open_mem(callers_object, sizeof callers_object, &options);
	if (trace->object == NULL)
		return -errno;
	trace->program = bpf_object__next_program(trace->object, NULL);
	constants = find_variables(trace, ".rodata");
	if (trace->program == NULL || constants == NULL)
		return -EPROTO;
	if (stat("/proc/self/ns/pid", &status) != 0)
		return -errno;
	/* The program's only constant. */
	pid_namespace = (uint32_t)status.st_ino;
	return bpf_map__set_initial_value(constants, &pid_namespace, sizeof pid_namespace);
}

static int
open_ring(struct bpf_trace *trace)
{
	const int fd = bpf_object__find_map_fd_by_name(trace->object, "records");
	const struct bpf_map *const variables = find_variables(trace, ".bss");
	void *mapped;

	if (fd < 0 || variables == NULL)
		return -EPROTO;
	mapped = mmap(NULL, sizeof *trace->variables, PROT_READ | PROT_WRITE, MAP_SHARED,
		bpf_map__fd(variables), 0);
	if (mapped == MAP_FAILED)
		return -errno;
	trace->variables = mapped;
	trace->ring = ring_buffer__new(fd, on_sample, trace, NULL);
	return trace->ring == NULL ? -errno : 0;
}

int
bpf_trace_load(struct bpf_trace **out, struct error *error)
{
	struct bpf_trace *const trace = calloc(1, sizeof *trace);
	int result = trace == NULL ? -ENOMEM : 0;

	*out = NULL;
	libbpf_set_print(keep_quiet);
	if (result == 0)
		result = open_object(trace);
	if (result == 0)
		result = bpf_object__load(trace->object);
	if (result == 0)
		result = open_ring(trace);
	if (result != 0) {
		bpf_trace_free(trace);
		return refuse(result, error);
	}
	*out = trace;
	return 0;
}

void
bpf_trace_free(struct bpf_trace *trace)
{
	if (trace == NULL)
		return;
	bpf_trace_detach(trace);
	ring_buffer__free(trace->ring);
	if (trace->variables != NULL)
		munmap(trace->variables, sizeof *trace->variables);
	bpf_object__close(trace->object);
	free(trace);
}

int
bpf_trace_attach(struct bpf_trace *trace, struct error *error)
{
	trace->link = bpf_program__attach(trace->program);
	return trace->link == NULL ? refuse(-errno, error) : 0;
}

void
bpf_trace_detach(struct bpf_trace *trace)
{
	bpf_link__destroy(trace->link);
	trace->link = NULL;
}

void
bpf_trace_set_netns(struct bpf_trace *trace, uint32_t inode)
{
	__atomic_store_n(&trace->variables->only_netns, inode, __ATOMIC_RELAXED);
}

void
bpf_trace_read(struct bpf_trace *trace,
	void (*on_record)(void *context, const struct caller_record *record), void *context)
{
	trace->on_record = on_record;
	trace->context = context;
	(void)ring_buffer__consume(trace->ring);
}

int
bpf_trace_wait_fd(const struct bpf_trace *trace)
{
	return ring_buffer__epoll_fd(trace->ring);
}

void
bpf_trace_sleep(struct bpf_trace *trace)
{
	__atomic_store_n(&trace->variables->is_reader_asleep, 1, __ATOMIC_SEQ_CST);
}

uint64_t
bpf_trace_lost(const struct bpf_trace *trace)
{
	return __atomic_load_n(&trace->variables->lost, __ATOMIC_RELAXED);
}
