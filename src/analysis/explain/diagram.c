/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the states of both ends as two columns. Two tables: the words for the step from one state
 * to the next, and the states that are still ahead. ESTABLISHED has two ways out: one for the side
 * that closes first and one for the other.
 */
#include <config.h>

#include "diagram.h"

#include <string.h>

#include <sockwatch/base/duration.h>

enum { NAME_COLUMNS = 13, MARGIN = 1, GAP = 2, SPAN_SIZE = 24 };

struct ink {
	const char *gone, *here, *ahead, *edge, *edge_ahead;
};

static const struct ink utf8 = {"●", "▶", "○", "│", "┊"};
static const struct ink plain = {"*", ">", "o", "|", ":"};

#define S(name) TCP_STATE_##name

static const struct {
	uint8_t from, to;
	const char *words;
} edges[] = {
	{S(CLOSED), S(SYN_SENT), "sent SYN"},
	{S(CLOSED), S(LISTEN), "listens"},
	{S(LISTEN), S(SYN_SENT), "sent SYN"},
	{S(LISTEN), S(SYN_RECEIVED), "got SYN, sent SYN-ACK"},
	{S(SYN_SENT), S(SYN_RECEIVED), "got SYN, sent SYN-ACK"},
	{S(SYN_SENT), S(ESTABLISHED), "got SYN-ACK, sent ACK"},
	{S(SYN_RECEIVED), S(ESTABLISHED), "got ACK"},
	{S(SYN_RECEIVED), S(FIN_WAIT_1), "sent FIN"},
	{S(ESTABLISHED), S(FIN_WAIT_1), "sent FIN"},
	{S(ESTABLISHED), S(CLOSE_WAIT), "got FIN, sent ACK"},
	{S(FIN_WAIT_1), S(FIN_WAIT_2), "got ACK of FIN"},
	{S(FIN_WAIT_1), S(CLOSING), "got FIN, sent ACK"},
	{S(FIN_WAIT_1), S(TIME_WAIT), "got FIN and ACK"},
	{S(FIN_WAIT_2), S(TIME_WAIT), "got FIN, sent ACK"},
	{S(CLOSING), S(TIME_WAIT), "got ACK of FIN"},
	{S(TIME_WAIT), S(CLOSED), "waited 60 s"},
	{S(CLOSE_WAIT), S(LAST_ACK), "sent FIN"},
	{S(LAST_ACK), S(CLOSED), "got ACK of FIN"},
};

static const struct {
	uint8_t next, other; /* other: the second way out */
} ahead[TCP_STATE_COUNT] = {
	[S(LISTEN)] = {S(SYN_RECEIVED), 0},
	[S(SYN_SENT)] = {S(ESTABLISHED), 0},
	[S(SYN_RECEIVED)] = {S(ESTABLISHED), 0},
	[S(ESTABLISHED)] = {S(FIN_WAIT_1), S(CLOSE_WAIT)},
	[S(FIN_WAIT_1)] = {S(FIN_WAIT_2), 0},
	[S(FIN_WAIT_2)] = {S(TIME_WAIT), 0},
	[S(CLOSING)] = {S(TIME_WAIT), 0},
	[S(TIME_WAIT)] = {S(CLOSED), 0},
	[S(CLOSE_WAIT)] = {S(LAST_ACK), 0},
	[S(LAST_ACK)] = {S(CLOSED), 0},
};

#undef S

/* One side, as its lines are written from top to bottom. */
struct column {
	const struct diagram *diagram;
	const struct diagram_side *side;
	const struct ink *ink;
	size_t left, right; /* columns */
	size_t step;        /* of those taken; count: ahead */
	uint8_t next, other;
	bool is_edge; /* the next line is a step, not a state */
};

void
diagram_enter(struct diagram_side *side, enum tcp_state state, uint64_t ns)
{
	if (state == TCP_STATE_UNKNOWN || side->count == DIAGRAM_STEPS ||
		(side->count > 0 && side->steps[side->count - 1].state == state))
		return;
	side->steps[side->count].state = (uint8_t)state;
	side->steps[side->count++].ns = ns;
}

static const char *
find_edge(uint8_t from, uint8_t to)
{
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		if (edges[i].from == from && edges[i].to == to)
			return edges[i].words;
	}
	return NULL;
}

/* The cause of this step. */
static const char *
explain(const struct diagram_side *side, size_t step)
{
	const char *const words = find_edge(side->steps[step - 1].state, side->steps[step].state);

	if (words != NULL)
		return words;
	return step + 1 == side->count && side->why != NULL ? side->why : "not seen";
}

/* The last earlier state whose time is known, or NULL. */
static const struct diagram_step *
find_timed(const struct diagram_side *side, size_t step)
{
	while (step-- > 0) {
		if (side->steps[step].ns != 0)
			return &side->steps[step];
	}
	return NULL;
}

/*
 * The time since the beginning. After a long connection the steps of its close would all read the
 * same, so the later ones show the time since the one before.
 */
static void
write_time(const struct column *column, struct strip *line)
{
	const struct diagram *const diagram = column->diagram;
	const struct diagram_side *const side = column->side;
	const struct diagram_step *const before = find_timed(side, column->step);
	const uint64_t ns = side->steps[column->step].ns;
	const bool here = column->step + 1 == side->count;
	char text[SPAN_SIZE], earlier[SPAN_SIZE] = "";

	if (ns < diagram->begin_ns || ns == 0 || diagram->begin_ns == 0)
		return;
	duration_format(ns - diagram->begin_ns, DURATION_SHORT, text, sizeof text);
	if (before != NULL && before->ns > diagram->begin_ns && before->ns < ns)
		duration_format(
			before->ns - diagram->begin_ns, DURATION_SHORT, earlier, sizeof earlier);
	if (before != NULL && strcmp(text, earlier) == 0)
		strip_format(line, MEANING_PLAIN, " %s later",
			duration_format(ns - before->ns, DURATION_SHORT, text, sizeof text));
	else
		strip_format(line, MEANING_PLAIN, " +%s", text);
	if (!here || side->over || diagram->now_ns < ns)
		return;
	duration_format(diagram->now_ns - ns, DURATION_SHORT, text, sizeof text);
	if (line->columns + strlen(text) + 6 <= column->right)
		strip_format(line, MEANING_DIM, "  for %s", text);
}

static void
write_step(const struct column *column, struct strip *line)
{
	const struct diagram_side *const side = column->side;
	const bool here = column->step + 1 == side->count;
	const char *const name = tcp_state_name(side->steps[column->step].state);

	strip_format(line, here ? MEANING_STRONG : MEANING_GOOD, "%s ",
		here ? column->ink->here : column->ink->gone);
	strip_format(line, here ? MEANING_HERE : MEANING_GOOD, here ? " %s " : "%s", name);
	strip_pad(line, column->left + 2 + NAME_COLUMNS);
	write_time(column, line);
}

static void
write_ahead(const struct column *column, struct strip *line)
{
	strip_format(line, MEANING_DIM, "%s %s", column->ink->ahead, tcp_state_name(column->next));
	if (column->other == TCP_STATE_UNKNOWN)
		return;
	strip_pad(line, column->left + 2 + NAME_COLUMNS);
	strip_format(line, MEANING_DIM, "%s %s", column->ink->ahead, tcp_state_name(column->other));
}

static void
write_edge(const struct column *column, struct strip *line)
{
	const struct diagram_side *const side = column->side;

	if (column->step < side->count) {
		strip_format(line, MEANING_GOOD, "%s ", column->ink->edge);
		strip_add(line, MEANING_DIM, explain(side, column->step));
		return;
	}
	strip_add(line, MEANING_DIM, column->ink->edge_ahead);
	if (column->other == TCP_STATE_UNKNOWN)
		return;
	if (column->next == TCP_STATE_FIN_WAIT_1)
		strip_add(line, MEANING_DIM, " sends FIN");
	strip_pad(line, column->left + 2 + NAME_COLUMNS);
	strip_add(line, MEANING_DIM, column->ink->edge_ahead);
	if (column->next == TCP_STATE_FIN_WAIT_1)
		strip_add(line, MEANING_DIM, " gets FIN");
}

/* The state after the one that is written. */
static void
advance(struct column *column)
{
	const struct diagram_side *const side = column->side;
	uint8_t from;

	if (column->step < side->count)
		column->step++;
	if (column->step < side->count)
		return;
	if (column->next != TCP_STATE_UNKNOWN) {
		from = column->next;
		column->next = ahead[from].next;
		column->other = ahead[from].other != TCP_STATE_UNKNOWN ? ahead[from].other
								       : ahead[column->other].next;
		return;
	}
	if (side->over)
		return;
	from = side->steps[side->count - 1].state;
	column->next = ahead[from].next;
	column->other = ahead[from].other;
}

static bool
has_more(const struct column *column)
{
	return column->side->count > 0 &&
	       (column->step < column->side->count || column->next != TCP_STATE_UNKNOWN);
}

/* A state or the step to the next; nothing at the end. */
static void
write_cell(struct column *column, struct strip *line)
{
	strip_pad(line, column->left);
	if (!has_more(column))
		return;
	if (column->is_edge)
		write_edge(column, line);
	else if (column->step < column->side->count)
		write_step(column, line);
	else
		write_ahead(column, line);
	if (!column->is_edge)
		advance(column);
	column->is_edge = !column->is_edge;
}

size_t
diagram_make(const struct diagram *diagram, size_t width, bool ascii, struct strip *lines)
{
	const size_t half = (width - MARGIN) / 2;
	struct column columns[2];
	size_t count = 0;

	strip_clear(&lines[0]);
	for (size_t i = 0; i < 2; i++) {
		columns[i] = (struct column){
			.diagram = diagram,
			.side = &diagram->sides[i],
			.ink = ascii ? &plain : &utf8,
			.left = MARGIN + i * half,
			.right = MARGIN + (i + 1) * half - GAP,
		};
		strip_pad(&lines[0], columns[i].left);
		strip_add(&lines[0], MEANING_STRONG, diagram->sides[i].title);
		if (diagram->sides[i].count == 0 && diagram->sides[i].title[0] != '\0')
			strip_add(&lines[0], MEANING_DIM, ": not seen");
	}
	for (count = 1; count < DIAGRAM_LINES && (has_more(&columns[0]) || has_more(&columns[1]));
		count++) {
		strip_clear(&lines[count]);
		write_cell(&columns[0], &lines[count]);
		write_cell(&columns[1], &lines[count]);
	}
	return count;
}
