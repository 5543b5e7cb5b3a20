/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a socket that differs between two looks. */
#include <config.h>

#include <sockwatch/analysis/difference/difference.h>

#include <sockwatch/stream/needs.h>

#include "analysis/field/field_rows.h"
#include "difference_get.h"

/* Numbers of its socket: name, heading, width, SOCKET_NUMBER_…, help. */
#define PLAIN(name_, title_, width_, which_, ...)                                                  \
	FIELD(name_, title_, width_, NUMBER, VALUE_UNSIGNED, difference_get_number, __VA_ARGS__,   \
		.argument = SOCKET_NUMBER_##which_)

/* name, heading, width, unit, SOCKET_QUEUE_…, help */
#define QUEUE(name_, title_, width_, unit_, which_, ...)                                           \
	AMOUNT(name_, title_, width_, unit_, NUMBER, difference_get_queue, __VA_ARGS__,            \
		.argument = SOCKET_QUEUE_##which_)

/* How much something grew: name, heading, width, unit, DIFFERENCE_…, needs, help. */
#define MORE(name_, title_, width_, unit_, which_, needs_, ...)                                    \
	AMOUNT(name_, title_, width_, unit_, NUMBER, difference_get_more, __VA_ARGS__,             \
		.needs = needs_, .argument = DIFFERENCE_##which_)

/* Facts of its processes: name, heading, width, flags, kind, SOCKET_PROCESS_…, help. */
#define PROCESS(name_, title_, width_, flags_, kind_, fact_, ...)                                  \
	FIELD(name_, title_, width_, flags_, kind_, difference_get_process, __VA_ARGS__,           \
		.next = difference_next_process, .argument = SOCKET_PROCESS_##fact_)

static const struct field fields[] = {
	TEXT("change", "CHANGE", 6, WORD | ESSENTIAL, difference_get_change,
		"came, went, state (it is in another state), or grew (a queue, drops, segments sent again)",
		.words = "came went state grew"),
	TEXT("was", "WAS", 12, WORD, difference_get_was,
		"state of before, where it is another now"),
	TEXT("state", "STATE", 12, WORD | ESSENTIAL, difference_get_state,
		"state by RFC 9293; of a socket that went the last one that was seen",
		.alias = "st", .meaning = FIELD_MEANING_STATE),
	TEXT("grew", "GREW", 24, WORD, difference_get_grew,
		"what grew and by how much: recv_q, accept_queue, send_q, drops, retrans_total",
		.match = FIELD_MATCH_PART, .needs = NEED_TCP_INFO | NEED_MEMORY),
	/* Where it is. */
	TEXT("netns", "NETNS", 16, WORD, difference_get_netns,
		"network namespace: its name, \"own\", or net:[inode]", .alias = "namespace ns"),
	TEXT("proto", "PROTO", 5, WORD, difference_get_proto, "tcp or udp", .alias = "protocol",
		.meaning = FIELD_MEANING_PROTOCOL, .words = "tcp udp"),
	PLAIN("family", "IP", 2, FAMILY, "address family of the socket: 4 or 6",
		.meaning = FIELD_MEANING_FAMILY),
	FIELD("local", "LOCAL", 21, COLUMN | STRETCH | ESSENTIAL, VALUE_ENDPOINT,
		difference_get_endpoint, "local address and port", .meaning = FIELD_MEANING_LOCAL,
		.needs = NEED_LINKS, .argument = SOCKET_SIDE_LOCAL),
	FIELD("remote", "REMOTE", 21, COLUMN | STRETCH | ESSENTIAL, VALUE_ENDPOINT,
		difference_get_endpoint, "remote address and port", .alias = "peer",
		.meaning = FIELD_MEANING_REMOTE, .needs = NEED_LINKS,
		.argument = SOCKET_SIDE_REMOTE),
	FIELD("local_addr", "LOCAL ADDRESS", 15, WORD | STRETCH, VALUE_ADDRESS,
		difference_get_address, "local address", .alias = "laddr src saddr local_address",
		.meaning = FIELD_MEANING_LOCAL, .port = "local_port", .needs = NEED_LINKS,
		.argument = SOCKET_SIDE_LOCAL),
	FIELD("local_port", "LPORT", 5, NUMBER | PORT, VALUE_UNSIGNED, difference_get_port,
		"local port", .alias = "lport sport", .meaning = FIELD_MEANING_LOCAL,
		.argument = SOCKET_SIDE_LOCAL),
	FIELD("remote_addr", "REMOTE ADDRESS", 15, WORD | STRETCH, VALUE_ADDRESS,
		difference_get_address, "address of the peer",
		.alias = "raddr dst daddr remote_address", .meaning = FIELD_MEANING_REMOTE,
		.port = "remote_port", .needs = NEED_LINKS, .argument = SOCKET_SIDE_REMOTE),
	FIELD("remote_port", "RPORT", 5, NUMBER | PORT, VALUE_UNSIGNED, difference_get_port,
		"port of the peer", .alias = "rport dport", .meaning = FIELD_MEANING_REMOTE,
		.argument = SOCKET_SIDE_REMOTE),
	TEXT("service", "SERVICE", 10, WORD, difference_get_service,
		"name of the well-known port, from /etc/services"),
	TEXT("interface", "IFACE", 8, WORD, difference_get_interface,
		"interface that the socket is bound to", .alias = "iface dev", .needs = NEED_LINKS),
	/* As it was seen last. */
	QUEUE("recv_q", "RECV-Q", 6, UNIT_BYTES, RECEIVED,
		"bytes received and not yet read, as it was seen last", .alias = "recvq"),
	QUEUE("send_q", "SEND-Q", 6, UNIT_BYTES, SENT,
		"bytes not yet acknowledged, as it was seen last", .alias = "sendq"),
	QUEUE("accept_queue", "ACCEPT-Q", 8, UNIT_COUNT, ACCEPT,
		"connections that wait for accept, of a listener, as it was seen last"),
	AMOUNT("retrans_total", "RETR", 5, UNIT_SEGMENTS, NUMBER, difference_get_tcp_info,
		"segments retransmitted so far", .alias = "retrans retr", .needs = NEED_TCP_INFO,
		.argument = TCP_INFO_total_retrans),
	/* How much it grew; unknown where it did not. */
	MORE("recv_q_more", "+RECV-Q", 7, UNIT_BYTES, RECV_Q, 0, "how much recv_q grew"),
	MORE("accept_queue_more", "+ACCEPT-Q", 9, UNIT_COUNT, ACCEPT_QUEUE, 0,
		"how much accept_queue grew"),
	MORE("send_q_more", "+SEND-Q", 7, UNIT_BYTES, SEND_Q, 0, "how much send_q grew"),
	MORE("drops_more", "+DROPS", 6, UNIT_COUNT, DROPS, NEED_MEMORY,
		"datagrams, segments or connection requests dropped in between"),
	MORE("retrans_more", "+RETR", 5, UNIT_SEGMENTS, RETRANS, NEED_TCP_INFO,
		"segments sent again in between"),
	MORE("sent_more", "+SENT", 6, UNIT_BYTES, SENT, NEED_TCP_INFO, "bytes sent in between"),
	MORE("received_more", "+RECEIVED", 9, UNIT_BYTES, RECEIVED, NEED_TCP_INFO,
		"bytes received in between"),
	/* Who holds it, or held it. */
	PLAIN("uid", "UID", 6, UID, "user id of the socket"),
	TEXT("user", "USER", 10, WORD, difference_get_user, "name of the user, or the uid",
		.needs = NEED_USERS),
	PROCESS("pid", "PID", 7, NUMBER, VALUE_UNSIGNED, PID,
		"process that holds the socket, or did", .needs = NEED_OWNERS),
	PROCESS("process", "PROGRAM", 15, WORD, VALUE_TEXT, NAME, "name of that process",
		.alias = "comm program prog", .needs = NEED_OWNERS),
	TEXT("owner", "PROCESS", 16, COLUMN | STRETCH | ESSENTIAL, difference_get_owner,
		"process and its pid, +N for more of them, or why none is known",
		.needs = NEED_OWNERS, .match = FIELD_MATCH_PART, .order = "process"),
	PROCESS("cmdline", "COMMAND", 30, WORD | STRETCH, VALUE_TEXT, CMDLINE,
		"command line of that process", .alias = "command cmd",
		.needs = NEED_OWNERS | NEED_CMDLINE, .match = FIELD_MATCH_PART),
	PROCESS("cgroup", "CGROUP", 24, WORD | STRETCH, VALUE_TEXT, CGROUP,
		"cgroup of that process, or of the socket where no process is known",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PATH),
	PROCESS("unit", "UNIT", 18, WORD, VALUE_TEXT, UNIT, "systemd unit of that process",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PATH),
	PROCESS("container", "CONTAINER", 14, WORD, VALUE_TEXT, CONTAINER,
		"container of that process: its name, or its id",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PREFIX),
	FIELD("owners", "OWNERS", 24, WORD, VALUE_OWNERS, difference_get_owners,
		"every process that holds the socket, or did, with descriptor",
		.needs = NEED_OWNERS),
	PLAIN("inode", "INODE", 9, INODE, "number of the socket, as in /proc/PID/fd"),
	PLAIN("cookie", "COOKIE", 9, COOKIE, "number that the kernel gives once per boot"),
};

const struct field_table difference_fields = {
	.row_name = "difference",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
	.base_needs = NEED_SOCKETS,
};

const char difference_columns[] = "change,was,state,local,remote,owner,grew";
