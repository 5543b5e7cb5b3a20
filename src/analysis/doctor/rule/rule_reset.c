/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections that end by a RST, told apart by who sends it. The kernel counts EstabResets for its
 * own too; what it sends itself is in TCPAbortOnClose and TCPAbortOnData.
 */
#include <config.h>

#include "rules.h"

enum { WINDOW_S = 10, SHORT_WINDOW_S = 3 };

/* What happens a second in a namespace. */
struct resets {
	double by_peer, by_us, unread, closes;
	double to_closed; /* RSTs sent that no connection of ours explains */
};

static double
above_zero(double number)
{
	return number > 0 ? number : 0;
}

static struct resets
resets_of(const struct look *look, uint16_t netns, double seconds)
{
	const double unread = look_rate(look, netns, COUNTER_ABORT_ON_CLOSE, seconds);
	const double by_us = unread + look_rate(look, netns, COUNTER_ABORT_ON_DATA, seconds);
	const double failed = look_rate(look, netns, COUNTER_ATTEMPT_FAILS, seconds) -
			      look_rate(look, netns, COUNTER_EMBRYONIC_RSTS, seconds);
	const double sent = look_rate(look, netns, COUNTER_OUT_RSTS, seconds) - by_us -
			    look_rate(look, netns, COUNTER_SYNCOOKIES_FAILED, seconds);

	return (struct resets){
		.by_peer =
			above_zero(look_rate(look, netns, COUNTER_ESTAB_RESETS, seconds) - by_us -
				   look_rate(look, netns, COUNTER_ABORT_ON_TIMEOUT, seconds)),
		.by_us = by_us,
		.unread = unread,
		.closes = look_rate(look, netns, COUNTER_ACTIVE_OPENS, seconds) +
			  look_rate(look, netns, COUNTER_PASSIVE_OPENS, seconds),
		/* Connects within the box that are refused are answered by the box itself. */
		.to_closed = above_zero(sent - above_zero(failed)),
	};
}

enum { RESETS_INFO, RESETS_WARNING, RESETS_PERCENT };

static const struct threshold resets_thresholds[] = {
	[RESETS_INFO] = {"info", 1, UNIT_COUNT, "connections a second"},
	[RESETS_WARNING] = {"warning", 5, UNIT_COUNT, "the same"},
	[RESETS_PERCENT] = {"percent", 10, UNIT_PERCENT,
		"of the connections that are opened, for a warning"},
};

static enum severity
severity_of(const struct look *look, double resets, double closes)
{
	return resets >= look_threshold(look, RESETS_WARNING) &&
			       100 * resets >= look_threshold(look, RESETS_PERCENT) * closes
		       ? SEVERITY_WARNING
		       : SEVERITY_INFO;
}

static void
check_by_peer(struct look *look, void *memory)
{
	(void)memory;
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const struct resets resets = resets_of(look, (uint16_t)i, WINDOW_S);
		struct finding *finding;

		if (resets.by_peer < look_threshold(look, RESETS_INFO))
			continue;
		finding = look_report(
			look, (uint16_t)i, 0, severity_of(look, resets.by_peer, resets.closes));
		if (finding == NULL)
			return;
		finding_say(finding,
			"%.3g connection%s a second %s (ECONNRESET 104), of %.3g opened",
			resets.by_peer, finding_plural_rate(resets.by_peer),
			finding_is_one(resets.by_peer) ? "is reset by its peer"
						       : "are reset by their peers",
			resets.closes);
		finding_figure(finding, "resets_by_peer_per_s", UNIT_COUNT, resets.by_peer);
		finding_figure(finding, "opens_per_s", UNIT_COUNT, resets.closes);
	}
}

static void
check_by_us(struct look *look, void *memory)
{
	(void)memory;
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const struct resets resets = resets_of(look, (uint16_t)i, WINDOW_S);
		struct finding *finding;

		if (resets.by_us < look_threshold(look, RESETS_INFO))
			continue;
		finding = look_report(
			look, (uint16_t)i, 0, severity_of(look, resets.by_us, resets.closes));
		if (finding == NULL)
			return;
		finding_say(finding, "we reset %.3g connection%s a second: programs close with %s",
			resets.by_us, finding_plural_rate(resets.by_us),
			resets.unread * 2 >= resets.by_us ? "data unread" : "SO_LINGER 0");
		finding_figure(finding, "TCPAbortOnClose_per_s", UNIT_COUNT, resets.unread);
		finding_figure(
			finding, "TCPAbortOnData_per_s", UNIT_COUNT, resets.by_us - resets.unread);
		finding_figure(finding, "opens_per_s", UNIT_COUNT, resets.closes);
	}
}

enum { CLOSED_INFO, CLOSED_WARNING };

static const struct threshold closed_thresholds[] = {
	[CLOSED_INFO] = {"info", 1, UNIT_COUNT, "RSTs a second that no connection explains"},
	[CLOSED_WARNING] = {"warning", 10, UNIT_COUNT, "the same"},
};

static void
check_to_closed(struct look *look, void *memory)
{
	(void)memory;
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const struct resets resets = resets_of(look, (uint16_t)i, SHORT_WINDOW_S);
		struct finding *finding;

		if (resets.to_closed < look_threshold(look, CLOSED_INFO))
			continue;
		finding = look_report(look, (uint16_t)i, 0,
			resets.to_closed >= look_threshold(look, CLOSED_WARNING) ? SEVERITY_WARNING
										 : SEVERITY_INFO);
		if (finding == NULL)
			return;
		finding_say(finding,
			"%.3g RST%s a second answer%s packets for closed ports or dead connections",
			resets.to_closed, finding_plural_rate(resets.to_closed),
			finding_is_one(resets.to_closed) ? "s" : "");
		finding_figure(finding, "rsts_to_closed_per_s", UNIT_COUNT, resets.to_closed);
		if (!look->model->capture.running)
			finding_needs(finding, "CAP_NET_RAW: the flag events name who sends them");
	}
}

/* It looks at no rows. */
static const struct subject subject = {.size = 0};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "resets-by-peer",
				.help = "peers reset established connections",
				.needs = NEED_COUNTERS,
				.rights = "which peers: the flag events need CAP_NET_RAW",
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(resets_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_by_peer,
		.why = "Clients close with data unread or with SO_LINGER 0, a proxy ends what it "
		       "holds too long, or the program on the other side crashed.",
		.action = "See in the flag events (F8) which peers it is, and look at their logs.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "resets-by-us",
				.help = "programs of this box reset established connections",
				.needs = NEED_COUNTERS,
				.rights = "which program: the flag events need CAP_NET_RAW",
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(resets_thresholds),
				/* What was under way to a connection that we reset gets RSTs too.
				 */
				.hides = "rst-to-closed",
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_by_us,
		.why = "A program that closes a connection with unread data, or with SO_LINGER 0, "
		       "sends a RST: what the peer has not read yet is lost.",
		.action =
			"Let the program read to the end before it closes, or call shutdown() and "
			"wait for the peer's end; it may be deliberate.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "rst-to-closed",
				.help = "packets arrive for closed ports or dead connections",
				.needs = NEED_COUNTERS,
				.rights = "who sends them: the flag events need CAP_NET_RAW",
				.window_s = SHORT_WINDOW_S,
				RULE_THRESHOLDS(closed_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_to_closed,
		.why = "Somebody scans this box, or the clients of a service that has ended still "
		       "try to reach it.",
		.action =
			"See in the flag events (F8) who it is; start the service again, or filter "
			"the source.",
	},
};

const struct rule_table reset_rules = {rules, sizeof rules / sizeof rules[0]};
