/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines on top: who and how fast, totals, rates, and what could not be had. */
#include <config.h>

#include "header.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/path.h>
#include <sockwatch/stream/rights.h>

#include "header_figures.h"
#include "pages.h"
#include "silence.h"
#include "state.h"
#include "tui/table/totals.h"

enum { TALL = 16, REMEDY_FROM = 20, SMALL = 8, GAP = 3 };

/* Processes that /proc does not show at all; false: it shows all. */
static bool
format_limits(uint32_t limits, char *out, size_t size)
{
	if ((limits & PROC_LIMIT_MISSING) != 0)
		snprintf(out, size, "owners are hidden: there is no /proc");
	else if ((limits & PROC_LIMIT_HIDEPID) != 0)
		snprintf(out, size,
			"owners may be hidden (hidepid): CAP_SYS_PTRACE shows them (sudo)");
	else if ((limits & PROC_LIMIT_NAMESPACE) != 0)
		snprintf(
			out, size, "owners in other PID namespaces are hidden; the host sees them");
	return limits != 0;
}

/* What the sandbox of the processes lacks; false: nothing. */
static bool
format_sandbox(const struct tui *tui, char *out, size_t size)
{
	if (tui->header.lacks == NULL || tui->header.sandbox_dismissed)
		return false;
	snprintf(out, size, "%s: sockwatch --rights shows what bounds its processes",
		tui->header.lacks);
	return true;
}

/* Owners that stay hidden, and the right that would show them; false: all is seen. */
static bool
format_hidden(const struct tui *tui, char *out, size_t size)
{
	const struct model *const model = tui->model;
	const char *plural;

	if (tui->header.owners_dismissed)
		return false;
	if (model->owners_hidden == 0)
		return format_limits(model->proc_limits, out, size);
	plural = model->owners_hidden == 1 ? "" : "es";
	if ((model->host.rights & RIGHT_SYS_PTRACE) == 0)
		snprintf(out, size,
			"owners hidden in %u process%s: CAP_SYS_PTRACE shows them (sudo)",
			model->owners_hidden, plural);
	else
		snprintf(out, size, "owners hidden in %u process%s with more rights than sockwatch",
			model->owners_hidden, plural);
	return true;
}

/* One line about rights; when it is dismissed, the other. */
static bool
format_missing(const struct tui *tui, char *out, size_t size)
{
	return format_hidden(tui, out, size) || format_sandbox(tui, out, size);
}

bool
header_dismiss(struct tui *tui)
{
	char text[256];

	if (format_hidden(tui, text, sizeof text))
		tui->header.owners_dismissed = true;
	else if (format_sandbox(tui, text, sizeof text))
		tui->header.sandbox_dismissed = true;
	else
		return false;
	return true;
}

/* A lasting state that a figure does not show; false: there is none. */
static bool
format_lasting(const struct tui *tui, char *out, size_t size)
{
	for (uint32_t i = 0; i < tui->model->netns_count; i++) {
		const struct netns_row *const netns = tui->model->netns[i];
		char name[64], by[32] = "its sockets";

		if (netns->gone || !netns->name_gone)
			continue;
		text_clean(intern_get(tui->model->texts, netns->name), name, sizeof name);
		if (netns->pid != 0)
			snprintf(by, sizeof by, "process %u", netns->pid);
		if (name[0] != '\0')
			snprintf(out, size,
				"the name %s is gone; the network namespace lives on with %s and is watched on",
				name, by);
		else
			snprintf(out, size,
				"that process has ended; its network namespace lives on with %s and is watched on",
				by);
		return true;
	}
	return false;
}

/* The worst finding, if it is more than worth knowing; *count: of all that stand. */
static const struct finding *
worst_finding(const struct tui *tui, size_t *count)
{
	size_t all;

	*count = 0;
	if (tui->doctor == NULL || doctor_worst(tui->doctor, count) == SEVERITY_INFO)
		return NULL;
	return doctor_findings(tui->doctor, &all)[0];
}

static bool
has_note(const struct tui *tui)
{
	char text[256];

	return format_lasting(tui, text, sizeof text) || format_missing(tui, text, sizeof text);
}

int
header_height(const struct tui *tui, int height)
{
	size_t count;

	if (height < SMALL || tui->only_path)
		return height >= 4 ? 1 : 0;
	if (height < TALL)
		return 2;
	if (worst_finding(tui, &count) == NULL)
		return 3 + has_note(tui);
	return 3 + (height < REMEDY_FROM ? 1 : 2) + has_note(tui);
}

/* True: it is silent, and this stands in the header. */
static bool
draw_silence(const struct tui *tui, struct pen *pen)
{
	const unsigned silent_s = silence_of_collector_s(tui);

	if (silent_s != 0)
		draw_format(pen, ROLE_CRITICAL, "no answer for %u s", silent_s);
	return silent_s != 0;
}

static void
draw_mode(const struct tui *tui, struct pen *pen)
{
	const unsigned keeper_s = silence_of_keeper_s(tui);

	if (tui->model->ended && !tui->replay)
		draw_text(pen, ROLE_CRITICAL, "ended");
	else if (tui->paused)
		draw_text(pen, ROLE_WARNING, "PAUSED");
	else if (draw_silence(tui, pen))
		;
	else if (tui->hold)
		draw_text(pen, ROLE_WARNING, "HELD");
	else if (tui->is_past)
		draw_text(pen, ROLE_WARNING, "the past");
	else
		draw_text(pen, tui->replay ? ROLE_NORMAL : ROLE_GOOD, tui->source);
	if (keeper_s != 0)
		draw_format(pen, ROLE_WARNING, "  keeper: no answer for %u s", keeper_s);
	if (tui->follow)
		draw_text(pen, ROLE_WARNING, " following");
}

/* The living ones, without those that are hidden; the view may be older than the counts. */
static size_t
count_all(struct tui *tui)
{
	const struct socket_table *const sockets = &tui->model->sockets;
	const size_t living = sockets->count - sockets->closed;
	const size_t own = view_own_hidden(tui_table(tui)->view);

	return living > own ? living - own : 0;
}

/* What is filtered, and how many rows pass. */
struct passing {
	char terms[FILTERS_TEXT_SIZE]; /* "": no filter */
	char count[64];
};

static void
count_rows(const struct rows *rows, struct passing *passing)
{
	const char *const name = rows->kind->fields->row_name;
	const size_t matched = rows->list.matched;

	snprintf(passing->terms, sizeof passing->terms, "%s", rows->filter_text);
	if (rows->filter_text[0] == '\0')
		snprintf(passing->count, sizeof passing->count, "%zu %s%s ", matched, name,
			number_plural(matched));
	else
		snprintf(passing->count, sizeof passing->count, "  %zu of %zu ", matched,
			rows->list.count);
}

static void
count_sockets(struct tui *tui, struct passing *passing)
{
	const struct table *const table = tui_table(tui);
	const size_t matched = view_matched(table->view);

	filter_stack_join(&table->filters, passing->terms, sizeof passing->terms);
	/* While one is typed the table may be filtered already. */
	if (table->filters.count == 0 && tui->overlay != PAGE_PROMPT)
		snprintf(passing->count, sizeof passing->count, "%zu socket%s ", matched,
			number_plural(matched));
	else
		snprintf(passing->count, sizeof passing->count, "  %zu of %zu ", matched,
			count_all(tui));
}

/* "filter: state close-wait (118 of 10342)", right-aligned. */
static void
draw_filter(struct tui *tui, struct pen *pen)
{
	const struct rows *const rows = rows_with_keys(tui);
	struct passing passing;
	char clean[FILTERS_TEXT_SIZE];
	int room;
	int width;

	if (rows != NULL)
		count_rows(rows, &passing);
	else
		count_sockets(tui, &passing);
	text_clean(text_of(passing.terms), clean, sizeof clean);
	room = pen->end - pen->x - (int)strlen(passing.count) - GAP;
	if (room + GAP < 0)
		return;
	if (passing.terms[0] == '\0') {
		draw_spaces(pen, ROLE_NORMAL, room + GAP);
		draw_text(pen, ROLE_DIM, passing.count);
		return;
	}
	if (room > (int)strlen("filter: ") + 3)
		width = (int)text_truncate(clean, (size_t)room - strlen("filter: "), true);
	else
		width = -1;
	if (width >= 0) {
		draw_spaces(pen, ROLE_NORMAL, room + GAP - (int)strlen("filter: ") - width);
		draw_text(pen, ROLE_DIM, "filter: ");
		draw_text(pen, ROLE_WARNING, clean);
	} else {
		draw_spaces(pen, ROLE_NORMAL, room + GAP);
	}
	draw_text(pen, ROLE_STRONG, passing.count);
}

/* "probe example.org  every 1s": how often, as was asked for last. */
static void
draw_probe(const struct tui *tui, struct pen *pen)
{
	const struct path *const path = paths_selected(tui);

	draw_text(pen, ROLE_DIM, "  probe ");
	draw_text(pen, ROLE_NORMAL, tui->probe_host);
	if (path != NULL)
		draw_format(pen, ROLE_NORMAL, "  every %.3gs", path->start.interval_ms / 1000.0);
	if (tui_is_probe_paused(tui))
		draw_text(pen, ROLE_WARNING, "  PAUSED");
	draw_spaces(pen, ROLE_NORMAL, 2);
	(void)draw_silence(tui, pen);
	draw_rest(pen, ROLE_NORMAL);
}

static void
draw_first(struct tui *tui, struct pen *pen)
{
	const struct model *const model = tui->model;
	const struct rows *const rows = rows_with_keys(tui);
	const bool roomy = pen->end - pen->x >= 60;

	draw_text(pen, ROLE_TITLE, " sockwatch");
	draw_spaces(pen, ROLE_NORMAL, roomy ? 2 : 1);
	draw_text(pen, ROLE_STRONG, model->host.host);
	if (tui->only_path) {
		draw_probe(tui, pen);
		return;
	}
	if (roomy)
		draw_format(pen, ROLE_DIM, "  %s",
			rows != NULL ? rows->kind->title : tui_table(tui)->page->title);
	if (roomy && !tui->replay)
		draw_format(pen, ROLE_NORMAL, "  every %.3gs", tui->settings->interval_ms / 1000.0);
	draw_spaces(pen, ROLE_NORMAL, roomy ? 2 : 1);
	draw_mode(tui, pen);
	draw_filter(tui, pen);
	draw_rest(pen, ROLE_NORMAL);
}

/* "! close-wait: nginx (812) keeps 118 sockets in CLOSE-WAIT   +2 more (6)" */
static void
draw_finding(const struct finding *finding, size_t count, struct pen *pen)
{
	char title[FINDING_TITLE_SIZE + DOCTOR_NAME_SIZE], more[48] = "  (6)";
	const int start = pen->x;
	int room;

	if (count > 1)
		snprintf(more, sizeof more, "  +%zu more (6)", count - 1);
	snprintf(title, sizeof title, "%s: %s", finding->rule, finding->title);
	room = pen->end - start - (int)strlen(more) - 3;
	if (room > 0)
		text_truncate(title, (size_t)room, true);
	draw_format(
		pen, draw_severity_role(finding->severity), " %s %s", DRAW_SEVERITY_MARK, title);
	draw_text(pen, ROLE_DIM, more);
	draw_rest(pen, ROLE_NORMAL);
}

/* What to do, as far as it fits: screen 6 has it in full. */
static void
draw_remedy(const struct finding *finding, struct pen *pen)
{
	char words[FINDING_ACTION_SIZE];
	const int room = pen->end - pen->x - 3;

	snprintf(words, sizeof words, "%s", finding->action);
	if (room > 0)
		text_truncate(words, (size_t)room, true);
	draw_format(pen, ROLE_NORMAL, "   %s", words);
	draw_rest(pen, ROLE_NORMAL);
}

static void
draw_note(const struct tui *tui, struct pen *pen)
{
	char text[256];

	if (format_lasting(tui, text, sizeof text)) {
		draw_format(pen, ROLE_WARNING, " ! %s", text);
		draw_rest(pen, ROLE_NORMAL);
	} else if (format_missing(tui, text, sizeof text)) {
		draw_format(pen, ROLE_WARNING, " ! %s", text);
		draw_text(pen, ROLE_DIM, "  (x hides this)");
		draw_rest(pen, ROLE_NORMAL);
	}
}

void
header_draw(struct tui *tui, const struct rect *rect)
{
	size_t count;
	const struct finding *const finding = worst_finding(tui, &count);
	struct theme figures = tui->theme;

	if (silence_of_collector_s(tui) != 0)
		theme_grey(&figures);
	for (int i = 0; i < rect->height; i++) {
		struct pen pen = draw_pen(i == 1 || i == 2 ? &figures : &tui->theme, rect->y + i,
			rect->x, rect->width);

		if (i == 0)
			draw_first(tui, &pen);
		else if (i == 1)
			totals_draw(tui, &pen);
		else if (i == 2)
			header_figures_draw(tui, &pen);
		else if (i == 3 && finding != NULL)
			draw_finding(finding, count, &pen);
		else if (i == 4 && finding != NULL && rect->height > 4 + has_note(tui))
			draw_remedy(finding, &pen);
		else
			draw_note(tui, &pen);
	}
}
