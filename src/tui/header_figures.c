/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line of figures: what happens a second, then what could not be had. Each figure has a label
 * that says what it counts. Where there is no room the labels become short, then the figures of the
 * highest rank are left out, as a whole.
 */
#include <config.h>

#include "header_figures.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/trouble.h>
#include <sockwatch/stream/losses.h>

#include "state.h"

enum {
	PIECES = 24,
	PIECE_TEXT = 64,
	WIDE_GAP = 3,
	NARROW_GAP = 2,
	PENDING_WORTH_TELLING = 10, /* with short connections some owner is always searched for */
	RETRANSMITTED_PERCENT_WARNING = 1,
	PORTS_WORTH_TELLING_PERCENT = 10,
	PORTS_TARGET = 47, /* columns: room for an IPv6 address and port */
};

struct piece {
	const char *label, *brief;
	char value[PIECE_TEXT];
	enum role label_role, value_role;
	int rank; /* the highest goes first where room is short */
};

struct figures {
	struct piece pieces[PIECES];
	size_t count;
};

/* How each rate is shown. */
static const struct {
	const char *label, *brief;
	bool rare;      /* not shown before it was above 0 */
	bool totalled;  /* with its sum since the start: a single one matters */
	double warning; /* from here on it is no good news; 0: always good, or neutral */
	int rank;
} rates_shown[RATE_COUNT] = {
	[RATE_OPENED] = {"opened", "opened", .rank = 1},
	[RATE_CLOSED] = {"closed", "closed", .rank = 6},
	[RATE_FAILED] = {"failed", "failed", .rare = true, .warning = 0.1, .rank = 2},
	[RATE_RESET] = {"reset", "reset", .warning = 0.1, .rank = 3},
	[RATE_RSTS_SENT] = {"RSTs sent", "RSTs", .rare = true, .rank = 8},
	[RATE_RETRANSMITTED] = {"retransmitted", "retr", .rank = 7},
	[RATE_UDP_DROPS] = {"UDP drops", "UDP drops", .rare = true, .totalled = true,
		.warning = 0.1, .rank = 4},
};

static const char *const losses_shown[LOSS_COUNT] = {
	[LOSS_NETLINK] = "kernel replies lost",
	[LOSS_TRUNCATED] = "kernel replies cut",
	[LOSS_PROCESSES] = "processes not read",
	[LOSS_PACKETS] = "packets not captured",
	[LOSS_CLOSINGS] = "close events lost",
	[LOSS_BOUNDED] = "beyond our bounds",
	[LOSS_CALLERS] = "callers lost",
	[LOSS_REQUESTS] = "requests refused",
};

enum { PORTS_SHORT_RANK = 1, PORTS_RANK = 4, LOSS_RANK = 5, HIDDEN_RANK = 9, ASIDE_RANK = 10 };

__attribute__((format(printf, 6, 7))) static void
add(struct figures *figures, const char *label, const char *brief, enum role role, int rank,
	const char *format, ...)
{
	struct piece *piece;
	va_list arguments;

	if (figures->count == PIECES)
		return;
	piece = &figures->pieces[figures->count++];
	*piece = (struct piece){.label = label,
		.brief = brief,
		.label_role = role == ROLE_NORMAL ? ROLE_DIM : role,
		.value_role = role,
		.rank = rank};
	va_start(arguments, format);
	vsnprintf(piece->value, sizeof piece->value, format, arguments);
	va_end(arguments);
}

static void
format_rate(double value, char *out, size_t size)
{
	if (isnan(value))
		snprintf(out, size, "-");
	else
		snprintf(out, size, value > 0 && value < 9.95 ? "%.1f/s" : "%.0f/s", value);
}

static enum role
role_of_rate(const struct rates *rates, enum rate rate)
{
	const bool is_high = rate == RATE_RETRANSMITTED
				     ? rates->retransmitted_percent >= RETRANSMITTED_PERCENT_WARNING
				     : rates_shown[rate].warning > 0 &&
					       rates->value[rate] >= rates_shown[rate].warning;

	return is_high ? ROLE_WARNING : ROLE_NORMAL;
}

/* A share needs the number that it is a share of: below a minimum it would mean nothing. */
static void
add_rate(struct figures *figures, const struct rates *rates, enum rate rate)
{
	char number[24], more[24] = "";

	if (rates_shown[rate].rare && rates->total[rate] <= 0)
		return;
	format_rate(rates->value[rate], number, sizeof number);
	if (rate == RATE_RETRANSMITTED && !isnan(rates->retransmitted_percent))
		snprintf(more, sizeof more, " (%.1f%%)", rates->retransmitted_percent);
	if (rates_shown[rate].totalled)
		snprintf(more, sizeof more, " (%.0f)", rates->total[rate]);
	add(figures, rates_shown[rate].label, rates_shown[rate].brief, role_of_rate(rates, rate),
		rates_shown[rate].rank, "%s%s", number, more);
}

/* "198.51.100.9:5432", or with the name of the host. */
static void
format_target(struct tui *tui, const struct port_budget *budget,
	const struct destination *destination, char out[PIECE_TEXT])
{
	static const struct field *remote;
	const struct destination_row row = {budget, destination};
	const struct field_context context = tui_context(tui);
	struct value value;

	if (tui_shows_names(tui))
		in_sight_add(tui, &destination->key.remote);
	field_get(field_keep(&destination_fields, "remote", &remote), &context, &row, &value);
	field_format(remote, &context, &value, PORTS_TARGET, out, PIECE_TEXT);
}

/* "ports 12% to db:5432": the destination that is nearest to the end of the local ports. */
static void
add_ports(struct tui *tui, struct figures *figures)
{
	const struct port_budget *const budget = listeners_page_ports(tui);
	const struct destination *const fullest =
		budget != NULL ? port_budget_fullest(budget) : NULL;
	char target[PIECE_TEXT];
	enum severity severity;
	double percent;

	if (fullest == NULL || !destination_percent(budget, fullest, &percent) ||
		percent < PORTS_WORTH_TELLING_PERCENT)
		return;
	severity = trouble_of_ports(percent);
	format_target(tui, budget, fullest, target);
	add(figures, "ports", "ports",
		severity == SEVERITY_INFO ? ROLE_NORMAL : draw_severity_role(severity),
		severity == SEVERITY_INFO ? PORTS_RANK : PORTS_SHORT_RANK, "%.0f%% to %.*s",
		percent, PORTS_TARGET, target);
}

static void
add_refused(struct figures *figures, const char *label, uint64_t count, const char *how)
{
	if (count > 0)
		add(figures, label, label, ROLE_WARNING, 0, "%llu not %s",
			(unsigned long long)count, how);
}

/* Losses, refusals and pending owners, each only when there are some. */
static void
add_lost(const struct tui *tui, struct figures *figures)
{
	const struct model *const model = tui->model;

	add_refused(figures, "table full:", model->sockets.refused, "kept");
	add_refused(figures, "process table full:", model->processes.refused, "kept");
	if (tui->doctor != NULL)
		add_refused(figures, "doctor:", doctor_refused(tui->doctor), "judged");
	for (int i = 0; i < LOSS_COUNT; i++) {
		if (model->losses[i] > 0)
			add(figures, losses_shown[i], losses_shown[i], ROLE_WARNING, LOSS_RANK,
				"%llu", (unsigned long long)model->losses[i]);
	}
	if (model->bad_records > 0)
		add(figures, "bad records", "bad records", ROLE_WARNING, LOSS_RANK, "%llu",
			(unsigned long long)model->bad_records);
	if (model->owners_pending >= PENDING_WORTH_TELLING)
		add(figures, "owners pending", "pending", ROLE_DIM, ASIDE_RANK, "%u",
			model->owners_pending);
	if (tui->header.owners_dismissed && model->owners_hidden > 0)
		add(figures, "hidden processes", "hidden", ROLE_DIM, ASIDE_RANK, "%u",
			model->owners_hidden);
}

/* What is left out of the table. */
static void
add_hidden(struct tui *tui, struct figures *figures)
{
	const struct view *const view = tui_table(tui)->view;
	const size_t ended = view_ended_hidden(view), own = view_own_hidden(view);

	if (ended > 0)
		add(figures, "", "", ROLE_DIM, HIDDEN_RANK, "%zu more ended", ended);
	if (own > 0)
		add(figures, "", "", ROLE_DIM, HIDDEN_RANK, "%zu own hidden", own);
	if (tags_count(&tui->tags) > 0)
		add(figures, "", "", ROLE_WARNING, 0, "%zu tagged", tags_count(&tui->tags));
}

/* What stands before the value. */
static size_t
label_width(const struct piece *piece, bool brief)
{
	const size_t width = strlen(brief ? piece->brief : piece->label);

	return width > 0 ? width + 1 : 0;
}

/* Columns that the pieces take as far as this rank. */
static int
measure(const struct figures *figures, bool brief, int gap, int worst_rank)
{
	int width = 1 - gap;

	for (size_t i = 0; i < figures->count; i++) {
		const struct piece *const piece = &figures->pieces[i];

		if (piece->rank <= worst_rank)
			width += gap + (int)(label_width(piece, brief) + strlen(piece->value));
	}
	return width;
}

static void
draw_opens(const struct rates *rates, struct pen *pen)
{
	draw_spaces(pen, ROLE_NORMAL, 1);
	draw_sparks(pen, ROLE_CHART, rates->opens, rates->open_count, 0, rate_highest_open(rates),
		1, 0);
}

void
header_figures_draw(struct tui *tui, struct pen *pen)
{
	const struct rates *const rates = &tui->rates;
	const int room = pen->end - pen->x;
	struct figures figures = {.count = 0};
	int gap = WIDE_GAP, rank = ASIDE_RANK, chart = (int)rates->open_count + 1;
	bool brief = false, first = true;

	for (size_t i = 0; i < RATE_COUNT; i++)
		add_rate(&figures, rates, (enum rate)i);
	add_ports(tui, &figures);
	add_lost(tui, &figures);
	add_hidden(tui, &figures);
	if (rates->open_count <= 1 || measure(&figures, brief, gap, rank) + chart > room)
		chart = 0;
	if (measure(&figures, brief, gap, rank) > room)
		gap = NARROW_GAP;
	if (measure(&figures, brief, gap, rank) > room)
		brief = true;
	while (rank > 0 && measure(&figures, brief, gap, rank) > room)
		rank--;
	for (size_t i = 0; i < figures.count; i++) {
		const struct piece *const piece = &figures.pieces[i];

		if (piece->rank > rank)
			continue;
		draw_spaces(pen, ROLE_NORMAL, first ? 1 : gap);
		first = false;
		if (label_width(piece, brief) > 0)
			draw_format(
				pen, piece->label_role, "%s ", brief ? piece->brief : piece->label);
		draw_text(pen, piece->value_role, piece->value);
		if (i == RATE_OPENED && chart > 0)
			draw_opens(rates, pen);
	}
	draw_rest(pen, ROLE_NORMAL);
}
