/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a hop. Times stand in reports as microseconds, in columns as mtr shows them:
 * milliseconds with one decimal, or with three below one millisecond.
 */
#include <config.h>

#include <sockwatch/analysis/hop_row.h>

#include "hop_getters.h"

#define WORD   (FIELD_COLUMN | FIELD_REPORT)
#define NUMBER (FIELD_COLUMN | FIELD_REPORT | FIELD_RIGHT)

#define HOP_NUMBER(name_, title_, help_, width_, argument_, unit_)                                 \
	{                                                                                          \
		.name = name_, .title = title_, .help = help_, .kind = VALUE_UNSIGNED,             \
		.unit = unit_, .width = width_, .flags = NUMBER, .argument = argument_,            \
		.get = hop_get_number                                                              \
	}

/* In microseconds for reports, in milliseconds for columns. */
#define HOP_TIME(name_, title_, help_, argument_)                                                  \
	{.name = name_ "_us",                                                                      \
		.title = title_,                                                                   \
		.help = help_,                                                                     \
		.kind = VALUE_UNSIGNED,                                                            \
		.unit = UNIT_US,                                                                   \
		.width = 6,                                                                        \
		.flags = NUMBER,                                                                   \
		.argument = argument_,                                                             \
		.get = hop_get_time},                                                              \
	{                                                                                          \
		.name = name_ "_ms", .title = title_, .help = help_ ", in milliseconds",           \
		.kind = VALUE_TEXT, .width = 6, .flags = FIELD_COLUMN | FIELD_RIGHT,               \
		.argument = argument_, .order = name_ "_us", .get = hop_get_ms                     \
	}

static const struct field fields[] = {
	HOP_NUMBER("ttl", "TTL", "time to live of the probe: the place on the path", 3,
		HOP_NUMBER_TTL, UNIT_NONE),
	{.name = "host",
		.title = "HOST",
		.help = "who answered most: its name, or its address",
		.kind = VALUE_TEXT,
		.width = 28,
		.flags = FIELD_COLUMN | FIELD_STRETCH,
		.get = hop_get_host},
	{.name = "addrs",
		.alias = "addr",
		.title = "ADDRESSES",
		.help = "everybody who answered, most answers first",
		.kind = VALUE_TEXTS,
		.width = 28,
		.flags = WORD | FIELD_STRETCH,
		.get = hop_get_addresses},
	{.name = "names",
		.title = "NAMES",
		.help = "their names",
		.kind = VALUE_TEXTS,
		.width = 28,
		.flags = WORD | FIELD_STRETCH,
		.get = hop_get_names},
	{.name = "loss_pct",
		.alias = "loss",
		.title = "Loss%",
		.help = "probes without an answer, of those that are decided",
		.kind = VALUE_REAL,
		.unit = UNIT_PERCENT,
		.width = 6,
		.descending = true,
		.flags = NUMBER,
		.argument = HOP_SHARE_LOSS,
		.get = hop_get_share},
	HOP_NUMBER("sent", "Snt", "probes sent", 5, HOP_NUMBER_SENT, UNIT_COUNT),
	HOP_NUMBER("received", "Rcv", "answers received", 5, HOP_NUMBER_RECEIVED, UNIT_COUNT),
	HOP_NUMBER("late", "Late", "answers that came after their time", 5, HOP_NUMBER_LATE,
		UNIT_COUNT),
	HOP_TIME("last", "Last", "round-trip time of the last answer", HOP_TIME_LAST),
	HOP_TIME("avg", "Avg", "average round-trip time", HOP_TIME_AVERAGE),
	HOP_TIME("best", "Best", "least round-trip time", HOP_TIME_BEST),
	HOP_TIME("worst", "Wrst", "largest round-trip time", HOP_TIME_WORST),
	HOP_TIME(
		"stddev", "StDev", "standard deviation of the round-trip time", HOP_TIME_DEVIATION),
	HOP_TIME("jitter", "Jttr", "interarrival jitter, RFC 3550 section 6.4.1", HOP_TIME_JITTER),
	HOP_TIME("p50", "p50", "median round-trip time of the last 128", HOP_TIME_PERCENTILE + 50),
	HOP_TIME("p95", "p95", "95th percentile of the last 128", HOP_TIME_PERCENTILE + 95),
	{.name = "link_loss_pct",
		.alias = "link_loss",
		.title = "Link%",
		.help = "loss on the link to this hop, computed from what reaches beyond it",
		.kind = VALUE_REAL,
		.unit = UNIT_PERCENT,
		.width = 6,
		.descending = true,
		.flags = NUMBER,
		.argument = HOP_SHARE_LINK_LOSS,
		.get = hop_get_share},
	{.name = "mpls",
		.title = "MPLS",
		.help = "label stack that the router told, RFC 4950",
		.kind = VALUE_TEXTS,
		.width = 24,
		.flags = WORD | FIELD_STRETCH,
		.get = hop_get_labels},
	{.name = "verdict",
		.title = "VERDICT",
		.help = "why it does or does not answer everything: silent, rate-limited, loss "
			"begins here, loop, prohibited, unreachable",
		.kind = VALUE_TEXT,
		.width = 16,
		.flags = WORD,
		.get = hop_get_verdict},
	{.name = "error",
		.title = "ERROR",
		.help = "what its ICMP error says, in words",
		.kind = VALUE_TEXT,
		.width = 24,
		.flags = WORD | FIELD_STRETCH,
		.get = hop_get_error},
	HOP_NUMBER("mtu", "MTU", "what fits its next link, where it said so", 5, HOP_NUMBER_MTU,
		UNIT_NONE),
	HOP_NUMBER("hops_back", "Back",
		"hops of the way back, as the ttl of the answer suggests; other than ttl: another "
		"way",
		4, HOP_NUMBER_BACK, UNIT_NONE),
	{.name = "words",
		.title = "",
		.help = "what is to be said of it: verdict, ICMP error, MTU",
		.kind = VALUE_TEXT,
		.width = 24,
		.flags = FIELD_COLUMN | FIELD_STRETCH,
		.get = hop_get_words},
};

const struct field_table hop_fields = {
	.row_name = "hop",
	.fields = fields,
	.count = sizeof(fields) / sizeof(fields[0]),
};
