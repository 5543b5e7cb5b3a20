/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "detail.h"

#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

#include "detail_ladder.h"
#include "facts.h"
#include "state.h"

enum { TWO_COLUMNS_FROM = 110, GAP = 2, CHART_TEXT = 26 };

static const uint64_t follow_ns = 200 * CLOCK_NS_PER_MS;

static const enum unit series_units[HISTORY_COUNT] = {
	[HISTORY_RTT_US] = UNIT_US,
	[HISTORY_SEND_RATE] = UNIT_BYTES_PER_SECOND,
	[HISTORY_RECEIVE_RATE] = UNIT_BYTES_PER_SECOND,
	[HISTORY_CWND] = UNIT_SEGMENTS,
	[HISTORY_RETRANS] = UNIT_SEGMENTS,
};

void
detail_open(struct tui *tui, uint32_t socket)
{
	struct detail *const detail = &tui->detail;

	for (int i = 0; i < 2; i++) {
		if (detail->sides[i] == NULL)
			detail->sides[i] = malloc(sizeof *detail->sides[i]);
	}
	if (detail->life == NULL)
		detail->life = malloc(sizeof *detail->life);
	if (detail->diagram == NULL)
		detail->diagram = calloc(DIAGRAM_LINES, sizeof *detail->diagram);
	if (detail->sides[0] == NULL || detail->sides[1] == NULL || detail->life == NULL ||
		detail->diagram == NULL) {
		tui_say(tui, SEVERITY_WARNING, "there is no memory for the page");
		return;
	}
	facts_begin(detail->sides[0], 0);
	facts_begin(detail->sides[1], 0);
	life_begin(detail->life);
	identity_take(&detail->socket, tui->model, socket);
	history_start(&detail->history, tui->model, socket);
	detail->scroll = (struct scroll){0};
	tui_open_page(tui, MODE_DETAIL);
}

void
detail_fini(struct tui *tui)
{
	for (int i = 0; i < 2; i++) {
		free(tui->detail.sides[i]);
		tui->detail.sides[i] = NULL;
	}
	free(tui->detail.life);
	free(tui->detail.diagram);
	tui->detail.life = NULL;
	tui->detail.diagram = NULL;
}

void
detail_update(struct tui *tui)
{
	struct detail *const detail = &tui->detail;
	const uint32_t before = detail->socket.socket;

	/* The rest of a connection in TIME-WAIT is another row: the charts begin anew. */
	if (identity_find(&detail->socket, tui->model) != SOCKET_NONE &&
		detail->socket.socket != before)
		history_start(&detail->history, tui->model, detail->socket.socket);
	if (detail->socket.socket != SOCKET_NONE)
		history_update(&detail->history, tui->model);
}

void
detail_follow(struct tui *tui)
{
	struct detail *const detail = &tui->detail;
	const uint64_t before = detail->life->ladder.count;
	const uint64_t now_ns = clock_monotonic_ns();

	life_update(
		detail->life, tui->model, &detail->socket, screen_row(tui, detail->socket.socket));
	/* Thousands a second are drawn a few times only; the ticker brings the last. */
	if (detail->life->ladder.count == before || now_ns - detail->followed_ns < follow_ns)
		return;
	detail->followed_ns = now_ns;
	tui_redraw(tui);
}

void
detail_wish(const struct tui *tui, struct message_wish *wish)
{
	const struct identity *const socket = &tui->detail.socket;
	const struct netns_row *const netns = model_netns(tui->model, socket->netns);

	wish->needs |= NEED_ALL & ~NEED_INTERNALS;
	if (socket->protocol != IPPROTO_TCP || socket->remote_port == 0 || netns == NULL)
		return;
	wish->needs |= NEED_PACKETS | NEED_CLOSINGS;
	wish->watch_netns = netns->id;
	wish->watch_local = socket->local;
	wish->watch_remote = socket->remote;
	wish->watch_local_port = socket->local_port;
	wish->watch_remote_port = socket->remote_port;
}

/* Builds the lines anew while the row is there; afterwards the last ones stay. */
static void
build(struct tui *tui, int width)
{
	struct detail *const detail = &tui->detail;
	const bool two = width >= TWO_COLUMNS_FROM;
	const struct facts_source source = {
		.model = tui->model,
		.row = screen_row(tui, detail->socket.socket),
		.context = tui_context(tui),
		.life = detail->life,
		.ascii = tui->theme.ascii,
		.diagram = detail->diagram,
	};

	life_update(detail->life, tui->model, &detail->socket, source.row);
	if (source.row == NULL)
		return;
	facts_begin(detail->sides[0], (size_t)(two ? width / 2 - GAP : width));
	facts_begin(detail->sides[1], (size_t)(width / 2));
	detail_facts(&source, detail->sides[0], two ? detail->sides[1] : NULL);
}

static double
last_known(const double *values, size_t count)
{
	for (size_t i = count; i-- > 0;) {
		if (!isnan(values[i]))
			return values[i];
	}
	return (double)NAN;
}

/* "label  ▁▂▃▅  12ms, at most 30ms". */
static void
draw_chart(struct tui *tui, const struct facts_line *line, struct pen *pen)
{
	const struct history *const history = &tui->detail.history;
	const int room = pen->end - pen->x - CHART_TEXT;
	double values[HISTORY_SAMPLES];
	size_t count = history->count < HISTORY_SAMPLES ? history->count : HISTORY_SAMPLES;
	size_t first = 0;
	double high = 0;
	double now;
	char text[2][32];

	if (room < 8)
		return;
	if (count > (size_t)room)
		first = count - (size_t)room;
	for (size_t i = first; i < count; i++) {
		values[i - first] = (double)history_get(history, line->series, i);
		if (values[i - first] > high)
			high = values[i - first];
	}
	count -= first;
	now = last_known(values, count);
	if (isnan(now)) {
		draw_text(pen, ROLE_DIM, "not known yet");
		return;
	}
	draw_sparks(pen, ROLE_CHART, values, count, 0, high > 0 ? high : 1, 1, 0);
	draw_spaces(pen, ROLE_NORMAL, room - (int)count + 1);
	draw_format(pen, ROLE_STRONG, "%8s",
		number_format_real(now, series_units[line->series], text[0], sizeof text[0]));
	draw_format(pen, ROLE_DIM, "  most %s",
		number_format_real(high, series_units[line->series], text[1], sizeof text[1]));
}

static void
draw_line(struct tui *tui, const struct facts_line *line, struct pen *pen)
{
	switch (line->kind) {
	case FACTS_BLANK: break;
	case FACTS_STRIP: strip_draw(&tui->detail.diagram[line->strip], pen); break;
	case FACTS_HEADING: draw_rule(pen, ROLE_SECTION, line->label); break;
	case FACTS_FACT:
	case FACTS_MORE:
	case FACTS_CHART:
		draw_spaces(pen, ROLE_NORMAL, 1);
		draw_cell(pen, ROLE_DIM, line->label, FACTS_LABEL_WIDTH, false);
		draw_spaces(pen, ROLE_NORMAL, 1);
		if (line->kind == FACTS_CHART)
			draw_chart(tui, line, pen);
		else
			draw_text(pen, ROLE_NORMAL, line->text);
		break;
	}
}

static void
draw_side(struct tui *tui, const struct facts *facts, const struct rect *rect)
{
	for (int i = 0; i < rect->height && tui->detail.scroll.top + (size_t)i < facts->count;
		i++) {
		struct pen pen = draw_pen(&tui->theme, rect->y + i, rect->x, rect->width);

		draw_line(tui, &facts->lines[tui->detail.scroll.top + (size_t)i], &pen);
	}
}

/* The two ends and the state, so that one always knows of which socket the page is. */
static void
draw_title(struct tui *tui, const struct rect *rect)
{
	const struct identity *const identity = &tui->detail.socket;
	const struct socket_row *const row = screen_row(tui, identity->socket);
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char local[ADDRESS_TEXT_SIZE];
	char remote[ADDRESS_TEXT_SIZE];

	address_format(&identity->local, local, sizeof local);
	address_format(&identity->remote, remote, sizeof remote);
	draw_text(&pen, ROLE_HEADING, " ");
	draw_format(&pen, ROLE_SORTED, "%s:%u", local, identity->local_port);
	if (identity->remote_port != 0)
		draw_format(&pen, ROLE_HEADING, "  to  %s:%u", remote, identity->remote_port);
	if (row == NULL)
		draw_text(
			&pen, ROLE_HEADING, "   closed; what is below is the last that was known");
	else if ((row->known & SOCKET_CLOSED) != 0)
		draw_format(&pen, ROLE_HEADING, "   closed from %s", socket_state_name(row));
	else
		draw_format(&pen, ROLE_HEADING, "   %s", socket_state_name(row));
	draw_rest(&pen, ROLE_HEADING);
}

/* How long the page is now. */
static void
measure(struct tui *tui, bool two, size_t height)
{
	struct detail *const detail = &tui->detail;

	detail->facts = detail->sides[0]->count;
	if (two && detail->sides[1]->count > detail->facts)
		detail->facts = detail->sides[1]->count;
	scroll_fit(&detail->scroll, detail->facts + detail_ladder_lines(tui), height);
}

static void
draw_ladder(struct tui *tui, const struct rect *rect)
{
	const struct detail *const detail = &tui->detail;
	const size_t end = detail->scroll.top + (size_t)rect->height;

	for (size_t i = detail->scroll.top > detail->facts ? detail->scroll.top : detail->facts;
		i < end && i < detail->scroll.lines; i++) {
		struct pen pen = draw_pen(
			&tui->theme, rect->y + (int)(i - detail->scroll.top), rect->x, rect->width);

		detail_ladder_draw(tui, i - detail->facts, &pen);
	}
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct detail *const detail = &tui->detail;
	const bool two = rect->width >= TWO_COLUMNS_FROM;
	struct rect side = {rect->y + 1, rect->x, rect->height - 1, rect->width};

	identity_find(&detail->socket, tui->model);
	build(tui, rect->width);
	measure(tui, two, rect->height > 1 ? (size_t)rect->height - 1 : 0);
	draw_title(tui, rect);
	draw_ladder(tui, &side);
	if (two)
		side.width = rect->width / 2 - GAP;
	draw_side(tui, detail->sides[0], &side);
	if (two) {
		side.x += rect->width / 2;
		side.width = rect->width - rect->width / 2;
		draw_side(tui, detail->sides[1], &side);
	}
}

static void
on_move(struct tui *tui, enum move move)
{
	scroll_move(&tui->detail.scroll, move);
	tui_redraw(tui);
}

static void
wheel(struct tui *tui, int lines)
{
	scroll_lines(&tui->detail.scroll, lines);
	tui_redraw(tui);
}

size_t
detail_print(struct tui *tui, struct buffer *out)
{
	size_t lines = 0;

	build(tui, TWO_COLUMNS_FROM - 1);
	for (int side = 0; side < 2; side++) {
		const struct facts *const facts = tui->detail.sides[side];

		for (size_t i = 0; i < facts->count; i++) {
			const struct facts_line *const line = &facts->lines[i];

			if (line->kind == FACTS_CHART)
				continue;
			if (line->kind == FACTS_STRIP)
				buffer_append_format(
					out, "%s\n", tui->detail.diagram[line->strip].text);
			else if (line->kind == FACTS_HEADING)
				buffer_append_format(out, "-- %s\n", line->label);
			else
				buffer_append_format(out, " %-*s %s\n", FACTS_LABEL_WIDTH,
					line->label, line->text);
			lines++;
		}
	}
	return lines + detail_ladder_print(tui, out);
}

const struct pane detail_pane = {
	.draw = draw,
	.move = on_move,
	.wheel = wheel,
};
