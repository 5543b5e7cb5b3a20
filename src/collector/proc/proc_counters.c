/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens, reads and passes on the counter files of namespaces when they changed. */
#include <config.h>

#include "proc_counters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>

#include "proc_conntrack.h"

enum { NAMESPACES_MAX = 65536, READ_AT_NS = 100000 };

void
proc_counters_init(struct proc_counters *counters)
{
	map_init(&counters->reported);
	map_init(&counters->read_at);
}

void
proc_counters_fini(struct proc_counters *counters)
{
	map_fini(&counters->reported);
	map_fini(&counters->read_at);
}

static uint64_t
key_of(uint32_t netns, uint32_t source)
{
	return (uint64_t)netns << 3 | source;
}

void
proc_counters_lost_netns(struct proc_counters *counters, uint32_t netns)
{
	for (uint32_t source = 0; source < PROC_COUNTER_FILES; source++) {
		(void)map_remove(&counters->reported, key_of(netns, source));
		(void)map_remove(&counters->read_at, key_of(netns, source));
	}
}

void
proc_counters_forget_sent(struct proc_counters *counters)
{
	map_clear(&counters->reported);
}

int
proc_counters_open(int fds[PROC_COUNTER_FILES])
{
	for (int i = 0; i < PROC_COUNTER_FILES; i++)
		fds[i] = -1;
	return proc_counters_open_missing(fds);
}

int
proc_counters_open_missing(int fds[PROC_COUNTER_FILES])
{
	/* thread-self: /proc/self/net is the namespace of the first thread. */
	static const char *const paths[PROC_COUNTER_FILES] = {
		[COUNTER_SOCKSTAT] = "/proc/thread-self/net/sockstat",
		[COUNTER_SOCKSTAT6] = "/proc/thread-self/net/sockstat6",
		[COUNTER_SNMP] = "/proc/thread-self/net/snmp",
		[COUNTER_NETSTAT] = "/proc/thread-self/net/netstat",
		[COUNTER_SNMP6] = "/proc/thread-self/net/snmp6",
		[COUNTER_CONNTRACK] = "/proc/thread-self/net/stat/nf_conntrack",
	};
	int error = -ENOENT;
	bool any = false;

	for (int i = 0; i < PROC_COUNTER_FILES; i++) {
		if (fds[i] < 0)
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

/*
 * When the file was read before, 0: not known; now_ns takes its place. A reading that finds nothing
 * new is not reported, so a change that follows would seem to have taken as long as that lasted.
 */
static uint64_t
read_before(struct proc_counters *counters, uint64_t key, uint64_t now_ns)
{
	const uint32_t now = (uint32_t)(now_ns / READ_AT_NS);
	uint64_t before_ns = 0;
	uint32_t before;

	if (map_find(&counters->read_at, key, &before))
		before_ns = now_ns - (uint64_t)(now - before) * READ_AT_NS;
	if (counters->read_at.count >= NAMESPACES_MAX || map_set(&counters->read_at, key, now) != 0)
		(void)map_remove(&counters->read_at, key);
	return before_ns;
}

/* Only the lines of UDP: the others are many, and those of addresses change with each packet. */
static struct text
cut_snmp6(const char *text, size_t len)
{
	struct text rest = {text, len}, line;
	struct text kept = {text, 0};

	while (text_next_line(&rest, &line)) {
		const bool is_udp = line.len > 4 && memcmp(line.data, "Udp6", 4) == 0;

		if (is_udp && kept.len == 0)
			kept.data = line.data;
		if (is_udp)
			kept.len = (size_t)(line.data + line.len - kept.data);
	}
	return kept;
}

/* Bytes, or -1. */
static ssize_t
read_file(int fd, enum counter_source source, char *text, size_t size)
{
	return source == COUNTER_CONNTRACK ? (ssize_t)proc_conntrack_read(fd, text, size)
					   : pread(fd, text, size, 0);
}

void
proc_counters_report(struct proc_counters *counters, struct stream_writer *writer, uint32_t netns,
	const int fds[PROC_COUNTER_FILES], bool all_of_snmp6)
{
	char text[MESSAGE_TEXT_MAX];

	for (uint8_t source = 0; source < PROC_COUNTER_FILES; source++) {
		struct message_counters message = {.netns = netns, .source = source};
		const uint64_t key = key_of(netns, source);
		ssize_t len = -1;

		if (fds[source] >= 0)
			len = read_file(fds[source], source, text, sizeof text);
		if (len <= 0)
			continue;
		message.text = source == COUNTER_SNMP6 && !all_of_snmp6
				       ? cut_snmp6(text, (size_t)len)
				       : (struct text){text, (size_t)len};
		message.monotonic_ns = clock_monotonic_ns();
		message.unchanged_ns = read_before(counters, key, message.monotonic_ns);
		if (!is_news(counters, key,
			    map_hash_bytes(message.text.data, message.text.len, source)))
			continue;
		/* If the writer refuses it, the next change makes up for it. */
		(void)stream_write_message(writer, MESSAGE_COUNTERS, &message);
	}
}
