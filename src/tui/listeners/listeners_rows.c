/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of listeners and of destinations: their colours, and what Enter does. */
#include <config.h>

#include "listeners_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/trouble.h>
#include <sockwatch/model/tcp_state.h>

#include "tui/detail/detail.h"
#include "tui/state.h"
#include "tui/table/table_pane.h"

enum { CONDITION_SIZE = 256 };

static void
load_listeners(struct tui *tui, struct row_order *list)
{
	struct listeners_page *const page = &tui->listeners;
	const uint32_t count = listener_table_count(&page->table);
	struct listener_row *const grown =
		reallocarray(page->listener_rows, count + 1, sizeof *grown);

	if (grown == NULL) {
		list->left_out += count;
		return;
	}
	page->listener_rows = grown;
	for (uint32_t i = 0; i < count; i++) {
		grown[i] = (struct listener_row){&page->table, listener_table_at(&page->table, i)};
		row_order_add(list, grown[i].listener->cookie ^ grown[i].listener->netns << 48,
			&grown[i], NULL);
	}
}

static void
load_destinations(struct tui *tui, struct row_order *list)
{
	struct listeners_page *const page = &tui->listeners;
	const struct port_budget *const budget = page->ports;
	const uint32_t count = port_budget_count(budget);
	struct destination_row *const grown =
		reallocarray(page->destination_rows, count + 1, sizeof *grown);

	if (grown == NULL) {
		list->left_out += count;
		return;
	}
	page->destination_rows = grown;
	for (uint32_t i = 0; i < count; i++) {
		const struct destination *const destination = port_budget_at(budget, i);

		grown[i] = (struct destination_row){budget, destination};
		row_order_add(list, map_hash_bytes(&destination->key, sizeof destination->key, 0),
			&grown[i], NULL);
	}
}

static enum severity
worse(enum severity a, enum severity b)
{
	return a > b ? a : b;
}

/* As its socket is judged, and by its half-open connections. */
static enum severity
judge_listener(struct tui *tui, const void *data, const struct field *field)
{
	const struct listener_row *const row = data;
	const struct socket_row *const socket = listener_socket(tui->model, row->listener);
	const struct listener_group *const group = listener_group(row->table, row->listener);
	enum severity half_open = SEVERITY_INFO;
	struct trouble_set troubles;

	if (socket == NULL)
		return SEVERITY_INFO;
	trouble_judge(tui->model, socket, &troubles);
	if (group != NULL)
		half_open = trouble_of_half_open(socket, group->half_open.count);
	if (field == NULL)
		return worse(troubles.worst, half_open);
	return strcmp(field->name, "half_open") == 0 ? half_open
						     : trouble_of_field(&troubles, field->name);
}

static enum severity
judge_destination(struct tui *tui, const void *data, const struct field *field)
{
	const struct destination_row *const row = data;
	double percent;

	(void)tui;
	if ((field != NULL && strcmp(field->name, "used_pct") != 0) ||
		!destination_percent(row->budget, row->destination, &percent))
		return SEVERITY_INFO;
	return trouble_of_ports(percent);
}

static bool
topic_of_listener(const void *row, struct topic *found)
{
	(void)row;
	return topic_find(TOPIC_STATE, tcp_state_name(TCP_STATE_LISTEN), found);
}

/* The page of its socket, where F9 closes it. */
static void
enter_listener(struct tui *tui, const void *data)
{
	const struct listener *const listener = ((const struct listener_row *)data)->listener;

	if (listener_socket(tui->model, listener) != NULL)
		detail_open(tui, listener->socket);
	else
		tui_show_message(tui, SEVERITY_INFO, "that listener has ended");
}

/* Its sockets, in the table of sockets. */
static void
enter_destination(struct tui *tui, const void *data)
{
	const struct destination_key *const key =
		&((const struct destination_row *)data)->destination->key;
	char local[ADDRESS_TEXT_SIZE], remote[ADDRESS_TEXT_SIZE], condition[CONDITION_SIZE];

	address_format(&key->local, local, sizeof local);
	address_format(&key->remote, remote, sizeof remote);
	snprintf(condition, sizeof condition, "laddr %s and raddr %s and rport = %u", local, remote,
		(unsigned)key->port);
	if (table_show_filtered(tui, condition, PAGE_LISTENERS))
		tui_show_message(
			tui, SEVERITY_INFO, "the sockets of that destination; Esc goes back to it");
}

const struct rows_kind listeners_rows_listeners = {
	.title = "listeners",
	.fields = &listener_fields,
	.columns =
		"local,accept_queue,backlog,accept_queue_pct,half_open,drops,drop_rate,accept_rate,"
		"established,unaccepted,close_wait,time_wait,accept_queue_peak,half_open_sources,"
		"age,owner,note",
	.sort = "accept_queue_pct",
	.empty = "nothing listens",
	.load = load_listeners,
	.topic = topic_of_listener,
	.enter = enter_listener,
	.judge = judge_listener,
};

const struct rows_kind listeners_rows_destinations = {
	.title = "destinations",
	.fields = &destination_fields,
	.columns =
		"local_addr,remote,ports_used,ports_usable,used_pct,established,time_wait,taken_rate,"
		"freed_rate,left_s,processes,note",
	.sort = "used_pct",
	.empty = "no outgoing connection uses a port of ip_local_port_range",
	.load = load_destinations,
	.enter = enter_destination,
	.judge = judge_destination,
};
