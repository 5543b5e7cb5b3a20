/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens, reads and passes on the counter files of namespaces when they changed. */
#include <config.h>

#include "proc_counters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

enum { NAMESPACES_MAX = 65536 };

void
proc_counters_init(struct proc_counters *counters)
{
	map_init(&counters->reported);
}

void
proc_counters_fini(struct proc_counters *counters)
{
	map_fini(&counters->reported);
}

static uint64_t
key_of(uint32_t netns, uint32_t source)
{
	return (uint64_t)netns << 2 | source;
}

void
proc_counters_lost_netns(struct proc_counters *counters, uint32_t netns)
{
	for (uint32_t source = 0; source < PROC_COUNTER_FILES; source++)
		(void)map_remove(&counters->reported, key_of(netns, source));
}

int
proc_counters_open(int fds[PROC_COUNTER_FILES])
{
	/* thread-self: /proc/self/net is the namespace of the first thread. */
	static const char *const paths[PROC_COUNTER_FILES] = {
		[COUNTER_SOCKSTAT] = "/proc/thread-self/net/sockstat",
		[COUNTER_SOCKSTAT6] = "/proc/thread-self/net/sockstat6",
		[COUNTER_SNMP] = "/proc/thread-self/net/snmp",
		[COUNTER_NETSTAT] = "/proc/thread-self/net/netstat",
	};
	int error = -ENOENT;
	bool any = false;

	for (int i = 0; i < PROC_COUNTER_FILES; i++) {
		fds[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
		if (fds[i] >= 0)
			any = true;
		else
			error = -errno;
	}
	return any ? 0 : error;
}

/*
 * Whether a text with this hash is to be reported. The lowest bit of what is kept means that it was
 * reported twice: the viewer needs two equal readings for a rate of zero, and no third one.
 */
static bool
is_news(struct proc_counters *counters, uint64_t key, uint64_t hash)
{
	const uint32_t digest = (uint32_t)(hash >> 33) << 1;
	uint32_t last;

	if (counters->reported.count >= NAMESPACES_MAX)
		return true;
	if (!map_find(&counters->reported, key, &last) || (last & ~UINT32_C(1)) != digest) {
		(void)map_set(&counters->reported, key, digest);
		return true;
	}
	if ((last & 1) != 0)
		return false;
	/* The map may not take this value, which it keeps for itself: then it is reported again. */
	(void)map_set(&counters->reported, key, digest | 1);
	return true;
}

void
proc_counters_report(struct proc_counters *counters, struct stream_writer *writer, uint32_t netns,
	const int fds[PROC_COUNTER_FILES])
{
	char text[MESSAGE_TEXT_MAX];

	for (uint8_t source = 0; source < PROC_COUNTER_FILES; source++) {
		struct message_counters message = {.netns = netns, .source = source};
		ssize_t len = -1;

		if (fds[source] >= 0)
			len = pread(fds[source], text, sizeof text, 0);
		if (len <= 0 || !is_news(counters, key_of(netns, source),
					map_hash_bytes(text, (size_t)len, source)))
			continue;
		message.monotonic_ns = clock_monotonic_ns();
		message.text = (struct text){text, (size_t)len};
		/* If the writer refuses it, the next change makes up for it. */
		(void)stream_write_message(writer, MESSAGE_COUNTERS, &message);
	}
}
