/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages of the stream as data: one row per attribute with its number on the wire, the member
 * of the struct that holds it, its bound where it has one, and its help for sockwatch-stream(5).
 * The kind of a number, an address or a text is the type of its member, so that the two cannot
 * differ; an array's row names the kind of its elements. A new attribute gets the next free number
 * of its message; a number is never given again.
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

#define VALUE(number, body, member, text) \
	{ .id = (number), .name = #member, .help = (text), .kind = KIND_OF(MEMBER(body, member)), \
	  .offset = OFFSET(body, member), .bound = 1 }
#define TEXT(number, body, member, bytes, text) \
	{ .id = (number), .name = #member, .help = (text), .kind = KIND_OF(MEMBER(body, member)), \
	  .offset = OFFSET(body, member), .bound = (bytes) }
#define ARRAY(number, body, member, element, elements, text) \
	{ .id = (number), .name = #member, .help = (text), .kind = MESSAGE_KIND_##element##_ARRAY, \
	  .offset = OFFSET(body, member), .bound = (elements) }

/* Bounds of texts, in bytes. The kernel's own are smaller or equal where it has one. */
enum {
	NAME_MAX_BYTES = 256,   /* a name: host, namespace, interface, user, unit, container */
	COMM_MAX_BYTES = 64,    /* names of kernel workers are longer than TASK_COMM_LEN */
	BOOT_ID_MAX_BYTES = 36,
	PATH_MAX_BYTES = 4096,
	SENTENCE_MAX_BYTES = 1024,
	PACKET_MAX_BYTES = 2048, /* the packet that an ICMP error quotes */
};

static const struct message_attribute hello[] = {
	VALUE(1, hello, format, "version of this format"),
	TEXT(2, hello, version, NAME_MAX_BYTES, "of sockwatch"),
	TEXT(3, hello, host, NAME_MAX_BYTES, "name of the host"),
	TEXT(4, hello, kernel, NAME_MAX_BYTES, "release of the kernel"),
	VALUE(5, hello, boot_ns, "CLOCK_REALTIME when the host booted"),
	VALUE(6, hello, page_size, "bytes of a page"),
	VALUE(7, hello, clock_ticks, "ticks a second, of start_ticks"),
	VALUE(8, hello, uid, "real uid of the collector"),
	VALUE(9, hello, rights, "capabilities in force, see RIGHTS"),
	VALUE(10, hello, pid, "process id of the collector"),
	TEXT(11, hello, boot_id, BOOT_ID_MAX_BYTES, "/proc/sys/kernel/random/boot_id"),
	VALUE(12, hello, again, "1: the collector goes on, and tells all that it told once again"),
	TEXT(13, hello, mark, MESSAGE_KEY_MARK_BYTES, "16 bytes that are always the same: here a reader may begin"),
	VALUE(14, hello, utc_offset_s, "of local time on the host, seconds east of UTC"),
	TEXT(15, hello, machine_id, NAME_MAX_BYTES, "tells hosts of one name apart; made from /etc/machine-id, which it does not give away"),
	VALUE(16, hello, format_least, "the oldest format whose readers understand this stream"),
};

static const struct message_attribute snapshot_begin[] = {
	VALUE(1, snapshot_begin, sequence, "number of the refresh, from 1"),
	VALUE(2, snapshot_begin, monotonic_ns, "CLOCK_MONOTONIC then"),
};

static const struct message_attribute snapshot_end[] = {
	VALUE(1, snapshot_end, sequence, "as in snapshot_begin"),
	VALUE(2, snapshot_end, monotonic_ns, "CLOCK_MONOTONIC then"),
	VALUE(3, snapshot_end, owners_pending, "sockets whose owner is still searched for"),
	VALUE(4, snapshot_end, owners_hidden, "processes whose descriptors may not be read"),
	VALUE(5, snapshot_end, cpu_us, "CPU time of the collector since it started"),
	VALUE(6, snapshot_end, owners_settled_ns,
		"CLOCK_MONOTONIC: for sockets from before, all visible processes were read since"),
	VALUE(7, snapshot_end, proc_limits,
		"what /proc leaves out: 1 other PID namespaces, 2 hidepid, 4 there is none"),
	VALUE(8, snapshot_end, key, "1: this was a key frame, and it is complete"),
};

static const struct message_attribute dump_begin[] = {
	VALUE(1, dump_begin, netns, "number of the namespace"),
	VALUE(2, dump_begin, protocols, "1 TCP, 2 UDP"),
	VALUE(3, dump_begin, full, "1: every socket follows; 0: only those that changed"),
	VALUE(4, dump_begin, monotonic_ns, "CLOCK_MONOTONIC then"),
};

static const struct message_attribute dump_end[] = {
	VALUE(1, dump_end, netns, "number of the namespace"),
	VALUE(2, dump_end, protocols, "1 TCP, 2 UDP"),
	VALUE(3, dump_end, complete, "0: interrupted; the absence of a socket means nothing"),
	VALUE(4, dump_end, listed, "sockets that the kernel listed"),
	VALUE(5, dump_end, sent, "those of them that were written"),
	VALUE(6, dump_end, error, "errno when the dump failed"),
};

static const struct message_attribute gone[] = {
	VALUE(1, gone, netns, "number of the namespace"),
	ARRAY(2, gone, cookies, U64, MESSAGE_ARRAY_MAX, "their socket cookies"),
};

static const struct message_attribute netns[] = {
	VALUE(1, netns, id, "its number in this stream; 1 is the collector's own"),
	VALUE(2, netns, inode, "of its file in nsfs"),
	TEXT(3, netns, name, NAME_MAX_BYTES, "in /run/netns"),
	VALUE(4, netns, pid, "a process in it"),
	VALUE(5, netns, gone, "1: it is gone"),
	VALUE(6, netns, error, "errno when it cannot be entered"),
	VALUE(7, netns, name_gone, "1: it is alive, but its name, or the pid that it was asked by, is not"),
};

static const struct message_attribute link[] = {
	VALUE(1, link, netns, "number of the namespace"),
	VALUE(2, link, ifindex, "index of the interface"),
	TEXT(3, link, name, NAME_MAX_BYTES, "its name"),
};

static const struct message_attribute process[] = {
	VALUE(1, process, pid, "process id"),
	VALUE(2, process, start_ticks, "start time since boot, in clock ticks"),
	VALUE(3, process, uid, "effective uid"),
	TEXT(4, process, comm, COMM_MAX_BYTES, "its name"),
	TEXT(5, process, cmdline, MESSAGE_TEXT_MAX, "arguments, each ends in NUL"),
	TEXT(6, process, cgroup, PATH_MAX_BYTES, "path of its cgroup"),
	TEXT(7, process, unit, NAME_MAX_BYTES, "systemd unit in that path"),
	TEXT(8, process, container, NAME_MAX_BYTES, "container id in that path"),
	TEXT(9, process, container_name, NAME_MAX_BYTES, "name of the container"),
	VALUE(10, process, fd_error, "errno when its descriptors cannot be read"),
	TEXT(11, process, memory_cgroup, PATH_MAX_BYTES, "path of the cgroup that its memory is counted in, where that is another"),
};

static const struct message_attribute process_gone[] = {
	ARRAY(1, process_gone, pids, U32, MESSAGE_ARRAY_MAX, "their process ids"),
};

static const struct message_attribute owners[] = {
	VALUE(1, owners, pid, "process id"),
	ARRAY(2, owners, held, U64, MESSAGE_ARRAY_MAX, "new: socket inode << 32 | descriptor"),
	ARRAY(3, owners, released, U64, MESSAGE_ARRAY_MAX, "no longer: socket inode << 32 | descriptor"),
};

static const struct message_attribute user[] = {
	VALUE(1, user, uid, "user id"),
	TEXT(2, user, name, NAME_MAX_BYTES, "login name"),
};

static const struct message_attribute cgroup[] = {
	VALUE(1, cgroup, id, "as INET_DIAG_CGROUP_ID"),
	TEXT(2, cgroup, path, PATH_MAX_BYTES, "below the root of the cgroup tree"),
};

static const struct message_attribute counters[] = {
	VALUE(1, counters, netns, "number of the namespace"),
	VALUE(2, counters, source, "0 sockstat, 1 sockstat6, 2 snmp, 3 netstat, 4 snmp6, 5 stat/nf_conntrack: the sum over all CPUs, decimal, in the layout of netstat"),
	VALUE(3, counters, monotonic_ns, "CLOCK_MONOTONIC when it was read"),
	TEXT(4, counters, text, MESSAGE_TEXT_MAX, "the file"),
	VALUE(5, counters, unchanged_ns, "CLOCK_MONOTONIC of the reading before this one, which found what the message before has; 0: not known"),
};

static const struct message_attribute notice[] = {
	VALUE(1, notice, severity, "0 information, 1 warning, 2 critical"),
	TEXT(2, notice, text, SENTENCE_MAX_BYTES, "the sentence"),
};

static const struct message_attribute loss[] = {
	VALUE(1, loss, what, "see LOSSES"),
	VALUE(2, loss, count, "of the thing that is lost"),
};

static const struct message_attribute result[] = {
	VALUE(1, result, request, "number of the request"),
	VALUE(2, result, error, "errno; 0 when it was done"),
	TEXT(3, result, text, SENTENCE_MAX_BYTES, "a sentence"),
};

static const struct message_attribute subscription[] = {
	VALUE(1, subscription, needs, "see NEEDS"),
	VALUE(2, subscription, interval_ms, "between refreshes, 50 to 86400000"),
	VALUE(3, subscription, once, "1: one refresh, then the end"),
	VALUE(4, subscription, paused, "1: no refreshes"),
	VALUE(5, subscription, protocols, "1 TCP, 2 UDP; 0 is both"),
	VALUE(6, subscription, families, "1 IPv4, 2 IPv6; 0 is both"),
	VALUE(7, subscription, states, "1 << state, as idiag_states; 0 is all"),
	VALUE(8, subscription, netns_mode, "0 own namespace, 1 the one in netns, 2 all"),
	TEXT(9, subscription, netns, NAME_MAX_BYTES, "name or process id"),
	ARRAY(10, subscription, conditions, CONDITION, SUBSCRIPTION_CONDITIONS_MAX, "what the kernel may filter, see CONDITIONS"),
	TEXT(11, subscription, capture_interface, NAME_MAX_BYTES, "where packets are captured; empty: on any"),
	VALUE(12, subscription, capture_data, "1: all TCP segments, not only SYN, FIN and RST"),
	VALUE(13, subscription, watch_local, "all segments of one connection: its local address"),
	VALUE(14, subscription, watch_remote, "its remote address"),
	VALUE(15, subscription, watch_local_port, "its local port"),
	VALUE(16, subscription, watch_remote_port, "its remote port; 0: no connection is watched"),
	VALUE(17, subscription, watch_netns, "its namespace"),
	VALUE(18, subscription, capture_tunnels, "1: all packets of tunnels too, whatever is in them"),
	VALUE(19, subscription, key, "another number than before: the next refresh is a key frame"),
};

static const struct message_attribute destroy[] = {
	VALUE(1, destroy, request, "number that the result repeats"),
	VALUE(2, destroy, netns, "number of the namespace"),
	VALUE(3, destroy, protocol, "6 TCP, 17 UDP"),
	VALUE(4, destroy, family, "AF_INET or AF_INET6"),
	VALUE(5, destroy, local, "local address"),
	VALUE(6, destroy, remote, "remote address"),
	VALUE(7, destroy, local_port, "local port"),
	VALUE(8, destroy, remote_port, "remote port"),
	VALUE(9, destroy, ifindex, "interface it is bound to"),
	VALUE(10, destroy, cookie, "socket cookie: no other socket is hit"),
	VALUE(11, destroy, pid, "process that must still hold it, or 0"),
	VALUE(12, destroy, start_ticks, "its start time"),
	VALUE(13, destroy, inode, "inode of the socket"),
	VALUE(14, destroy, fd, "descriptor that the process had of it, plus 1, or 0: looked at first"),
};

static const struct message_attribute signal_message[] = {
	VALUE(1, signal, request, "number that the result repeats"),
	VALUE(2, signal, pid, "process id"),
	VALUE(3, signal, start_ticks, "its start time: no other process is hit"),
	VALUE(4, signal, signal, "number of the signal"),
	VALUE(5, signal, inode, "socket that it must still hold, or 0"),
};

static const struct message_attribute verify[] = {
	VALUE(1, verify, request, "number that the result repeats"),
	VALUE(2, verify, inode, "inode of the socket"),
};

static const struct message_attribute capture[] = {
	VALUE(1, capture, netns, "number of the namespace"),
	VALUE(2, capture, running, "1: packets are captured"),
	VALUE(3, capture, error, "errno when they are not"),
	TEXT(4, capture, text, SENTENCE_MAX_BYTES, "why not, or what differs from the subscription"),
	TEXT(5, capture, interface, NAME_MAX_BYTES, "where; any is all"),
	VALUE(6, capture, received, "segments received"),
	VALUE(7, capture, dropped, "for lack of room, or left in a ring that was closed"),
	VALUE(8, capture, interface_dropped, "by the interface"),
	VALUE(9, capture, cut, "of those received: payload was cut off by the collector, not by the kernel"),
};

static const struct message_attribute probe_start[] = {
	VALUE(1, probe_start, id, "number of the probe, chosen by the viewer"),
	VALUE(2, probe_start, netns, "number of the namespace"),
	VALUE(3, probe_start, protocol, "0 ICMP, 1 UDP, 2 TCP"),
	VALUE(4, probe_start, flows, "parallel flows, 1 to 16"),
	VALUE(5, probe_start, first_ttl, "time to live of the first probe, from 1"),
	VALUE(6, probe_start, max_ttl, "time to live of the last, to 64"),
	VALUE(7, probe_start, target, "address of the target"),
	VALUE(8, probe_start, source, "own address; missing: as routed"),
	VALUE(9, probe_start, port, "of the target; 0: the default"),
	VALUE(10, probe_start, source_port, "0: chosen"),
	VALUE(11, probe_start, interval_ms, "between cycles, 20 to 3600000"),
	VALUE(12, probe_start, cycles, "0: until stopped"),
	VALUE(13, probe_start, timeout_ms, "after which a probe counts as lost"),
	VALUE(14, probe_start, size, "bytes of payload"),
	VALUE(15, probe_start, tos, "type of service"),
	VALUE(16, probe_start, dont_fragment, "1: do not fragment; 2: and search the path MTU"),
	VALUE(17, probe_start, router_rate, "probes a second to one router at most; 0: one"),
	VALUE(18, probe_start, continued, "1: the viewer keeps what it measured so far"),
	VALUE(19, probe_start, interface, "index of the interface to send by; 0: as routed"),
	VALUE(20, probe_start, mark, "firewall mark; 0: none"),
};

static const struct message_attribute probe_stop[] = {
	VALUE(1, probe_stop, id, "number of the probe"),
};

static const struct message_attribute probe_state[] = {
	VALUE(1, probe_state, id, "number of the probe"),
	VALUE(2, probe_state, running, "0: nothing more is sent"),
	VALUE(3, probe_state, method, "0 none, 1 ping socket, 2 raw socket, 3 UDP socket, 4 connect"),
	VALUE(4, probe_state, error, "errno when it cannot run, or not at present"),
	TEXT(5, probe_state, text, SENTENCE_MAX_BYTES, "what is missing, or what is used instead"),
	VALUE(6, probe_state, cycle, "cycles begun"),
	VALUE(7, probe_state, source, "own address that is used"),
	VALUE(8, probe_state, mtu, "of the path, as the kernel knows it"),
};

static const struct message_attribute probe_sent[] = {
	VALUE(1, probe_sent, id, "number of the probe"),
	VALUE(2, probe_sent, sequence, "of this packet, from 1"),
	VALUE(3, probe_sent, cycle, "the cycle that it belongs to"),
	VALUE(4, probe_sent, ttl, "time to live"),
	VALUE(5, probe_sent, flow, "number of the flow"),
	VALUE(6, probe_sent, sent_ns, "CLOCK_REALTIME of the sending"),
	VALUE(7, probe_sent, kernel_stamp, "1: sent_ns comes from the kernel"),
	VALUE(8, probe_sent, error, "errno when it could not be sent"),
	VALUE(9, probe_sent, size, "bytes of the IP packet"),
	VALUE(10, probe_sent, search, "1: for the search of the path MTU"),
};

static const struct message_attribute probe_answer[] = {
	VALUE(1, probe_answer, id, "number of the probe"),
	VALUE(2, probe_answer, sequence, "of the packet that it answers; 0: see data"),
	VALUE(3, probe_answer, kind, "0 ICMP error, 1 echo reply, 2 connected, 3 refused, 4 UDP"),
	VALUE(4, probe_answer, icmp_type, "type of the ICMP message"),
	VALUE(5, probe_answer, icmp_code, "code of the ICMP message"),
	VALUE(6, probe_answer, ttl, "time to live of the answer"),
	VALUE(7, probe_answer, received_ns, "CLOCK_REALTIME of the answer"),
	VALUE(8, probe_answer, kernel_stamp, "1: received_ns comes from the kernel"),
	VALUE(9, probe_answer, from, "address that answered"),
	VALUE(10, probe_answer, info, "MTU of the next hop, where the answer has one"),
	VALUE(11, probe_answer, extension, "offset of RFC 4884 extensions in data"),
	TEXT(12, probe_answer, data, PACKET_MAX_BYTES, "the packet quoted, and extensions, as they came"),
};

static const struct message_attribute name[] = {
	VALUE(1, name, address, "the address"),
	TEXT(2, name, name, NAME_MAX_BYTES, "its name"),
	VALUE(3, name, status, "0 found, 1 none, 2 failed"),
	VALUE(4, name, ttl_s, "seconds for which it holds"),
	VALUE(5, name, took_us, "time of the look-up"),
	TEXT(6, name, server, NAME_MAX_BYTES, "that answered, or the file"),
	TEXT(7, name, text, SENTENCE_MAX_BYTES, "why it failed"),
	VALUE(8, name, source, "0 a server, 1 the hosts file"),
};

static const struct message_attribute callers[] = {
	ARRAY(1, callers, callers, CALLER, MESSAGE_CALLERS_MAX, "see CALLERS"),
};

static const struct message_attribute callers_state[] = {
	VALUE(1, callers_state, running, "1: they are"),
	VALUE(2, callers_state, error, "errno when they are not"),
	TEXT(3, callers_state, text, SENTENCE_MAX_BYTES, "why not"),
	VALUE(4, callers_state, reported, "callers since the start"),
};

#define LAYOUT(body, rows, text) \
	{ .name = #body, .help = (text), .attributes = (rows), .attribute_count = sizeof(rows) / sizeof((rows)[0]), \
	  .size = sizeof(((union message_body *)0)->body) }

static const struct message_attribute clock_step[] = {
	VALUE(1, clock_step, step_ns, "by how much; two's complement, so that back is a large number"),
};

static const struct message_attribute mptcp[] = {
	VALUE(1, mptcp, netns, "number of the namespace"),
	ARRAY(2, mptcp, receive, U64, MESSAGE_ARRAY_MAX, "inode in the high half, bytes not yet read in the low one"),
	ARRAY(3, mptcp, send, U64, MESSAGE_ARRAY_MAX, "the same of bytes not yet acknowledged"),
};

static const struct message_attribute sysctls[] = {
	VALUE(1, sysctls, netns, "number of the namespace; 0: what the machine has once"),
	TEXT(2, sysctls, text, MESSAGE_TEXT_MAX, "lines NAME=VALUE; NAME alone: there is none"),
};

static const struct message_attribute descriptors[] = {
	ARRAY(1, descriptors, open, U64, MESSAGE_ARRAY_MAX, "process id << 32 | descriptors that it has open"),
	ARRAY(2, descriptors, limits, U64, MESSAGE_ARRAY_MAX, "process id << 32 | how many it may have (RLIMIT_NOFILE, soft)"),
};

static const struct message_attribute cgroup_memory[] = {
	TEXT(1, cgroup_memory, path, PATH_MAX_BYTES, "below the root of the tree with the memory controller; missing: only left_out is meant"),
	VALUE(2, cgroup_memory, version, "of cgroups: with 1 the limit is on the memory of TCP alone, with 2 on all memory"),
	VALUE(3, cgroup_memory, gone, "1: it is gone, or no process with sockets is left in it"),
	VALUE(4, cgroup_memory, known, "what is known: 1 limit_bytes, 2 that there is no limit, 4 usage_bytes, 8 socket_bytes, 16 limit_hits, 32 throttled"),
	VALUE(5, cgroup_memory, limit_bytes, "memory.kmem.tcp.limit_in_bytes or memory.max"),
	VALUE(6, cgroup_memory, usage_bytes, "of what is limited: memory.kmem.tcp.usage_in_bytes or memory.current"),
	VALUE(7, cgroup_memory, socket_bytes, "memory.kmem.tcp.usage_in_bytes or sock of memory.stat"),
	VALUE(8, cgroup_memory, limit_hits, "memory.kmem.tcp.failcnt or max of memory.events"),
	VALUE(9, cgroup_memory, throttled, "sock_throttled of memory.events"),
	VALUE(10, cgroup_memory, left_out, "cgroups beyond the bound of 256, since the start"),
};

static const struct message_attribute sysctl_files[] = {
	TEXT(1, sysctl_files, lines, MESSAGE_TEXT_MAX, "lines with tabs between file, number of the line, name and value; without a value it is a name that patterns shall not match"),
	VALUE(2, sysctl_files, left_out, "lines that had no room"),
	VALUE(3, sysctl_files, unread, "files and directories that could not be read, or not whole"),
	TEXT(4, sysctl_files, unread_file, NAME_MAX_BYTES, "the first of them"),
};

static const struct message_attribute mark[] = {
	TEXT(1, mark, text, SENTENCE_MAX_BYTES, "what a person noted, or the program that records"),
};

static const struct message_attribute index_rows[] = {
	ARRAY(1, index, offsets, U64, MESSAGE_ARRAY_MAX, "of the HELLO of each key frame, from the start of the file"),
	ARRAY(2, index, times, U64, MESSAGE_ARRAY_MAX, "CLOCK_REALTIME of its snapshot_end"),
	ARRAY(3, index, sockets, U32, MESSAGE_ARRAY_MAX, "listed in it"),
	VALUE(4, index, first_ns, "CLOCK_REALTIME of the first record"),
	VALUE(5, index, last_ns, "CLOCK_REALTIME of the last record before this one"),
	VALUE(6, index, snapshots, "that are complete"),
	VALUE(7, index, size, "bytes of this record with its headers: the last four bytes of the file"),
};

static const struct message_layout layouts[] = {
	[MESSAGE_HELLO] = LAYOUT(hello, hello,
		"First in every stream: who speaks. A second one means that the collector was started again."),
	[MESSAGE_SNAPSHOT_BEGIN] = LAYOUT(snapshot_begin, snapshot_begin,
		"A refresh begins."),
	[MESSAGE_SNAPSHOT_END] = LAYOUT(snapshot_end, snapshot_end,
		"A refresh is complete."),
	[MESSAGE_DUMP_BEGIN] = LAYOUT(dump_begin, dump_begin,
		"The sockets of one protocol in one network namespace follow."),
	[MESSAGE_DUMP_END] = LAYOUT(dump_end, dump_end,
		"These sockets are complete, or not."),
	[MESSAGE_GONE] = LAYOUT(gone, gone,
		"Sockets that were sent before and that the dump under way lacks."),
	[MESSAGE_NETNS] = LAYOUT(netns, netns,
		"A network namespace was found, changed, or is gone."),
	[MESSAGE_LINK] = LAYOUT(link, link,
		"The name of an interface."),
	[MESSAGE_PROCESS] = LAYOUT(process, process,
		"A process that holds sockets, when it is new or changed."),
	[MESSAGE_PROCESS_GONE] = LAYOUT(process_gone, process_gone,
		"Processes that have ended, or whose process id is that of another now."),
	[MESSAGE_OWNERS] = LAYOUT(owners, owners,
		"Sockets that a process holds: the changes since its last such message."),
	[MESSAGE_USER] = LAYOUT(user, user,
		"The name of a user."),
	[MESSAGE_CGROUP] = LAYOUT(cgroup, cgroup,
		"The path of a cgroup of sockets."),
	[MESSAGE_COUNTERS] = LAYOUT(counters, counters,
		"A counter file of a namespace, as the kernel printed it."),
	[MESSAGE_NOTICE] = LAYOUT(notice, notice,
		"A sentence for a person."),
	[MESSAGE_LOSS] = LAYOUT(loss, loss,
		"How much was lost since the start; sent when the count has changed."),
	[MESSAGE_RESULT] = LAYOUT(result, result,
		"The answer to destroy, signal or verify."),
	[MESSAGE_SUBSCRIPTION] = LAYOUT(subscription, subscription,
		"What shall be fetched; the whole of it, each time."),
	[MESSAGE_DESTROY] = LAYOUT(destroy, destroy,
		"Close a socket, as ss \\-K does."),
	[MESSAGE_SIGNAL] = LAYOUT(signal, signal_message,
		"Send a signal to a process."),
	[MESSAGE_VERIFY] = LAYOUT(verify, verify,
		"Look now whether the processes that are known to hold a socket still do."),
	[MESSAGE_CAPTURE] = LAYOUT(capture, capture,
		"The state of the packet capture of a namespace; sent with each refresh and when it changes."),
	[MESSAGE_PROBE_START] = LAYOUT(probe_start, probe_start,
		"Probe a path, or change a probe that runs. The collector repeats it within its bounds."),
	[MESSAGE_PROBE_STOP] = LAYOUT(probe_stop, probe_stop,
		"Stop a probe."),
	[MESSAGE_PROBE_STATE] = LAYOUT(probe_state, probe_state,
		"The state of a probe."),
	[MESSAGE_PROBE_SENT] = LAYOUT(probe_sent, probe_sent,
		"A probe was sent."),
	[MESSAGE_PROBE_ANSWER] = LAYOUT(probe_answer, probe_answer,
		"A probe was answered."),
	[MESSAGE_NAME] = LAYOUT(name, name,
		"The name of an address. The viewer's own resolver writes it, never the collector."),
	[MESSAGE_CALLERS] = LAYOUT(callers, callers,
		"Which process opened or closed which TCP connection."),
	[MESSAGE_MPTCP] = LAYOUT(mptcp, mptcp,
		"Queues of the MPTCP connections, by the inode that they share with their subflows."),
	[MESSAGE_SYSCTL_FILES] = LAYOUT(sysctl_files, sysctl_files,
		"What \\fBsysctl.d\\fR(5) and /etc/sysctl.conf set of net, in the order in which it is applied; sent as a whole when it changed."),
	[MESSAGE_CGROUP_MEMORY] = LAYOUT(cgroup_memory, cgroup_memory,
		"Memory of the sockets in a cgroup of processes that hold some, or above it, and its limit."),
	[MESSAGE_DESCRIPTORS] = LAYOUT(descriptors, descriptors,
		"Numbers of descriptors of processes, as far as they are new or have changed."),
	[MESSAGE_SYSCTLS] = LAYOUT(sysctls, sysctls,
		"Settings of the kernel that are new or have changed, as \\fBsysctl\\fR(8) names and prints them."),
	[MESSAGE_CLOCK_STEP] = LAYOUT(clock_step, clock_step,
		"CLOCK_REALTIME was set; this record and those after it carry the new time."),
	[MESSAGE_MARK] = LAYOUT(mark, mark,
		"A note in time. Who records writes it, never the collector."),
	[MESSAGE_INDEX] = LAYOUT(index, index_rows,
		"Where the key frames of a recording are: its last record, when it was ended in order."),
	[MESSAGE_CALLERS_STATE] = LAYOUT(callers_state, callers_state,
		"Whether callers are reported."),
};
/* clang-format on */

static const struct kind {
	const char *name; /* in sockwatch-stream(5) */
	uint8_t size;     /* bytes of one element */
} kinds[] = {
	[MESSAGE_KIND_U8] = {"u8", sizeof(uint8_t)},
	[MESSAGE_KIND_U16] = {"u16", sizeof(uint16_t)},
	[MESSAGE_KIND_U32] = {"u32", sizeof(uint32_t)},
	[MESSAGE_KIND_U64] = {"u64", sizeof(uint64_t)},
	[MESSAGE_KIND_I32] = {"i32", sizeof(int32_t)},
	[MESSAGE_KIND_ADDRESS] = {"address", sizeof(struct address)},
	[MESSAGE_KIND_TEXT] = {"text", 1},
	[MESSAGE_KIND_U32_ARRAY] = {"u32", sizeof(uint32_t)},
	[MESSAGE_KIND_U64_ARRAY] = {"u64", sizeof(uint64_t)},
	[MESSAGE_KIND_CONDITION_ARRAY] = {"condition", sizeof(struct subscription_condition)},
	[MESSAGE_KIND_CALLER_ARRAY] = {"caller", sizeof(struct caller)},
};

const struct message_layout *
message_layout(unsigned type)
{
	if (type >= sizeof layouts / sizeof layouts[0] || layouts[type].name == NULL)
		return NULL;
	return &layouts[type];
}

size_t
message_kind_size(enum message_kind kind)
{
	return kinds[kind].size;
}

const char *
message_kind_name(enum message_kind kind)
{
	return kinds[kind].name;
}

bool
message_kind_is_array(enum message_kind kind)
{
	return kind >= MESSAGE_KIND_U32_ARRAY;
}
