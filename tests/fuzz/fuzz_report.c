/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is printed of a recording: sockets through a view, events, hops, listeners, destinations,
 * counters, findings, metrics, and the pages of sockets in words. An input is a byte of switches
 * (format, width, order of the view) and the recording (records.h). Whatever a recording says, no
 * line that is printed can harm a terminal.
 */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/model/path.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/report/counters_report.h>
#include <sockwatch/report/doctor_report.h>
#include <sockwatch/report/listeners_report.h>
#include <sockwatch/report/metrics.h>
#include <sockwatch/report/path_report.h>
#include <sockwatch/report/ports_report.h>
#include <sockwatch/report/report.h>

#include "fuzz.h"
#include "records.h"

enum {
	SOCKETS = 100,
	LINGER_MS = 60000,
	FIELDS_MAX = 128,
	LINES_MAX = 64,
	EVENTS_MAX = 16,
	PAGES_MAX = 3,
	METRICS_LIMIT = 5,
	FACTS_WIDTH = 60,
};

struct run {
	struct model *model;
	struct view *view;
	struct doctor *doctor;
	struct listener_table listeners;
	struct port_budget ports;
	struct counters_report *counters;
	struct report_options options;
	const struct field *fields[FIELDS_MAX];
	struct buffer out;
};

/* The first byte: bits 0 and 1 the format, 2 to 4 the width, 5 to 7 the view. */
static const enum report_format formats[] = {REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_TEXT};
static const size_t widths[] = {0, 1, 20, 80, 79, 120, 200, 40};
static const struct {
	const char *order, *group, *filter;
} views[] = {{NULL, NULL, NULL}, {"rtt_us", NULL, NULL}, {NULL, "process", NULL},
	{"recv_q", "state", "state listen or port 80"}, {"age_ms", "remote_address", NULL},
	{NULL, NULL, "process ~ n or user ann"}, {"process", "user", "recv_q > 10"},
	{"trouble", "netns", NULL}};

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Each line is as it would be cleaned. */
static void
check_harmless(struct buffer *out)
{
	struct text rest = {(const char *)out->data, out->len}, line;

	require(!out->failed);
	while (text_next_line(&rest, &line)) {
		char *const clean = malloc(line.len + 1);
		size_t len;

		require(clean != NULL);
		len = text_clean(line, clean, line.len + 1);
		require(len == line.len && memcmp(clean, line.data, len) == 0);
		free(clean);
	}
	buffer_clear(out);
}

/* The fields that have a name for a program; or the usual columns. */
static void
choose(struct run *run, const struct field_table *table, const char *columns)
{
	size_t count = 0;
	int usual;

	if (columns != NULL && run->options.format == REPORT_TEXT) {
		usual = field_parse_list(table, columns, run->fields, FIELDS_MAX, NULL);
		count = usual > 0 ? (size_t)usual : 0;
	} else {
		for (size_t i = 0; i < table->count && count < FIELDS_MAX; i++)
			if ((table->fields[i].flags & FIELD_REPORT) != 0)
				run->fields[count++] = &table->fields[i];
	}
	run->options.fields = run->fields;
	run->options.field_count = count;
}

static struct report *
begin_report(struct run *run, const struct field_context *context)
{
	struct report *const report = report_new(&run->options, context, &run->out);

	require(report != NULL);
	return report;
}

static void
end_report(struct run *run, struct report *report)
{
	report_end(report);
	report_free(report);
	check_harmless(&run->out);
}

static void
print_sockets(struct run *run, const struct field_context *context)
{
	static struct view_line lines[LINES_MAX];
	size_t count;
	struct report *report;

	choose(run, &socket_fields, NULL);
	view_set_visible(run->view, run->fields, run->options.field_count);
	(void)view_update(run->view, true);
	count = view_window(run->view, 0, LINES_MAX, lines);
	report = begin_report(run, context);
	for (size_t i = 0; i < count; i++)
		report_row(report,
			socket_table_row(&run->model->sockets,
				lines[i].kind == VIEW_SOCKET ? lines[i].socket
							     : lines[i].group->first_socket));
	end_report(run, report);
}

static void
print_events(struct run *run, const struct field_context *context)
{
	struct event_row rows[EVENTS_MAX];
	const struct event *event;
	uint64_t next = 0;
	size_t count = 0;
	struct report *report;

	choose(run, &event_fields, NULL);
	while (count < EVENTS_MAX && (event = wire_event_from(run->model->wire, next)) != NULL) {
		char line[EVENT_ROW_SIZE];

		next = event->number + 1;
		rows[count] = event_row_of(run->model, event);
		(void)event_row_format(context, &rows[count++], line, sizeof line);
		buffer_append_format(&run->out, "%s\n", line);
	}
	check_harmless(&run->out);
	report = begin_report(run, context);
	for (size_t i = 0; i < count; i++)
		report_row(report, &rows[i]);
	end_report(run, report);
}

static void
print_listeners(struct run *run, const struct field_context *context)
{
	struct listener_row rows[LINES_MAX];
	struct report *report;

	choose(run, &listener_fields, listener_columns);
	report = begin_report(run, context);
	for (uint32_t i = 0; i < listener_table_count(&run->listeners) && i < LINES_MAX; i++) {
		rows[i] = (struct listener_row){
			&run->listeners, listener_table_at(&run->listeners, i)};
		report_row(report, &rows[i]);
	}
	end_report(run, report);
	listeners_report_facts(&run->listeners, run->model, &run->out);
	check_harmless(&run->out);
}

static void
print_destinations(struct run *run, const struct field_context *context)
{
	struct destination_row rows[LINES_MAX];
	struct report *report;

	choose(run, &destination_fields, destination_columns);
	report = begin_report(run, context);
	for (uint32_t i = 0; i < port_budget_count(&run->ports) && i < LINES_MAX; i++) {
		rows[i] = (struct destination_row){&run->ports, port_budget_at(&run->ports, i)};
		report_row(report, &rows[i]);
	}
	end_report(run, report);
	ports_report_spaces(&run->ports, run->model, &run->out);
	ports_report_full(&run->ports, run->model, &run->out);
	check_harmless(&run->out);
}

static void
print_paths(struct run *run)
{
	const struct path_report report = {
		.target = "x", .host = run->model->host.host, .columns = run->options.columns};
	const struct path *path;

	for (size_t i = 0; (path = path_table_at(run->model->paths, i)) != NULL; i++) {
		if (run->options.format == REPORT_TEXT)
			(void)path_report_text(&report, path, &run->out);
		else if (run->options.format == REPORT_JSON)
			(void)path_report_json(&report, path, &run->out);
		else
			(void)path_report_csv(&report, path, true, &run->out);
		check_harmless(&run->out);
	}
}

static void
print_findings(struct run *run)
{
	const struct finding *const *findings;
	size_t count;

	doctor_look(run->doctor, run->model, true);
	findings = doctor_findings(run->doctor, &count);
	for (size_t i = 0; i < count; i++)
		doctor_report_finding(
			findings[i], run->doctor, run->model, run->options.columns, &run->out);
	check_harmless(&run->out);
}

static void
print_metrics(struct run *run, const struct doctor_settings *settings)
{
	const struct metrics_options options = {
		.format = run->options.format == REPORT_JSON ? METRICS_OPENMETRICS : METRICS_TEXT,
		.limit = METRICS_LIMIT};
	struct metrics *const metrics = metrics_new(&options);

	require(metrics != NULL);
	require(metrics_print(metrics, run->model, run->doctor, 0.1, &run->out));
	check_harmless(&run->out);
	metrics_free(metrics);
	doctor_report_rules(settings, run->options.columns, &run->out);
	check_harmless(&run->out);
}

static void
print_facts(struct run *run, const struct explain_source *source)
{
	static struct facts sides[2];
	char outcome[96];

	explain_outcome(source->row, source->wire, outcome, sizeof outcome);
	buffer_append_format(&run->out, "%s\n", outcome);
	facts_begin(&sides[0], FACTS_WIDTH);
	facts_begin(&sides[1], FACTS_WIDTH);
	explain_facts(source, &sides[0], &sides[1]);
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < sides[side].count; i++)
			if (sides[side].lines[i].kind == FACTS_FACT ||
				sides[side].lines[i].kind == FACTS_MORE)
				buffer_append_format(&run->out, "%s\n", sides[side].lines[i].text);
	check_harmless(&run->out);
}

/* The page of a socket, in words. */
static void
print_page(struct run *run, const struct field_context *context, uint32_t id)
{
	static struct strip diagram[EXPLAIN_DIAGRAM_LINES];
	static struct wire_history wire;
	const struct socket_row *const row = socket_table_row(&run->model->sockets, id);
	char process[256] = "";
	struct explain_source source = {.model = run->model,
		.row = row,
		.figures = row,
		.lives = (row->flags & SOCKET_CLOSED) == 0,
		.process = process,
		.context = *context,
		.wire = &wire,
		.diagram = diagram};
	struct identity identity;

	identity_take(&identity, run->model, id);
	wire_history_begin(&wire);
	wire_history_update(&wire, run->model, &identity, row);
	explain_process(&source, process, sizeof process);
	print_facts(run, &source);
}

static void
print_pages(struct run *run, const struct field_context *context)
{
	unsigned pages = 0;

	for (uint32_t id = 0; id < run->model->sockets.used && pages < PAGES_MAX; id++) {
		if ((socket_table_row(&run->model->sockets, id)->flags & SOCKET_FREE) != 0)
			continue;
		print_page(run, context, id);
		pages++;
	}
}

static void
print_all(struct run *run, const struct doctor_settings *settings)
{
	const struct field_context context = {.model = run->model, .doctor = run->doctor};

	print_findings(run);
	/* They look at all ports: not each time. */
	if (run->options.columns == 1)
		print_metrics(run, settings);
	print_sockets(run, &context);
	print_events(run, &context);
	print_listeners(run, &context);
	print_destinations(run, &context);
	print_paths(run);
	print_pages(run, &context);
}

/* A snapshot has ended. */
static void
look(struct run *run)
{
	struct error error = {.text = ""};

	model_tick(run->model, run->model->now_ns);
	doctor_look(run->doctor, run->model, false);
	listener_table_update(&run->listeners, run->model);
	port_budget_update(&run->ports, run->model);
	(void)view_update(run->view, false);
	if (counters_report_snapshot(run->counters, &error) != 0)
		require(error.text[0] != '\0');
	check_harmless(&run->out);
}

static void
read_all(struct run *run, const uint8_t *data, size_t len)
{
	struct records records = records_begin(data, len);
	struct record record;
	uint32_t seen = 0;

	while (records_next(&records, &record)) {
		if (record.data != NULL)
			model_apply(run->model, &record);
		model_tick(run->model, record.time_ns);
		if (run->model->complete_sequence != seen)
			look(run);
		seen = run->model->complete_sequence;
	}
	records_end(&records);
}

static const struct field *
find_field(const char *name)
{
	return name != NULL ? field_find(&socket_fields, name, strlen(name)) : NULL;
}

static void
begin(struct run *run, uint8_t switches, const struct doctor_settings *settings)
{
	const struct counters_report_options counters = {
		.format = formats[switches & 3], .all = (switches & 32) != 0, .is_rated = true};
	const size_t view = switches >> 5;

	run->options = (struct report_options){
		.format = formats[switches & 3], .columns = widths[switches >> 2 & 7]};
	run->model = model_new(SOCKETS);
	require(run->model != NULL);
	run->model->linger_ms = LINGER_MS;
	run->doctor = doctor_new(settings);
	run->view = view_new(run->model, &socket_fields);
	run->counters = counters_report_new(&counters, run->model, &run->out);
	require(run->doctor != NULL && run->view != NULL && run->counters != NULL);
	listener_table_init(&run->listeners);
	port_budget_init(&run->ports);
	view_set_doctor(run->view, run->doctor);
	view_set_order(run->view, find_field(views[view].order), (switches & 64) != 0);
	view_set_group(run->view, find_field(views[view].group));
	view_unfold(run->view, NULL, true);
	if (views[view].filter != NULL)
		view_set_filter(run->view, filter_parse(views[view].filter, &socket_fields, NULL));
}

static void
end(struct run *run)
{
	counters_report_free(run->counters);
	view_free(run->view);
	doctor_free(run->doctor);
	listener_table_fini(&run->listeners);
	port_budget_fini(&run->ports);
	model_free(run->model);
	buffer_fini(&run->out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct doctor_settings settings;
	static struct run run;

	if (len < 1)
		return 0;
	if (settings.thresholds[0][0] == 0)
		doctor_settings_init(&settings);
	run.out = (struct buffer){0};
	begin(&run, data[0], &settings);
	read_all(&run, data + 1, len - 1);
	print_all(&run, &settings);
	end(&run);
	return 0;
}
