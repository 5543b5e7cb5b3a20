/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters out, a namespace after the other. counters_text.c lays out what people read; JSON and
 * CSV are here.
 */
#include <config.h>

#include "counters_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <sockwatch/analysis/counter/counter_choice.h>
#include <sockwatch/analysis/counter/counter_derived.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/stream/message.h>

enum { TIME_SIZE = 64, LABEL_SIZE = 300, HEADING_LINES = 2 };

struct counters_report {
	struct counters_report_options options;
	const struct model *model;
	struct buffer *out;
	uint64_t before_ns;           /* monotonic, of the snapshot before; 0: there was none */
	size_t lines;                 /* since the headings */
	struct counter_choice choice; /* none: it was not read yet, or there is none */
};

struct counters_report *
counters_report_new(const struct counters_report_options *options, const struct model *model,
	struct buffer *out)
{
	struct counters_report *const report = calloc(1, sizeof *report);

	if (report == NULL)
		return NULL;
	report->options = *options;
	report->model = model;
	report->out = out;
	return report;
}

void
counters_report_free(struct counters_report *report)
{
	free(report);
}

static double
seconds_since(const struct counters_report *report)
{
	return report->before_ns == 0
		       ? 0
		       : (double)(report->model->snapshot_monotonic_ns - report->before_ns) /
				 (double)CLOCK_NS_PER_S;
}

/* false: there is none, or it means nothing. */
static bool
rate_of(const struct counters_report *report, const struct counters *counters, size_t index,
	double *rate)
{
	return report->before_ns != 0 &&
	       !counter_name(report->model->counter_names, index).is_gauge &&
	       counters_rate_of(counters, report->model->counter_names, index, rate) && *rate >= 0;
}

/* How many counters may be shown, and which is the place-th. */
static size_t
count_of(const struct counters_report *report, const struct counters *counters)
{
	return report->choice.count != 0 ? report->choice.count : counters->count;
}

static size_t
index_at(const struct counters_report *report, size_t place)
{
	return report->choice.count != 0 ? report->choice.indexes[place] : place;
}

static bool
is_shown(const struct counters_report *report, const struct counters *counters, size_t index)
{
	return index < counters->count && counters->rows[index].known &&
	       (report->choice.count != 0 || report->options.all || index < COUNTER_COUNT);
}

static void
json_numbers(struct counters_report *report, const struct counters *counters, bool rates)
{
	const char *separator = "{";
	char joined[COUNTER_JOINED_SIZE];

	for (size_t place = 0; place < count_of(report, counters); place++) {
		const size_t i = index_at(report, place);
		const struct counter_name name = counter_name(report->model->counter_names, i);
		double rate = 0;

		if (!is_shown(report, counters, i) ||
			(rates && !rate_of(report, counters, i, &rate)))
			continue;
		buffer_append_text(report->out, separator);
		json_text(report->out, text_of(counters_join(&name, joined)));
		if (rates)
			buffer_append_format(report->out, ":%.3f", rate);
		else
			buffer_append_format(report->out, ":%" PRIu64, counters->rows[i].value);
		separator = ",";
	}
	buffer_append_text(report->out, *separator == '{' ? "{}" : "}");
}

/* What follows from the counters; what is not known is left out. */
static void
json_derived(struct counters_report *report, const struct counters *counters)
{
	const struct counter_reading *const pages = &counters->rows[COUNTER_TCP_MEM];
	const char *separator = ",\"derived\":{";
	uint64_t number;

	for (size_t i = 0; i < COUNTER_DIFFERENCES; i++) {
		if (!counter_difference_total(counters, &counter_differences[i], &number))
			continue;
		buffer_append_format(report->out, "%s\"%s\":%" PRIu64, separator,
			counter_differences[i].name, number);
		separator = ",";
	}
	if (pages->known && counter_pages_bytes(report->model, pages->value, &number)) {
		buffer_append_format(
			report->out, "%s\"TCP.mem_bytes\":%" PRIu64, separator, number);
		separator = ",";
	}
	if (counter_whole_limit(report->model, COUNTER_WHOLE_MEM, &number) &&
		counter_pages_bytes(report->model, number, &number)) {
		buffer_append_format(
			report->out, "%s\"tcp_mem_bytes\":%" PRIu64, separator, number);
		separator = ",";
	}
	if (separator[1] == '\0')
		buffer_append_char(report->out, '}');
}

static void
json(struct counters_report *report, struct text label, const char *time,
	const struct counters *counters)
{
	buffer_append_format(report->out, "{\"time\":\"%s\",\"netns\":", time);
	json_text(report->out, label);
	if (report->before_ns != 0)
		buffer_append_format(report->out, ",\"interval_s\":%.6f", seconds_since(report));
	buffer_append_text(report->out, ",\"counters\":");
	json_numbers(report, counters, false);
	if (report->before_ns != 0) {
		buffer_append_text(report->out, ",\"rates\":");
		json_numbers(report, counters, true);
	}
	if (report->choice.count == 0)
		json_derived(report, counters);
	buffer_append_text(report->out, "}\n");
}

/* A row a counter. */
static void
csv(struct counters_report *report, struct text label, const char *time,
	const struct counters *counters)
{
	char joined[COUNTER_JOINED_SIZE];

	if (report->lines++ == 0)
		buffer_append_text(report->out, "time,netns,interval_s,counter,total,rate\n");
	for (size_t place = 0; place < count_of(report, counters); place++) {
		const size_t i = index_at(report, place);
		const struct counter_name name = counter_name(report->model->counter_names, i);
		double rate;

		if (!is_shown(report, counters, i))
			continue;
		buffer_append_format(report->out, "%s,", time);
		csv_text(report->out, label);
		buffer_append_char(report->out, ',');
		if (report->before_ns != 0)
			buffer_append_format(report->out, "%.6f", seconds_since(report));
		buffer_append_char(report->out, ',');
		csv_text(report->out, text_of(counters_join(&name, joined)));
		buffer_append_format(report->out, ",%" PRIu64 ",", counters->rows[i].value);
		if (rate_of(report, counters, i, &rate))
			buffer_append_format(report->out, "%.3f", rate);
		buffer_append_text(report->out, "\n");
	}
}

static void
print_headings(struct counters_report *report)
{
	const size_t lines = report->options.lines;

	if (report->lines != 0 && (lines == 0 || report->lines < lines))
		return;
	if (report->choice.count != 0)
		counters_headings_chosen(report->model, &report->choice, report->out);
	else
		counters_headings(report->out);
	report->lines = report->choice.count != 0 ? 1 : HEADING_LINES;
}

/* Totals at first; changes a second after that. */
static void
print_columns(struct counters_report *report, const struct counters *counters)
{
	if (report->choice.count != 0)
		counters_columns_chosen(report->model, &report->choice, counters,
			report->before_ns != 0, report->out);
	else
		counters_columns(counters, report->before_ns != 0, report->out);
	report->lines++;
}

static void
print_text(struct counters_report *report, struct text label, const struct counters *counters)
{
	char clean[LABEL_SIZE];

	if (report->options.is_rated)
		print_headings(report);
	if (report->model->netns_count > 1) {
		text_clean(label, clean, sizeof clean);
		buffer_append_format(report->out, "network namespace %s\n", clean);
		report->lines++;
	}
	if (report->options.is_rated)
		print_columns(report, counters);
	else if (report->choice.count != 0)
		counters_list_chosen(report->model, &report->choice, counters, report->out);
	else if (report->options.all)
		counters_list_all(report->model, counters, report->out);
	else
		counters_list(report->model, counters, report->out);
}

static void
print_netns(struct counters_report *report, const struct netns_row *netns)
{
	char composed[NETNS_LABEL_SIZE], time[TIME_SIZE];
	const struct text label = netns_label(report->model, netns, composed);

	clock_format_rfc3339(report->model->now_ns, time, sizeof time);
	switch (report->options.format) {
	case REPORT_TEXT: print_text(report, label, &netns->counters); break;
	case REPORT_JSON: json(report, label, time, &netns->counters); break;
	case REPORT_CSV: csv(report, label, time, &netns->counters); break;
	}
}

static bool
has_readings(const struct netns_row *netns)
{
	for (size_t i = 0; i < netns->counters.count; i++) {
		if (netns->counters.rows[i].known)
			return !netns->gone;
	}
	return false;
}

void
counters_report_hold(struct counters_report *report)
{
	report->before_ns = report->model->snapshot_monotonic_ns;
}

int
counters_report_snapshot(struct counters_report *report, struct error *error)
{
	const struct model *const model = report->model;

	if (report->options.choice != NULL && report->choice.count == 0 &&
		counter_choice_read(
			&report->choice, report->options.choice, model->counter_names, error) != 0)
		return -EINVAL;
	for (uint32_t i = 0; i < model->netns_count; i++) {
		if (report->before_ns == 0 && report->options.no_first)
			break;
		if (model->netns[i] != NULL && has_readings(model->netns[i]))
			print_netns(report, model->netns[i]);
	}
	report->before_ns = model->snapshot_monotonic_ns;
	return 0;
}
