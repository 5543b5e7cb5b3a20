/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queues of listeners: half-open connections (SYN-RECEIVED), and connections that wait for
 * accept(). The counters are the namespace's, so a listener is named by its own queue and drops.
 * Listeners of one port (SO_REUSEPORT, several addresses) are one thing here, as their half-open
 * connections cannot be told apart.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/analysis/listeners/half_open.h>
#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* The listeners of one port. */
struct port_queue {
	struct tally_head head; /* rows: listeners whose accept queue is not empty */
	struct row_list requests;
	uint32_t listener;         /* id of the one with the longest queue, or SOCKET_NONE */
	uint32_t waiting, backlog; /* of that one */
	struct half_open half_open;
	uint32_t unaccepted;   /* connections that no program has accepted */
	uint32_t kept_waiting; /* of them, for WAIT_MS */
	bool drops;            /* lately, by the listener's own count */
};

/* A remote address with half-open connections to a port. */
struct source {
	struct tally_head head;
};

struct queues {
	struct keyed ports;
	struct keyed sources;
};

enum { WINDOW_S = 3, LONG_WINDOW_S = 10, DROPS_NEWS_MS = 4000, WAIT_MS = 1000 };

static struct port_queue *
port_of(struct queues *queues, const struct socket_row *row)
{
	const struct tally_key key = {.netns = row->netns, .port = row->local_port};
	const uint32_t before = queues->ports.count;
	struct port_queue *const queue = keyed_get(&queues->ports, &key);

	if (queues->ports.count != before)
		queue->listener = SOCKET_NONE;
	return queue;
}

static void
see_listener(const struct look *look, struct port_queue *queue, uint32_t id,
	const struct socket_row *row)
{
	if (row->receive_queue > 0)
		row_list_add(look, &queue->head.rows, id);
	if (row->drops_ms != 0 && look->now_ms - row->drops_ms < DROPS_NEWS_MS)
		queue->drops = true;
	if (queue->listener != SOCKET_NONE && row->receive_queue <= queue->waiting)
		return;
	queue->listener = id;
	queue->waiting = row->receive_queue;
	queue->backlog = row->send_queue;
}

static void
see_request(const struct look *look, struct queues *queues, struct port_queue *queue, uint32_t id,
	const struct socket_row *row)
{
	const struct tally_key source = {
		.netns = row->netns, .port = row->local_port, .address = row->remote};

	row_list_add(look, &queue->requests, id);
	half_open_see(&queue->half_open, &queues->sources, &source, row);
}

static bool
is_connection(const struct socket_row *row)
{
	return row->state == TCP_STATE_ESTABLISHED || row->state == TCP_STATE_CLOSE_WAIT;
}

/* In these states only what was not accepted has no inode; its client may have closed already. */
static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct port_queue *queue;

	if (is_connection(row) && row->inode != 0)
		return;
	queue = port_of(memory, row);
	if (queue == NULL)
		return;
	if (row->state == TCP_STATE_LISTEN) {
		see_listener(look, queue, id, row);
	} else if (is_connection(row)) {
		queue->unaccepted++;
		queue->kept_waiting += look_lasts(look, look_state_ms(look, row), WAIT_MS);
	} else {
		see_request(look, memory, queue, id, row);
	}
}

/* ":443 (nginx (812))"; names the process of the finding too. */
static void
say_listener(struct look *look, struct finding *finding, const struct port_queue *queue)
{
	const struct process_row *const process =
		queue->listener == SOCKET_NONE
			? NULL
			: model_socket_process(look->model,
				  socket_table_row(&look->model->sockets, queue->listener));
	char who[FINDING_WHO_SIZE];

	finding_process(finding, look->model, process);
	finding_say(finding, ":%u", (unsigned)queue->head.key.port);
	if (process != NULL)
		finding_say(finding, " of %s", finding_process_words(finding, who, sizeof who));
}

static void
add_half_open(struct finding *finding, const struct port_queue *queue)
{
	finding_figure(finding, "half_open", UNIT_COUNT, queue->half_open.count);
	finding_figure(finding, "backlog", UNIT_COUNT, queue->backlog);
	finding_figure(finding, "half_open_repeated", UNIT_COUNT, queue->half_open.repeated);
	finding_figure(finding, "sources", UNIT_COUNT, queue->half_open.sources);
	finding_filter(
		finding, "state syn-received and lport = %u", (unsigned)queue->head.key.port);
}

static bool
is_full(const struct port_queue *queue)
{
	return queue->listener != SOCKET_NONE && queue->backlog > 0 &&
	       queue->half_open.count >= queue->backlog;
}

/* The rates of a namespace that the rules about half-open connections compare. */
struct cookies {
	double sent, received, full, drops;
};

static struct cookies
cookies_of(const struct look *look, uint16_t netns, double seconds)
{
	const double overflows = look_rate(look, netns, COUNTER_LISTEN_OVERFLOWS, seconds);
	const double drops = look_rate(look, netns, COUNTER_LISTEN_DROPS, seconds) - overflows;

	return (struct cookies){
		.sent = look_rate(look, netns, COUNTER_SYNCOOKIES_SENT, seconds),
		.received = look_rate(look, netns, COUNTER_SYNCOOKIES_RECV, seconds),
		.full = look_rate(look, netns, COUNTER_REQ_Q_FULL_DROP, seconds),
		.drops = drops > 0 ? drops : 0,
	};
}

/* The port's queue that is full, else the one that dropped, else the fullest; NULL: none. */
static const struct port_queue *
culprit(const struct queues *queues, uint16_t netns)
{
	const struct port_queue *worst = NULL;

	for (uint32_t i = 0; i < queues->ports.count; i++) {
		const struct port_queue *const queue = keyed_at(&queues->ports, i);
		const bool is_worse = worst == NULL || (queue->drops && !worst->drops) ||
				      (queue->drops == worst->drops &&
					      queue->half_open.count > worst->half_open.count);

		if (queue->head.key.netns == netns && queue->half_open.count > 0 && is_worse)
			worst = queue;
	}
	return worst;
}

static double
share_answered(const struct cookies *cookies)
{
	const double share = cookies->sent > 0 ? cookies->received / cookies->sent : 0;

	return share < 1 ? share : 1;
}

enum { FLOOD_RATE, FLOOD_CRITICAL, FLOOD_ANSWERED };

static const struct threshold flood_thresholds[] = {
	[FLOOD_RATE] = {"warning", 10, UNIT_COUNT,
		"SYN cookies and dropped SYNs a second while the queue is full"},
	[FLOOD_CRITICAL] = {"critical", 1000, UNIT_COUNT, "SYN cookies a second"},
	[FLOOD_ANSWERED] = {"answered", 50, UNIT_PERCENT,
		"part of the cookies that clients answer; with more it is no flood"},
};

static void
describe_flood(struct look *look, struct finding *finding, const struct port_queue *queue,
	const struct cookies *cookies)
{
	say_listener(look, finding, queue);
	finding_say(finding, ": %u half-open of %u from %u source%s",
		(unsigned)queue->half_open.count, (unsigned)queue->backlog,
		(unsigned)queue->half_open.sources, number_plural(queue->half_open.sources));
	if (cookies->sent > 0)
		finding_say(finding, ", %.0f SYN cookies a second, %.1f%% answered", cookies->sent,
			100 * share_answered(cookies));
	if (cookies->full > 0)
		finding_say(finding, ", %.0f SYNs a second dropped", cookies->full);
	add_half_open(finding, queue);
	finding_figure(finding, "SyncookiesSent_per_s", UNIT_COUNT, cookies->sent);
	finding_figure(finding, "SyncookiesRecv_per_s", UNIT_COUNT, cookies->received);
	finding_figure(finding, "TCPReqQFullDrop_per_s", UNIT_COUNT, cookies->full);
	finding_rows(finding, &queue->requests);
}

static void
check_flood(struct look *look, void *memory)
{
	const struct queues *const queues = memory;

	for (uint32_t i = 0; i < queues->ports.count; i++) {
		const struct port_queue *const queue = keyed_at(&queues->ports, i);
		const struct cookies cookies = cookies_of(look, queue->head.key.netns, WINDOW_S);
		const bool is_lost = cookies.full + cookies.drops > 0;
		struct finding *finding;

		if (!is_full(queue) ||
			cookies.sent + cookies.full < look_threshold(look, FLOOD_RATE) ||
			100 * cookies.received >= look_threshold(look, FLOOD_ANSWERED) *
							  (cookies.sent + cookies.full))
			continue;
		finding = look_report(look, queue->head.key.netns, tally_key_hash(&queue->head.key),
			is_lost || cookies.sent > look_threshold(look, FLOOD_CRITICAL)
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_flood(look, finding, queue, &cookies);
	}
}

enum { DROPS_RATE };

static const struct threshold drops_thresholds[] = {
	[DROPS_RATE] = {"critical", 1, UNIT_COUNT,
		"SYNs a second that are dropped although the accept queue has room"},
};

static void
describe_drops(struct look *look, struct finding *finding, const struct port_queue *queue,
	const struct cookies *cookies)
{
	const double rate = cookies->full > cookies->drops ? cookies->full : cookies->drops;

	finding_say(finding, "SYNs are dropped, %.3g a second", rate);
	if (queue != NULL) {
		finding_say(finding, ": %u half-open on ", (unsigned)queue->half_open.count);
		say_listener(look, finding, queue);
		finding_say(finding, " (backlog %u)", (unsigned)queue->backlog);
		add_half_open(finding, queue);
		finding_rows(finding, &queue->requests);
	}
	finding_figure(finding, "ListenDrops_per_s", UNIT_COUNT, cookies->drops);
	finding_figure(finding, "TCPReqQFullDrop_per_s", UNIT_COUNT, cookies->full);
}

static void
check_drops(struct look *look, void *memory)
{
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const struct cookies cookies = cookies_of(look, (uint16_t)i, WINDOW_S);
		const struct port_queue *const queue = culprit(memory, (uint16_t)i);
		struct finding *finding;

		if (cookies.drops < look_threshold(look, DROPS_RATE) &&
			cookies.full < look_threshold(look, DROPS_RATE))
			continue;
		finding = look_report(look, (uint16_t)i,
			queue != NULL ? tally_key_hash(&queue->head.key) : 0, SEVERITY_CRITICAL);
		if (finding == NULL)
			return;
		describe_drops(look, finding, queue, &cookies);
	}
}

enum { BACKLOG_INFO, BACKLOG_WARNING, BACKLOG_ANSWERED };

static const struct threshold backlog_thresholds[] = {
	[BACKLOG_INFO] = {"info", 1, UNIT_COUNT, "SYN cookies a second, most of them answered"},
	[BACKLOG_WARNING] = {"warning", 10, UNIT_COUNT, "the same"},
	[BACKLOG_ANSWERED] = {"answered", 50, UNIT_PERCENT,
		"part of the cookies that clients answer; with less it is a flood"},
};

static void
describe_backlog(struct look *look, struct finding *finding, const struct port_queue *queue,
	const struct cookies *cookies)
{
	finding_say(finding, "real clients get SYN cookies");
	if (queue != NULL) {
		finding_say(finding, " on ");
		say_listener(look, finding, queue);
		finding_say(finding, ": backlog %u, %u half-open", (unsigned)queue->backlog,
			(unsigned)queue->half_open.count);
		add_half_open(finding, queue);
		finding_rows(finding, &queue->requests);
	}
	finding_say(finding, ", %.3g cookie%s a second, %.0f%% answered", cookies->sent,
		finding_plural_rate(cookies->sent), 100 * share_answered(cookies));
	finding_figure(finding, "SyncookiesSent_per_s", UNIT_COUNT, cookies->sent);
	finding_figure(finding, "SyncookiesRecv_per_s", UNIT_COUNT, cookies->received);
}

static void
check_backlog(struct look *look, void *memory)
{
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const struct cookies cookies = cookies_of(look, (uint16_t)i, LONG_WINDOW_S);
		const struct port_queue *const queue = culprit(memory, (uint16_t)i);
		struct finding *finding;

		if (cookies.sent < look_threshold(look, BACKLOG_INFO) ||
			100 * cookies.received <
				look_threshold(look, BACKLOG_ANSWERED) * cookies.sent)
			continue;
		finding = look_report(look, (uint16_t)i,
			queue != NULL ? tally_key_hash(&queue->head.key) : 0,
			cookies.sent >= look_threshold(look, BACKLOG_WARNING) ? SEVERITY_WARNING
									      : SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_backlog(look, finding, queue, &cookies);
	}
}

enum { ACCEPT_WARNING };

static const struct threshold accept_thresholds[] = {
	[ACCEPT_WARNING] = {"warning", 80, UNIT_PERCENT, "part of the backlog that waits"},
};

static void
describe_accept(struct look *look, struct finding *finding, const struct port_queue *queue,
	double overflows)
{
	const struct socket_row *const row =
		socket_table_row(&look->model->sockets, queue->listener);
	char who[FINDING_WHO_SIZE];

	finding_process(finding, look->model, model_socket_process(look->model, row));
	finding_say(finding, "%s does not accept: %u wait%s on :%u (backlog %u)",
		finding_process_words(finding, who, sizeof who), (unsigned)queue->waiting,
		queue->waiting == 1 ? "s" : "", (unsigned)row->local_port,
		(unsigned)queue->backlog);
	if (overflows > 0)
		finding_say(finding, ", %.3g connection attempt%s a second dropped", overflows,
			finding_plural_rate(overflows));
	finding_figure(finding, "accept_queue", UNIT_COUNT, queue->waiting);
	finding_figure(finding, "backlog", UNIT_COUNT, queue->backlog);
	finding_figure(finding, "drops", UNIT_COUNT, row->drops);
	finding_figure(finding, "ListenOverflows_per_s", UNIT_COUNT, overflows);
	finding_filter(finding, "state listen and lport = %u", (unsigned)row->local_port);
	finding_rows(finding, &queue->head.rows);
}

/* The queue is long, but none in it has waited for long: a burst, which the program works off. */
static bool
is_moving(const struct port_queue *queue)
{
	return queue->unaccepted > 0 && queue->kept_waiting == 0;
}

static void
check_accept(struct look *look, void *memory)
{
	const struct queues *const queues = memory;

	for (uint32_t i = 0; i < queues->ports.count; i++) {
		const struct port_queue *const queue = keyed_at(&queues->ports, i);
		const double room =
			(queue->backlog + 1.0) * look_threshold(look, ACCEPT_WARNING) / 100;
		const double overflows =
			look_rate(look, queue->head.key.netns, COUNTER_LISTEN_OVERFLOWS, WINDOW_S);
		const bool loses = overflows > 0 && queue->waiting > queue->backlog;
		struct finding *finding;

		if (queue->waiting == 0 || queue->waiting < room || (!loses && is_moving(queue)))
			continue;
		finding = look_report(look, queue->head.key.netns, tally_key_hash(&queue->head.key),
			loses ? SEVERITY_CRITICAL : SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_accept(look, finding, queue, loses ? overflows : 0);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(queues, ports, port_queue, false),
	SUBJECT_TALLY(queues, sources, source, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_LISTEN) | SUBJECT_STATE(TCP_STATE_SYN_RECEIVED) |
		  SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_CLOSE_WAIT),
	.size = sizeof(struct queues),
	SUBJECT_TALLIES(tallies),
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "syn-flood",
				.help = "SYNs whose senders never answer fill the queue of a listener",
				.needs = NEED_SOCKETS | NEED_COUNTERS | NEED_OWNERS,
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(flood_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_flood,
		.why = "SYNs arrive whose senders never answer the SYN ACK: their addresses are "
		       "forged, or the answers do not reach them.",
		.action =
			"While SYN cookies are on, they hold the door and real clients still get in: "
			"{tcp_syncookies}. Filter upstream, or limit the SYNs of a source in nftables. A "
			"larger backlog does not help.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "syn-queue-drops",
				.help = "SYNs are dropped because the queue of half-open connections is full",
				.needs = NEED_SOCKETS | NEED_COUNTERS | NEED_MEMORY | NEED_OWNERS,
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(drops_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_drops,
		.why = "Clients do not complete their handshakes, and without SYN cookies the queue "
		       "of half-open connections is full: new ones find no place.",
		.action =
			"{tcp_syncookies} should be 1: sysctl -w net.ipv4.tcp_syncookies=1. Then look at the program's backlog and at "
			"{net.core.somaxconn}. {tcp_max_syn_backlog} counts only while cookies are "
			"off, at three quarters of its value.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "syn-backlog-small",
				.help = "real clients get SYN cookies because a backlog is too small",
				.needs = NEED_SOCKETS | NEED_COUNTERS | NEED_OWNERS,
				.window_s = LONG_WINDOW_S,
				RULE_THRESHOLDS(backlog_thresholds),
				.hides = "syn-flood",
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_backlog,
		.why = "The backlog is smaller than the connections that arrive in one round trip. "
		       "Cookies let them in all the same, but without timestamps they lose window "
		       "scaling and SACK.",
		.action =
			"Give listen() a backlog of twice the connections a second times the round "
			"trip in seconds, with {net.core.somaxconn} not below it. The program must "
			"call listen() again, or be started again.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "accept-queue",
				.help = "a program does not accept connections as fast as they come",
				.needs = NEED_SOCKETS | NEED_COUNTERS | NEED_MEMORY | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(accept_thresholds),
				.hides = "syn-flood syn-queue-drops syn-backlog-small",
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_accept,
		.why = "The kernel completes handshakes by itself and keeps the connections until "
		       "the program accepts them. The program is too slow, or it is stuck.",
		.action =
			"Look at the program first: its CPU, its locks, what it waits for. A longer "
			"backlog needs both a larger number in listen() and {net.core.somaxconn}, "
			"and the program must call listen() again. {tcp_abort_on_overflow} only "
			"turns waiting into resets.",
	},
};

const struct rule_table queue_rules = {rules, sizeof rules / sizeof rules[0]};
