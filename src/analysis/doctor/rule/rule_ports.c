/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Local ports that run out, and TIME-WAITs, which are what they mostly run out by. */
#include <config.h>

#include <stdio.h>

#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/model/sysctl.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

enum { NEAR_MAX = 32, WINDOW_S = 3, TREND_S = 10 };

/* A destination whose ports are about to run out. */
struct near_end {
	const struct destination *destination;
	double percent;
	struct row_list rows;
};

/* TIME-WAITs of a namespace, or of one service: the lower port of a connection, which is the more
 * likely one. */
struct service {
	struct tally_head head;
};

struct port_watch {
	const struct port_budget *budget;   /* of this look */
	struct near_end near_end[NEAR_MAX]; /* the nearest */
	size_t near_count;
	struct keyed services;
	struct keyed spaces; /* TIME-WAITs by namespace */
};

enum { EXHAUSTION_WARNING, EXHAUSTION_CRITICAL };

static const struct threshold exhaustion_thresholds[] = {
	[EXHAUSTION_WARNING] = {"warning", 75, UNIT_PERCENT,
		"part of the usable local ports that one destination uses"},
	[EXHAUSTION_CRITICAL] = {"critical", 95, UNIT_PERCENT, "the same"},
};

/* The nearest stay, in order. */
static void
keep_nearest(const struct look *look, struct port_watch *watch,
	const struct destination *destination, double percent)
{
	size_t at = watch->near_count;

	while (at > 0 && watch->near_end[at - 1].percent < percent)
		at--;
	if (watch->near_count < NEAR_MAX)
		watch->near_count++;
	else
		look_refuse(look, 1);
	if (at == NEAR_MAX)
		return;
	for (size_t i = watch->near_count - 1; i > at; i--)
		watch->near_end[i] = watch->near_end[i - 1];
	watch->near_end[at] = (struct near_end){.destination = destination, .percent = percent};
}

static void
begin(const struct look *look, void *memory)
{
	struct port_watch *const watch = memory;
	const double least = look_threshold_of(look, "port-exhaustion", EXHAUSTION_WARNING);

	watch->budget = look_ports(look);
	watch->near_count = 0;
	for (uint32_t i = 0; i < port_budget_count(watch->budget); i++) {
		const struct destination *const destination = port_budget_at(watch->budget, i);
		double percent;

		if (destination_percent(watch->budget, destination, &percent) && percent >= least)
			keep_nearest(look, watch, destination, percent);
	}
}

static bool
is_to(const struct socket_row *row, const struct destination_key *key)
{
	return row->netns == key->netns && row->remote_port == key->port &&
	       address_compare(&row->remote, &key->remote) == 0 &&
	       address_compare(&row->local, &key->local) == 0;
}

static void
see_time_wait(const struct look *look, struct port_watch *watch, uint32_t id,
	const struct socket_row *row)
{
	const struct tally_key space = {.netns = row->netns};
	const struct tally_key service = {.netns = row->netns,
		.port = row->local_port < row->remote_port ? row->local_port : row->remote_port};
	struct service *const of_space = keyed_get(&watch->spaces, &space);
	struct service *of_service;

	if (of_space != NULL)
		row_list_add(look, &of_space->head.rows, id);
	of_service = keyed_get(&watch->services, &service);
	if (of_service != NULL)
		of_service->head.rows.count++;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct port_watch *const watch = memory;

	if (row->state == TCP_STATE_TIME_WAIT)
		see_time_wait(look, watch, id, row);
	for (size_t i = 0; i < watch->near_count; i++)
		if (is_to(row, &watch->near_end[i].destination->key))
			row_list_add(look, &watch->near_end[i].rows, id);
}

/* What comes of it, by how near the end is. */
static void
say_outlook(struct finding *finding, const struct port_watch *watch,
	const struct destination *destination)
{
	char left[DURATION_TEXT_SIZE];
	uint32_t ports;
	double left_s;

	if (!destination_free(watch->budget, destination, &ports))
		return;
	if (ports == 0) {
		finding_say(finding, ": connect() fails with EADDRNOTAVAIL (99)");
		if (destination->seconds > 0)
			finding_say(
				finding, "; %.3g a second come free", destination->freed_a_second);
	} else if (destination_left_s(watch->budget, destination, &left_s)) {
		finding_say(finding, ": in %s none is left, as the use grows now",
			duration_format((uint64_t)(left_s * (double)CLOCK_NS_PER_S), DURATION_LONG,
				left, sizeof left));
	}
}

static void
describe_exhaustion(struct finding *finding, const struct port_watch *watch,
	const struct destination *destination)
{
	const struct destination_key *const key = &destination->key;
	const uint32_t usable = port_budget_space(watch->budget, key->netns)->usable;
	const uint32_t in_use = destination->used - destination->reusable;
	char local[ADDRESS_TEXT_SIZE], remote[ADDRESS_PORT_SIZE], host[ADDRESS_TEXT_SIZE];

	address_format(&key->local, local, sizeof local);
	address_format(&key->remote, host, sizeof host);
	address_format_port(&key->remote, (uint16_t)key->port, remote, sizeof remote);
	finding_say(finding, "%u of %u local ports from %s to %s are in use (%u TIME-WAIT)",
		(unsigned)in_use, (unsigned)usable, local, remote,
		(unsigned)destination->by_state[TCP_STATE_TIME_WAIT]);
	say_outlook(finding, watch, destination);
	finding_figure(finding, "ports_used", UNIT_COUNT, destination->used);
	finding_figure(finding, "ports_reusable", UNIT_COUNT, destination->reusable);
	finding_figure(finding, "ports_usable", UNIT_COUNT, usable);
	finding_figure(
		finding, "time_wait", UNIT_COUNT, destination->by_state[TCP_STATE_TIME_WAIT]);
	if (destination->seconds > 0) {
		finding_figure(finding, "taken_per_s", UNIT_COUNT, destination->taken_a_second);
		finding_figure(finding, "freed_per_s", UNIT_COUNT, destination->freed_a_second);
	}
	finding_filter(
		finding, "laddr %s and raddr %s and rport = %u", local, host, (unsigned)key->port);
}

static uint64_t
number_of(const struct destination_key *key)
{
	const struct tally_key number = {.netns = (uint16_t)key->netns,
		.port = (uint16_t)key->port,
		.number = (uint32_t)map_hash_16(&key->local, 0),
		.address = key->remote};

	return tally_key_hash(&number);
}

static void
check_exhaustion(struct look *look, void *memory)
{
	const struct port_watch *const watch = memory;

	for (size_t i = 0; i < watch->near_count; i++) {
		const struct near_end *const near_end = &watch->near_end[i];
		const struct destination *const destination = near_end->destination;
		struct finding *const finding = look_report(look, (uint16_t)destination->key.netns,
			number_of(&destination->key),
			near_end->percent >= look_threshold(look, EXHAUSTION_CRITICAL)
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);

		if (finding == NULL)
			return;
		if (destination->process_count > 0)
			finding_process(finding, look->model,
				process_table_find(
					&look->model->processes, destination->processes[0].pid));
		describe_exhaustion(finding, watch, destination);
		finding_rows(finding, &near_end->rows);
	}
}

enum { MANY_INFO, MANY_WARNING };

static const struct threshold many_thresholds[] = {
	[MANY_INFO] = {"info", 500, UNIT_COUNT, "sockets in TIME-WAIT in a network namespace"},
	[MANY_WARNING] = {"warning", 80, UNIT_PERCENT,
		"part of tcp_max_tw_buckets, from which on TIME-WAIT is skipped"},
};

/* The service that most of them are of; NULL: none has half of them. */
static const struct service *
main_service(const struct port_watch *watch, uint16_t netns, uint32_t count)
{
	for (uint32_t i = 0; i < watch->services.count; i++) {
		const struct service *const service = keyed_at(&watch->services, i);

		if (service->head.key.netns == netns && service->head.rows.count * 2 > count)
			return service;
	}
	return NULL;
}

/* In percent of tcp_max_tw_buckets; below 0: not known. */
static double
share_of_buckets(const struct look *look, uint16_t netns, uint32_t count)
{
	uint64_t most, counted;

	if (!model_sysctl(look->model, netns, SYSCTL_MAX_TW_BUCKETS, &most) || most == 0)
		return -1;
	if (look_counter(look, netns, COUNTER_TCP_TW, &counted) && counted > count)
		return 100.0 * (double)counted / (double)most;
	return 100.0 * count / (double)most;
}

static void
describe_many(struct look *look, struct finding *finding, const struct port_watch *watch,
	const struct service *all, double share)
{
	const uint16_t netns = all->head.key.netns;
	const uint32_t count = all->head.rows.count;
	const struct service *const service = main_service(watch, netns, count);
	const double skipped = look_rate(look, netns, COUNTER_TIME_WAIT_OVERFLOW, WINDOW_S);
	struct change change;

	finding_say(finding, "%u TIME-WAIT", (unsigned)count);
	if (service != NULL)
		finding_say(finding, ", most of port %u", (unsigned)service->head.key.port);
	if (look_change(look, netns, COUNTER_TCP_TW, WINDOW_S, &change) && change.a_second >= 1) {
		finding_say(finding, ", %.0f more a second", change.a_second);
		finding_figure(finding, "more_per_s", UNIT_COUNT, change.a_second);
	}
	if (share >= 0) {
		finding_say(finding, ": %.3g%% of tcp_max_tw_buckets", share);
		finding_figure(finding, "tcp_max_tw_buckets_pct", UNIT_PERCENT, share);
	}
	if (skipped > 0)
		finding_say(finding, "; %.3g a second are skipped", skipped);
	finding_figure(finding, "time_wait", UNIT_COUNT, count);
	finding_figure(finding, "TCPTimeWaitOverflow_per_s", UNIT_COUNT, skipped);
	finding_filter(finding, "state time-wait");
}

static void
check_many(struct look *look, void *memory)
{
	const struct port_watch *const watch = memory;

	for (uint32_t i = 0; i < watch->spaces.count; i++) {
		const struct service *const all = keyed_at(&watch->spaces, i);
		const uint16_t netns = all->head.key.netns;
		const double share = share_of_buckets(look, netns, all->head.rows.count);
		const bool is_near =
			share >= look_threshold(look, MANY_WARNING) ||
			look_rate(look, netns, COUNTER_TIME_WAIT_OVERFLOW, WINDOW_S) > 0;
		struct finding *finding;

		if (!is_near && all->head.rows.count < look_threshold(look, MANY_INFO))
			continue;
		finding = look_report(look, netns, 0, is_near ? SEVERITY_WARNING : SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_many(look, finding, watch, all, share);
		finding_rows(finding, &all->head.rows);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(port_watch, services, service, false),
	SUBJECT_TALLY(port_watch, spaces, service, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_SYN_SENT) |
		  SUBJECT_STATE(TCP_STATE_FIN_WAIT_1) | SUBJECT_STATE(TCP_STATE_FIN_WAIT_2) |
		  SUBJECT_STATE(TCP_STATE_CLOSE_WAIT) | SUBJECT_STATE(TCP_STATE_CLOSING) |
		  SUBJECT_STATE(TCP_STATE_LAST_ACK) | SUBJECT_STATE(TCP_STATE_TIME_WAIT),
	.size = sizeof(struct port_watch),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "port-exhaustion",
				.help = "local ports to a destination run out, and connect() fails",
				.needs = NEED_SOCKETS | NEED_SYSCTLS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = TREND_S,
				RULE_THRESHOLDS(exhaustion_thresholds),
				.hides = "time-wait-many",
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_exhaustion,
		.why = "Each connection to one address and port needs a local port of its own, and "
		       "the side that closes first keeps it in TIME-WAIT for 60 s. A new "
		       "connection for each request uses them up. No counter of the kernel shows "
		       "that connect() fails.",
		.action =
			"Keep connections open and use them again (a pool). Else spread over more "
			"addresses or ports of the other side, or over more source addresses with "
			"IP_BIND_ADDRESS_NO_PORT. A wider {ip_local_port_range} helps for a while. "
			"{tcp_tw_reuse} set to 1 lets connect() take ports in TIME-WAIT after a second, "
			"if both sides use timestamps: sysctl -w net.ipv4.tcp_tw_reuse=1. {tcp_fin_timeout} does not shorten "
			"TIME-WAIT.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "time-wait-many",
				.help = "many sockets in TIME-WAIT, and whether they are near their limit",
				.needs = NEED_SOCKETS | NEED_SYSCTLS | NEED_COUNTERS,
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(many_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_many,
		.why = "The side that closes first keeps the connection in TIME-WAIT for 60 s, so "
		       "that late segments do no harm. It has no descriptor and no process, and "
		       "little memory. It matters where local ports run out (port-exhaustion) or "
		       "{tcp_max_tw_buckets} is reached: then TIME-WAIT is skipped.",
		.action = "Nothing, unless ports run out. {tcp_fin_timeout} has nothing to do with "
			  "it, and tcp_tw_recycle is gone since Linux 4.12.",
	},
};

const struct rule_table port_rules = {rules, sizeof rules / sizeof rules[0]};
