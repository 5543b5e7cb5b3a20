/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters for people: in columns as vmstat has them, or a line each. */
#include <config.h>

#include "counters_text.h"

#include <math.h>
#include <string.h>

#include <sockwatch/analysis/counter/counter_derived.h>
#include <sockwatch/analysis/counter/counter_table.h>
#include <sockwatch/base/number.h>

enum {
	ADDENDS = 2,
	COLUMN_WIDTH = 5,
	CHOSEN_WIDTH = 8,
	NAME_WIDTH = 28,
	TOTAL_WIDTH = 14,
	CELL_SIZE = 32
};

/* A column: the sum of some counters; those that begin a group have its title. */
static const struct column {
	const char *group, *title;
	enum counter counters[ADDENDS];
	size_t count;
	bool is_gauge;
	bool is_percent; /* the first one of the first and the second */
} columns[] = {
	{"sockets", "tcp", {COUNTER_TCP_INUSE, COUNTER_TCP6_INUSE}, 2, true, false},
	{NULL, "orph", {COUNTER_TCP_ORPHAN}, 1, true, false},
	{NULL, "tw", {COUNTER_TCP_TW}, 1, true, false},
	{"opens", "actv", {COUNTER_ACTIVE_OPENS}, 1, false, false},
	{NULL, "pasv", {COUNTER_PASSIVE_OPENS}, 1, false, false},
	{NULL, "fail", {COUNTER_ATTEMPT_FAILS}, 1, false, false},
	{NULL, "rst", {COUNTER_ESTAB_RESETS}, 1, false, false},
	{"segments", "in", {COUNTER_IN_SEGS}, 1, false, false},
	{NULL, "out", {COUNTER_OUT_SEGS}, 1, false, false},
	{NULL, "rtx", {COUNTER_RETRANS_SEGS}, 1, false, false},
	{NULL, "rtx%", {COUNTER_RETRANS_SEGS, COUNTER_OUT_SEGS}, 2, false, true},
	{"listen", "over", {COUNTER_LISTEN_OVERFLOWS}, 1, false, false},
	{NULL, "drop", {COUNTER_LISTEN_DROPS}, 1, false, false},
	{NULL, "cook", {COUNTER_SYNCOOKIES_SENT}, 1, false, false},
	{"trouble", "tmo", {COUNTER_TCP_TIMEOUTS}, 1, false, false},
	{NULL, "udp", {COUNTER_UDP_IN_ERRORS, COUNTER_UDP6_IN_ERRORS}, 2, false, false},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

const char *
counters_join(const struct counter_name *name, char out[COUNTER_JOINED_SIZE])
{
	text_add(out, COUNTER_JOINED_SIZE, 0, "%s%s%s", name->group,
		name->group[0] != '\0' ? "." : "", name->member);
	return out;
}

static size_t
group_width(size_t first)
{
	size_t width = COLUMN_WIDTH;

	while (++first < COLUMNS && columns[first].group == NULL)
		width += COLUMN_WIDTH;
	return width;
}

void
counters_headings(struct buffer *out)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		const char *const group = columns[i].group;

		if (group == NULL)
			continue;
		buffer_append_char(out, ' ');
		for (size_t pad = group_width(i) - 1 - strlen(group); pad > 0; pad--)
			buffer_append_char(out, '-');
		buffer_append_text(out, group);
	}
	buffer_append_char(out, '\n');
	for (size_t i = 0; i < COLUMNS; i++)
		buffer_append_format(out, "%*s", COLUMN_WIDTH, columns[i].title);
	buffer_append_char(out, '\n');
}

/* A total, or its change a second; NAN: not known. */
static double
number_of(const struct counters *counters, enum counter counter, bool rate)
{
	double change;

	if (!rate)
		return counters->rows[counter].known ? (double)counters->rows[counter].value
						     : (double)NAN;
	return counters_rate(counters, counter, &change) && change >= 0 ? change : (double)NAN;
}

/* A sum is known when one of its parts is: a kernel without IPv6 has none of its counters. */
static double
value_of(const struct column *column, const struct counters *counters, bool rates)
{
	const bool rate = rates && !column->is_gauge;
	double sum = (double)NAN;
	double first;

	for (size_t i = 0; i < column->count; i++) {
		const double one = number_of(counters, column->counters[i], rate);

		if (!isnan(one))
			sum = isnan(sum) ? one : sum + one;
	}
	if (!column->is_percent)
		return sum;
	first = number_of(counters, column->counters[0], rate);
	return sum > 0 ? 100 * first / sum : (double)NAN;
}

/* At most four characters; "-" where nothing is known. */
static void
append_cell(struct buffer *out, double number, bool is_percent)
{
	char text[CELL_SIZE];

	if (isnan(number))
		text_add(text, sizeof text, 0, "-");
	else if (is_percent)
		text_add(text, sizeof text, 0, "%.1f", number);
	else if (number > 0 && number < 1)
		text_add(text, sizeof text, 0, "%.1f", number < 0.1 ? 0.1 : number);
	else if (number < 9999.5)
		text_add(text, sizeof text, 0, "%.0f", number);
	else if (number < 999500)
		text_add(text, sizeof text, 0, "%.0fk", number / 1e3);
	else if (number < 9.95e6)
		text_add(text, sizeof text, 0, "%.1fM", number / 1e6);
	else if (number < 9.995e8)
		text_add(text, sizeof text, 0, "%.0fM", number / 1e6);
	else
		text_add(text, sizeof text, 0, "%.0fG", number / 1e9);
	buffer_append_format(out, "%*s", COLUMN_WIDTH, text);
}

void
counters_columns(const struct counters *counters, bool rates, struct buffer *out)
{
	for (size_t i = 0; i < COLUMNS; i++)
		append_cell(out, value_of(&columns[i], counters, rates), columns[i].is_percent);
	buffer_append_char(out, '\n');
}

/* The index of this name, or COUNTERS_MAX. */
static size_t
find(const struct counter_names *names, const char *joined)
{
	char name[COUNTER_JOINED_SIZE];

	for (size_t i = 0; i < counter_names_count(names); i++) {
		const struct counter_name row = counter_name(names, i);

		if (strcmp(counters_join(&row, name), joined) == 0)
			return i;
	}
	return COUNTERS_MAX;
}

/* " (0.4% of segments sent)" since boot; " (5.8M; tcp_mem 1.1G 1.5G 2.2G)". */
static void
append_share(struct buffer *out, const struct model *model, const struct counters *counters,
	const char *name, uint64_t value)
{
	const enum counter_whole whole = counter_whole_of(name);
	const struct counter_reading *const sent = &counters->rows[COUNTER_OUT_SEGS];
	const struct counter_reading *const again = &counters->rows[COUNTER_RETRANS_SEGS];
	char text[COUNTER_PAGES_SIZE];
	double share = (double)NAN;
	uint64_t limit;

	if (whole == COUNTER_WHOLE_SENT && sent->known && again->known)
		share = counter_share(
			(double)value, (double)sent->value + (double)again->value - (double)value);
	else if (counter_whole_limit(model, whole, &limit) && limit > 0)
		share = 100 * (double)value / (double)limit;
	if (!isnan(share))
		buffer_append_format(out, " (%s of %s)",
			number_format_real(share, UNIT_PERCENT, text, sizeof text),
			counter_whole_name(whole));
	if (whole == COUNTER_WHOLE_MEM && counter_pages_words(model, value, text)[0] != '\0')
		buffer_append_format(out, " (%s)", text);
}

static void
append_line(struct buffer *out, const struct model *model, const struct counters *counters,
	const char *name, const struct counter_reading *reading, const struct counter_row *row)
{
	char clean[COUNTER_JOINED_SIZE], digits[CELL_SIZE] = "-";

	if (reading->known)
		digits[number_write_unsigned(reading->value, digits)] = '\0';
	text_clean(text_of(name), clean, sizeof clean);
	buffer_append_format(out, "  %-*s %*s", NAME_WIDTH, clean, TOTAL_WIDTH, digits);
	if (row != NULL)
		buffer_append_format(
			out, "  %s%s", row->words, row->is_of_machine ? " (of the machine)" : "");
	if (reading->known)
		append_share(out, model, counters, name, reading->value);
	buffer_append_char(out, '\n');
}

/* Where the row is that of a difference, and both its counters are known. */
static void
append_difference(struct buffer *out, const struct model *model, const struct counters *counters,
	const struct counter_row *row)
{
	struct counter_reading reading = {.known = true};

	for (size_t i = 0; i < COUNTER_DIFFERENCES; i++) {
		if (strcmp(counter_differences[i].name, row->name) == 0 &&
			counter_difference_total(counters, &counter_differences[i], &reading.value))
			append_line(out, model, counters, row->name, &reading, row);
	}
}

void
counters_list(const struct model *model, const struct counters *counters, struct buffer *out)
{
	for (size_t i = 0; i < counter_row_count; i++) {
		const struct counter_row *const row = &counter_rows[i];
		const size_t at = find(model->counter_names, row->name);

		if (row->title != NULL)
			buffer_append_format(out, "%s%s\n", i > 0 ? "\n" : "", row->title);
		if (at < counters->count && counters->rows[at].known)
			append_line(out, model, counters, row->name, &counters->rows[at], row);
		else
			append_difference(out, model, counters, row);
	}
}

void
counters_list_all(const struct model *model, const struct counters *counters, struct buffer *out)
{
	char name[COUNTER_JOINED_SIZE];

	for (size_t i = 0; i < counters->count; i++) {
		const struct counter_name row = counter_name(model->counter_names, i);

		if (!counters->rows[i].known || counters->rows[i].value == 0)
			continue;
		counters_join(&row, name);
		append_line(out, model, counters, name, &counters->rows[i], counter_row_find(name));
	}
}

static const struct counter_reading *
reading_of(const struct counters *counters, size_t index)
{
	static const struct counter_reading none = {.known = false};

	return index < counters->count ? &counters->rows[index] : &none;
}

void
counters_list_chosen(const struct model *model, const struct counter_choice *choice,
	const struct counters *counters, struct buffer *out)
{
	char name[COUNTER_JOINED_SIZE];

	for (size_t i = 0; i < choice->count; i++) {
		const struct counter_name row =
			counter_name(model->counter_names, choice->indexes[i]);

		counters_join(&row, name);
		append_line(out, model, counters, name, reading_of(counters, choice->indexes[i]),
			counter_row_find(name));
	}
}

/* Writes the clean name and returns the width of its column. */
static int
chosen_column(const struct model *model, const struct counter_choice *choice, size_t place,
	char clean[COUNTER_JOINED_SIZE])
{
	const struct counter_name name = counter_name(model->counter_names, choice->indexes[place]);
	char joined[COUNTER_JOINED_SIZE];
	int width;

	text_clean(text_of(counters_join(&name, joined)), clean, COUNTER_JOINED_SIZE);
	width = (int)text_width(clean);
	return width > CHOSEN_WIDTH ? width : CHOSEN_WIDTH;
}

void
counters_headings_chosen(
	const struct model *model, const struct counter_choice *choice, struct buffer *out)
{
	char name[COUNTER_JOINED_SIZE];

	for (size_t i = 0; i < choice->count; i++) {
		const int width = chosen_column(model, choice, i, name);

		buffer_append_format(out, "%s%*s", i > 0 ? " " : "", width, name);
	}
	buffer_append_char(out, '\n');
}

/* A total in full, also of a gauge where changes are shown; a change as people read it. */
static void
format_chosen(const struct model *model, const struct counters *counters, size_t index, bool rates,
	char text[CELL_SIZE])
{
	const struct counter_reading *const reading = reading_of(counters, index);
	double rate;

	text_add(text, CELL_SIZE, 0, "-");
	if (!rates || counter_name(model->counter_names, index).is_gauge) {
		if (reading->known)
			text[number_write_unsigned(reading->value, text)] = '\0';
	} else if (counters_rate_of(counters, model->counter_names, index, &rate) && rate >= 0) {
		number_format_real(rate, UNIT_COUNT, text, CELL_SIZE);
	}
}

void
counters_columns_chosen(const struct model *model, const struct counter_choice *choice,
	const struct counters *counters, bool rates, struct buffer *out)
{
	char name[COUNTER_JOINED_SIZE], text[CELL_SIZE];

	for (size_t i = 0; i < choice->count; i++) {
		const int width = chosen_column(model, choice, i, name);

		format_chosen(model, counters, choice->indexes[i], rates, text);
		buffer_append_format(out, "%s%*s", i > 0 ? " " : "", width, text);
	}
	buffer_append_char(out, '\n');
}
