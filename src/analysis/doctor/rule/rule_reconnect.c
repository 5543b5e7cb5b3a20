/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that reconnect without a FIN: one peer has several connections to one port, of which only
 * the newest talks. Many idle connections of one address alone prove nothing (a browser, a NAT):
 * the sequence does. Each of the last two was born after all older ones had fallen silent. Where no
 * birth was seen yet, the order in which they fell silent is a hint, and is told as one: a browser
 * that prefers its newest connection looks the same.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* One peer's connections to one local port. */
struct device {
	struct tally_head head;
	uint32_t births; /* seen lately */
};

/* All devices of one port. */
struct port {
	struct tally_head head; /* rows: the stale ones */
	uint32_t devices;       /* proven, and suspected */
	uint32_t proven;
	uint32_t most;    /* connections of one */
	uint32_t example; /* id of one */
	struct address address;
};

/*
 * Peers with a birth lately: those of the look before say whose connections are gathered in this
 * one, so that nothing is kept of the others.
 */
struct devices {
	struct keyed fresh, gathered, ports;
	struct keyed fresh_before;
	bool looks_at_all; /* there are so few connections that all may be gathered */
};

enum {
	WINDOW_S = 10,
	BIRTHS_FOR_MS = 60000,
	SILENCE_SLACK_MS = 1000,
	ALL_MAX = 20000,
	ROWS_MAX = 64,
	LIVE_MS = 3000
};

static void
begin(const struct look *look, void *memory)
{
	struct devices *const devices = memory;
	const struct keyed before = devices->fresh;

	devices->looks_at_all =
		look->is_last || look->model->sockets.by_state[0][TCP_STATE_ESTABLISHED] <= ALL_MAX;
	devices->fresh = devices->fresh_before;
	devices->fresh_before = before;
	keyed_clear(&devices->fresh);
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct devices *const devices = memory;
	const struct tally_key key = {
		.netns = row->netns, .port = row->local_port, .address = row->remote};
	struct device *device;

	if ((row->flags & SOCKET_BIRTH_SEEN) != 0 && look->now_ms - row->first_ms < BIRTHS_FOR_MS &&
		look_listens(look, row->netns, row->local_port)) {
		device = keyed_get(&devices->fresh, &key);
		if (device != NULL)
			device->births++;
	}
	device = devices->fresh_before.count > 0 ? keyed_find(&devices->fresh_before, &key) : NULL;
	if ((device == NULL || device->births < 2) &&
		(!devices->looks_at_all || row->inode == 0 ||
			!look_listens(look, row->netns, row->local_port)))
		return;
	device = keyed_get(&devices->gathered, &key);
	if (device != NULL)
		row_list_add(look, &device->head.rows, id);
}

/* When it received data last, on the clock of the rows; before that it was silent or not there. */
static uint32_t
heard_ms(const struct socket_row *row)
{
	uint64_t received_ms;

	if (!tcp_info_get(&row->tcp, TCP_INFO_last_data_recv, &received_ms))
		return row->first_ms;
	return row->seen_ms - (received_ms < row->seen_ms ? (uint32_t)received_ms : row->seen_ms);
}

/* The two newest births of a device. */
static void
newest_births(
	const struct look *look, const struct device *device, uint32_t *newest, uint32_t *second)
{
	uint32_t position = 0, id;

	*newest = *second = 0;
	while ((id = row_list_next(look, &device->head.rows, &position)) != SOCKET_NONE) {
		const struct socket_row *const row = socket_table_row(&look->model->sockets, id);

		if ((row->flags & SOCKET_BIRTH_SEEN) == 0)
			continue;
		if (row->first_ms > *newest) {
			*second = *newest;
			*newest = row->first_ms;
		} else if (row->first_ms > *second) {
			*second = row->first_ms;
		}
	}
}

/*
 * How many of its connections are stale: all but the newest, or 0 where one of them was heard after
 * a younger one was born.
 */
static uint32_t
count_stale(const struct look *look, const struct device *device)
{
	uint32_t newest, second, position = 0, id, stale = 0;

	newest_births(look, device, &newest, &second);
	if (second == 0)
		return 0;
	while ((id = row_list_next(look, &device->head.rows, &position)) != SOCKET_NONE) {
		const struct socket_row *const row = socket_table_row(&look->model->sockets, id);
		const uint32_t next = row->first_ms == second ? newest : second;

		if (row->first_ms == newest)
			continue;
		if (heard_ms(row) > next + SILENCE_SLACK_MS)
			return 0;
		stale++;
	}
	return stale;
}

static int
compare_inodes(const void *a, const void *b)
{
	const struct socket_row *const left = *(const struct socket_row *const *)a;
	const struct socket_row *const right = *(const struct socket_row *const *)b;

	return (left->inode > right->inode) - (left->inode < right->inode);
}

/*
 * From one look: in the order in which they were accepted (inodes grow) they fell silent, and only
 * the newest talks. How many are stale, or 0.
 */
static uint32_t
suspect_stale(const struct look *look, const struct device *device)
{
	const struct socket_row *rows[ROWS_MAX];
	uint32_t position = 0, id, count = 0;

	while (count < ROWS_MAX &&
		(id = row_list_next(look, &device->head.rows, &position)) != SOCKET_NONE)
		rows[count++] = socket_table_row(&look->model->sockets, id);
	if (count < 2)
		return 0;
	qsort(rows, count, sizeof rows[0], compare_inodes);
	for (uint32_t i = 0; i + 1 < count; i++)
		if (look->now_ms - heard_ms(rows[i]) <= LIVE_MS ||
			heard_ms(rows[i]) > heard_ms(rows[i + 1]))
			return 0;
	return look->now_ms - heard_ms(rows[count - 1]) <= LIVE_MS ? count - 1 : 0;
}

enum { RECONNECT_DEVICES, RECONNECT_STALE };

static const struct threshold reconnect_thresholds[] = {
	[RECONNECT_DEVICES] = {"warning", 3, UNIT_COUNT,
		"peers whose connections to one port are stale but for the newest; info until births prove it"},
	[RECONNECT_STALE] = {"stale", 3, UNIT_COUNT, "stale connections of one peer, at least"},
};

static void
add_device(struct look *look, struct devices *devices, const struct device *device, bool is_proven)
{
	const struct tally_key key = {
		.netns = device->head.key.netns, .port = device->head.key.port};
	struct port *const port = keyed_get(&devices->ports, &key);
	uint32_t position = 0, id;

	if (port == NULL)
		return;
	port->devices++;
	port->proven += is_proven;
	while ((id = row_list_next(look, &device->head.rows, &position)) != SOCKET_NONE) {
		row_list_add(look, &port->head.rows, id);
		port->example = id;
	}
	if (device->head.rows.count > port->most) {
		port->most = device->head.rows.count;
		port->address = device->head.key.address;
	}
}

static void
describe(struct look *look, struct finding *finding, const struct port *port, bool is_proven)
{
	char who[FINDING_WHO_SIZE], address[ADDRESS_TEXT_SIZE];

	finding_process(finding, look->model,
		model_socket_process(
			look->model, socket_table_row(&look->model->sockets, port->example)));
	address_format(&port->address, address, sizeof address);
	finding_say(finding,
		"%u peer%s of :%u (%s) %s without a FIN: %s has %u connections, only the newest talks",
		(unsigned)port->devices, number_plural(port->devices),
		(unsigned)port->head.key.port, finding_process_words(finding, who, sizeof who),
		is_proven ? "reconnect" : "seem to reconnect", address, (unsigned)port->most);
	finding_figure(finding, "peers", UNIT_COUNT, port->devices);
	finding_figure(finding, "connections", UNIT_COUNT, port->head.rows.count);
	finding_figure(finding, "stale", UNIT_COUNT, port->head.rows.count - port->devices);
	finding_figure(finding, "most_of_one_peer", UNIT_COUNT, port->most);
	finding_filter(finding, "state established and lport = %u", (unsigned)port->head.key.port);
	finding_rows(finding, &port->head.rows);
}

static void
check(struct look *look, void *memory)
{
	struct devices *const devices = memory;
	const double least = look_threshold(look, RECONNECT_STALE);

	for (uint32_t i = 0; i < devices->gathered.count; i++) {
		const struct device *const device = keyed_at(&devices->gathered, i);

		if (count_stale(look, device) >= least)
			add_device(look, devices, device, true);
		else if (suspect_stale(look, device) >= least)
			add_device(look, devices, device, false);
	}
	for (uint32_t i = 0; i < devices->ports.count; i++) {
		const struct port *const port = keyed_at(&devices->ports, i);
		const bool is_proven = port->proven >= look_threshold(look, RECONNECT_DEVICES);
		struct finding *finding;

		if (port->devices < look_threshold(look, RECONNECT_DEVICES))
			continue;
		finding = look_report(look, port->head.key.netns, tally_key_hash(&port->head.key),
			is_proven ? SEVERITY_WARNING : SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe(look, finding, port, is_proven);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(devices, fresh_before, device, true),
	SUBJECT_TALLY(devices, fresh, device, true),
	SUBJECT_TALLY(devices, gathered, device, false),
	SUBJECT_TALLY(devices, ports, port, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED),
	.size = sizeof(struct devices),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "reconnecting",
				.help = "devices reconnect without closing their old connections",
				.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(reconnect_thresholds),
				.hides = "half-open-idle",
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check,
		.why = "The devices restart, lose power or change their network: no FIN and no RST "
		       "comes from their old connections, and here they stay open.",
		.action = "Let the program close the old connection when the same client logs in "
			  "again, send heartbeats, or set SO_KEEPALIVE with TCP_KEEPIDLE 60, "
			  "TCP_KEEPINTVL 20 and TCP_KEEPCNT 3, or TCP_USER_TIMEOUT. "
			  "{tcp_keepalive_time} alone does not turn keepalive on.",
	},
};

const struct rule_table reconnect_rules = {rules, sizeof rules / sizeof rules[0]};
