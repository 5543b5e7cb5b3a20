/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that does not move on: the peer does not read (its window is closed), our program does not
 * read, or the send buffer is smaller than the path could carry.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* The connections of one process (pid 0: unknown ones) with one trouble. */
struct flow {
	struct tally_head head;
	uint64_t bytes; /* that wait, in all */
	uint64_t longest_ms;
	double percent; /* sndbuf: mean over the connections */
	double wanted;  /* sndbuf: bytes a second, in all */
	struct address peer;
};

struct flows {
	struct keyed closed;  /* the peer's window */
	struct keyed unread;  /* here */
	struct keyed limited; /* by the send buffer */
};

enum flow_condition { FLOW_CLOSED, FLOW_UNREAD, FLOW_BUSY, FLOW_LIMITED };

enum {
	WINDOW_MS = 3000,
	LONG_WINDOW_MS = 5000,
	UNREAD_LEAST = 65536,
	WANTED_LEAST = 1000000,
	CRITICAL_MS = 60000,
};

/* Below; conditions are kept by subject. */
static const struct subject subject;

static struct flow *
add(const struct look *look, struct keyed *tally, uint32_t id, const struct socket_row *row,
	uint64_t bytes, uint64_t since_ms)
{
	const struct tally_key key = tally_process_key(look, row);
	struct flow *const flow = keyed_get(tally, &key);

	if (flow == NULL)
		return NULL;
	row_list_add(look, &flow->head.rows, id);
	flow->bytes += bytes;
	flow->peer = row->remote;
	if (since_ms > flow->longest_ms)
		flow->longest_ms = since_ms;
	return flow;
}

/*
 * The same timer runs where the window is open and what was sent did not leave the box, because a
 * filter or a queue of its own refused it: the peer is not to blame for that.
 */
static bool
has_room_there(const struct socket_row *row)
{
	uint64_t window;
	const uint32_t next =
		row->send_queue < row->tcp.snd_mss ? row->send_queue : row->tcp.snd_mss;

	return tcp_info_get(&row->tcp, TCP_INFO_snd_wnd, &window) && window > 0 && window >= next;
}

static void
see_closed_window(
	const struct look *look, struct flows *flows, uint32_t id, const struct socket_row *row)
{
	struct still still;

	if (row->timer == SOCKET_TIMER_PERSIST && !has_room_there(row) &&
		look_still(look, &subject, FLOW_CLOSED, id, row, 0, &still) &&
		look_lasts(look, still.since_ms, WINDOW_MS))
		(void)add(look, &flows->closed, id, row, row->send_queue, still.since_ms);
}

/* A quarter of the buffer with a window of 0, or much. */
static bool
is_much(const struct socket_row *row)
{
	uint64_t window;

	if (row->receive_queue > UNREAD_LEAST)
		return true;
	return row->receive_queue > row->receive_buffer / 4 && row->receive_buffer > 0 &&
	       tcp_info_get(&row->tcp, TCP_INFO_rcv_wnd, &window) && window == 0;
}

/*
 * A program that reads makes received less unread grow, however full its queue stays. So nobody
 * reads where that stands still.
 */
static void
see_unread(const struct look *look, struct flows *flows, uint32_t id, const struct socket_row *row)
{
	uint64_t received;
	struct still still;

	if (is_much(row) && tcp_info_get(&row->tcp, TCP_INFO_bytes_received, &received) &&
		look_unchanged(look, &subject, FLOW_UNREAD, id, row, received - row->receive_queue,
			&still) &&
		look_lasts(look, still.since_ms, WINDOW_MS))
		(void)add(look, &flows->unread, id, row, row->receive_queue, still.since_ms);
}

/* Of the time with data to send since it is watched; only while the buffer limits it. */
static void
see_limited(const struct look *look, struct flows *flows, uint32_t id, const struct socket_row *row)
{
	uint64_t limited_us, busy_us;
	struct still busy, limited;
	struct flow *flow;

	if (!tcp_info_get(&row->tcp, TCP_INFO_sndbuf_limited, &limited_us) || limited_us == 0 ||
		!tcp_info_get(&row->tcp, TCP_INFO_busy_time, &busy_us) ||
		!look_still(look, &subject, FLOW_BUSY, id, row, busy_us, &busy) ||
		!look_still(look, &subject, FLOW_LIMITED, id, row, limited_us, &limited) ||
		limited.before == limited_us || busy_us - busy.first < UINT64_C(1000000) ||
		!look_lasts(look, busy.since_ms, LONG_WINDOW_MS))
		return;
	if ((limited_us - limited.first) * 10 < (busy_us - busy.first))
		return;
	flow = add(look, &flows->limited, id, row, row->send_queue, busy.since_ms);
	if (flow == NULL)
		return;
	flow->percent +=
		100.0 * (double)(limited_us - limited.first) / (double)(busy_us - busy.first);
	flow->wanted += (double)row->send_rate;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	if (row->timer == SOCKET_TIMER_PERSIST)
		see_closed_window(look, memory, id, row);
	if (row->receive_queue > 0)
		see_unread(look, memory, id, row);
	if (row->tcp.sndbuf_limited > 0)
		see_limited(look, memory, id, row);
}

static void
name(struct look *look, struct finding *finding, const struct flow *flow, const char *filter)
{
	finding_owner(look, finding, flow->head.key.number, filter);
	finding_rows(finding, &flow->head.rows);
}

enum { ZERO_WARNING, ZERO_AGE };

static const struct threshold zero_thresholds[] = {
	[ZERO_WARNING] = {"warning", 5, UNIT_COUNT, "peers of one process that do not read"},
	[ZERO_AGE] = {"age", 30000, UNIT_MS, "a single one this long is a warning"},
};

static void
describe_zero(struct look *look, struct finding *finding, const struct flow *flow)
{
	char who[FINDING_WHO_SIZE], peer[ADDRESS_TEXT_SIZE], bytes[32];

	name(look, finding, flow, "timer persist");
	address_format(&flow->peer, peer, sizeof peer);
	finding_say(finding,
		"%u peer%s of %s do%s not read (such as %s): window closed, %s wait in Send-Q",
		(unsigned)flow->head.rows.count, number_plural(flow->head.rows.count),
		finding_process_words(finding, who, sizeof who),
		flow->head.rows.count == 1 ? "es" : "", peer,
		number_format_short(flow->bytes, UNIT_BYTES, bytes, sizeof bytes));
	finding_figure(finding, "zero_windows", UNIT_COUNT, flow->head.rows.count);
	finding_figure(finding, "send_q_bytes", UNIT_BYTES, (double)flow->bytes);
	finding_figure(finding, "longest_ms", UNIT_MS, (double)flow->longest_ms);
}

static void
check_zero(struct look *look, void *memory)
{
	const struct flows *const flows = memory;

	for (uint32_t i = 0; i < flows->closed.count; i++) {
		const struct flow *const flow = keyed_at(&flows->closed, i);
		struct finding *finding;

		finding = look_report(look, flow->head.key.netns, tally_key_hash(&flow->head.key),
			flow->head.rows.count >= look_threshold(look, ZERO_WARNING) ||
					flow->longest_ms >= look_threshold(look, ZERO_AGE)
				? SEVERITY_WARNING
				: SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_zero(look, finding, flow);
	}
}

enum { UNREAD_CRITICAL };

static const struct threshold unread_thresholds[] = {
	[UNREAD_CRITICAL] = {"critical", 10, UNIT_COUNT,
		"connections that a process does not read; or one for 60 s"},
};

static void
describe_unread(struct look *look, struct finding *finding, const struct flow *flow)
{
	char who[FINDING_WHO_SIZE], bytes[32], since[DURATION_TEXT_SIZE];

	name(look, finding, flow, "recv_q > 0");
	finding_say(finding,
		"%s does not read: %u connection%s with %s unread for %s; %s been told to wait",
		finding_process_words(finding, who, sizeof who), (unsigned)flow->head.rows.count,
		number_plural(flow->head.rows.count),
		number_format_short(flow->bytes, UNIT_BYTES, bytes, sizeof bytes),
		duration_format(
			flow->longest_ms * CLOCK_NS_PER_MS, DURATION_LONG, since, sizeof since),
		flow->head.rows.count == 1 ? "its sender has" : "their senders have");
	finding_figure(finding, "not_read", UNIT_COUNT, flow->head.rows.count);
	finding_figure(finding, "recv_q_bytes", UNIT_BYTES, (double)flow->bytes);
	finding_figure(finding, "longest_ms", UNIT_MS, (double)flow->longest_ms);
}

static void
check_unread(struct look *look, void *memory)
{
	const struct flows *const flows = memory;

	for (uint32_t i = 0; i < flows->unread.count; i++) {
		const struct flow *const flow = keyed_at(&flows->unread, i);
		struct finding *finding;

		finding = look_report(look, flow->head.key.netns, tally_key_hash(&flow->head.key),
			flow->head.rows.count >= look_threshold(look, UNREAD_CRITICAL) ||
					flow->longest_ms >= CRITICAL_MS
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_unread(look, finding, flow);
	}
}

enum { SNDBUF_INFO, SNDBUF_WARNING };

static const struct threshold sndbuf_thresholds[] = {
	[SNDBUF_INFO] = {"info", 30, UNIT_PERCENT,
		"of the time with data to send that the send buffer is the limit"},
	[SNDBUF_WARNING] = {"warning", 60, UNIT_PERCENT, "the same, at 1 MB a second or more"},
};

static void
check_sndbuf(struct look *look, void *memory)
{
	const struct flows *const flows = memory;

	for (uint32_t i = 0; i < flows->limited.count; i++) {
		const struct flow *const flow = keyed_at(&flows->limited, i);
		const double percent = flow->percent / flow->head.rows.count;
		char who[FINDING_WHO_SIZE], peer[ADDRESS_TEXT_SIZE];
		struct finding *finding;

		if (percent < look_threshold(look, SNDBUF_INFO))
			continue;
		finding = look_report(look, flow->head.key.netns, tally_key_hash(&flow->head.key),
			percent >= look_threshold(look, SNDBUF_WARNING) &&
					flow->wanted >= WANTED_LEAST
				? SEVERITY_WARNING
				: SEVERITY_INFO);
		if (finding == NULL)
			return;
		name(look, finding, flow, "sndbuf_limited_us > 0");
		address_format(&flow->peer, peer, sizeof peer);
		finding_say(finding,
			"the send buffer of %s, not the network, is the limit on %u connection%s (such as to %s), %.0f%% of the time",
			finding_process_words(finding, who, sizeof who),
			(unsigned)flow->head.rows.count, number_plural(flow->head.rows.count), peer,
			percent);
		finding_figure(finding, "limited", UNIT_COUNT, flow->head.rows.count);
		finding_figure(finding, "sndbuf_limited_pct", UNIT_PERCENT, percent);
		finding_figure(finding, "sent_per_s", UNIT_BYTES_PER_SECOND, flow->wanted);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(flows, closed, flow, false),
	SUBJECT_TALLY(flows, unread, flow, false),
	SUBJECT_TALLY(flows, limited, flow, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_CLOSE_WAIT) |
		  SUBJECT_STATE(TCP_STATE_FIN_WAIT_1),
	.size = sizeof(struct flows),
	SUBJECT_TALLIES(tallies),
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "zero-window",
				.help = "peers do not read: their windows are closed",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(zero_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_zero,
		.why = "The program on the other side does not read: its receive buffer is full, and "
		       "it has closed its window.",
		.action = "Look at the other side. Give our program a time-out for slow readers "
			  "(TCP_USER_TIMEOUT does not end a closed window that is answered).",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "local-not-reading",
				.help = "a program of this box does not read what has arrived",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_MEMORY | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(unread_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_unread,
		.why = "The program is blocked or overloaded: what has arrived stays in Recv-Q, and "
		       "the kernel closes the window towards the senders.",
		.action = "Look at the program: its stack, its CPU, what it waits for.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "sndbuf-limited",
				.help = "a send buffer, not the network, limits a sender",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = LONG_WINDOW_MS / 1000,
				RULE_THRESHOLDS(sndbuf_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_sndbuf,
		.why = "A buffer holds what is sent until it is acknowledged, so no more than one "
		       "buffer goes out in a round trip. The program set SO_SNDBUF, or the buffer has reached the limit of tcp_wmem.",
		.action =
			"Take SO_SNDBUF out of the program, so that the kernel tunes the buffer, and "
			"look at the third number of {tcp_wmem}.",
	},
};

const struct rule_table flow_rules = {rules, sizeof rules / sizeof rules[0]};
