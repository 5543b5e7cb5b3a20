/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains how the network and the receiver do, and what limits the sender. */
#include <config.h>

#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>

#include <sockwatch/analysis/verdict.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

static bool
get(const struct explain_source *source, enum tcp_info_member member, uint64_t *value)
{
	return tcp_info_get(&source->row->tcp, member, value);
}

void
explain_rtt(const struct explain_source *source, char *out, size_t size)
{
	char text[3][EXPLAIN_BRIEF_SIZE];
	uint64_t rtt;
	uint64_t deviation;
	uint64_t least;
	size_t len;

	if (!get(source, TCP_INFO_rtt, &rtt) || rtt == 0)
		return;
	len = text_add(out, size, 0, "%s", explain_brief(rtt, UNIT_US, text[0]));
	if (get(source, TCP_INFO_rttvar, &deviation))
		len = text_add(out, size, len, " ± %s", explain_brief(deviation, UNIT_US, text[1]));
	/* The kernel's "no sample yet" is the largest number. */
	if (get(source, TCP_INFO_min_rtt, &least) && least != 0 && least != UINT32_MAX)
		text_add(out, size, len, ", lowest %s%s", explain_brief(least, UNIT_US, text[2]),
			verdict_round_trip(source->row) == VERDICT_ROUND_TRIP_HIGH
				? ": far above it, a queue is filling somewhere or ACKs are delayed"
				: "");
}

void
explain_retransmissions(const struct explain_source *source, char *out, size_t size)
{
	uint64_t total;
	uint64_t now;
	uint64_t sent;
	size_t len;

	if (!get(source, TCP_INFO_total_retrans, &total))
		return;
	if (total == 0) {
		snprintf(out, size, "none");
		return;
	}
	len = text_add(out, size, 0, "%" PRIu64 " segment%s", total, number_plural(total));
	if (get(source, TCP_INFO_segs_out, &sent) && sent > 0)
		len = text_add(out, size, len, " of %" PRIu64 " (%.1f%%)", sent,
			100.0 * (double)total / (double)sent);
	if (get(source, TCP_INFO_retrans, &now) && now > 0)
		text_add(out, size, len, ", %" PRIu64 " under way now", now);
}

void
explain_in_flight(const struct explain_source *source, char *out, size_t size)
{
	uint64_t unacked;
	uint64_t sacked = 0;
	uint64_t lost = 0;
	size_t len;

	if (source->row->state == TCP_STATE_LISTEN || !get(source, TCP_INFO_unacked, &unacked))
		return;
	get(source, TCP_INFO_sacked, &sacked);
	get(source, TCP_INFO_lost, &lost);
	len = text_add(out, size, 0, "%" PRIu64 " segment%s", unacked, number_plural(unacked));
	if (sacked > 0)
		len = text_add(
			out, size, len, ", %" PRIu64 " of them selectively acknowledged", sacked);
	if (lost > 0)
		text_add(out, size, len, ", %" PRIu64 " presumed lost", lost);
}

void
explain_window(const struct explain_source *source, char *out, size_t size)
{
	char text[EXPLAIN_BRIEF_SIZE];
	uint64_t window;

	if (source->row->state == TCP_STATE_LISTEN || source->row->state == TCP_STATE_SYN_SENT ||
		!get(source, TCP_INFO_snd_wnd, &window))
		return;
	if (verdict_window(source->row) == VERDICT_PEER_NOT_READING)
		snprintf(out, size, "0: the peer does not read, the kernel probes it");
	else
		snprintf(out, size, "%s announced", explain_brief(window, UNIT_BYTES, text));
}

/* "12% of the time with data to send (1.2s of 10s)". */
static void
format_limit(const struct verdict_limit *limit, char *out, size_t size)
{
	char text[2][EXPLAIN_BRIEF_SIZE];

	if (limit->limited_us == 0)
		snprintf(out, size, "never");
	else
		snprintf(out, size, "%.0f%% of the time with data to send (%s of %s)",
			100.0 * (double)limit->limited_us / (double)limit->busy_us,
			explain_brief(limit->limited_us, UNIT_US, text[0]),
			explain_brief(limit->busy_us, UNIT_US, text[1]));
}

void
explain_receiver_limit(const struct explain_source *source, char *out, size_t size)
{
	struct verdict_limit limit;

	if (verdict_receiver_limit(source->row, &limit))
		format_limit(&limit, out, size);
}

void
explain_buffer_limit(const struct explain_source *source, char *out, size_t size)
{
	struct verdict_limit limit;

	if (verdict_buffer_limit(source->row, &limit))
		format_limit(&limit, out, size);
}

void
explain_app_limited(const struct explain_source *source, char *out, size_t size)
{
	const enum verdict verdict = verdict_sender(source->row);

	if (verdict == VERDICT_PROGRAM_LIMITS)
		snprintf(out, size,
			"by the program: it sends less than the path would carry, so "
			"\"delivery\" is no measure of the path");
	else if (verdict == VERDICT_PATH_LIMITS)
		snprintf(out, size, "not by the program: data waits to be sent");
}
