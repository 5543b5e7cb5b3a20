/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the series, applies the limits, and writes both formats. */
#include <config.h>

#include "metric_set.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/text.h>

/* Series of a family before its limit is applied, and bytes of the value of a label. */
enum { SERIES_MAX = 65536, LABEL_MAX = 128, LABELS_SIZE = 1024 };

int
metric_set_init(struct metric_set *set)
{
	*set = (struct metric_set){.failed = false};
	metric_set_clear(set);
	return set->failed ? -ENOMEM : 0;
}

void
metric_set_fini(struct metric_set *set)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		intern_free(set->families[i].labels);
		free(set->families[i].values);
	}
}

void
metric_set_clear(struct metric_set *set)
{
	set->failed = false;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		intern_free(set->families[i].labels);
		set->families[i].labels = intern_new(SERIES_MAX);
		set->failed = set->failed || set->families[i].labels == NULL;
	}
}

/* Clean, cut, and with its quotes escaped. The bytes of it. */
static size_t
write_value(const char *value, char *out)
{
	char clean[LABEL_MAX];
	size_t len = 0;

	text_clean(text_of(value), clean, sizeof clean);
	for (const char *c = clean; *c != '\0'; c++) {
		if (*c == '\\' || *c == '"')
			out[len++] = '\\';
		out[len++] = *c;
	}
	return len;
}

/* `{a="1",b="2"}`; a space where there are none, so that the series has a number. */
static struct text
write_labels(const struct metric_row *row, const char *const *values, char out[LABELS_SIZE])
{
	size_t len = 0;

	for (size_t i = 0; i < 3 && row->labels[i] != NULL; i++) {
		const size_t name = strlen(row->labels[i]);

		out[len++] = i == 0 ? '{' : ',';
		memcpy(out + len, row->labels[i], name);
		len += name;
		out[len++] = '=';
		out[len++] = '"';
		len += write_value(values[i], out + len);
		out[len++] = '"';
	}
	out[len++] = row->labels[0] != NULL ? '}' : ' ';
	return (struct text){out, len};
}

/* NULL: there is no room for it, or no memory (failed). A new one is 0. */
static double *
find(struct metric_set *set, enum metric_id id, const char *const *values)
{
	struct metric_family *const family = &set->families[id];
	char labels[LABELS_SIZE];
	uint32_t before, number;

	if (family->labels == NULL)
		return NULL;
	before = intern_count(family->labels);
	number = intern_add(family->labels, write_labels(&metric_rows[id], values, labels));
	if (number == 0) {
		set->failed = true;
		return NULL;
	}
	if (number >= family->capacity) {
		const size_t capacity = family->capacity != 0 ? family->capacity * 2 : 64;
		double *const grown = reallocarray(family->values, capacity, sizeof *grown);

		if (grown == NULL) {
			set->failed = true;
			return NULL;
		}
		family->values = grown;
		family->capacity = capacity;
	}
	if (intern_count(family->labels) != before)
		family->values[number] = 0;
	return &family->values[number];
}

void
metric_add(struct metric_set *set, enum metric_id id, const char *const *values, double value)
{
	double *const series = find(set, id, values);

	if (series != NULL)
		*series += value;
}

void
metric_add_plain(struct metric_set *set, enum metric_id id, double value)
{
	metric_add(set, id, NULL, value);
}

void
metric_raise(struct metric_set *set, enum metric_id id, const char *const *values, double value)
{
	double *const series = find(set, id, values);

	if (series != NULL && value > *series)
		*series = value;
}

struct ranked {
	uint32_t number;
	double value;
};

static int
compare(const void *a, const void *b)
{
	const struct ranked *const left = a, *const right = b;

	if (left->value != right->value)
		return left->value > right->value ? -1 : 1;
	return left->number < right->number ? -1 : 1;
}

static int
compare_numbers(const void *a, const void *b)
{
	const struct ranked *const left = a, *const right = b;

	return left->number < right->number ? -1 : left->number > right->number;
}

/* The series that stay, in the order in which they came; *count of them. NULL: no memory. */
static struct ranked *
choose(const struct metric_family *family, size_t *count, uint32_t limit)
{
	const uint32_t all = intern_count(family->labels);
	struct ranked *const series = calloc(all != 0 ? all : 1, sizeof *series);

	if (series == NULL)
		return NULL;
	for (uint32_t i = 0; i < all; i++)
		series[i] = (struct ranked){i + 1, family->values[i + 1]};
	*count = all;
	if (all <= limit)
		return series;
	qsort(series, all, sizeof *series, compare);
	*count = limit - 1;
	qsort(series, *count, sizeof *series, compare_numbers);
	return series;
}

static double
sum(const struct metric_family *family)
{
	double all = 0;

	for (uint32_t i = 1; i <= intern_count(family->labels); i++)
		all += family->values[i];
	return all;
}

static bool
is_counter_name(const struct metric_row *row, const struct metrics_options *options, bool in_head)
{
	/* OpenMetrics names the family without, the other format with _total. */
	return row->is_counter && !(in_head && options->format == METRICS_OPENMETRICS);
}

static void
write_name(const struct metric_row *row, const struct metrics_options *options, bool in_head,
	struct buffer *out)
{
	buffer_append_text(out, "sockwatch_");
	buffer_append_text(out, row->name);
	if (is_counter_name(row, options, in_head))
		buffer_append_text(out, "_total");
}

static void
write_head(const struct metric_row *row, const struct metrics_options *options, struct buffer *out)
{
	buffer_append_text(out, "# HELP ");
	write_name(row, options, true, out);
	buffer_append_format(out, " %s\n# TYPE ", row->help);
	write_name(row, options, true, out);
	buffer_append_text(out, row->is_counter ? " counter\n" : " gauge\n");
	if (options->format != METRICS_OPENMETRICS || row->unit == NULL)
		return;
	buffer_append_text(out, "# UNIT ");
	write_name(row, options, true, out);
	buffer_append_format(out, " %s\n", row->unit);
}

static void
write_series(const struct metric_row *row, const struct metrics_options *options,
	struct text labels, double value, struct buffer *out)
{
	write_name(row, options, false, out);
	if (labels.data[0] != ' ')
		buffer_append(out, labels.data, labels.len);
	if (value == floor(value) && fabs(value) < 1e15)
		buffer_append_format(out, " %.0f\n", value);
	else if (fabs(value) >= 1e6) /* times */
		buffer_append_format(out, " %.3f\n", value);
	else
		buffer_append_format(out, " %.9g\n", value);
}

/* How many series are left out, or added up. */
static size_t
write_family(const struct metric_set *set, enum metric_id id, const struct metrics_options *options,
	struct buffer *out)
{
	static const char *const other[] = {"other", "other", "other"};
	const struct metric_family *const family = &set->families[id];
	const struct metric_row *const row = &metric_rows[id];
	const uint32_t all = intern_count(family->labels);
	char labels[LABELS_SIZE];
	double rest = sum(family);
	struct ranked *series;
	size_t count;

	if (all == 0)
		return 0;
	series = choose(family, &count, options->limit);
	if (series == NULL) {
		out->failed = true;
		return 0;
	}
	write_head(row, options, out);
	for (size_t i = 0; i < count; i++) {
		write_series(row, options, intern_get(family->labels, series[i].number),
			series[i].value, out);
		rest -= series[i].value;
	}
	if (count < all && row->rest == METRIC_REST_SUM)
		write_series(row, options, write_labels(row, other, labels), rest, out);
	free(series);
	return all - count;
}

void
metric_set_print(struct metric_set *set, const struct metrics_options *options, struct buffer *out)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const char *const name[] = {metric_rows[i].name};
		const size_t dropped = write_family(set, (enum metric_id)i, options, out) +
				       intern_refused(set->families[i].labels);

		if (dropped != 0 && i != METRIC_DROPPED)
			metric_add(set, METRIC_DROPPED, name, (double)dropped);
	}
	if (options->format == METRICS_OPENMETRICS)
		buffer_append_text(out, "# EOF\n");
	out->failed = out->failed || set->failed;
}
