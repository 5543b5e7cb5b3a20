/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a hop. Times stand in reports as microseconds, in columns as mtr shows them:
 * milliseconds with one decimal, or with three below one millisecond.
 */
#include <config.h>

#include <sockwatch/analysis/hop_row.h>

#include "field_rows.h"
#include "hop_getters.h"

/* name, heading, width, unit, HOP_NUMBER_…, help */
#define PLAIN(name_, title_, width_, unit_, which_, ...)                                           \
	FIELD(name_, title_, width_, NUMBER, VALUE_UNSIGNED, hop_get_number, __VA_ARGS__,          \
		.unit = unit_, .argument = HOP_NUMBER_##which_)

/* name, heading, HOP_SHARE_…, help, designators */
#define SHARE(name_, title_, which_, ...)                                                          \
	FIELD(name_, title_, 6, NUMBER, VALUE_REAL, hop_get_share, __VA_ARGS__,                    \
		.unit = UNIT_PERCENT, .descending = true, .argument = HOP_SHARE_##which_)

/* In microseconds for reports, in milliseconds for columns: name, heading, HOP_TIME_…, help. */
#define TIME(name_, title_, which_, help_)                                                         \
	FIELD(name_ "_us", title_, 6, NUMBER, VALUE_UNSIGNED, hop_get_time, help_,                 \
		.unit = UNIT_US, .argument = HOP_TIME_##which_),                                   \
		TEXT(name_ "_ms", title_, 6, COLUMN_NUMBER, hop_get_ms, help_ ", in milliseconds", \
			.argument = HOP_TIME_##which_, .order = name_ "_us")

static const struct field fields[] = {
	TEXT("target", "TARGET", 28, FIELD_REPORT, hop_get_target,
		"address that the path leads to"),
	PLAIN("ttl", "TTL", 3, UNIT_NONE, TTL,
		"time to live of the probe: the position on the path"),
	TEXT("host", "HOST", 28, COLUMN | STRETCH, hop_get_host,
		"system that answered most: its name, or its address"),
	FIELD("addrs", "ADDRESSES", 28, WORD | STRETCH, VALUE_TEXTS, hop_get_addresses,
		"all that answered, most answers first", .alias = "addr"),
	FIELD("names", "NAMES", 28, WORD | STRETCH, VALUE_TEXTS, hop_get_names, "their names"),
	SHARE("loss_pct", "Loss%", LOSS, "probes without an answer, of those that are decided",
		.alias = "loss"),
	PLAIN("sent", "Snt", 5, UNIT_COUNT, SENT, "probes sent"),
	PLAIN("received", "Rcv", 5, UNIT_COUNT, RECEIVED, "answers received"),
	PLAIN("late", "Late", 5, UNIT_COUNT, LATE, "answers that came after their time"),
	TIME("last", "Last", LAST, "round-trip time of the last answer"),
	TIME("avg", "Avg", AVERAGE, "average round-trip time"),
	TIME("best", "Best", BEST, "least round-trip time"),
	TIME("worst", "Wrst", WORST, "largest round-trip time"),
	TIME("stddev", "StDev", DEVIATION, "standard deviation of the round-trip time"),
	TIME("jitter", "Jttr", JITTER, "interarrival jitter, RFC 3550 section 6.4.1"),
	TIME("p50", "p50", PERCENTILE + 50, "median round-trip time of the last 128"),
	TIME("p95", "p95", PERCENTILE + 95, "95th percentile of the last 128"),
	SHARE("link_loss_pct", "Link%", LINK_LOSS,
		"loss on the link to this hop, computed from what reaches beyond it",
		.alias = "link_loss"),
	FIELD("mpls", "MPLS", 24, WORD | STRETCH, VALUE_TEXTS, hop_get_labels,
		"label stack that the router reported, RFC 4950"),
	TEXT("verdict", "VERDICT", 16, WORD, hop_get_verdict,
		"why it does or does not answer everything: silent, rate-limited, loss begins here, loop, prohibited, unreachable, no answer from here on"),
	TEXT("error", "ERROR", 24, WORD | STRETCH, hop_get_error, "its ICMP error, in words"),
	PLAIN("mtu", "MTU", 5, UNIT_NONE, MTU, "MTU of its next link, where it reported one"),
	PLAIN("hops_back", "Back", 4, UNIT_NONE, BACK,
		"hops of the return path: a guess by the ttl of the answer, which begins with 32, 64, 128 or 255; if it is not ttl, the path may differ"),
	TEXT("words", "", 24, COLUMN | STRETCH, hop_get_words, "remarks: verdict, ICMP error, MTU"),
};

const struct field_table hop_fields = {
	.row_name = "hop",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
};
