/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages of the stream as data: one row per attribute with its number on the wire, the member
 * of the struct that holds it, its kind and how large it may be. The kind of a number, an address
 * or a text is the type of its member, so that the two cannot differ; what an array holds is said.
 * A new attribute gets the next free number of its message; numbers are never given again.
 */
#include <config.h>

#include "message_table.h"

/* clang-format off */
#define KIND_OF(member) _Generic((member), \
	uint8_t: MESSAGE_KIND_U8, \
	uint16_t: MESSAGE_KIND_U16, \
	uint32_t: MESSAGE_KIND_U32, \
	uint64_t: MESSAGE_KIND_U64, \
	int32_t: MESSAGE_KIND_I32, \
	struct address: MESSAGE_KIND_ADDRESS, \
	struct text: MESSAGE_KIND_TEXT)
#define MEMBER(body, member) (((union message_body *)0)->body.member)
#define OFFSET(body, member) (offsetof(union message_body, body.member))

#define VALUE(number, body, member) \
	{ .id = (number), .kind = KIND_OF(MEMBER(body, member)), \
	  .offset = OFFSET(body, member), .bound = 1 }
#define TEXT(number, body, member, bytes) \
	{ .id = (number), .kind = KIND_OF(MEMBER(body, member)), \
	  .offset = OFFSET(body, member), .bound = (bytes) }
#define ARRAY(number, body, member, element, elements) \
	{ .id = (number), .kind = MESSAGE_KIND_##element##_ARRAY, \
	  .offset = OFFSET(body, member), .bound = (elements) }

/* Bounds of texts, in bytes. The kernel's own are smaller or equal where it has one. */
enum {
	NAME_MAX_BYTES = 256,   /* a name: host, namespace, interface, user, unit, container */
	COMM_MAX_BYTES = 64,    /* kernel workers say more than TASK_COMM_LEN */
	PATH_MAX_BYTES = 4096,
	SENTENCE_MAX_BYTES = 1024,
	PACKET_MAX_BYTES = 2048, /* what an ICMP error quotes */
};

static const struct message_attribute hello[] = {
	VALUE(1, hello, format),
	TEXT(2, hello, version, NAME_MAX_BYTES),
	TEXT(3, hello, host, NAME_MAX_BYTES),
	TEXT(4, hello, kernel, NAME_MAX_BYTES),
	VALUE(5, hello, boot_ns),
	VALUE(6, hello, page_size),
	VALUE(7, hello, clock_ticks),
	VALUE(8, hello, uid),
	VALUE(9, hello, rights),
	VALUE(10, hello, pid),
};

static const struct message_attribute snapshot_begin[] = {
	VALUE(1, snapshot_begin, sequence),
	VALUE(2, snapshot_begin, monotonic_ns),
};

static const struct message_attribute snapshot_end[] = {
	VALUE(1, snapshot_end, sequence),
	VALUE(2, snapshot_end, monotonic_ns),
	VALUE(3, snapshot_end, owners_pending),
	VALUE(4, snapshot_end, owners_hidden),
	VALUE(5, snapshot_end, cpu_us),
};

static const struct message_attribute dump_begin[] = {
	VALUE(1, dump_begin, netns),
	VALUE(2, dump_begin, protocols),
	VALUE(3, dump_begin, full),
	VALUE(4, dump_begin, monotonic_ns),
};

static const struct message_attribute dump_end[] = {
	VALUE(1, dump_end, netns),
	VALUE(2, dump_end, protocols),
	VALUE(3, dump_end, complete),
	VALUE(4, dump_end, listed),
	VALUE(5, dump_end, sent),
	VALUE(6, dump_end, error),
};

static const struct message_attribute gone[] = {
	VALUE(1, gone, netns),
	ARRAY(2, gone, cookies, U64, MESSAGE_ARRAY_MAX),
};

static const struct message_attribute netns[] = {
	VALUE(1, netns, id),
	VALUE(2, netns, inode),
	TEXT(3, netns, name, NAME_MAX_BYTES),
	VALUE(4, netns, pid),
	VALUE(5, netns, gone),
	VALUE(6, netns, error),
};

static const struct message_attribute link[] = {
	VALUE(1, link, netns),
	VALUE(2, link, ifindex),
	TEXT(3, link, name, NAME_MAX_BYTES),
};

static const struct message_attribute process[] = {
	VALUE(1, process, pid),
	VALUE(2, process, start_ticks),
	VALUE(3, process, uid),
	TEXT(4, process, comm, COMM_MAX_BYTES),
	TEXT(5, process, cmdline, MESSAGE_TEXT_MAX),
	TEXT(6, process, cgroup, PATH_MAX_BYTES),
	TEXT(7, process, unit, NAME_MAX_BYTES),
	TEXT(8, process, container, NAME_MAX_BYTES),
	TEXT(9, process, container_name, NAME_MAX_BYTES),
	VALUE(10, process, fd_error),
};

static const struct message_attribute process_gone[] = {
	ARRAY(1, process_gone, pids, U32, MESSAGE_ARRAY_MAX),
};

static const struct message_attribute owners[] = {
	VALUE(1, owners, pid),
	ARRAY(2, owners, held, U64, MESSAGE_ARRAY_MAX),
	ARRAY(3, owners, released, U64, MESSAGE_ARRAY_MAX),
};

static const struct message_attribute user[] = {
	VALUE(1, user, uid),
	TEXT(2, user, name, NAME_MAX_BYTES),
};

static const struct message_attribute cgroup[] = {
	VALUE(1, cgroup, id),
	TEXT(2, cgroup, path, PATH_MAX_BYTES),
};

static const struct message_attribute counters[] = {
	VALUE(1, counters, netns),
	VALUE(2, counters, source),
	VALUE(3, counters, monotonic_ns),
	TEXT(4, counters, text, MESSAGE_TEXT_MAX),
};

static const struct message_attribute notice[] = {
	VALUE(1, notice, severity),
	TEXT(2, notice, text, SENTENCE_MAX_BYTES),
};

static const struct message_attribute loss[] = {
	VALUE(1, loss, what),
	VALUE(2, loss, count),
};

static const struct message_attribute result[] = {
	VALUE(1, result, request),
	VALUE(2, result, error),
	TEXT(3, result, text, SENTENCE_MAX_BYTES),
};

static const struct message_attribute subscription[] = {
	VALUE(1, subscription, needs),
	VALUE(2, subscription, interval_ms),
	VALUE(3, subscription, once),
	VALUE(4, subscription, paused),
	VALUE(5, subscription, protocols),
	VALUE(6, subscription, families),
	VALUE(7, subscription, states),
	VALUE(8, subscription, netns_mode),
	TEXT(9, subscription, netns, NAME_MAX_BYTES),
	ARRAY(10, subscription, conditions, CONDITION, SUBSCRIPTION_CONDITIONS_MAX),
	TEXT(11, subscription, capture_interface, NAME_MAX_BYTES),
	VALUE(12, subscription, capture_data),
	VALUE(13, subscription, watch_local),
	VALUE(14, subscription, watch_remote),
	VALUE(15, subscription, watch_local_port),
	VALUE(16, subscription, watch_remote_port),
	VALUE(17, subscription, watch_netns),
};

static const struct message_attribute destroy[] = {
	VALUE(1, destroy, request),
	VALUE(2, destroy, netns),
	VALUE(3, destroy, protocol),
	VALUE(4, destroy, family),
	VALUE(5, destroy, local),
	VALUE(6, destroy, remote),
	VALUE(7, destroy, local_port),
	VALUE(8, destroy, remote_port),
	VALUE(9, destroy, ifindex),
	VALUE(10, destroy, cookie),
};

static const struct message_attribute signal_message[] = {
	VALUE(1, signal, request),
	VALUE(2, signal, pid),
	VALUE(3, signal, start_ticks),
	VALUE(4, signal, signal),
};

static const struct message_attribute capture[] = {
	VALUE(1, capture, netns),
	VALUE(2, capture, running),
	VALUE(3, capture, error),
	TEXT(4, capture, text, SENTENCE_MAX_BYTES),
	TEXT(5, capture, interface, NAME_MAX_BYTES),
	VALUE(6, capture, received),
	VALUE(7, capture, dropped),
	VALUE(8, capture, interface_dropped),
};

static const struct message_attribute probe_start[] = {
	VALUE(1, probe_start, id),
	VALUE(2, probe_start, netns),
	VALUE(3, probe_start, protocol),
	VALUE(4, probe_start, flows),
	VALUE(5, probe_start, first_ttl),
	VALUE(6, probe_start, max_ttl),
	VALUE(7, probe_start, target),
	VALUE(8, probe_start, source),
	VALUE(9, probe_start, port),
	VALUE(10, probe_start, source_port),
	VALUE(11, probe_start, interval_ms),
	VALUE(12, probe_start, cycles),
	VALUE(13, probe_start, timeout_ms),
	VALUE(14, probe_start, size),
	VALUE(15, probe_start, tos),
	VALUE(16, probe_start, dont_fragment),
	VALUE(17, probe_start, router_rate),
	VALUE(18, probe_start, continued),
	VALUE(19, probe_start, interface),
};

static const struct message_attribute probe_stop[] = {
	VALUE(1, probe_stop, id),
};

static const struct message_attribute probe_state[] = {
	VALUE(1, probe_state, id),
	VALUE(2, probe_state, running),
	VALUE(3, probe_state, method),
	VALUE(4, probe_state, error),
	TEXT(5, probe_state, text, SENTENCE_MAX_BYTES),
	VALUE(6, probe_state, cycle),
	VALUE(7, probe_state, source),
	VALUE(8, probe_state, mtu),
};

static const struct message_attribute probe_sent[] = {
	VALUE(1, probe_sent, id),
	VALUE(2, probe_sent, sequence),
	VALUE(3, probe_sent, cycle),
	VALUE(4, probe_sent, ttl),
	VALUE(5, probe_sent, flow),
	VALUE(6, probe_sent, sent_ns),
	VALUE(7, probe_sent, kernel_stamp),
	VALUE(8, probe_sent, error),
};

static const struct message_attribute probe_answer[] = {
	VALUE(1, probe_answer, id),
	VALUE(2, probe_answer, sequence),
	VALUE(3, probe_answer, kind),
	VALUE(4, probe_answer, icmp_type),
	VALUE(5, probe_answer, icmp_code),
	VALUE(6, probe_answer, ttl),
	VALUE(7, probe_answer, received_ns),
	VALUE(8, probe_answer, kernel_stamp),
	VALUE(9, probe_answer, from),
	VALUE(10, probe_answer, info),
	VALUE(11, probe_answer, extension),
	TEXT(12, probe_answer, data, PACKET_MAX_BYTES),
};

static const struct message_attribute name[] = {
	VALUE(1, name, address),
	TEXT(2, name, name, NAME_MAX_BYTES),
	VALUE(3, name, status),
	VALUE(4, name, ttl_s),
	VALUE(5, name, took_us),
	TEXT(6, name, server, NAME_MAX_BYTES),
	TEXT(7, name, text, SENTENCE_MAX_BYTES),
	VALUE(8, name, source),
};

static const struct message_attribute callers[] = {
	ARRAY(1, callers, callers, CALLER, MESSAGE_CALLERS_MAX),
};

static const struct message_attribute callers_state[] = {
	VALUE(1, callers_state, running),
	VALUE(2, callers_state, error),
	TEXT(3, callers_state, text, SENTENCE_MAX_BYTES),
	VALUE(4, callers_state, reported),
};

#define LAYOUT(body, rows) \
	{ .name = #body, .attributes = (rows), .attribute_count = sizeof(rows) / sizeof((rows)[0]), \
	  .size = sizeof(((union message_body *)0)->body) }

static const struct message_layout layouts[] = {
	[MESSAGE_HELLO] = LAYOUT(hello, hello),
	[MESSAGE_SNAPSHOT_BEGIN] = LAYOUT(snapshot_begin, snapshot_begin),
	[MESSAGE_SNAPSHOT_END] = LAYOUT(snapshot_end, snapshot_end),
	[MESSAGE_DUMP_BEGIN] = LAYOUT(dump_begin, dump_begin),
	[MESSAGE_DUMP_END] = LAYOUT(dump_end, dump_end),
	[MESSAGE_GONE] = LAYOUT(gone, gone),
	[MESSAGE_NETNS] = LAYOUT(netns, netns),
	[MESSAGE_LINK] = LAYOUT(link, link),
	[MESSAGE_PROCESS] = LAYOUT(process, process),
	[MESSAGE_PROCESS_GONE] = LAYOUT(process_gone, process_gone),
	[MESSAGE_OWNERS] = LAYOUT(owners, owners),
	[MESSAGE_USER] = LAYOUT(user, user),
	[MESSAGE_CGROUP] = LAYOUT(cgroup, cgroup),
	[MESSAGE_COUNTERS] = LAYOUT(counters, counters),
	[MESSAGE_NOTICE] = LAYOUT(notice, notice),
	[MESSAGE_LOSS] = LAYOUT(loss, loss),
	[MESSAGE_RESULT] = LAYOUT(result, result),
	[MESSAGE_SUBSCRIPTION] = LAYOUT(subscription, subscription),
	[MESSAGE_DESTROY] = LAYOUT(destroy, destroy),
	[MESSAGE_SIGNAL] = LAYOUT(signal, signal_message),
	[MESSAGE_CAPTURE] = LAYOUT(capture, capture),
	[MESSAGE_PROBE_START] = LAYOUT(probe_start, probe_start),
	[MESSAGE_PROBE_STOP] = LAYOUT(probe_stop, probe_stop),
	[MESSAGE_PROBE_STATE] = LAYOUT(probe_state, probe_state),
	[MESSAGE_PROBE_SENT] = LAYOUT(probe_sent, probe_sent),
	[MESSAGE_PROBE_ANSWER] = LAYOUT(probe_answer, probe_answer),
	[MESSAGE_NAME] = LAYOUT(name, name),
	[MESSAGE_CALLERS] = LAYOUT(callers, callers),
	[MESSAGE_CALLERS_STATE] = LAYOUT(callers_state, callers_state),
};
/* clang-format on */

static const uint8_t kind_sizes[] = {
	[MESSAGE_KIND_U8] = sizeof(uint8_t),
	[MESSAGE_KIND_U16] = sizeof(uint16_t),
	[MESSAGE_KIND_U32] = sizeof(uint32_t),
	[MESSAGE_KIND_U64] = sizeof(uint64_t),
	[MESSAGE_KIND_I32] = sizeof(int32_t),
	[MESSAGE_KIND_ADDRESS] = sizeof(struct address),
	[MESSAGE_KIND_TEXT] = 1,
	[MESSAGE_KIND_U32_ARRAY] = sizeof(uint32_t),
	[MESSAGE_KIND_U64_ARRAY] = sizeof(uint64_t),
	[MESSAGE_KIND_CONDITION_ARRAY] = sizeof(struct subscription_condition),
	[MESSAGE_KIND_CALLER_ARRAY] = sizeof(struct caller),
};

const struct message_layout *
message_layout(unsigned type)
{
	if (type >= sizeof(layouts) / sizeof(layouts[0]) || layouts[type].name == NULL)
		return NULL;
	return &layouts[type];
}

size_t
message_kind_size(enum message_kind kind)
{
	return kind_sizes[kind];
}
