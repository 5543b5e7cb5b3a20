/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a flag event: INTERFACE's event keys, and columns that put several together.
 * Sequence numbers are absolute in reports and relative to the initial ones in columns, as tcpdump
 * shows them.
 */
#include <config.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/stream/needs.h>

#include "event_getters.h"
#include "field_rows.h"

/* Needed even for connections that live between two looks. */
#define OWNERS (NEED_SOCKETS | NEED_OWNERS | NEED_CLOSINGS)

/* name, heading, width, unit, flags, EVENT_NUMBER_…, help, designators */
#define PLAIN(name_, title_, width_, unit_, flags_, which_, ...)                                   \
	FIELD(name_, title_, width_, flags_, VALUE_UNSIGNED, event_get_number, __VA_ARGS__,        \
		.unit = unit_, .argument = EVENT_NUMBER_##which_)

static const struct field fields[] = {
	TEXT("time", "TIME", 35, REPORT, event_get_time,
		"when it was captured, RFC 3339 with nanoseconds"),
	TEXT("clock", "TIME", 15, COLUMN, event_get_clock, "when it was captured, time of day"),
	TEXT("interface", "INTERFACE", 8, WORD, event_get_interface,
		"interface on which it was seen", .alias = "dev", .needs = NEED_LINKS),
	TEXT("direction", "DIR", 3, WORD, event_get_direction, "in or out", .words = "in out"),
	PLAIN("family", "IP", 2, UNIT_NONE, NUMBER, FAMILY, "address family: 4 or 6"),
	FIELD("src_addr", "SOURCE ADDRESS", 15, WORD | STRETCH, VALUE_ADDRESS, event_get_address,
		"source address", .alias = "src saddr", .port = "src_port", .needs = NEED_LINKS,
		.argument = EVENT_SOURCE),
	PLAIN("src_port", "SPORT", 5, UNIT_NONE, NUMBER | PORT, SOURCE_PORT, "source port",
		.alias = "sport"),
	FIELD("dst_addr", "DESTINATION ADDRESS", 15, WORD | STRETCH, VALUE_ADDRESS,
		event_get_address, "destination address", .alias = "dst daddr", .port = "dst_port",
		.needs = NEED_LINKS, .argument = EVENT_DESTINATION),
	PLAIN("dst_port", "DPORT", 5, UNIT_NONE, NUMBER | PORT, DESTINATION_PORT,
		"destination port", .alias = "dport"),
	FIELD("source", "SOURCE", 21, COLUMN | STRETCH, VALUE_ENDPOINT, event_get_endpoint,
		"source address and port", .needs = NEED_LINKS, .argument = EVENT_SOURCE),
	FIELD("destination", "DESTINATION", 21, COLUMN | STRETCH, VALUE_ENDPOINT,
		event_get_endpoint, "destination address and port", .needs = NEED_LINKS,
		.argument = EVENT_DESTINATION),
	TEXT("flags", "FLAGS", 6, WORD, event_get_flags,
		"TCP flags in tcpdump's letters: S SYN, F FIN, R RST, P PSH, . ACK, U URG, E ECE, W CWR, e AE"),
	PLAIN("seq", "SEQ", 10, UNIT_NONE, NUMBER, SEQ, "sequence number"),
	PLAIN("ack", "ACK", 10, UNIT_NONE, NUMBER, ACK, "acknowledgment number"),
	PLAIN("relative_seq", "SEQ", 10, UNIT_NONE, NUMBER, RELATIVE_SEQ,
		"sequence number less the initial one"),
	PLAIN("relative_ack", "ACK", 10, UNIT_NONE, NUMBER, RELATIVE_ACK,
		"acknowledgment number less the other side's initial one"),
	PLAIN("win", "WIN", 5, UNIT_NONE, NUMBER, WINDOW, "window as in the header, not scaled",
		.alias = "window"),
	PLAIN("len", "LEN", 6, UNIT_BYTES, NUMBER, LEN, "payload", .alias = "length"),
	PLAIN("ttl", "TTL", 3, UNIT_NONE, NUMBER, TTL, "time to live, or hop limit",
		.alias = "hlim"),
	PLAIN("vlan", "VLAN", 4, UNIT_NONE, NUMBER, VLAN, "VLAN id"),
	TEXT("tunnel", "TUNNEL", 10, WORD | GROUP, event_get_tunnel,
		"tunnel that it came through, the outermost",
		.words = "gre ipip 6in4 ip6 mpls-in-ip vxlan geneve gtp-u"),
	FIELD("outer_src_addr", "OUTER SOURCE", 15, WORD | STRETCH, VALUE_ADDRESS,
		event_get_outer_address, "source address of the tunnel's packet",
		.argument = EVENT_SOURCE),
	FIELD("outer_dst_addr", "OUTER DESTINATION", 15, WORD | STRETCH, VALUE_ADDRESS,
		event_get_outer_address, "destination address of the tunnel's packet",
		.argument = EVENT_DESTINATION),
	TEXT("through", "THROUGH", 30, COLUMN | STRETCH, event_get_through,
		"tunnel, and the addresses of its packet"),
	TEXT("options", "OPTIONS", 24, WORD | STRETCH, event_get_options,
		"TCP options as tcpdump names them"),
	TEXT("kind", "KIND", 14, WORD | GROUP, event_get_kind,
		"meaning of the segment: syn, syn-ack, handshake-done, fin, fin-ack, rst, refused, retransmit, data …",
		.words =
			"syn syn-ack handshake-done simultaneous-syn data ack fin fin-ack rst "
			"refused retransmit keepalive zero-window window-probe window-update illegal"),
	TEXT("step", "STEP", 28, WORD | STRETCH, event_get_step,
		"the step of the handshake or close, in words"),
	PLAIN("syn_ack_us", "SYN-ACK", 8, UNIT_US, NUMBER, SYN_ACK_US,
		"handshake: from the last SYN to the SYN-ACK, in microseconds"),
	PLAIN("ack_us", "ACK", 8, UNIT_US, NUMBER, ACK_US,
		"handshake: from the SYN-ACK to the ACK that completes it, in microseconds"),
	PLAIN("folded", "FOLDED", 6, UNIT_COUNT, NUMBER, FOLDED,
		"equal events that this one stands for"),
	FIELD("pid", "PID", 7, NUMBER, VALUE_UNSIGNED, event_get_pid,
		"process that owns our side, where it is known; of a segment between two processes of this box, the sender's",
		.needs = OWNERS, .next = event_next_owner, .argument = EVENT_SOURCE),
	TEXT("process", "PROCESS", 15, WORD | GROUP, event_get_process, "name of that process",
		.alias = "comm", .needs = OWNERS, .next = event_next_owner,
		.argument = EVENT_SOURCE),
	FIELD("peer_pid", "PEER-PID", 8, NUMBER, VALUE_UNSIGNED, event_get_pid,
		"process that receives it, where both ends are on this box", .needs = OWNERS,
		.argument = EVENT_DESTINATION),
	TEXT("peer_process", "PEER", 15, WORD, event_get_process,
		"name of the process that receives it", .needs = OWNERS,
		.argument = EVENT_DESTINATION),
	TEXT("owner", "PROCESS", 16, COLUMN | STRETCH, event_get_owner,
		"process and its pid, or why none is known; sender > receiver where both ends are here",
		.needs = OWNERS, .match = FIELD_MATCH_PART, .order = "process"),
	FIELD("listens", "LISTENS", 7, REPORT, VALUE_BOOL, event_get_listens,
		"true: the process is the one that listens on the port; the owner of the connection itself was not seen",
		.needs = OWNERS),
	TEXT("no_owner", "NO PROCESS", 25, REPORT, event_get_no_owner,
		"why no process is known of a connection that is over, in a word or two: not seen, hidden …",
		.needs = OWNERS),
};

const struct field_table event_fields = {
	.row_name = "event",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
	.base_needs = NEED_PACKETS,
};
