/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F7 on a row: probes the path to its peer, asks first where that would reach a service. */
#include <config.h>

#include "paths.h"

#include <netinet/in.h>
#include <stdio.h>

#include <sockwatch/model/path.h>

#include "tui/key/handlers.h"
#include "tui/overlay/menu.h"
#include "tui/state.h"

enum { TTL_MAX = 30, INTERVAL_MS = 1000 };

/*
 * The peer connected to us. Nobody listens on its port, so a SYN to it shows no more than an echo
 * request.
 */
static bool
is_accepted(const struct tui *tui, const struct socket_row *row)
{
	const struct socket_table *const sockets = &tui->model->sockets;

	for (uint32_t id = 0; id < sockets->used; id++) {
		const struct socket_row *const other = socket_table_row(sockets, id);

		if (other->local_port == row->local_port && other->netns == row->netns &&
			other->state == TCP_STATE_LISTEN && other->protocol == IPPROTO_TCP &&
			(other->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0)
			return true;
	}
	return false;
}

static void
fill(const struct tui *tui, const struct socket_row *row, struct message_probe_start *start)
{
	*start = (struct message_probe_start){
		.netns = identity_netns(tui->model, row),
		.protocol = PROBE_PROTOCOL_UDP,
		.flows = 1,
		.first_ttl = 1,
		.max_ttl = TTL_MAX,
		.target = row->remote,
		.source = row->local,
		.port = row->remote_port,
		.interface = row->ifindex,
		.interval_ms = INTERVAL_MS,
		.timeout_ms = PROBE_TIMEOUT_MS,
	};
	if (row->protocol == IPPROTO_UDP)
		return;
	start->protocol = is_accepted(tui, row) ? PROBE_PROTOCOL_ICMP : PROBE_PROTOCOL_TCP;
	if (start->protocol == PROBE_PROTOCOL_ICMP)
		start->port = 0;
}

static struct paths_asked *
find_started(struct tui *tui, const struct socket_row *row, const struct message_probe_start *start)
{
	for (size_t i = 0; i < tui->paths.asked_count; i++) {
		struct paths_asked *const asked = &tui->paths.asked[i];

		if (explain_path_is_to(tui->model, &asked->start, row) &&
			asked->first_protocol == start->protocol &&
			asked->first_port == start->port &&
			address_compare(&asked->start.source, &start->source) == 0)
			return asked;
	}
	return NULL;
}

/* The path that such a row was probed by before; of a UDP socket by any of the ways that are
 * offered. */
static struct paths_asked *
find_target(struct tui *tui, const struct socket_row *row, const struct message_probe_start *start)
{
	struct message_probe_start other = *start;
	struct paths_asked *known = find_started(tui, row, &other);

	if (start->protocol != PROBE_PROTOCOL_UDP)
		return known;
	other.port = 0;
	if (known == NULL)
		known = find_started(tui, row, &other);
	other.protocol = PROBE_PROTOCOL_ICMP;
	return known != NULL ? known : find_started(tui, row, &other);
}

/* In the pane below the table; the page of its socket always shows it. */
static bool
is_in_sight(const struct tui *tui, uint32_t id)
{
	return tui_page(tui) == PAGE_DETAIL || (tui->paths.shown == id && tui->paths.is_in_sight);
}

/* Stops a path that is in sight and running; any other one runs and is shown. */
static void
switch_known(struct tui *tui, struct paths_asked *asked)
{
	const uint32_t id = asked->start.id;

	if (paths_is_running(tui, asked) && is_in_sight(tui, id)) {
		paths_stop(tui, id);
		paths_show(tui, 0);
		tui_show_message(tui, SEVERITY_INFO, "stopped; screen 4 keeps what was measured");
		return;
	}
	if (!paths_is_running(tui, asked))
		paths_run(tui, id, false);
	paths_show(tui, id);
}

static const struct way {
	enum probe_protocol protocol;
	bool to_service;
	const char *label;
} ways[] = {
	{PROBE_PROTOCOL_ICMP, false, "by ICMP echo: the service gets nothing"},
	{PROBE_PROTOCOL_UDP, false, "by UDP to ports that nobody uses, as traceroute does"},
	{PROBE_PROTOCOL_UDP, true, NULL}, /* with the number of its port */
};

static void
choose_way(struct tui *tui, const struct menu_item *item, const char *typed)
{
	const struct way *const way = item->object;
	struct message_probe_start start = tui->paths.offered;

	(void)typed;
	start.protocol = (uint8_t)way->protocol;
	if (!way->to_service)
		start.port = 0;
	paths_start(tui, &tui->paths.offered_socket, &start);
}

static const struct menu_ops way_menu = {.choose = choose_way};

/* A SYN asks a TCP port for nothing; a datagram may be a request to what listens there. */
static void
offer_ways(struct tui *tui, const struct identity *socket, const struct message_probe_start *start)
{
	char title[MENU_TITLE_SIZE], label[96], address[ADDRESS_TEXT_SIZE];

	tui->paths.offered = *start;
	tui->paths.offered_socket = *socket;
	explain_path_address(tui->model, start, address, sizeof address);
	snprintf(title, sizeof title, "Probe %.45s", address);
	menu_begin(tui, &way_menu, title);
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		if (ways[i].to_service)
			snprintf(label, sizeof label,
				"by UDP to port %u: the service there gets the datagrams",
				(unsigned)start->port);
		else
			snprintf(label, sizeof label, "%s", ways[i].label);
		menu_add(tui, label, NULL, &ways[i], MENU_NO_COUNT);
	}
	menu_open(tui, NULL);
}

void
do_probe(struct tui *tui)
{
	const uint32_t id = tui_row_in_question(tui);
	const struct socket_row *row = table_row(tui, id);
	struct message_probe_start start;
	struct paths_asked *known;
	struct identity socket;

	if (tui_is_on_table(tui) && tui_table(tui)->cursor.on_group) {
		tui_show_message(
			tui, SEVERITY_INFO, "that is a group; unfold it and choose a socket");
		return;
	}
	identity_take(&socket, tui->model, id);
	/* A connection without a known socket has a peer as well. */
	if (row == NULL && tui_page(tui) == PAGE_DETAIL && tui->detail.wire_only) {
		row = &tui->detail.row;
		socket = tui->detail.socket;
	}
	if (row == NULL || address_is_any(&row->remote)) {
		tui_show_message(tui, SEVERITY_INFO,
			row == NULL ? "there is no socket under the cursor"
				    : "that socket has no peer, so there is no path to probe");
		return;
	}
	fill(tui, row, &start);
	known = find_target(tui, row, &start);
	if (known != NULL)
		switch_known(tui, known);
	else if (start.protocol == PROBE_PROTOCOL_UDP)
		offer_ways(tui, &socket, &start);
	else
		paths_start(tui, &socket, &start);
}
