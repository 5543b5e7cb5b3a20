/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a listener. Listeners of one address and port (SO_REUSEPORT) share the figures of
 * their connections; queue, backlog and drops are each one's own.
 */
#include <config.h>

#include <sockwatch/analysis/listener.h>

#include <sockwatch/stream/needs.h>

#include "analysis/field/field_rows.h"
#include "listener_get.h"

/* name, heading, width, LISTENER_NUMBER_…, help, designators */
#define COUNT(name_, title_, width_, which_, ...)                                                  \
	AMOUNT(name_, title_, width_, UNIT_COUNT, NUMBER, listener_get_number, __VA_ARGS__,        \
		.argument = LISTENER_NUMBER_##which_)

/* name, heading, width, TCP_STATE_…, help */
#define STATE(name_, title_, width_, state_, ...)                                                  \
	AMOUNT(name_, title_, width_, UNIT_COUNT, NUMBER, listener_get_state, __VA_ARGS__,         \
		.argument = TCP_STATE_##state_)

/* Of two looks: name, heading, width, LISTENER_RATE_…, needs, help. */
#define RATE(name_, title_, width_, which_, needs_, ...)                                           \
	FIELD(name_, title_, width_, NUMBER, VALUE_REAL, listener_get_rate, __VA_ARGS__,           \
		.unit = UNIT_COUNT, .descending = true, .needs = NEED_TWO_LOOKS | needs_,          \
		.argument = LISTENER_RATE_##which_)

/* Facts of its processes: name, heading, width, flags, kind, SOCKET_PROCESS_…, help. */
#define PROCESS(name_, title_, width_, flags_, kind_, fact_, ...)                                  \
	FIELD(name_, title_, width_, flags_, kind_, listener_get_process, __VA_ARGS__,             \
		.next = listener_next_process, .argument = SOCKET_PROCESS_##fact_)

/* Numbers of its socket: name, heading, width, SOCKET_NUMBER_…, help. */
#define PLAIN(name_, title_, width_, which_, ...)                                                  \
	FIELD(name_, title_, width_, NUMBER, VALUE_UNSIGNED, listener_get_plain, __VA_ARGS__,      \
		.argument = SOCKET_NUMBER_##which_)

static const struct field fields[] = {
	TEXT("netns", "NETNS", 16, WORD | GROUP, listener_get_netns,
		"network namespace: its name, \"own\", or net:[inode]", .alias = "namespace ns"),
	PLAIN("family", "IP", 2, FAMILY, "address family of the socket: 4 or 6",
		.meaning = FIELD_MEANING_FAMILY),
	FIELD("local", "LOCAL", 21, COLUMN | STRETCH | ESSENTIAL, VALUE_ENDPOINT,
		listener_get_endpoint, "address and port that it listens on",
		.meaning = FIELD_MEANING_LOCAL, .needs = NEED_LINKS, .argument = SOCKET_SIDE_LOCAL),
	FIELD("local_addr", "LOCAL ADDRESS", 15, WORD | STRETCH, VALUE_ADDRESS,
		listener_get_address, "address that it listens on",
		.alias = "laddr src saddr local_address", .meaning = FIELD_MEANING_LOCAL,
		.port = "local_port", .needs = NEED_LINKS, .argument = SOCKET_SIDE_LOCAL),
	FIELD("local_port", "LPORT", 5, NUMBER | GROUP | PORT, VALUE_UNSIGNED, listener_get_port,
		"port that it listens on", .alias = "lport sport", .meaning = FIELD_MEANING_LOCAL,
		.argument = SOCKET_SIDE_LOCAL),
	TEXT("service", "SERVICE", 10, WORD | GROUP, listener_get_service,
		"name of the well-known port, from /etc/services", .none = "(no service)"),
	TEXT("interface", "IFACE", 8, WORD, listener_get_interface,
		"interface that the socket is bound to", .alias = "iface dev", .needs = NEED_LINKS),
	TEXT("exposure", "EXPOSED", 8, WORD | GROUP, listener_get_exposure,
		"from where it can be reached: loopback, one address of the box, or all of them",
		.words = "loopback address all"),
	FIELD("v6only", "V6ONLY", 6, WORD, VALUE_BOOL, listener_get_flag,
		"an IPv6 socket that takes no IPv4 (IPV6_V6ONLY)", .argument = SOCKET_V6ONLY),
	/* Its queues. */
	COUNT("accept_queue", "ACCEPT-Q", 8, ACCEPT_QUEUE,
		"connections that wait for accept() (idiag_rqueue)"),
	COUNT("backlog", "BACKLOG", 7, BACKLOG,
		"limit of the accept queue: the number of listen(), at most somaxconn as it was then (idiag_wqueue); the kernel lets one more in"),
	FIELD("accept_queue_pct", "FULL", 6, NUMBER, VALUE_REAL, listener_get_fill,
		"accept queue of its limit, which is the backlog and one", .unit = UNIT_PERCENT,
		.descending = true),
	COUNT("accept_queue_peak", "PEAK", 6, ACCEPT_PEAK,
		"the most that waited at any look; shorter queues between looks are not seen"),
	COUNT("somaxconn", "SOMAXCONN", 9, SOMAXCONN,
		"net.core.somaxconn now; it bounds the backlog when listen() is called",
		.needs = NEED_SYSCTLS),
	COUNT("half_open", "HALF-OPEN", 9, HALF_OPEN,
		"connections in SYN-RECEIVED: the client's ACK is awaited"),
	COUNT("half_open_limit", "HALF-LIM", 8, HALF_OPEN_LIMIT,
		"half-open connections from which on SYNs are answered with cookies or dropped; by the backlog, tcp_syncookies and tcp_max_syn_backlog",
		.needs = NEED_SYSCTLS),
	COUNT("half_open_repeated", "HALF-OLD", 8, HALF_OPEN_REPEATED,
		"half-open connections whose SYN ACK was sent again (idiag_retrans)"),
	COUNT("half_open_sources", "SOURCES", 7, HALF_OPEN_SOURCES,
		"distinct remote addresses of the half-open connections"),
	RATE("accept_rate", "ACCEPT/s", 8, ACCEPTS, NEED_CLOSINGS,
		"connections a second that a program accepted, at least: those that begin and end between two looks may be missed"),
	COUNT("drops", "DROPS", 7, DROPS,
		"connection attempts that it dropped since it listens, for either queue (sk_drops)",
		.needs = NEED_MEMORY),
	RATE("drop_rate", "DROP/s", 7, DROPS, NEED_MEMORY,
		"connection attempts a second that it drops"),
	/* Its connections. */
	STATE("established", "ESTAB", 6, ESTABLISHED,
		"its connections in ESTABLISHED, those that wait for accept() too"),
	COUNT("unaccepted", "UNACC", 6, UNACCEPTED,
		"its connections that no program has accepted, so that no process holds them"),
	STATE("close_wait", "CLOSE-W", 7, CLOSE_WAIT, "its connections in CLOSE-WAIT"),
	STATE("time_wait", "TIME-W", 7, TIME_WAIT, "its connections in TIME-WAIT"),
	STATE("fin_wait_1", "FIN-W1", 6, FIN_WAIT_1, "its connections in FIN-WAIT-1"),
	STATE("fin_wait_2", "FIN-W2", 6, FIN_WAIT_2, "its connections in FIN-WAIT-2"),
	STATE("last_ack", "LAST-ACK", 8, LAST_ACK, "its connections in LAST-ACK"),
	STATE("closing", "CLOSING", 7, CLOSING, "its connections in CLOSING"),
	COUNT("sharing", "SHARING", 7, SHARED,
		"listeners of this address and port, itself included (SO_REUSEPORT): their connections are counted together"),
	/* Who holds it. */
	PLAIN("uid", "UID", 6, UID, "user id of the socket (idiag_uid)"),
	TEXT("user", "USER", 10, WORD | GROUP, listener_get_user, "name of the user, or the uid",
		.needs = NEED_USERS),
	PROCESS("pid", "PID", 7, NUMBER, VALUE_UNSIGNED, PID,
		"process that holds the socket; the lowest where there are several",
		.needs = NEED_OWNERS),
	PROCESS("process", "PROGRAM", 15, WORD | GROUP, VALUE_TEXT, NAME,
		"name of that process (/proc/PID/comm)", .alias = "comm program prog",
		.none = "(none known)", .needs = NEED_OWNERS),
	TEXT("owner", "PROCESS", 16, COLUMN | STRETCH | ESSENTIAL, listener_get_owner,
		"process and its pid, +N for more of them, or why none is known",
		.needs = NEED_OWNERS, .match = FIELD_MATCH_PART, .order = "process"),
	TEXT("no_owner", "NO PROCESS", 13, WORD, listener_get_no_owner,
		"why no process is known, in a word or two", .needs = NEED_OWNERS),
	PROCESS("cmdline", "COMMAND", 30, WORD | STRETCH, VALUE_TEXT, CMDLINE,
		"command line of that process", .alias = "command cmd",
		.needs = NEED_OWNERS | NEED_CMDLINE, .match = FIELD_MATCH_PART),
	PROCESS("cgroup", "CGROUP", 24, WORD | GROUP | STRETCH, VALUE_TEXT, CGROUP,
		"cgroup of that process, or of the socket where no process is known",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PATH),
	PROCESS("unit", "UNIT", 18, WORD | GROUP, VALUE_TEXT, UNIT, "systemd unit of that process",
		.none = "(none known)", .needs = NEED_OWNERS | NEED_CGROUPS,
		.match = FIELD_MATCH_PATH),
	PROCESS("container", "CONTAINER", 14, WORD | GROUP, VALUE_TEXT, CONTAINER,
		"container of that process: its name, or its id", .none = "(none known)",
		.needs = NEED_OWNERS | NEED_CGROUPS, .match = FIELD_MATCH_PREFIX),
	FIELD("owners", "OWNERS", 24, WORD, VALUE_OWNERS, listener_get_owners,
		"every process that holds the socket, with descriptor", .needs = NEED_OWNERS),
	PLAIN("inode", "INODE", 9, INODE, "number of the socket, as in /proc/PID/fd (idiag_inode)"),
	PLAIN("cookie", "COOKIE", 9, COOKIE,
		"number that the kernel gives once per boot (idiag_cookie, SO_COOKIE)"),
	/* Since when. */
	TEXT("since", "SINCE", 35, WORD, listener_get_since,
		"when it began to listen, if it was seen to"),
	AMOUNT("age", "AGE", 5, UNIT_S, COLUMN_NUMBER | TICKS, listener_get_age,
		"time since it appeared; \">4m\": it was there before, 4 minutes ago",
		.argument = 1),
	AMOUNT("age_s", "AGE", 5, UNIT_S, NUMBER | TICKS, listener_get_age,
		"time since it appeared; unknown if it was there before"),
	AMOUNT("process_age_s", "PROC-AGE", 8, UNIT_S, NUMBER | TICKS, listener_get_process_age,
		"how long its process has run: it listens no longer, unless the socket was handed over",
		.needs = NEED_OWNERS),
	TEXT("note", "NOTE", 30, WORD | STRETCH, listener_get_note,
		"what is wrong with it, in words: a full queue, drops, an old backlog",
		.needs = NEED_SYSCTLS),
};

const struct field_table listener_fields = {
	.row_name = "listener",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
	.base_needs = NEED_SOCKETS,
};

const char listener_columns[] = "local,accept_queue,backlog,accept_queue_peak,half_open,drops,"
				"established,unaccepted,close_wait,time_wait,age,owner,note";
