/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines on top: who and how fast, totals, rates, and what could not be had. */
#include <config.h>

#include "header.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/path.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/rights.h>

#include "pages.h"
#include "state.h"
#include "tui/table/totals.h"

/* With short connections some owner is always being searched for: only many are news. */
enum { TALL = 16, SMALL = 8, GAP = 3, PENDING_WORTH_TELLING = 10 };

/* Owners that stay hidden, and the right that would show them; false: all is seen. */
static bool
format_missing(const struct tui *tui, char *out, size_t size)
{
	const struct model *const model = tui->model;
	const char *plural;

	if (model->owners_hidden == 0 || tui->header.rights_dismissed)
		return false;
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

int
header_height(const struct tui *tui, int height)
{
	char text[256];

	if (height < SMALL || tui->only_path)
		return height >= 4 ? 1 : 0;
	if (height < TALL)
		return 2;
	return format_missing(tui, text, sizeof text) ? 4 : 3;
}

static void
draw_mode(const struct tui *tui, struct pen *pen)
{
	if (tui->model->ended && !tui->replay)
		draw_text(pen, ROLE_CRITICAL, "ended");
	else if (tui->paused)
		draw_text(pen, ROLE_WARNING, "PAUSED");
	else if (tui->hold)
		draw_text(pen, ROLE_WARNING, "HELD");
	else
		draw_text(pen, tui->replay ? ROLE_NORMAL : ROLE_GOOD, tui->source);
	if (tui->follow)
		draw_text(pen, ROLE_WARNING, " following");
}

/* "filter: state close-wait (118 of 10342)", right-aligned. */
static void
draw_filter(struct tui *tui, struct pen *pen)
{
	const struct table *const table = tui_table(tui);
	const size_t all = tui->model->sockets.count;
	char terms[FILTERS_TEXT_SIZE];
	char clean[FILTERS_TEXT_SIZE];
	char count[64];
	int room;
	int width;

	filter_stack_join(&table->filters, terms, sizeof terms);
	if (table->filters.count == 0)
		snprintf(count, sizeof count, "%zu socket%s ", view_matched(table->view),
			view_matched(table->view) == 1 ? "" : "s");
	else
		snprintf(count, sizeof count, "  %zu of %zu ", view_matched(table->view), all);
	text_clean(text_of(terms), clean, sizeof clean);
	room = pen->end - pen->x - (int)strlen(count) - GAP;
	if (room + GAP < 0)
		return;
	if (table->filters.count == 0) {
		draw_spaces(pen, ROLE_NORMAL, room + GAP);
		draw_text(pen, ROLE_DIM, count);
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
	draw_text(pen, ROLE_STRONG, count);
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
	draw_rest(pen, ROLE_NORMAL);
}

static void
draw_first(struct tui *tui, struct pen *pen)
{
	const struct model *const model = tui->model;
	const bool roomy = pen->end - pen->x >= 60;

	draw_text(pen, ROLE_TITLE, " sockwatch");
	draw_spaces(pen, ROLE_NORMAL, roomy ? 2 : 1);
	draw_text(pen, ROLE_STRONG, model->host.host);
	if (tui->only_path) {
		draw_probe(tui, pen);
		return;
	}
	if (roomy)
		draw_format(pen, ROLE_DIM, "  %s", tui_table(tui)->page->title);
	if (roomy && !tui->replay)
		draw_format(pen, ROLE_NORMAL, "  every %.3gs", tui->settings->interval_ms / 1000.0);
	draw_spaces(pen, ROLE_NORMAL, roomy ? 2 : 1);
	draw_mode(tui, pen);
	draw_filter(tui, pen);
	draw_rest(pen, ROLE_NORMAL);
}

static void
draw_rate(struct pen *pen, const char *name, double value, bool per_second, enum role role)
{
	char number[32];

	if (pen->end - pen->x < (int)strlen(name) + 8)
		return;
	draw_format(pen, ROLE_DIM, "%s ", name);
	if (isnan(value))
		snprintf(number, sizeof number, "-");
	else if (per_second)
		snprintf(number, sizeof number, value > 0 && value < 9.95 ? "%.1f/s" : "%.0f/s",
			value);
	else
		snprintf(number, sizeof number, "%.1f%%", value);
	draw_text(pen, role, number);
}

/* Losses, refusals and pending owners, each only when there are some. */
static void
draw_lost(const struct tui *tui, struct pen *pen)
{
	static const char *const names[LOSS_COUNT] = {
		[LOSS_NETLINK] = "lost replies",
		[LOSS_TRUNCATED] = "cut replies",
		[LOSS_PROCESSES] = "unread processes",
		[LOSS_PACKETS] = "lost segments",
		[LOSS_CLOSINGS] = "lost closings",
		[LOSS_BOUNDED] = "beyond bounds",
		[LOSS_CALLERS] = "lost callers",
	};
	const struct model *const model = tui->model;
	const uint64_t refused = model->sockets.refused + model->processes.refused;

	for (int i = 0; i < LOSS_COUNT; i++) {
		if (model->losses[i] > 0 && names[i] != NULL)
			draw_format(pen, ROLE_WARNING, "   %s %llu", names[i],
				(unsigned long long)model->losses[i]);
	}
	if (refused > 0)
		draw_format(pen, ROLE_WARNING, "   refused %llu", (unsigned long long)refused);
	if (model->bad_records > 0)
		draw_format(pen, ROLE_WARNING, "   bad records %llu",
			(unsigned long long)model->bad_records);
	if (model->owners_pending >= PENDING_WORTH_TELLING)
		draw_format(pen, ROLE_DIM, "   owners pending %u", model->owners_pending);
	if (tui->header.rights_dismissed && model->owners_hidden > 0)
		draw_format(pen, ROLE_DIM, "   hidden processes %u", model->owners_hidden);
}

static void
draw_rates(struct tui *tui, struct pen *pen)
{
	const struct rates *const rates = &tui->rates;
	const bool roomy = pen->end - pen->x >= 90;
	const int gap = roomy ? GAP : 2;

	draw_text(pen, ROLE_NORMAL, " ");
	draw_rate(pen, "opened", rates->opened, true, ROLE_NORMAL);
	if (rates->open_count > 1 && roomy) {
		draw_text(pen, ROLE_NORMAL, " ");
		draw_sparks(pen, ROLE_CHART, rates->opens, rates->open_count, 0,
			rate_highest_open(rates), 1, 0);
	}
	draw_spaces(pen, ROLE_NORMAL, gap);
	draw_rate(pen, "closed", rates->closed, true, ROLE_NORMAL);
	draw_spaces(pen, ROLE_NORMAL, gap);
	draw_rate(pen, "reset", rates->reset, true, rates->reset > 0 ? ROLE_WARNING : ROLE_NORMAL);
	draw_spaces(pen, ROLE_NORMAL, gap);
	draw_rate(pen, "retransmitted", rates->retransmitted_percent, false,
		rates->retransmitted_percent >= 1 ? ROLE_WARNING : ROLE_NORMAL);
	draw_lost(tui, pen);
	draw_rest(pen, ROLE_NORMAL);
}

void
header_draw(struct tui *tui, const struct rect *rect)
{
	for (int i = 0; i < rect->height; i++) {
		struct pen pen = draw_pen(&tui->theme, rect->y + i, rect->x, rect->width);
		char text[256];

		if (i == 0) {
			draw_first(tui, &pen);
		} else if (i == 1) {
			totals_draw(tui, &pen);
		} else if (i == 2) {
			draw_rates(tui, &pen);
		} else if (format_missing(tui, text, sizeof text)) {
			draw_format(&pen, ROLE_WARNING, " ! %s", text);
			draw_text(&pen, ROLE_DIM, "  (x hides this)");
			draw_rest(&pen, ROLE_NORMAL);
		}
	}
}
