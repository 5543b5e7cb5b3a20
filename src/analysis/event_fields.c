/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a flag event: INTERFACE's event keys, and columns that put several together.
 * Sequence numbers are absolute in reports and relative to the initial ones in columns, as tcpdump
 * shows them.
 */
#include <config.h>

#include <sockwatch/analysis/event_row.h>

#include "event_getters.h"

#define WORD   (FIELD_COLUMN | FIELD_REPORT)
#define NUMBER (FIELD_COLUMN | FIELD_REPORT | FIELD_RIGHT)

#define EVENT_NUMBER(name_, alias_, title_, help_, width_, argument_, unit_)                       \
	{                                                                                          \
		.name = name_, .alias = alias_, .title = title_, .help = help_,                    \
		.kind = VALUE_UNSIGNED, .unit = unit_, .width = width_, .flags = NUMBER,           \
		.argument = argument_, .get = event_get_number                                     \
	}

static const struct field fields[] = {
	{.name = "time",
		.title = "TIME",
		.help = "when it was captured, RFC 3339 with nanoseconds",
		.kind = VALUE_TEXT,
		.width = 35,
		.flags = FIELD_REPORT,
		.get = event_get_time},
	{.name = "clock",
		.title = "TIME",
		.help = "when it was captured, time of day",
		.kind = VALUE_TEXT,
		.width = 15,
		.flags = FIELD_COLUMN,
		.get = event_get_clock},
	{.name = "interface",
		.alias = "dev",
		.title = "INTERFACE",
		.help = "interface on which it was seen",
		.kind = VALUE_TEXT,
		.width = 8,
		.flags = WORD,
		.get = event_get_interface},
	{.name = "direction",
		.title = "DIR",
		.help = "in or out",
		.words = "in out",
		.kind = VALUE_TEXT,
		.width = 3,
		.flags = WORD,
		.get = event_get_direction},
	{.name = "family",
		.title = "IP",
		.help = "address family: 4 or 6",
		.kind = VALUE_UNSIGNED,
		.width = 2,
		.flags = NUMBER,
		.argument = EVENT_NUMBER_FAMILY,
		.get = event_get_number},
	{.name = "src_addr",
		.alias = "src saddr",
		.title = "SOURCE ADDRESS",
		.help = "source address",
		.kind = VALUE_ADDRESS,
		.width = 15,
		.flags = WORD | FIELD_STRETCH,
		.argument = EVENT_SOURCE,
		.get = event_get_address},
	EVENT_NUMBER("src_port", "sport", "SPORT", "source port", 5, EVENT_NUMBER_SOURCE_PORT,
		UNIT_NONE),
	{.name = "dst_addr",
		.alias = "dst daddr",
		.title = "DESTINATION ADDRESS",
		.help = "destination address",
		.kind = VALUE_ADDRESS,
		.width = 15,
		.flags = WORD | FIELD_STRETCH,
		.argument = EVENT_DESTINATION,
		.get = event_get_address},
	EVENT_NUMBER("dst_port", "dport", "DPORT", "destination port", 5,
		EVENT_NUMBER_DESTINATION_PORT, UNIT_NONE),
	{.name = "source",
		.title = "SOURCE",
		.help = "source address and port",
		.kind = VALUE_ENDPOINT,
		.width = 21,
		.flags = FIELD_COLUMN | FIELD_STRETCH,
		.argument = EVENT_SOURCE,
		.get = event_get_endpoint},
	{.name = "destination",
		.title = "DESTINATION",
		.help = "destination address and port",
		.kind = VALUE_ENDPOINT,
		.width = 21,
		.flags = FIELD_COLUMN | FIELD_STRETCH,
		.argument = EVENT_DESTINATION,
		.get = event_get_endpoint},
	{.name = "flags",
		.title = "FLAGS",
		.help = "TCP flags in tcpdump's letters: S SYN, F FIN, R RST, P PSH, . ACK, U URG, "
			"E ECE, "
			"W CWR, e AE",
		.kind = VALUE_TEXT,
		.width = 6,
		.flags = WORD,
		.get = event_get_flags},
	EVENT_NUMBER("seq", NULL, "SEQ", "sequence number", 10, EVENT_NUMBER_SEQ, UNIT_NONE),
	EVENT_NUMBER("ack", NULL, "ACK", "acknowledgment number", 10, EVENT_NUMBER_ACK, UNIT_NONE),
	EVENT_NUMBER("relative_seq", NULL, "SEQ", "sequence number less the initial one", 10,
		EVENT_NUMBER_RELATIVE_SEQ, UNIT_NONE),
	EVENT_NUMBER("relative_ack", NULL, "ACK",
		"acknowledgment number less the other side's initial one", 10,
		EVENT_NUMBER_RELATIVE_ACK, UNIT_NONE),
	EVENT_NUMBER("win", "window", "WIN", "window as in the header, not scaled", 5,
		EVENT_NUMBER_WINDOW, UNIT_NONE),
	EVENT_NUMBER("len", "length", "LEN", "payload", 6, EVENT_NUMBER_LEN, UNIT_BYTES),
	EVENT_NUMBER(
		"ttl", "hlim", "TTL", "time to live, or hop limit", 3, EVENT_NUMBER_TTL, UNIT_NONE),
	EVENT_NUMBER("vlan", NULL, "VLAN", "VLAN id", 4, EVENT_NUMBER_VLAN, UNIT_NONE),
	{.name = "options",
		.title = "OPTIONS",
		.help = "TCP options as tcpdump names them",
		.kind = VALUE_TEXT,
		.width = 24,
		.flags = WORD | FIELD_STRETCH,
		.get = event_get_options},
	{.name = "kind",
		.title = "KIND",
		.help = "what the segment means: syn, syn-ack, handshake-done, fin, fin-ack, rst, "
			"refused, "
			"retransmit, data …",
		.kind = VALUE_TEXT,
		.width = 14,
		.flags = WORD | FIELD_GROUP,
		.get = event_get_kind},
	{.name = "step",
		.title = "STEP",
		.help = "the step of the handshake or close, in words",
		.kind = VALUE_TEXT,
		.width = 28,
		.flags = WORD | FIELD_STRETCH,
		.get = event_get_step},
	EVENT_NUMBER("folded", NULL, "FOLDED", "equal events that this one stands for", 6,
		EVENT_NUMBER_FOLDED, UNIT_COUNT),
	EVENT_NUMBER("pid", NULL, "PID", "process that owns our side, where it is known", 7,
		EVENT_NUMBER_PID, UNIT_NONE),
	{.name = "process",
		.alias = "comm",
		.title = "PROCESS",
		.help = "name of the process that owns our side, where it is known",
		.kind = VALUE_TEXT,
		.width = 15,
		.flags = WORD | FIELD_GROUP,
		.get = event_get_process},
};

const struct field_table event_fields = {
	.row_name = "event",
	.fields = fields,
	.count = sizeof(fields) / sizeof(fields[0]),
	.base_needs = NEED_PACKETS,
};
