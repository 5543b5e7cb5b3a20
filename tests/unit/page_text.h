/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that are compared with the files in tests/golden/pages, such as the page of a socket. */
#ifndef SOCKWATCH_TESTS_UNIT_PAGE_TEXT_H
#define SOCKWATCH_TESTS_UNIT_PAGE_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/chart.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/trouble.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/model/socket.h>

#include "page_file.h"
#include "unit.h"

enum { WIDTH = 100 };

static struct strip diagram[EXPLAIN_DIAGRAM_LINES];
static struct facts sides[2];
static struct wire_history wire;
static struct history history;
static bool page_has_segments = true;

static inline void
print_line(const struct facts_line *line, struct buffer *out)
{
	static const char marks[] = {
		[SEVERITY_INFO] = ' ', [SEVERITY_WARNING] = '!', [SEVERITY_CRITICAL] = '#'};
	char text[64];

	switch (line->kind) {
	case FACTS_BLANK: buffer_append_text(out, "\n"); break;
	case FACTS_HEADING: buffer_append_format(out, "-- %s\n", line->label); break;
	case FACTS_STRIP: strip_print(&diagram[line->strip], out); break;
	case FACTS_CHART:
		chart_format(&history, line->series, text, sizeof text);
		buffer_append_format(out, " %-16s chart: %s\n", line->label, text);
		break;
	case FACTS_FACT:
	case FACTS_MORE:
		buffer_append_format(
			out, "%c%-16s %s\n", marks[line->severity], line->label, line->text);
		break;
	}
}

static inline void
print_facts(const struct explain_source *source, struct buffer *out)
{
	char outcome[96], verdict[TROUBLE_TEXT_SIZE];
	enum severity severity;

	explain_outcome(source->row, source->wire, outcome, sizeof outcome);
	severity = trouble_page(source->model, source->row,
		source->wire->known ? &source->wire->conversation : NULL, verdict, sizeof verdict);
	buffer_append_format(out, "%s; %d: %s\n", outcome, (int)severity, verdict);
	facts_begin(&sides[0], WIDTH);
	explain_facts(source, &sides[0], NULL);
	for (size_t i = 0; i < sides[0].count; i++)
		print_line(&sides[0].lines[i], out);
}

static inline void
print_segments(struct buffer *out)
{
	for (size_t i = 0; i < ladder_lines(&wire.ladder); i++) {
		struct strip line;

		strip_clear(&line);
		ladder_line(&wire.ladder, i, wire.us, WIDTH, true, &line);
		strip_print(&line, out);
	}
}

/* The page of a connection, as one side has it. */
static inline void
print_connection(const struct model *model, const struct identity *identity, bool is_alive,
	struct buffer *out)
{
	const struct socket_row *const socket =
		identity->socket != SOCKET_NONE
			? socket_table_row(&model->sockets, identity->socket)
			: NULL;
	struct socket_row row;
	char process[256] = "";
	struct explain_source source = {.model = model,
		.row = &row,
		.figures = &row,
		.wire_only = socket == NULL,
		.lives = is_alive && socket != NULL && (socket->flags & SOCKET_CLOSED) == 0,
		.process = process,
		.context = {.model = model},
		.wire = &wire,
		.ascii = true,
		.diagram = diagram};

	wire_history_begin(&wire);
	wire_history_update(&wire, model, identity, socket);
	if (socket != NULL)
		row = *socket;
	else
		wire_history_row(&wire, model, identity, &row);
	explain_process(&source, process, sizeof process);
	buffer_append_format(out, "== port %u, peer %u%s\n", identity->local_port,
		identity->remote_port, wire_history_part(&wire, true));
	print_facts(&source, out);
	if (wire.known && page_has_segments)
		print_segments(out);
}

/* " name=value" in full and as it is shown, where the row has one. */
static inline void
page_text_field(const struct field *field, const struct field_context *context, const void *row,
	struct buffer *out)
{
	char whole[1024], shown[512];
	struct value value;

	/* A getter sets all that counts: what was there before does not. */
	memset(&value, 0xa5, sizeof value);
	field_get(field, context, row, &value);
	if (value.kind == VALUE_UNKNOWN)
		return;
	value_format(context, &value, whole, sizeof whole);
	field_format(field, context, &value, field->width, shown, sizeof shown);
	buffer_append_format(out, " %s%s", field->name, value.at_least ? ">" : "=");
	if (strcmp(whole, shown) == 0)
		buffer_append_format(out, "%s", whole);
	else
		buffer_append_format(out, "%s|%s", whole, shown);
}

#endif
