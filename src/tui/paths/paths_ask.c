/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts, changes and stops the probing of paths. */
#include <config.h>

#include "paths.h"

#include <math.h>

#include <sockwatch/model/conversation.h>
#include <sockwatch/model/path.h>

#include "tui/key/handlers.h"
#include "tui/state.h"

enum {
	TTL_MAX = 30,
	INTERVAL_MS = 1000,
	TIMEOUT_MS = 3000,
	HTTPS = 443, /* for TCP to the peer of a row that has no TCP port */
};

struct paths_asked *
paths_find_asked(struct tui *tui, uint32_t id)
{
	for (size_t i = 0; i < tui->paths.asked_count; i++)
		if (tui->paths.asked[i].start.id == id)
			return &tui->paths.asked[i];
	return NULL;
}

bool
paths_is_running(const struct tui *tui, const struct paths_asked *asked)
{
	const struct path *const path = path_table_find(tui->model->paths, asked->start.id);

	return !asked->is_stopped && (path == NULL || path->running);
}

static void
ask(struct tui *tui, struct paths_asked *asked, bool goes_on)
{
	asked->is_stopped = asked->is_drained = false;
	asked->start.continued = goes_on;
	asked->asked_changes = tui->model->path_changes;
	tui->hooks.request(tui->hooks.context, MESSAGE_PROBE_START, &asked->start);
	tui_redraw(tui);
}

void
paths_run(struct tui *tui, uint32_t id, bool goes_on)
{
	struct paths_asked *const asked = paths_find_asked(tui, id);

	if (asked != NULL)
		ask(tui, asked, goes_on);
}

void
paths_stop(struct tui *tui, uint32_t id)
{
	struct paths_asked *const asked = paths_find_asked(tui, id);
	const struct message_probe_stop stop = {.id = id};

	if (asked == NULL)
		return;
	asked->is_stopped = true;
	tui->hooks.request(tui->hooks.context, MESSAGE_PROBE_STOP, &stop);
	tui_redraw(tui);
}

void
paths_drain(struct tui *tui)
{
	for (size_t i = 0; i < tui->paths.asked_count; i++) {
		struct paths_asked *const asked = &tui->paths.asked[i];
		const struct path *const path = path_table_find(tui->model->paths, asked->start.id);

		if (!asked->is_stopped || asked->is_drained || path == NULL || path->running)
			continue;
		path_table_drain(tui->model->paths, asked->start.id);
		asked->is_drained = true;
	}
}

void
paths_remove(struct tui *tui, uint32_t id)
{
	struct paths *const paths = &tui->paths;
	struct paths_asked *const asked = paths_find_asked(tui, id);

	if (asked != NULL) {
		paths_stop(tui, id);
		*asked = paths->asked[--paths->asked_count];
	}
	path_table_forget(tui->model->paths, id);
	if (paths->shown == id)
		paths_show(tui, 0);
	tui_refresh(tui);
}

void
paths_ask_again(struct tui *tui)
{
	struct paths *const paths = &tui->paths;

	if (paths->hellos == tui->model->host.hellos)
		return;
	for (size_t i = 0; paths->hellos != 0 && i < paths->asked_count; i++)
		if (!paths->asked[i].is_stopped)
			ask(tui, &paths->asked[i], true);
	paths->hellos = tui->model->host.hellos;
}

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
		.timeout_ms = TIMEOUT_MS,
	};
	if (row->protocol == IPPROTO_UDP)
		return;
	start->protocol = is_accepted(tui, row) ? PROBE_PROTOCOL_ICMP : PROBE_PROTOCOL_TCP;
	if (start->protocol == PROBE_PROTOCOL_ICMP)
		start->port = 0;
}

/* The path that such a row was probed by before. */
static struct paths_asked *
find_target(struct tui *tui, const struct socket_row *row, const struct message_probe_start *start)
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

/* Room for one more; stopped paths give way when there is none. NULL: all of them run. */
static struct paths_asked *
make_room(struct tui *tui)
{
	struct paths *const paths = &tui->paths;

	for (size_t i = 0; paths->asked_count == PATHS_ASKED_MAX && i < PATHS_ASKED_MAX; i++)
		if (!paths_is_running(tui, &paths->asked[i]))
			paths_remove(tui, paths->asked[i].start.id);
	return paths->asked_count < PATHS_ASKED_MAX ? &paths->asked[paths->asked_count++] : NULL;
}

static void
start_new(struct tui *tui, const struct identity *socket, struct message_probe_start *start)
{
	struct paths_asked *const asked = make_room(tui);
	char address[ADDRESS_TEXT_SIZE], protocol[24];

	if (asked == NULL) {
		tui_show_format(tui, SEVERITY_WARNING,
			"%d paths are probed already; screen 4 stops one of them", PATHS_ASKED_MAX);
		return;
	}
	/* A recording may have paths of its own. */
	do {
		start->id = ++tui->paths.last_id;
	} while (path_table_find(tui->model->paths, start->id) != NULL);
	*asked = (struct paths_asked){.start = *start,
		.socket = *socket,
		.first_protocol = (enum probe_protocol)start->protocol,
		.first_port = start->port,
		.first_size = start->size};
	address_format(&start->target, address, sizeof address);
	explain_path_protocol(start, protocol, sizeof protocol);
	ask(tui, asked, false);
	paths_show(tui, start->id);
	tui_show_format(tui, SEVERITY_INFO, "probing the path to %s by %s%s%s", address, protocol,
		start->protocol == PROBE_PROTOCOL_ICMP ? ", because the peer connected to us" : "",
		paths_pane_height(tui, tui->body.height) == 0 ? "; screen 4 shows it" : "");
}

void
paths_ask_only(struct tui *tui, const struct message_probe_start *start)
{
	tui->paths.asked[0] = (struct paths_asked){.start = *start,
		.first_protocol = (enum probe_protocol)start->protocol,
		.first_port = start->port,
		.first_size = start->size};
	tui->paths.asked_count = 1;
	tui->paths.shown = tui->paths.selected = tui->paths.last_id = start->id;
	ask(tui, &tui->paths.asked[0], false);
}

bool
tui_is_probe_paused(const struct tui *tui)
{
	const struct paths_asked *const asked = &tui->paths.asked[0];
	const struct path *path;

	if (tui->paths.asked_count == 0 || asked->is_stopped)
		return tui->paths.asked_count != 0;
	/* A path that was asked to go on may not have begun yet. */
	path = path_table_find(tui->model->paths, asked->start.id);
	return path != NULL && !path->running && asked->asked_changes == tui->model->path_changes;
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
		ask(tui, asked, false);
	paths_show(tui, id);
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
	else
		start_new(tui, &socket, &start);
}

void
paths_set_protocol(struct tui *tui, uint32_t id, enum probe_protocol protocol)
{
	struct paths_asked *const asked = paths_find_asked(tui, id);
	const struct identity *socket;
	uint16_t port = 0;

	if (asked == NULL)
		return;
	socket = &asked->socket;
	if (protocol == asked->first_protocol)
		port = asked->first_port;
	else if (protocol == PROBE_PROTOCOL_TCP)
		port = socket->protocol == IPPROTO_TCP ? socket->remote_port : (uint16_t)HTTPS;
	else if (protocol == PROBE_PROTOCOL_UDP && socket->protocol == IPPROTO_UDP)
		port = socket->remote_port;
	asked->start.protocol = (uint8_t)protocol;
	asked->start.port = port;
	ask(tui, asked, false);
}

void
paths_get_rtts(struct tui *tui, uint32_t id, struct path_rtts *rtts)
{
	struct paths_asked *const asked = paths_find_asked(tui, id);
	const struct conversation *conversation;
	const struct socket_row *row;
	uint64_t us, ack_us;

	*rtts = (struct path_rtts){.kernel_us = (double)NAN, .handshake_us = (double)NAN};
	if (asked == NULL)
		return;
	rtts->has_handshake = asked->socket.protocol == IPPROTO_TCP;
	row = table_row(tui, identity_find(&asked->socket, tui->model));
	if (row == NULL)
		return;
	if (tcp_info_get(&row->tcp, TCP_INFO_rtt, &us) && us != 0)
		rtts->kernel_us = (double)us;
	conversation = model_socket_conversation(tui->model, row);
	if (conversation == NULL || !conversation_handshake(conversation, &us, &ack_us))
		return;
	/* Where the peer opened it, the round trip is the time until its ACK. */
	if (conversation_side_of(conversation, &row->local, row->local_port) == 1)
		us = ack_us;
	if (us != CONVERSATION_UNKNOWN_US)
		rtts->handshake_us = (double)us;
}
