/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a destination: its budget of local ports. */
#include <config.h>

#include <sockwatch/analysis/ports/port_budget.h>

#include <sockwatch/stream/needs.h>

#include "analysis/field/field_rows.h"
#include "destination_get.h"

/* name, heading, width, unit, flags, DESTINATION_NUMBER_…, help, designators */
#define NUMBER_OF(name_, title_, width_, unit_, flags_, which_, ...)                               \
	AMOUNT(name_, title_, width_, unit_, flags_, destination_get_number, __VA_ARGS__,          \
		.argument = DESTINATION_NUMBER_##which_)

/* What the sysctls of the namespace give: name, heading, width, DESTINATION_NUMBER_…, help. */
#define SPACE(name_, title_, width_, unit_, which_, ...)                                           \
	NUMBER_OF(name_, title_, width_, unit_, NUMBER, which_, __VA_ARGS__, .needs = NEED_SYSCTLS)

/* name, heading, width, TCP_STATE_…, help */
#define STATE(name_, title_, width_, state_)                                                       \
	AMOUNT(name_, title_, width_, UNIT_COUNT, NUMBER, destination_get_state,                   \
		"its sockets in " title_, .argument = TCP_STATE_##state_)

/* Of two looks: name, heading, DESTINATION_RATE_…, help. */
#define RATE(name_, title_, which_, ...)                                                           \
	FIELD(name_, title_, 7, NUMBER, VALUE_REAL, destination_get_rate, __VA_ARGS__,             \
		.unit = UNIT_COUNT, .descending = true, .needs = NEED_TWO_LOOKS,                   \
		.argument = DESTINATION_RATE_##which_)

static const struct field fields[] = {
	TEXT("netns", "NETNS", 16, WORD | GROUP, destination_get_netns,
		"network namespace: its name, \"own\", or net:[inode]", .alias = "namespace ns"),
	NUMBER_OF("family", "IP", 2, UNIT_NONE, NUMBER, FAMILY, "address family: 4 or 6",
		.meaning = FIELD_MEANING_FAMILY),
	FIELD("local_addr", "LOCAL", 15, WORD | STRETCH | ESSENTIAL, VALUE_ADDRESS,
		destination_get_address, "local address of the connections",
		.alias = "laddr src saddr local_address", .argument = SOCKET_SIDE_LOCAL),
	FIELD("remote", "REMOTE", 21, COLUMN | STRETCH | ESSENTIAL, VALUE_ENDPOINT,
		destination_get_remote, "remote address and port", .alias = "peer",
		.meaning = FIELD_MEANING_REMOTE),
	FIELD("remote_addr", "REMOTE ADDRESS", 15, WORD | STRETCH | GROUP, VALUE_ADDRESS,
		destination_get_address, "remote address",
		.alias = "raddr dst daddr remote_address", .meaning = FIELD_MEANING_REMOTE,
		.port = "remote_port", .argument = SOCKET_SIDE_REMOTE),
	NUMBER_OF("remote_port", "RPORT", 5, UNIT_NONE, NUMBER | GROUP | PORT, REMOTE_PORT,
		"remote port", .alias = "rport dport", .meaning = FIELD_MEANING_REMOTE),
	TEXT("remote_name", "NAME", 24, WORD, destination_get_remote_name,
		"name of the remote address, from DNS; looked up only where it is wanted",
		.alias = "rname", .meaning = FIELD_MEANING_HOST_NAME, .needs = NEED_NAMES),
	TEXT("service", "SERVICE", 10, WORD | GROUP, destination_get_service,
		"name of the well-known port, from /etc/services", .none = "(no service)"),
	/* The budget. */
	NUMBER_OF("ports_used", "USED", 6, UNIT_COUNT, NUMBER | ESSENTIAL, USED,
		"distinct local ports of the range that sockets to this destination have, in any state, TIME-WAIT too"),
	NUMBER_OF("ports_reusable", "REUSABLE", 8, UNIT_COUNT, NUMBER, REUSABLE,
		"those that connect() may take from a TIME-WAIT, by tcp_tw_reuse, tcp_tw_reuse_delay and tcp_timestamps, if the peer uses timestamps too",
		.needs = NEED_SYSCTLS),
	SPACE("ports_usable", "USABLE", 6, UNIT_COUNT, USABLE,
		"local ports that connect() can choose from, at most: ip_local_port_range without ip_local_reserved_ports and bound ports"),
	SPACE("ports_free", "FREE", 6, UNIT_COUNT, FREE,
		"new connections to this destination that have a port"),
	FIELD("used_pct", "USED%", 6, NUMBER | ESSENTIAL, VALUE_REAL, destination_get_percent,
		"used ports that are not reusable, of the usable ones", .unit = UNIT_PERCENT,
		.descending = true, .needs = NEED_SYSCTLS),
	RATE("taken_rate", "TAKEN/s", TAKEN,
		"ports a second that new connections take, over the last 10 s"),
	RATE("freed_rate", "FREED/s", FREED, "ports a second that come free, over the last 10 s"),
	NUMBER_OF("left_s", "LEFT", 6, UNIT_S, NUMBER, LEFT,
		"time until no port is left, as the use grows now; unknown while it does not grow",
		.needs = NEED_SYSCTLS | NEED_TWO_LOOKS),
	/* Its sockets. */
	NUMBER_OF("sockets", "SOCKETS", 7, UNIT_COUNT, NUMBER, SOCKETS, "sockets in all states"),
	STATE("syn_sent", "SYN-SENT", 8, SYN_SENT),
	STATE("established", "ESTABLISHED", 11, ESTABLISHED),
	STATE("fin_wait_1", "FIN-WAIT-1", 10, FIN_WAIT_1),
	STATE("fin_wait_2", "FIN-WAIT-2", 10, FIN_WAIT_2),
	STATE("close_wait", "CLOSE-WAIT", 10, CLOSE_WAIT),
	STATE("closing", "CLOSING", 7, CLOSING),
	STATE("last_ack", "LAST-ACK", 8, LAST_ACK),
	STATE("time_wait", "TIME-WAIT", 9, TIME_WAIT),
	NUMBER_OF("pid", "PID", 7, UNIT_NONE, NUMBER, PID,
		"process that holds most of them, or did when one was seen last: a TIME-WAIT has none",
		.needs = NEED_OWNERS),
	TEXT("process", "PROGRAM", 15, WORD | GROUP, destination_get_process,
		"name of that process (/proc/PID/comm)", .alias = "comm program prog",
		.none = "(none known)", .needs = NEED_OWNERS),
	FIELD("processes", "PROCESSES", 16, WORD | STRETCH, VALUE_TEXTS, destination_get_processes,
		"the processes that hold most of them, four at most", .needs = NEED_OWNERS,
		.match = FIELD_MATCH_PART),
	/* Of its namespace. */
	SPACE("range_low", "LOW", 5, UNIT_NONE, LOW, "first port of ip_local_port_range"),
	SPACE("range_high", "HIGH", 5, UNIT_NONE, HIGH, "last port of ip_local_port_range"),
	SPACE("ports_reserved", "RESERVED", 8, UNIT_COUNT, RESERVED,
		"ports of the range that ip_local_reserved_ports takes out"),
	SPACE("ports_bound", "BOUND", 6, UNIT_COUNT, BOUND,
		"other ports of the range that a listener, its connections or bind() have: no connect() chooses them, whatever the address"),
	TEXT("timewait_reuse", "TW-REUSE", 8, WORD, destination_get_reuse,
		"where connect() takes the port of a TIME-WAIT (tcp_tw_reuse): no, loopback, all",
		.words = "no loopback all", .needs = NEED_SYSCTLS),
	TEXT("note", "NOTE", 30, WORD | STRETCH, destination_get_note,
		"what happens when no port is left", .needs = NEED_SYSCTLS),
};

const struct field_table destination_fields = {
	.row_name = "destination",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
	.base_needs = NEED_SOCKETS,
};

const char destination_columns[] =
	"local_addr,remote,ports_used,ports_usable,used_pct,established,time_wait,freed_rate,left_s,"
	"processes";
