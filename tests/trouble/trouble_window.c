/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles of windows and buffers: one of the ends does not read, or may not keep enough. */
#include <config.h>

#include "trouble.h"

#include <linux/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum {
	UNREAD_BYTES = 64 << 10,
	READER_BUFFER = 256 << 10,
	SENDER_BUFFER = 8 << 10,
	CGROUP_READER_BUFFER = 1 << 20,
	CGROUP_LIMIT = 4 << 20,
	CGROUP_PATH_SIZE = 128,
};

/* With the members that the C library's struct lacks. */
static struct tcp_info
full_info(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;

	check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0, "TCP_INFO");
	return info;
}

static void
connect_all(struct trouble *trouble)
{
	for (unsigned i = 0; i < trouble->size; i++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + i % 20, TROUBLE_PORT));
}

static void
make_connections(struct trouble *trouble)
{
	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 1024);
	connect_all(trouble);
}

/* The far program does not read. */
static void
keep_zero_window(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	ends_fill(&trouble->near);
}

/* Each has probed the window once. That a probe is under way (tcpi_probes) lasts for a round trip
 * only. */
static bool
has_zero_window(struct trouble *trouble)
{
	unsigned count = 0;

	for (unsigned i = 0; i < trouble->near.count; i++) {
		const struct tcp_info info = full_info(trouble->near.items[i].fd);

		count += info.tcpi_backoff > 0 && info.tcpi_unacked == 0;
	}
	return count == trouble->size;
}

static void
make_not_reading(struct trouble *trouble)
{
	const int bytes = READER_BUFFER;

	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 1024);
	check(setsockopt(trouble->listener, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) == 0,
		"SO_RCVBUF");
	connect_all(trouble);
}

/* Our program does not read. */
static void
keep_not_reading(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	ends_fill(&trouble->far);
}

static bool
has_unread(struct trouble *trouble)
{
	unsigned count = 0;

	for (unsigned i = 0; i < trouble->near.count; i++) {
		int bytes = 0;

		check(ioctl(trouble->near.items[i].fd, FIONREAD, &bytes) == 0, "FIONREAD");
		count += bytes > UNREAD_BYTES;
	}
	return count == trouble->size;
}

static void
make_sndbuf(struct trouble *trouble)
{
	const int bytes = SENDER_BUFFER;

	trouble->lab.wire->delay_us = 50000;
	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 1024);
	check(setsockopt(trouble->listener, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) == 0,
		"SO_SNDBUF");
	connect_all(trouble);
}

static void
keep_sndbuf(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	ends_fill(&trouble->near);
	ends_read(&trouble->far);
}

static bool
is_sndbuf_limited(struct trouble *trouble)
{
	unsigned count = 0;

	for (unsigned i = 0; i < trouble->near.count; i++)
		count += full_info(trouble->near.items[i].fd).tcpi_sndbuf_limited > 1000000;
	return count == trouble->size;
}

/* A process in a cgroup of version 1 whose TCP memory is bounded accepts and does not read. */
static char cgroup[CGROUP_PATH_SIZE];

static void
write_cgroup(const char *name, long value)
{
	char path[CGROUP_PATH_SIZE + 64];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", cgroup, name);
	file = fopen(path, "we");
	check(file != NULL && fprintf(file, "%ld\n", value) > 0 && fclose(file) == 0, path);
}

static uint64_t
read_cgroup(const char *name)
{
	char path[CGROUP_PATH_SIZE + 64];

	snprintf(path, sizeof path, "%s/%s", cgroup, name);
	return proc_number(path);
}

_Noreturn static void
accept_and_keep(int listener)
{
	write_cgroup("cgroup.procs", (long)getpid());
	check(fcntl(listener, F_SETFL, 0) == 0, "fcntl");
	for (;;)
		if (accept4(listener, NULL, NULL, SOCK_CLOEXEC) < 0)
			usleep(100000);
}

static void
make_tcp_memory(struct trouble *trouble)
{
	const int bytes = CGROUP_READER_BUFFER;

	if (access("/sys/fs/cgroup/memory/memory.kmem.tcp.limit_in_bytes", W_OK) != 0)
		trouble_skip("needs a memory cgroup of version 1 with a limit of TCP memory");
	snprintf(cgroup, sizeof cgroup, "/sys/fs/cgroup/memory/swtrouble-%d", (int)getpid());
	check(mkdir(cgroup, 0755) == 0, cgroup);
	write_cgroup("memory.kmem.tcp.limit_in_bytes", CGROUP_LIMIT);
	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 1024);
	check(setsockopt(trouble->listener, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) == 0,
		"SO_RCVBUFFORCE");
	if (trouble_fork(trouble, "tr-hog") == 0)
		accept_and_keep(trouble->listener);
	close(trouble->listener);
	connect_all(trouble);
}

static void
keep_tcp_memory(struct trouble *trouble)
{
	ends_fill(&trouble->far);
}

static bool
has_used_memory(struct trouble *trouble)
{
	(void)trouble;
	return read_cgroup("memory.kmem.tcp.usage_in_bytes") >= CGROUP_LIMIT / 100 * 97;
}

/* The charges of the sockets outlive the process for a moment. */
static void
clean_tcp_memory(struct trouble *trouble)
{
	(void)trouble;
	for (int tries = 0; rmdir(cgroup) != 0 && tries < 100; tries++)
		usleep(20000);
}

static const struct kind kinds[] = {
	{"zero-window", 6, 20, "readers that do not read", false, make_connections, has_zero_window,
		keep_zero_window, NULL},
	{"local-not-reading", 3, 20, "connections", false, make_not_reading, has_unread,
		keep_not_reading, NULL},
	{"tcp-memory", 20, 60, "connections", false, make_tcp_memory, has_used_memory,
		keep_tcp_memory, clean_tcp_memory},
	{"sndbuf-limited", 4, 10, "uploads", false, make_sndbuf, is_sndbuf_limited, keep_sndbuf,
		NULL},
};

const struct kind_table window_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
