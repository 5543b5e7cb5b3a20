/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts into words what the counter under the cursor counts, whose it is, and how it goes. */
#include <config.h>

#include "counters_page_words.h"

#include <math.h>
#include <stdio.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/wrap.h>
#include <sockwatch/model/netns.h>

#include "tui/state.h"

enum {
	LEAST_PAGE = 10, /* lines of the page from which on there is room for words */
	WORDS_LINES = 4, /* a rule, two lines of words, one of figures */
	NUMBER_SIZE = 32,
	LABEL_SIZE = 300,
};

int
counters_page_words_height(int height)
{
	return height >= LEAST_PAGE ? WORDS_LINES : 0;
}

/* "of the network namespace web", "of all 3 network namespaces together", "of the machine". */
static void
format_scope(const struct tui *tui, const struct counter_figures *figures, char *out, size_t size)
{
	const struct model *const model = tui->model;
	const uint32_t chosen = tui->counters.history.netns;
	char composed[NETNS_LABEL_SIZE], clean[LABEL_SIZE];

	if (figures->row != NULL && figures->row->is_of_machine) {
		snprintf(out, size, "of the whole machine, whatever the network namespace");
	} else if (chosen != COUNTER_OF_ALL && chosen < model->netns_count) {
		text_clean(netns_label(model, model->netns[chosen], composed), clean, sizeof clean);
		snprintf(out, size, "of the network namespace %s", clean);
	} else if (model->netns_count > 1) {
		snprintf(out, size, "of all network namespaces together");
	} else {
		snprintf(out, size, "of this network namespace");
	}
}

static const char *
format_number(double number, const char *suffix, char *out)
{
	char text[NUMBER_SIZE];

	if (isnan(number))
		snprintf(out, NUMBER_SIZE, "not known yet");
	else
		snprintf(out, NUMBER_SIZE, "%.20s%s",
			number_format_real(number, UNIT_COUNT, text, sizeof text), suffix);
	return out;
}

/* " 0.4% of segments sent;", " 5.8M; tcp_mem 1.1G 1.5G 2.2G;": what it is a part of. */
static void
draw_share(struct tui *tui, struct pen *pen, const struct counter_figures *figures)
{
	char text[COUNTER_PAGES_SIZE] = "";

	if (figures->whole == COUNTER_WHOLE_MEM && figures->has_total)
		counter_pages_words(tui->model, figures->total, text);
	if (text[0] != '\0')
		draw_format(pen, ROLE_NORMAL, " %s;", text);
	else if (!isnan(figures->share))
		draw_format(pen, ROLE_NORMAL, " %s of %s;",
			number_format_real(figures->share, UNIT_PERCENT, text, sizeof text),
			counter_whole_name(figures->whole));
}

static void
draw_figures(struct tui *tui, struct pen *pen, const struct counter_figures *figures)
{
	const char *const suffix = figures->is_gauge ? "" : "/s";
	char texts[3][NUMBER_SIZE];
	char scope[LABEL_SIZE + NUMBER_SIZE];

	format_scope(tui, figures, scope, sizeof scope);
	draw_format(pen, ROLE_NORMAL, " now %s, mean %s, at most %s since the start; %s",
		format_number(figures->now, suffix, texts[0]),
		format_number(counter_figures_mean(figures), suffix, texts[1]),
		format_number(figures->most, suffix, texts[2]), scope);
}

void
counters_page_words_draw(struct tui *tui, const struct rect *rect)
{
	const struct counter_figures *const figures = rows_selected(&tui->counters.rows);
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const size_t columns = rect->width > 2 ? (size_t)rect->width - 2 : 1;
	const char *words;
	struct text line;
	int y = 1;

	draw_rule(&pen, ROLE_SECTION, figures != NULL ? figures->name : NULL);
	if (figures == NULL)
		return;
	words = figures->row != NULL
			? figures->row->words
			: "seldom needed: the kernel's documentation (snmp_counter.rst) may explain it";
	for (; y < rect->height - 1 && wrap_next(&words, columns, &line); y++) {
		pen = draw_pen(&tui->theme, rect->y + y, rect->x + 1, rect->width - 1);
		draw_format(&pen, ROLE_STRONG, "%.*s", (int)line.len, line.data);
	}
	pen = draw_pen(&tui->theme, rect->y + y, rect->x, rect->width);
	draw_share(tui, &pen, figures);
	draw_figures(tui, &pen, figures);
}
