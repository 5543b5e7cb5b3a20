/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Established connections without a sign of life and without keepalive. Whether the peer is gone or
 * only silent cannot be told from here, so that age alone makes it worse, and the words say so.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>
#include <sockwatch/model/sysctl.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* Those of one listening port. */
struct silence {
	struct tally_head head; /* silent without keepalive */
	uint32_t old;           /* of them, for longer than the long age */
	uint64_t longest_ms;
	uint32_t example; /* id of one, for its process */
};

/* Those without keepalive in a namespace whose keepalive times somebody has set. */
struct unprobed {
	struct tally_head head;
	uint32_t example; /* id of one, for its process */
};

struct silences {
	struct keyed by_port, unprobed;
	uint64_t age_ms, long_age_ms, unprobed_ms; /* thresholds */
};

enum { SILENT_INFO, SILENT_AGE, SILENT_WARNING, SILENT_LONG_AGE };

static const struct threshold silent_thresholds[] = {
	[SILENT_INFO] = {"info", 10, UNIT_COUNT, "silent connections to one port"},
	[SILENT_AGE] = {"age", 300000, UNIT_MS, "without data or ACK, to be called silent"},
	[SILENT_WARNING] = {"warning", 50, UNIT_COUNT, "that are silent for the long age"},
	[SILENT_LONG_AGE] = {"long_age", 7200000, UNIT_MS, "for a warning"},
};

enum { UNPROBED_INFO, UNPROBED_AGE };

static const struct threshold unprobed_thresholds[] = {
	[UNPROBED_INFO] = {"info", 10, UNIT_COUNT, "silent connections without keepalive"},
	[UNPROBED_AGE] = {"age", 60000, UNIT_MS, "without data or ACK, to be called silent"},
};

static void
begin(const struct look *look, void *memory)
{
	struct silences *const silences = memory;

	silences->age_ms = (uint64_t)look_threshold_of(look, "half-open-idle", SILENT_AGE);
	silences->long_age_ms =
		(uint64_t)look_threshold_of(look, "half-open-idle", SILENT_LONG_AGE);
	silences->unprobed_ms = (uint64_t)look_threshold_of(look, "keepalive-sysctl", UNPROBED_AGE);
}

/* Since anything came or went: data, or an ACK. false: not known. */
static bool
silent_ms(const struct socket_row *row, uint64_t *ms)
{
	uint64_t sent, received, acked;

	if (!tcp_info_get(&row->tcp, TCP_INFO_last_ack_recv, &acked))
		return false;
	*ms = acked;
	if (tcp_info_get(&row->tcp, TCP_INFO_last_data_sent, &sent) && sent < *ms)
		*ms = sent;
	if (tcp_info_get(&row->tcp, TCP_INFO_last_data_recv, &received) && received < *ms)
		*ms = received;
	return true;
}

static void
see_unprobed(const struct look *look, struct silences *silences, uint32_t id,
	const struct socket_row *row)
{
	const struct tally_key key = {.netns = row->netns};
	struct unprobed *const unprobed = keyed_get(&silences->unprobed, &key);

	if (unprobed == NULL)
		return;
	row_list_add(look, &unprobed->head.rows, id);
	unprobed->example = id;
}

/* The ages are as of the dump that reported the row; time has gone on since. */
static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct silences *const silences = memory;
	const struct tally_key key = {.netns = row->netns, .port = row->local_port};
	struct silence *silence;
	uint64_t ms;

	if (row->timer != SOCKET_TIMER_NONE || row->send_queue > 0 || row->inode == 0 ||
		(row->flags & SOCKET_KEEPALIVE_ON) != 0 || !silent_ms(row, &ms))
		return;
	ms += look->now_ms - row->seen_ms;
	if (ms >= silences->unprobed_ms)
		see_unprobed(look, silences, id, row);
	if (ms < silences->age_ms)
		return;
	silence = keyed_get(&silences->by_port, &key);
	if (silence == NULL)
		return;
	row_list_add(look, &silence->head.rows, id);
	silence->old += ms >= silences->long_age_ms;
	silence->example = id;
	if (ms > silence->longest_ms)
		silence->longest_ms = ms;
}

static void
describe(struct look *look, struct finding *finding, const struct silence *silence)
{
	const struct socket_row *const row =
		socket_table_row(&look->model->sockets, silence->example);
	char who[FINDING_WHO_SIZE], longest[DURATION_TEXT_SIZE];

	finding_process(finding, look->model, model_socket_process(look->model, row));
	finding_say(finding,
		"%u connection%s to :%u of %s silent for up to %s, keepalive off: if a peer is gone, nothing will ever tell",
		(unsigned)silence->head.rows.count, number_plural(silence->head.rows.count),
		(unsigned)silence->head.key.port, finding_process_words(finding, who, sizeof who),
		duration_format(silence->longest_ms * CLOCK_NS_PER_MS, DURATION_LONG, longest,
			sizeof longest));
	finding_figure(finding, "silent", UNIT_COUNT, silence->head.rows.count);
	finding_figure(finding, "silent_long", UNIT_COUNT, silence->old);
	finding_figure(finding, "longest_ms", UNIT_MS, (double)silence->longest_ms);
	finding_filter(finding, "state established and lport = %u and keepalive = no",
		(unsigned)silence->head.key.port);
	finding_rows(finding, &silence->head.rows);
}

static void
check_half_open(struct look *look, void *memory)
{
	const struct silences *const silences = memory;

	for (uint32_t i = 0; i < silences->by_port.count; i++) {
		const struct silence *const silence = keyed_at(&silences->by_port, i);
		struct finding *finding;

		if (silence->head.rows.count < look_threshold(look, SILENT_INFO))
			continue;
		finding = look_report(look, silence->head.key.netns,
			tally_key_hash(&silence->head.key),
			silence->old >= look_threshold(look, SILENT_WARNING) ? SEVERITY_WARNING
									     : SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe(look, finding, silence);
	}
}

/* The first of the three times that is not the kernel's default. false: none is. */
static bool
find_changed(const struct look *look, uint16_t netns, enum sysctl *changed, uint64_t *value)
{
	static const struct {
		enum sysctl sysctl;
		uint64_t value;
	} defaults[] = {{SYSCTL_KEEPALIVE_TIME, 7200}, {SYSCTL_KEEPALIVE_INTVL, 75},
		{SYSCTL_KEEPALIVE_PROBES, 9}};

	for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
		*changed = defaults[i].sysctl;
		if (model_sysctl(look->model, netns, *changed, value) &&
			*value != defaults[i].value)
			return true;
	}
	return false;
}

static void
check_keepalive(struct look *look, void *memory)
{
	const struct silences *const silences = memory;

	for (uint32_t i = 0; i < silences->unprobed.count; i++) {
		const struct unprobed *const unprobed = keyed_at(&silences->unprobed, i);
		const uint16_t netns = unprobed->head.key.netns;
		char who[FINDING_WHO_SIZE];
		enum sysctl changed;
		uint64_t value;
		struct finding *finding;

		if (unprobed->head.rows.count < look_threshold(look, UNPROBED_INFO) ||
			!find_changed(look, netns, &changed, &value))
			continue;
		finding = look_report(look, netns, 0, SEVERITY_INFO);
		if (finding == NULL)
			return;
		finding_process(finding, look->model,
			model_socket_process(look->model,
				socket_table_row(&look->model->sockets, unprobed->example)));
		finding_say(finding,
			"%s is %llu here, but %u silent connection%s do%s not use keepalive: it is for sockets with SO_KEEPALIVE only",
			sysctl_name(changed), (unsigned long long)value,
			(unsigned)unprobed->head.rows.count,
			number_plural(unprobed->head.rows.count),
			unprobed->head.rows.count == 1 ? "es" : "");
		if (finding->pid != 0)
			finding_say(finding, ", and %s sets none on some of these",
				finding_process_words(finding, who, sizeof who));
		finding_words(finding, "sysctl", "%s", sysctl_name(changed));
		finding_figure(finding, "value", UNIT_NONE, (double)value);
		finding_figure(finding, "silent", UNIT_COUNT, unprobed->head.rows.count);
		finding_filter(finding, "state established and keepalive = no");
		finding_rows(finding, &unprobed->head.rows);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(silences, by_port, silence, false),
	SUBJECT_TALLY(silences, unprobed, unprobed, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED),
	.size = sizeof(struct silences),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "half-open-idle",
				.help = "connections are silent and have no keepalive",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				RULE_THRESHOLDS(silent_thresholds),
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_half_open,
		.why = "A peer that crashed, was unplugged or was forgotten by a NAT sends no FIN. A "
		       "healthy client that has nothing to say looks the same: only a probe tells.",
		.action =
			"Let the program set SO_KEEPALIVE (and TCP_KEEPIDLE), send heartbeats, or set "
			"TCP_USER_TIMEOUT. {tcp_keepalive_time} only counts for sockets that have "
			"SO_KEEPALIVE.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "keepalive-sysctl",
				.help = "keepalive times were set, and connections do not use keepalive",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_OWNERS | NEED_SYSCTLS,
				.rights = RULE_RIGHTS_NAMES,
				RULE_THRESHOLDS(unprobed_thresholds),
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_keepalive,
		.why = "The sysctls tcp_keepalive_time, _intvl and _probes are defaults for sockets that "
		       "have SO_KEEPALIVE. They do not turn it on.",
		.action =
			"Turn keepalive on in the program: most servers and clients have an option for "
			"it.",
	},
};

const struct rule_table silent_rules = {rules, sizeof rules / sizeof rules[0]};
