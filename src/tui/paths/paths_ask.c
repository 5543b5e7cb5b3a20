/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts, changes and stops the probing of paths. */
#include <config.h>

#include "paths.h"

#include <math.h>
#include <netinet/in.h>

#include <sockwatch/model/conversation.h>
#include <sockwatch/model/path.h>

#include "tui/key/handlers.h"
#include "tui/state.h"

enum { HTTPS = 443 }; /* for TCP to the peer of a row that has no TCP port */

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

void
paths_start(struct tui *tui, const struct identity *socket, struct message_probe_start *start)
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
	explain_path_address(tui->model, start, address, sizeof address);
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

uint16_t
paths_port(const struct paths_asked *asked, enum probe_protocol protocol)
{
	const struct identity *const socket = &asked->socket;

	if (protocol == asked->first_protocol)
		return asked->first_port;
	if (protocol == PROBE_PROTOCOL_TCP)
		return socket->protocol == IPPROTO_TCP ? socket->remote_port : (uint16_t)HTTPS;
	return protocol == PROBE_PROTOCOL_UDP && socket->protocol == IPPROTO_UDP
		       ? socket->remote_port
		       : 0;
}

void
paths_set_protocol(struct tui *tui, uint32_t id, enum probe_protocol protocol)
{
	struct paths_asked *const asked = paths_find_asked(tui, id);

	if (asked == NULL)
		return;
	asked->start.protocol = (uint8_t)protocol;
	asked->start.port = paths_port(asked, protocol);
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
