/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams that are dropped because a receive buffer is full. The kernel counts them for each
 * socket and, for each family, in the namespace.
 */
#include <config.h>

#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* The socket of a namespace that drops the most now. */
struct dropper {
	struct tally_head head; /* all that drop */
	uint32_t id;            /* that of the most, if its rate is above 0 */
	double a_second;
};

struct droppers {
	struct keyed by_netns;
};

enum { UDP_DROPS }; /* condition of rows */
enum { WINDOW_S = 3 };
enum { DROPS_WARNING, DROPS_CRITICAL };

static const struct threshold drops_thresholds[] = {
	[DROPS_WARNING] = {"warning", 1, UNIT_COUNT, "datagrams a second"},
	[DROPS_CRITICAL] = {"critical", 10, UNIT_PERCENT, "of all datagrams that come"},
};

/* Below; conditions are kept by subject. */
static const struct subject subject;

/* Drops of its whole life are no news: those since it is watched count. */
static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct droppers *const droppers = memory;
	const struct tally_key key = {.netns = row->netns};
	struct dropper *dropper;
	struct still still;
	double a_second;

	if (!look_still(look, &subject, UDP_DROPS, id, row, row->drops, &still) ||
		row->drops <= still.before || still.since_ms == 0)
		return;
	dropper = keyed_get(&droppers->by_netns, &key);
	if (dropper == NULL)
		return;
	row_list_add(look, &dropper->head.rows, id);
	a_second = (double)(row->drops - still.first) * 1000 / (double)still.since_ms;
	if (a_second <= dropper->a_second)
		return;
	dropper->id = id;
	dropper->a_second = a_second;
}

static void
describe_socket(struct look *look, struct finding *finding, const struct dropper *dropper)
{
	const struct socket_row *const row = socket_table_row(&look->model->sockets, dropper->id);
	char who[FINDING_WHO_SIZE], buffer[32];

	finding_process(finding, look->model, model_socket_process(look->model, row));
	finding_say(finding, "%s loses %.3g datagram%s a second on :%u",
		finding_process_words(finding, who, sizeof who), dropper->a_second,
		finding_plural_rate(dropper->a_second), (unsigned)row->local_port);
	if (row->receive_buffer > 0)
		finding_say(finding, ": its buffer of %s is full",
			number_format_short(
				row->receive_buffer, UNIT_BYTES, buffer, sizeof buffer));
	finding_figure(finding, "socket_drops_per_s", UNIT_COUNT, dropper->a_second);
	finding_figure(finding, "socket_drops", UNIT_COUNT, row->drops);
	finding_figure(finding, "receive_buffer_bytes", UNIT_BYTES, row->receive_buffer);
	finding_filter(finding, "proto udp and lport = %u", (unsigned)row->local_port);
	finding_rows(finding, &dropper->head.rows);
}

/* The namespace's counters decide; the socket is named where it was seen. */
static void
check_drops(struct look *look, void *memory)
{
	const struct droppers *const droppers = memory;

	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const uint16_t netns = (uint16_t)i;
		const struct tally_key key = {.netns = netns};
		const struct dropper *const dropper = keyed_find(&droppers->by_netns, &key);
		const double v4 = look_rate(look, netns, COUNTER_UDP_RCVBUF_ERRORS, WINDOW_S);
		const double v6 = look_rate(look, netns, COUNTER_UDP6_RCVBUF_ERRORS, WINDOW_S);
		const double taken = look_rate(look, netns, COUNTER_UDP_IN, WINDOW_S) +
				     look_rate(look, netns, COUNTER_UDP6_IN, WINDOW_S);
		const double lost = v4 + v6;
		struct finding *finding;

		/* The threshold may be set to 0. */
		if (lost <= 0 || lost < look_threshold(look, DROPS_WARNING))
			continue;
		finding = look_report(look, netns, 0,
			100 * lost >= look_threshold(look, DROPS_CRITICAL) * (lost + taken)
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		if (dropper != NULL)
			describe_socket(look, finding, dropper);
		else
			finding_say(finding,
				"%.3g datagram%s a second %s lost: a receive buffer is full", lost,
				finding_plural_rate(lost), finding_is_one(lost) ? "is" : "are");
		finding_figure(finding, "lost_pct", UNIT_PERCENT, 100 * lost / (lost + taken));
		if (v4 > 0)
			finding_figure(finding, "UdpRcvbufErrors_per_s", UNIT_COUNT, v4);
		if (v6 > 0)
			finding_figure(finding, "Udp6RcvbufErrors_per_s", UNIT_COUNT, v6);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(droppers, by_netns, dropper, false),
};

static const struct subject subject = {
	.states = SUBJECT_UDP,
	.size = sizeof(struct droppers),
	SUBJECT_TALLIES(tallies),
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "udp-drops",
				.help = "datagrams are dropped because a program does not read them",
				.needs = NEED_SOCKETS | NEED_MEMORY | NEED_COUNTERS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(drops_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_drops,
		.why = "Datagrams come faster than the program reads them; what finds its receive "
		       "buffer full is dropped, and nobody tells the sender.",
		.action =
			"Look at the program first: more threads or recvmmsg() read faster. A larger "
			"SO_RCVBUF, bounded by {net.core.rmem_max}, helps against bursts only.",
	},
};

const struct rule_table udp_rules = {rules, sizeof rules / sizeof rules[0]};
