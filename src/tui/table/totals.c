/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Totals by state, one row each: states that belong together stand as "12/30". `pile` is the number
 * from which a state that should pass by itself, or in milliseconds, is shown as a heap: a hint for
 * the eye, not a diagnosis. At first all names are written out; where there is no room the short
 * ones are taken, then the least important are left out.
 */
#include <config.h>

#include "totals.h"

#include <stdio.h>
#include <string.h>

#include "tui/state.h"

struct total {
	const char *name, *brief;
	enum tcp_state states[2]; /* the second may be TCP_STATE_UNKNOWN: none */
	uint32_t pile[2];         /* 0: never too many */
	bool rare;                /* not shown when 0 */
	int rank;                 /* the highest goes first where room is short */
};

static const struct total totals[] = {
	{.name = "LISTEN", .brief = "LISTEN", .states = {TCP_STATE_LISTEN}, .rank = 4},
	{.name = "SYN",
		.brief = "SYN",
		.states = {TCP_STATE_SYN_SENT, TCP_STATE_SYN_RECEIVED},
		.pile = {50, 200},
		.rank = 3},
	{.name = "ESTABLISHED", .brief = "ESTAB", .states = {TCP_STATE_ESTABLISHED}, .rank = 0},
	{.name = "FIN",
		.brief = "FIN",
		.states = {TCP_STATE_FIN_WAIT_1, TCP_STATE_FIN_WAIT_2},
		.pile = {50, 500},
		.rank = 5},
	{.name = "CLOSE-WAIT",
		.brief = "CL-W",
		.states = {TCP_STATE_CLOSE_WAIT},
		.pile = {20},
		.rank = 1},
	{.name = "LAST-ACK",
		.brief = "L-ACK",
		.states = {TCP_STATE_LAST_ACK},
		.pile = {50},
		.rank = 6},
	{.name = "CLOSING",
		.brief = "CLSNG",
		.states = {TCP_STATE_CLOSING},
		.pile = {10},
		.rare = true,
		.rank = 7},
	{.name = "TIME-WAIT",
		.brief = "T-W",
		.states = {TCP_STATE_TIME_WAIT},
		.pile = {10000},
		.rank = 2},
	{.name = "CLOSED", .brief = "CLSD", .states = {TCP_STATE_CLOSED}, .rare = true, .rank = 8},
};

enum { TOTALS = sizeof totals / sizeof totals[0], PROTOCOL_TEXT = 32 };

static bool
is_shown(const struct total *total, const uint32_t *counts, int worst_rank)
{
	if (total->rank > worst_rank)
		return false;
	return !total->rare || counts[total->states[0]] > 0;
}

static int
format_total(const struct total *total, const uint32_t *counts, bool brief, char *out, size_t size)
{
	const bool two = total->states[1] != TCP_STATE_UNKNOWN;
	char second[16] = "";

	if (two)
		snprintf(second, sizeof second, "/%u", counts[total->states[1]]);
	return snprintf(out, size, "%s %u%s", brief ? total->brief : total->name,
		counts[total->states[0]], second);
}

static bool
is_pile(const struct total *total, const uint32_t *counts)
{
	for (int i = 0; i < 2; i++) {
		if (total->pile[i] > 0 && counts[total->states[i]] >= total->pile[i])
			return true;
	}
	return false;
}

/* Columns that the line takes with names of this kind, as far as this rank. */
static int
measure(const uint32_t *counts, bool brief, int worst_rank, int gap)
{
	int width = 0;

	for (int i = 0; i < TOTALS; i++) {
		char text[64];

		if (!is_shown(&totals[i], counts, worst_rank))
			continue;
		width += gap + format_total(&totals[i], counts, brief, text, sizeof text);
		width += is_pile(&totals[i], counts);
	}
	return width;
}

/* Sockets in states that are not shown: with them the line adds up. */
static uint32_t
count_others(const uint32_t *counts, int worst_rank)
{
	uint32_t others = 0;

	for (int i = 0; i < TOTALS; i++) {
		if (is_shown(&totals[i], counts, worst_rank))
			continue;
		others += counts[totals[i].states[0]];
		if (totals[i].states[1] != TCP_STATE_UNKNOWN)
			others += counts[totals[i].states[1]];
	}
	return others;
}

static int
measure_others(const uint32_t *counts, int worst_rank, int gap)
{
	const uint32_t others = count_others(counts, worst_rank);

	return others > 0 ? gap + snprintf(NULL, 0, "other %u", others) : 0;
}

static void
draw_total(struct pen *pen, const struct total *total, const uint32_t *counts, bool brief)
{
	const bool two = total->states[1] != TCP_STATE_UNKNOWN;
	const bool pile = is_pile(total, counts);
	const bool none = counts[total->states[0]] == 0 && (!two || counts[total->states[1]] == 0);
	const enum role role = pile ? ROLE_CRITICAL : none ? ROLE_DIM : ROLE_STRONG;

	draw_format(
		pen, pile ? ROLE_CRITICAL : ROLE_DIM, "%s ", brief ? total->brief : total->name);
	draw_format(pen, role, "%u", counts[total->states[0]]);
	if (two)
		draw_format(pen, role, "/%u", counts[total->states[1]]);
	if (pile)
		draw_text(pen, role, "!");
}

/* The view may be older than the counts. */
static uint32_t
without(uint32_t all, uint32_t own)
{
	return all > own ? all - own : 0;
}

void
totals_draw(struct tui *tui, struct pen *pen)
{
	const struct view *const view = tui_table(tui)->view;
	const struct socket_table *const sockets = &tui->model->sockets;
	uint32_t counts[TCP_STATE_COUNT];
	char tcp_text[PROTOCOL_TEXT];
	char udp_text[PROTOCOL_TEXT];
	uint32_t tcp = 0;
	uint32_t udp = 0;
	bool brief = false;
	int gap = 3;
	int rank = TOTALS;
	int room;

	for (int i = 0; i < TCP_STATE_COUNT; i++) {
		counts[i] = without(sockets->by_state[0][i], view_own_by_state(view)[0][i]);
		tcp += counts[i];
		udp += without(sockets->by_state[1][i], view_own_by_state(view)[1][i]);
	}
	snprintf(tcp_text, sizeof tcp_text, " TCP %u", tcp);
	snprintf(udp_text, sizeof udp_text, "UDP %u", udp);
	room = pen->end - pen->x - (int)(strlen(tcp_text) + strlen(udp_text)) - 4;
	if (measure(counts, brief, rank, gap) > room)
		gap = 2;
	if (measure(counts, brief, rank, gap) > room)
		brief = true;
	while (rank > 0 &&
		measure(counts, brief, rank, gap) + measure_others(counts, rank, gap) > room)
		rank--;
	draw_text(pen, ROLE_DIM, " TCP ");
	draw_format(pen, ROLE_STRONG, "%u", tcp);
	draw_spaces(pen, ROLE_NORMAL, 1);
	for (int i = 0; i < TOTALS; i++) {
		if (!is_shown(&totals[i], counts, rank))
			continue;
		draw_spaces(pen, ROLE_NORMAL, gap);
		draw_total(pen, &totals[i], counts, brief);
	}
	if (count_others(counts, rank) > 0) {
		draw_spaces(pen, ROLE_NORMAL, gap);
		draw_text(pen, ROLE_DIM, "other ");
		draw_format(pen, ROLE_STRONG, "%u", count_others(counts, rank));
	}
	draw_spaces(pen, ROLE_NORMAL, 3);
	draw_text(pen, ROLE_DIM, "UDP ");
	draw_format(pen, udp > 0 ? ROLE_STRONG : ROLE_DIM, "%u", udp);
	draw_rest(pen, ROLE_NORMAL);
}
