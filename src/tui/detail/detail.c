/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens, follows and closes the page of one socket. The other files of the room:
 *
 *	detail_draw.c    the page on the screen
 *	detail_ladder.c  its last part: the segments
 *	detail_place.c   where the window stands when lines come and go
 *	detail_print.c   the page as text
 */
#include <config.h>

#include "detail.h"

#include <netinet/in.h>
#include <stdlib.h>

#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/trouble.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/needs.h>

#include "tui/key/handlers.h"
#include "tui/state.h"

static const uint64_t follow_ns = 200 * CLOCK_NS_PER_MS;

static bool
allocate(struct detail *detail)
{
	for (int i = 0; i < 2; i++) {
		if (detail->sides[i] == NULL)
			detail->sides[i] = calloc(1, sizeof *detail->sides[i]);
	}
	if (detail->wire == NULL)
		detail->wire = calloc(1, sizeof *detail->wire);
	if (detail->diagram == NULL)
		detail->diagram = calloc(EXPLAIN_DIAGRAM_LINES, sizeof *detail->diagram);
	return detail->sides[0] != NULL && detail->sides[1] != NULL && detail->wire != NULL &&
	       detail->diagram != NULL;
}

/* Opens the page of detail->socket. */
static void
open_page(struct tui *tui)
{
	struct detail *const detail = &tui->detail;

	if (!allocate(detail)) {
		tui_show_message(tui, SEVERITY_WARNING, "there is not enough memory for the page");
		return;
	}
	wire_history_begin(detail->wire);
	history_start(&detail->history, tui->model, detail->socket.socket);
	detail->scroll = (struct scroll){0};
	detail->process[0] = '\0';
	detail->row = detail->figures = (struct socket_row){0};
	detail->wire_only = detail->socket.socket == SOCKET_NONE;
	detail->lives = false;
	tui_open_page(tui, PAGE_DETAIL);
}

void
detail_open(struct tui *tui, uint32_t socket)
{
	identity_take(&tui->detail.socket, tui->model, socket);
	open_page(tui);
}

void
detail_open_event(struct tui *tui, const struct event *event)
{
	if (wire_history_identify(tui->model, event, &tui->detail.socket))
		open_page(tui);
	else
		tui_show_message(tui, SEVERITY_INFO, "nothing more is known about this connection");
}

void
detail_fini(struct tui *tui)
{
	for (int i = 0; i < 2; i++) {
		free(tui->detail.sides[i]);
		tui->detail.sides[i] = NULL;
	}
	free(tui->detail.wire);
	free(tui->detail.diagram);
	tui->detail.wire = NULL;
	tui->detail.diagram = NULL;
}

static bool
has_figures(const struct socket_row *row)
{
	return row->tcp.known_bytes > 0 || row->protocol != IPPROTO_TCP;
}

/* Looks for a socket that was opened since the last dump, or reported when it had ended. */
static void
seek_socket(struct tui *tui)
{
	struct detail *const detail = &tui->detail;
	const struct wire_history *const wire = detail->wire;
	const uint32_t socket =
		wire->known ? model_conversation_end(tui->model, &wire->conversation, wire->us)
			    : SOCKET_NONE;

	if (socket == SOCKET_NONE)
		return;
	identity_take(&detail->socket, tui->model, socket);
	detail->wire_only = false;
}

void
detail_update(struct tui *tui)
{
	struct detail *const detail = &tui->detail;
	const uint32_t before = detail->socket.socket;
	const struct socket_row *row;
	uint32_t id;

	if (detail->wire_only)
		seek_socket(tui);
	id = identity_find(&detail->socket, tui->model);
	row = table_row(tui, id);
	/* A socket in TIME-WAIT has no figures: the charts stay as they were. */
	if (row == NULL || !has_figures(row))
		return;
	if (id != before)
		history_start(&detail->history, tui->model, id);
	history_update(&detail->history, tui->model);
}

void
detail_follow(struct tui *tui)
{
	struct detail *const detail = &tui->detail;
	const uint64_t before = detail->wire->ladder.count;
	const uint64_t now_ns = clock_monotonic_ns();

	wire_history_update(
		detail->wire, tui->model, &detail->socket, table_row(tui, detail->socket.socket));
	/* Thousands a second are drawn a few times only; the ticker draws the last. */
	if (detail->wire->ladder.count == before || now_ns - detail->followed_ns < follow_ns)
		return;
	detail->followed_ns = now_ns;
	tui_redraw(tui);
}

void
detail_subscribe(const struct tui *tui, struct message_subscription *subscription)
{
	const struct identity *const socket = &tui->detail.socket;
	const struct netns_row *const netns = model_netns(tui->model, socket->netns);

	if (socket->protocol != IPPROTO_TCP || socket->remote_port == 0 || netns == NULL)
		return;
	subscription->needs |= NEED_PACKETS | NEED_CLOSINGS;
	subscription->watch_netns = netns->id;
	subscription->watch_local = socket->local;
	subscription->watch_remote = socket->remote;
	subscription->watch_local_port = socket->local_port;
	subscription->watch_remote_port = socket->remote_port;
}

/* Keeps the last row: the page stays when its socket goes. */
static void
keep(struct tui *tui, const struct socket_row *row)
{
	struct detail *const detail = &tui->detail;

	if (row != NULL) {
		detail->row = *row;
		if (has_figures(row) || detail->figures.protocol == 0)
			detail->figures = *row;
	} else if ((detail->row.flags & SOCKET_CLOSED) == 0) {
		detail->row.flags |= SOCKET_CLOSED;
		detail->row.closed_ms = model_now_ms(tui->model);
	}
}

void
detail_build(struct tui *tui, int width)
{
	struct detail *const detail = &tui->detail;
	const bool two = detail_is_in_two(width);
	const struct socket_row *const row = table_row(tui, detail->socket.socket);
	struct explain_source source = {
		.model = tui->model,
		.row = &detail->row,
		.figures = &detail->figures,
		.wire_only = detail->wire_only,
		.process = detail->process,
		.context = tui_context(tui),
		.wire = detail->wire,
		.ascii = tui->theme.ascii,
		.diagram = detail->diagram,
	};

	wire_history_update(detail->wire, tui->model, &detail->socket, row);
	if (detail->wire_only)
		wire_history_row(detail->wire, tui->model, &detail->socket, &detail->row);
	else
		keep(tui, row);
	if (row != NULL && (row->flags & SOCKET_CLOSED) == 0)
		detail->lives = true;
	source.lives = detail->lives;
	explain_process(&source, detail->process, sizeof detail->process);
	facts_begin(detail->sides[0], (size_t)(two ? width / 2 - DETAIL_GAP : width));
	facts_begin(detail->sides[1], (size_t)(width / 2));
	explain_facts(&source, detail->sides[0], two ? detail->sides[1] : NULL);
	detail->facts = detail->sides[0]->count;
	if (two && detail->sides[1]->count > detail->facts)
		detail->facts = detail->sides[1]->count;
}

bool
detail_is_in_two(int width)
{
	return width >= DETAIL_TWO_FROM;
}

enum severity
detail_verdict(const struct tui *tui, char *out, size_t size)
{
	const struct detail *const detail = &tui->detail;

	return trouble_page(tui->model, &detail->row,
		detail->wire->known ? &detail->wire->conversation : NULL, out, size);
}

const struct finding *
detail_finding(const struct tui *tui)
{
	const uint32_t id = tui->detail.socket.socket;
	const struct finding *const finding =
		tui->doctor != NULL && id != SOCKET_NONE ? doctor_of_socket(tui->doctor, id) : NULL;

	return finding != NULL && finding->severity != SEVERITY_INFO ? finding : NULL;
}

/* The first section follows the last. */
void
do_next_section(struct tui *tui)
{
	struct detail *const detail = &tui->detail;
	const struct facts *const facts = detail->sides[0];
	const size_t ladder = detail->facts + 1;
	size_t line = detail->scroll.top + 1;

	while (line < facts->count && facts->lines[line].kind != FACTS_HEADING)
		line++;
	if (line >= facts->count)
		line = detail->scroll.top < ladder ? ladder : 0;
	if (detail->scroll.at_end || line >= detail->scroll.lines)
		line = 0;
	scroll_to(&detail->scroll, line);
	tui_redraw(tui);
}
