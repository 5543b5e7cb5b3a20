/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws all of the screen, once per pass: header, page, overlay, message and footer. */
#include <config.h>

#include "paint.h"

#include "header.h"
#include "pages.h"
#include "silence.h"
#include "state.h"
#include "statusline.h"
#include "tui/overlay/prompt.h"
#include "tui/time/time_line.h"

/* Lines of the body from which on both panes stand below the table. */
enum { BOTH_FROM = 30 };
/* Lines of the screen from which on the line of time has one. */
enum { TIME_FROM = 8 };

/* Where things stand on a screen of any size, one line included. */
struct frame {
	struct rect header, time, body, note, footer;
};

static struct frame
divide(const struct tui *tui)
{
	const bool typing = tui->overlay == PAGE_PROMPT;
	const bool has_note = typing ? prompt_has_note(tui) : statusline_has_message(tui);
	const int footer = LINES >= 3 || typing ? 1 : 0;
	const int note = has_note && LINES >= 4 ? 1 : 0;
	const int header = header_height(tui, LINES);
	const int time = tui->replay && LINES >= TIME_FROM ? 1 : 0;
	int y = 0;
	struct frame frame;

	frame.header = (struct rect){y, 0, header, COLS};
	y += header;
	frame.time = (struct rect){y, 0, time, COLS};
	y += time;
	frame.body = (struct rect){y, 0, LINES - header - time - note - footer, COLS};
	if (frame.body.height < 0)
		frame.body.height = 0;
	y += frame.body.height;
	frame.note = (struct rect){y, 0, note, COLS};
	frame.footer = (struct rect){LINES - 1, 0, footer, COLS};
	return frame;
}

/*
 * Heights of what stands below the table. Where there is no room for both panes, the one
 * that was asked for last has it.
 */
static void
divide_below(struct tui *tui, int height, int *events, int *paths)
{
	*events = events_pane_height(tui, height);
	*paths = paths_pane_height(tui, height);
	if (*events == 0 || *paths == 0)
		return;
	if (height >= BOTH_FROM)
		*events = height / 4;
	else if (tui->paths.is_newer)
		*events = 0;
	else
		*paths = 0;
}

static void
paint_table(struct tui *tui, const struct rect *body)
{
	struct rect table = *body, events = *body, paths = *body;

	divide_below(tui, body->height, &events.height, &paths.height);
	tui->paths.is_in_sight = paths.height > 0;
	table.height -= events.height + paths.height;
	events.y = table.y + table.height;
	paths.y = events.y + events.height;
	if (table.height > 0)
		pages[tui_page(tui)].pane->draw(tui, &table);
	if (events.height > 0)
		events_draw(tui, &events);
	if (paths.height > 0)
		paths_draw_pane(tui, &paths);
}

static void
paint_body(struct tui *tui, const struct rect *body)
{
	const enum page_id page = tui_page(tui);
	const bool shows_figures = page != PAGE_HELP && page != PAGE_SETUP;
	const struct theme theme = tui->theme;

	/* The header counts the rows that pass the filter also while another page is open. */
	if (!tui_is_on_table(tui)) {
		table_update(tui, tui_table(tui), tui->forced,
			body->height > 1 ? (size_t)body->height - 1 : 0);
		tui->forced = false;
	}
	if (shows_figures && silence_of_collector_s(tui) != 0)
		theme_grey(&tui->theme);
	if (tui_is_on_table(tui))
		paint_table(tui, body);
	else if (body->height > 0)
		pages[page].pane->draw(tui, body);
	tui->theme = theme;
	if (tui->overlay == PAGE_MENU || tui->overlay == PAGE_CONFIRM)
		pages[tui->overlay].pane->draw(tui, body);
}

static void
paint_foot(struct tui *tui, const struct frame *frame)
{
	const bool typing = tui->overlay == PAGE_PROMPT;

	if (frame->note.height > 0 && typing)
		prompt_draw_note(tui, &frame->note);
	else if (frame->note.height > 0)
		statusline_draw_message(tui, &frame->note);
	/* Last, because it leaves the terminal's cursor in the text that is typed. */
	if (frame->footer.height > 0 && typing)
		pages[PAGE_PROMPT].pane->draw(tui, &frame->footer);
	else if (frame->footer.height > 0)
		statusline_draw_footer(tui, &frame->footer);
}

void
paint(struct tui *tui)
{
	struct frame frame;

	statusline_update(tui);
	tui->dirty = false; /* a message that came just now is drawn with the rest */
	if (tui->repaint)
		clearok(curscr, TRUE);
	tui->repaint = false;
	frame = divide(tui);
	tui->body = frame.body;
	curs_set(0);
	attrset(A_NORMAL);
	erase();
	paint_body(tui, &frame.body);
	header_draw(tui, &frame.header);
	if (frame.time.height > 0)
		time_line_draw(tui, &frame.time);
	paint_foot(tui, &frame);
	refresh();
	in_sight_ask(tui);
}
