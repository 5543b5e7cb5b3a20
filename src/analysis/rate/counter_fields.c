/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a counter, and their getters. */
#include <config.h>

#include <sockwatch/analysis/counter/counter_history.h>

#include <math.h>

#include "analysis/field/field_rows.h"
#include "analysis/field/value.h"

enum number { NUMBER_RATE, NUMBER_NOW, NUMBER_MEAN, NUMBER_MOST };

static void
get_group(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;

	(void)field;
	(void)context;
	value_set_text(value, text_of(figures->group));
}

static void
get_name(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;

	(void)field;
	(void)context;
	value_set_copy(value, figures->name);
}

static void
get_words(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;

	(void)field;
	(void)context;
	value_set_text(value, text_of(figures->row != NULL ? figures->row->words : ""));
}

static void
get_scope(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;
	const bool machine = figures->row != NULL && figures->row->is_of_machine;

	(void)field;
	(void)context;
	value_set_text(value, text_of(machine ? "machine" : "netns"));
}

static void
get_total(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;

	(void)field;
	(void)context;
	if (figures->has_total)
		value_set_unsigned(value, figures->total);
	else
		value_set_unknown(value);
}

static void
get_number(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;
	double number = (double)NAN;

	(void)context;
	switch ((enum number)field->argument) {
	case NUMBER_RATE: number = figures->rate; break;
	case NUMBER_NOW: number = figures->now; break;
	case NUMBER_MEAN: number = counter_figures_mean(figures); break;
	case NUMBER_MOST: number = figures->most; break;
	}
	if (isnan(number))
		value_set_unknown(value);
	else
		value_set_real(value, number);
}

static void
get_share(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;

	(void)field;
	(void)context;
	if (isnan(figures->share))
		value_set_unknown(value);
	else
		value_set_real(value, figures->share);
}

static void
get_whole(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;

	(void)field;
	(void)context;
	value_set_text(value, text_of(counter_whole_name(figures->whole)));
}

static void
get_bytes(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct counter_figures *const figures = row;
	uint64_t bytes;

	(void)field;
	if (figures->whole == COUNTER_WHOLE_MEM && figures->has_total && context->model != NULL &&
		counter_pages_bytes(context->model, figures->total, &bytes))
		value_set_unsigned(value, bytes);
	else
		value_set_unknown(value);
}

/* A line of characters that every file shows; the screen draws bars. */
static void
get_history(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	static const char levels[] = "_.:-=+*#";
	const struct counter_figures *const figures = row;
	const double highest = counter_figures_highest(figures);
	char text[COUNTER_SAMPLES + 1];

	(void)field;
	(void)context;
	for (size_t i = 0; i < figures->sample_count; i++) {
		const double share = (double)figures->samples[i] / highest;

		text[i] = isnan(share) ? ' ' : levels[(size_t)(share * (sizeof levels - 2) + 0.5)];
	}
	text[figures->sample_count] = '\0';
	value_set_copy(value, text);
}

/* name, heading, NUMBER_…, help */
#define REAL(name_, title_, which_, ...)                                                           \
	FIELD(name_, title_, 8, NUMBER, VALUE_REAL, get_number, __VA_ARGS__, .unit = UNIT_COUNT,   \
		.descending = true, .argument = NUMBER_##which_)

static const struct field fields[] = {
	TEXT("group", "GROUP", 18, WORD, get_group, "group that the counter belongs to"),
	TEXT("counter", "COUNTER", 28, WORD | ESSENTIAL | STRETCH, get_name,
		"the kernel's name: group and member, which nstat joins without the dot",
		.alias = "name", .match = FIELD_MATCH_PART),
	AMOUNT("total", "TOTAL", 12, UNIT_NONE, NUMBER, get_total,
		"since boot, or how many there are now; in all network namespaces that are looked at, or the chosen one"),
	REAL("rate", "RATE/s", RATE,
		"change a second over the last refresh; of what may fall (sockets in use) there is none"),
	REAL("mean", "MEAN", MEAN,
		"mean of the rate since sockwatch was started; of sockets in use, of their number"),
	REAL("most", "MOST", MOST,
		"highest rate since sockwatch was started; of sockets in use, their highest number",
		.alias = "max"),
	REAL("now", "NOW", NOW, "the rate, or the number where there is no rate"),
	TEXT("history", "HISTORY", 16, COLUMN_NUMBER | TICKS, get_history,
		"the rate at the last refreshes, newest to the right; the highest bar is the highest of these"),
	FIELD("share_pct", "SHARE", 6, NUMBER, VALUE_REAL, get_share,
		"part of its whole now: of the segments sent over the last refresh, of tcp_mem, of tcp_max_orphans",
		.unit = UNIT_PERCENT, .descending = true),
	TEXT("share_of", "SHARE OF", 15, WORD, get_whole,
		"that whole; segments sent are OutSegs and RetransSegs together",
		.match = FIELD_MATCH_PART),
	AMOUNT("bytes", "BYTES", 7, UNIT_BYTES, NUMBER, get_bytes,
		"of a counter of pages: bytes, by the page size of the box"),
	TEXT("scope", "OF", 7, WORD, get_scope,
		"whose it is: of a network namespace, or of the machine, also when it is read in a container",
		.words = "netns machine"),
	TEXT("words", "MEANING", 24, WORD | STRETCH, get_words, "what it counts"),
};

const struct field_table counter_fields = {
	.row_name = "counter",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
};
