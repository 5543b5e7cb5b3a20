/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections that this box opens: without an answer (SYN-SENT), refused, or only after several
 * SYNs. A refused connect lives shorter than a round trip, so the counters tell of it.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* What one process (pid 0: unknown ones) waits for. */
struct opener {
	struct tally_head head;   /* all in SYN-SENT */
	struct row_list repeated; /* whose SYN was sent again */
	uint32_t targets;         /* distinct addresses and ports */
	uint32_t fresh;           /* appeared since the look before */
	uint8_t retries;          /* the most */
	struct address address;   /* of the target with the most */
	uint16_t port;
	uint32_t most;
};

struct target {
	struct tally_head head;
	uint32_t count;
};

/* An address and port to which connections were established lately. */
struct reached {
	struct tally_head head; /* those that needed more than one SYN */
	uint32_t count;
};

struct openers {
	struct keyed openers;
	struct keyed targets; /* of each process */
	struct keyed reached;
	uint32_t now_ms, before_ms; /* of this look, and of the one before; 0: there was none */
	uint64_t now_ns, before_ns; /* when their snapshots began, as now_ms may be late */
};

enum { WINDOW_MS = 3000, LONG_WINDOW_MS = 10000 };

static void
begin(const struct look *look, void *memory)
{
	struct openers *const all = memory;

	/* The last look may be at the snapshot of the one before: what was new still is. */
	if (all->now_ms != 0 && look->model->snapshot_monotonic_ns == all->now_ns)
		return;
	all->before_ms = all->now_ms;
	all->now_ms = look->now_ms;
	all->before_ns = all->now_ns;
	all->now_ns = look->model->snapshot_monotonic_ns;
}

/* Each process has targets of its own: its pid is mixed into the key. */
static void
see_target(struct openers *all, struct opener *opener, const struct socket_row *row)
{
	const struct tally_key key = {.netns = row->netns,
		.number = opener->head.key.number,
		.port = row->remote_port,
		.address = row->remote};
	const uint32_t before = all->targets.count;
	struct target *const target = keyed_get(&all->targets, &key);

	opener->targets += all->targets.count != before;
	if (target == NULL || ++target->count <= opener->most)
		return;
	opener->most = target->count;
	opener->address = row->remote;
	opener->port = row->remote_port;
}

static void
see_syn_sent(
	const struct look *look, struct openers *all, uint32_t id, const struct socket_row *row)
{
	const struct tally_key key = tally_process_key(look, row);
	struct opener *const opener = keyed_get(&all->openers, &key);

	if (opener == NULL)
		return;
	row_list_add(look, &opener->head.rows, id);
	if (row->timer_retries > 0)
		row_list_add(look, &opener->repeated, id);
	if (row->timer_retries > opener->retries)
		opener->retries = row->timer_retries;
	opener->fresh += all->before_ms != 0 && socket_birth_is_seen(row) &&
			 (int32_t)(row->first_ms - all->before_ms) > 0;
	see_target(all, opener, row);
}

/* One that was established lately; of an older one it is not known how its handshake went. */
static void
see_established(
	const struct look *look, struct openers *all, uint32_t id, const struct socket_row *row)
{
	const struct tally_key key = {
		.netns = row->netns, .port = row->remote_port, .address = row->remote};
	uint64_t again, bytes_again;
	struct reached *reached;

	if (!socket_birth_is_seen(row) || look->now_ms - row->first_ms > LONG_WINDOW_MS ||
		look_listens(look, row->netns, row->local_port))
		return;
	reached = keyed_get(&all->reached, &key);
	if (reached == NULL)
		return;
	reached->count++;
	if (tcp_info_get(&row->tcp, TCP_INFO_total_retrans, &again) && again > 0 &&
		tcp_info_get(&row->tcp, TCP_INFO_bytes_retrans, &bytes_again) && bytes_again == 0)
		row_list_add(look, &reached->head.rows, id);
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	if (row->state == TCP_STATE_SYN_SENT)
		see_syn_sent(look, memory, id, row);
	else
		see_established(look, memory, id, row);
}

enum { PILE_INFO, PILE_WARNING };

static const struct threshold pile_thresholds[] = {
	[PILE_INFO] = {"info", 4, UNIT_COUNT, "connects of one process whose SYN was sent again"},
	[PILE_WARNING] = {"warning", 20, UNIT_COUNT, "the same"},
};

enum { SCAN_WARNING, SCAN_CRITICAL, SCAN_FRESH };

static const struct threshold scan_thresholds[] = {
	[SCAN_WARNING] = {"warning", 50, UNIT_COUNT,
		"addresses and ports that one process is connecting to without an answer"},
	[SCAN_CRITICAL] = {"critical", 200, UNIT_COUNT, "the same"},
	[SCAN_FRESH] = {"critical_per_s", 50, UNIT_COUNT, "new ones a second"},
};

static void
describe_pile(struct look *look, struct finding *finding, const struct opener *opener)
{
	char who[FINDING_WHO_SIZE], target[ADDRESS_PORT_SIZE];

	finding_owner(look, finding, opener->head.key.number, "state syn-sent");
	address_format_port(&opener->address, opener->port, target, sizeof target);
	finding_say(finding,
		"%s: %u connect%s to %u target%s without an answer, up to %u SYNs sent; most of them to %s (%u)",
		finding_process_words(finding, who, sizeof who), (unsigned)opener->repeated.count,
		number_plural(opener->repeated.count), (unsigned)opener->targets,
		number_plural(opener->targets), (unsigned)opener->retries + 1, target,
		(unsigned)opener->most);
	finding_figure(finding, "syn_sent", UNIT_COUNT, opener->head.rows.count);
	finding_figure(finding, "syn_repeated", UNIT_COUNT, opener->repeated.count);
	finding_figure(finding, "targets", UNIT_COUNT, opener->targets);
	finding_words(finding, "most_to", "%s", target);
	finding_rows(finding, &opener->head.rows);
}

static void
check_pile(struct look *look, void *memory)
{
	const struct openers *const all = memory;

	for (uint32_t i = 0; i < all->openers.count; i++) {
		const struct opener *const opener = keyed_at(&all->openers, i);
		struct finding *finding;

		if (opener->repeated.count < look_threshold(look, PILE_INFO))
			continue;
		finding =
			look_report(look, opener->head.key.netns, tally_key_hash(&opener->head.key),
				opener->repeated.count >= look_threshold(look, PILE_WARNING)
					? SEVERITY_WARNING
					: SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_pile(look, finding, opener);
	}
}

static void
describe_scan(struct look *look, struct finding *finding, const struct opener *opener, double fresh)
{
	char who[FINDING_WHO_SIZE];

	finding_owner(look, finding, opener->head.key.number, "state syn-sent");
	finding_say(finding, "%s is connecting to %u address%s and port%s",
		finding_process_words(finding, who, sizeof who), (unsigned)opener->targets,
		opener->targets == 1 ? "" : "es", number_plural(opener->targets));
	if (opener->most < opener->targets)
		finding_say(finding, ", such as port %u", (unsigned)opener->port);
	if (fresh > 0)
		finding_say(
			finding, ", %.3g new one%s a second", fresh, finding_plural_rate(fresh));
	finding_say(finding, "; none of them has answered");
	finding_figure(finding, "targets", UNIT_COUNT, opener->targets);
	finding_figure(finding, "syn_sent", UNIT_COUNT, opener->head.rows.count);
	finding_figure(finding, "new_per_s", UNIT_COUNT, fresh);
	finding_rows(finding, &opener->head.rows);
}

static void
check_scan(struct look *look, void *memory)
{
	const struct openers *const all = memory;

	for (uint32_t i = 0; i < all->openers.count; i++) {
		const struct opener *const opener = keyed_at(&all->openers, i);
		/* Over one look alone: a scanner gives up after a second or two. */
		const double fresh =
			all->before_ms != 0 && all->now_ns > all->before_ns
				? opener->fresh / ((double)(all->now_ns - all->before_ns) /
							  (double)CLOCK_NS_PER_S)
				: 0;
		struct finding *finding;

		if (opener->targets < look_threshold(look, SCAN_WARNING))
			continue;
		finding =
			look_report(look, opener->head.key.netns, tally_key_hash(&opener->head.key),
				opener->targets >= look_threshold(look, SCAN_CRITICAL) ||
						fresh >= look_threshold(look, SCAN_FRESH)
					? SEVERITY_CRITICAL
					: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_scan(look, finding, opener, fresh);
	}
}

enum { SLOW_LEAST, SLOW_INFO, SLOW_WARNING };

static const struct threshold slow_thresholds[] = {
	[SLOW_LEAST] = {"least", 3, UNIT_COUNT,
		"connections to one address and port that needed more than one SYN"},
	[SLOW_INFO] = {"info", 1, UNIT_PERCENT, "of those that were established in 10 s"},
	[SLOW_WARNING] = {"warning", 5, UNIT_PERCENT, "the same, with 2 repeated SYNs a second"},
};

static void
describe_slow(struct finding *finding, const struct reached *reached, double again)
{
	char target[ADDRESS_PORT_SIZE];
	char address[ADDRESS_TEXT_SIZE];

	address_format_port(
		&reached->head.key.address, reached->head.key.port, target, sizeof target);
	address_format(&reached->head.key.address, address, sizeof address);
	finding_say(finding,
		"%u of %u connects to %s needed more than one SYN: they took 1 s or longer",
		(unsigned)reached->head.rows.count, (unsigned)reached->count, target);
	finding_figure(finding, "slow", UNIT_COUNT, reached->head.rows.count);
	finding_figure(finding, "established", UNIT_COUNT, reached->count);
	finding_figure(finding, "TCPSynRetrans_per_s", UNIT_COUNT, again);
	finding_filter(
		finding, "raddr %s and rport = %u", address, (unsigned)reached->head.key.port);
	finding_rows(finding, &reached->head.rows);
}

static void
check_slow(struct look *look, void *memory)
{
	const struct openers *const all = memory;

	for (uint32_t i = 0; i < all->reached.count; i++) {
		const struct reached *const reached = keyed_at(&all->reached, i);
		const double percent = 100.0 * reached->head.rows.count / reached->count;
		const double again = look_rate(look, reached->head.key.netns, COUNTER_SYN_RETRANS,
			LONG_WINDOW_MS / 1000.0);
		struct finding *finding;

		if (reached->head.rows.count < look_threshold(look, SLOW_LEAST) ||
			percent < look_threshold(look, SLOW_INFO))
			continue;
		finding = look_report(look, reached->head.key.netns,
			tally_key_hash(&reached->head.key),
			percent >= look_threshold(look, SLOW_WARNING) && again >= 2
				? SEVERITY_WARNING
				: SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_slow(finding, reached, again);
	}
}

enum { REFUSED_INFO, REFUSED_WARNING, REFUSED_PERCENT };

static const struct threshold refused_thresholds[] = {
	[REFUSED_INFO] = {"info", 1, UNIT_COUNT, "connects a second that fail"},
	[REFUSED_WARNING] = {"warning", 5, UNIT_COUNT, "the same"},
	[REFUSED_PERCENT] = {"percent", 20, UNIT_PERCENT, "of all connects, for a warning"},
};

/*
 * AttemptFails counts requests that a RST took back, too. What waits in SYN-SENT until it times out
 * ends in it as well, but at 1 in 131 s.
 */
static void
check_refused(struct look *look, void *memory)
{
	(void)memory;
	for (uint32_t i = 0; i < look->model->netns_count; i++) {
		const uint16_t netns = (uint16_t)i;
		const double window_s = WINDOW_MS / 1000.0;
		const double failed = look_rate(look, netns, COUNTER_ATTEMPT_FAILS, window_s) -
				      look_rate(look, netns, COUNTER_EMBRYONIC_RSTS, window_s);
		const double opens = look_rate(look, netns, COUNTER_ACTIVE_OPENS, window_s);
		const bool is_many = failed >= look_threshold(look, REFUSED_WARNING) &&
				     100 * failed >= look_threshold(look, REFUSED_PERCENT) * opens;
		struct finding *finding;

		if (failed < look_threshold(look, REFUSED_INFO))
			continue;
		finding = look_report(look, netns, 0, is_many ? SEVERITY_WARNING : SEVERITY_INFO);
		if (finding == NULL)
			return;
		finding_say(finding,
			"%.3g connect%s a second fail%s at once (of %.3g), as when %s refused (ECONNREFUSED 111)",
			failed, finding_plural_rate(failed), finding_is_one(failed) ? "s" : "",
			opens, finding_is_one(failed) ? "it is" : "they are");
		finding_figure(finding, "AttemptFails_per_s", UNIT_COUNT, failed);
		finding_figure(finding, "ActiveOpens_per_s", UNIT_COUNT, opens);
		if (!look->model->capture.running)
			finding_needs(finding, "CAP_NET_RAW: the flag events name who refuses");
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(openers, openers, opener, false),
	SUBJECT_TALLY(openers, targets, target, false),
	SUBJECT_TALLY(openers, reached, reached, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_SYN_SENT) | SUBJECT_STATE(TCP_STATE_ESTABLISHED),
	.size = sizeof(struct openers),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "syn-sent-pile",
				.help = "connects of a process get no answer",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				RULE_THRESHOLDS(pile_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_pile,
		.why = "The target is down or far away, or a filter drops the SYNs: neither a RST nor "
		       "an ICMP error comes back.",
		.action =
			"Try it with sockwatch connect and sockwatch probe --tcp. Give the program a "
			"time-out of its own; {tcp_syn_retries} says how often the kernel tries.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "scan-by-us",
				.help = "a process of this box connects to many addresses that do not answer",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(scan_thresholds),
				.hides = "syn-sent-pile",
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_scan,
		.why = "It scans: a worm, a scanner, or a monitoring system whose targets are down.",
		.action =
			"Look at the process, who started it and from which file. Stop it if nobody "
			"knows it.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "slow-handshake",
				.help = "connects succeed only after several SYNs",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_COUNTERS,
				.window_s = LONG_WINDOW_MS / 1000,
				RULE_THRESHOLDS(slow_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_slow,
		.why = "The first SYN or its SYN ACK was lost, or the other side dropped the SYN "
		       "because its queues are full. The first repetition comes after 1 s.",
		.action =
			"Look at ListenOverflows on the other side, and at the path with sockwatch "
			"probe --tcp.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "refused",
				.help = "connects fail at once",
				.needs = NEED_COUNTERS,
				.rights = "who refuses: the flag events need CAP_NET_RAW",
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(refused_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_refused,
		.why = "Nothing listens where these programs connect to, or a firewall answers with a "
		       "RST.",
		.action = "Start the service that is missing, and let the client wait between its "
			  "tries. The flag events (F8) show the RSTs.",
	},
};

const struct rule_table connect_rules = {rules, sizeof rules / sizeof rules[0]};
