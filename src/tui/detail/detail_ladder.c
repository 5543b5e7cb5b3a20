/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last part of the page of a connection: its segments, drawn or printed. */
#include <config.h>

#include "detail_ladder.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "detail_end.h"
#include "tui/state.h"

/* A blank, the heading, and the names of the two ends. */
enum {
	LINE_BLANK,
	LINE_HEADING,
	LINE_NAMES,
	LINE_FIRST,
	PRINT_WIDTH = 120,
	NAME_SIZE = DETAIL_END_SIZE + 24,
	NAMES_ROOM = 48
};

size_t
detail_ladder_lines(const struct tui *tui)
{
	const struct detail *const detail = &tui->detail;
	size_t lines;

	if (detail->socket.protocol != IPPROTO_TCP || detail->socket.remote_port == 0)
		return 0;
	lines = ladder_lines(&detail->wire->ladder);
	return LINE_FIRST + (lines > 0 ? lines : 1);
}

/* The part of each end, client or server, is shown where there is room. */
static void
make_names(const struct tui *tui, size_t width, struct strip *strip)
{
	const struct detail *const detail = &tui->detail;
	const char *us = wire_history_part(detail->wire, true),
		   *peer = wire_history_part(detail->wire, false);
	char ends[2][DETAIL_END_SIZE], names[2][NAME_SIZE];

	detail_format_end(tui, false, ends[0], sizeof ends[0]);
	detail_format_end(tui, true, ends[1], sizeof ends[1]);
	if (strlen(ends[0]) + strlen(ends[1]) + NAMES_ROOM > width)
		us = peer = "";
	snprintf(names[0], sizeof names[0], "us%s %s", us, ends[0]);
	snprintf(names[1], sizeof names[1], "peer%s %s", peer, ends[1]);
	ladder_heading(names[0], names[1], width, strip);
}

/* The reason why there are no segments. */
static void
make_reason(const struct model *model, struct strip *strip)
{
	strip_clear(strip);
	if (!model->capture.running && model->capture.text[0] != '\0')
		strip_format(strip, MEANING_WARNING, " %s", model->capture.text);
	else
		strip_add(strip, MEANING_DIM,
			" none yet: while this page is open, each of its segments is captured");
}

static void
make(struct tui *tui, size_t i, size_t width, struct strip *strip)
{
	const struct wire_history *const wire = tui->detail.wire;

	if (i == LINE_NAMES)
		make_names(tui, width, strip);
	else if (wire->ladder.count == 0)
		make_reason(tui->model, strip);
	else
		ladder_line(
			&wire->ladder, i - LINE_FIRST, wire->us, width, tui->theme.ascii, strip);
}

void
detail_ladder_draw(struct tui *tui, size_t i, struct pen *pen)
{
	struct strip strip;

	if (i == LINE_BLANK)
		return;
	if (i == LINE_HEADING) {
		draw_rule(pen, ROLE_SECTION, "segments");
		return;
	}
	make(tui, i, (size_t)(pen->end - pen->x), &strip);
	draw_strip(pen, &strip);
}

size_t
detail_ladder_print(struct tui *tui, struct buffer *out)
{
	const size_t lines = detail_ladder_lines(tui);
	struct strip strip;

	if (lines == 0)
		return 0;
	buffer_append_text(out, "\n-- segments\n");
	for (size_t i = LINE_NAMES; i < lines; i++) {
		make(tui, i, PRINT_WIDTH, &strip);
		strip_print(&strip, out);
	}
	return lines - LINE_HEADING + 1;
}
