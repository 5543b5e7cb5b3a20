/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch doctor`: looks for some seconds and prints what is wrong, live or from a recording.
 * The exit status is a contract for cron and CI: see doctor_status.
 */
#include <config.h>

#include "app/command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/number.h>
#include <sockwatch/privilege/opener.h>
#include <sockwatch/privilege/user.h>
#include <sockwatch/report/doctor_report.h>
#include <sockwatch/report/report.h>
#include <sockwatch/stream/needs.h>

#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/root_files.h"
#include "app/command/snapshots.h"
#include "app/command/subscribe.h"
#include "app/config/baseline_file.h"
#include "app/config/config_file.h"
#include "app/error_print.h"
#include "app/output.h"
#include "doctor_notes.h"

enum { STATUS_WARNING = 1, STATUS_CRITICAL = 2, STATUS_COULD_NOT_LOOK = 3 };

/* Looks are a second apart, or half of a shorter time. */
enum { LOOK_MS = 1000, LOOK_LEAST_MS = 100, FOR_DEFAULT_MS = 3000 };

struct consultation {
	struct options *options;
	struct filter *filter;
	struct baseline_file baseline;
	struct subscription subscription;
	struct snapshots snapshots;
	struct model *model;
	struct doctor *doctor;
	struct output output;
	struct error *error;
	bool is_span;      /* what stood at any time between --begin and --end is told */
	uint64_t begun_ns; /* the model's time of the first look; 0: none yet */
};

static uint32_t
for_ms(const struct consultation *consultation)
{
	return option_is_given(consultation->options, &consultation->options->for_ms)
		       ? consultation->options->for_ms
		       : (uint32_t)FOR_DEFAULT_MS;
}

static int
prepare(struct consultation *consultation)
{
	struct options *const options = consultation->options;
	struct error *const error = consultation->error;

	consultation->filter = filter_parse(options->words, &socket_fields, error);
	if (consultation->filter == NULL)
		return -EINVAL;
	if (options->rules != NULL &&
		doctor_settings_choose(&options->settings.doctor, options->rules, error) != 0)
		return -EINVAL;
	consultation->is_span = options->begin != NULL || options->end != NULL;
	return open_source_check(options, error);
}

static bool
is_time(const struct consultation *consultation)
{
	const uint64_t wanted_ns = for_ms(consultation) * (CLOCK_NS_PER_S / 1000);

	/* Looks are not exactly an interval apart. A recording is read to its end. */
	return consultation->options->from == NULL &&
	       (consultation->model->now_ns - consultation->begun_ns) * 20 >= wanted_ns * 19;
}

static int
look(void *context, struct error *error)
{
	struct consultation *const consultation = context;
	bool is_last;

	(void)error;
	if (consultation->begun_ns == 0)
		consultation->begun_ns = consultation->model->now_ns;
	is_last = is_time(consultation);
	doctor_look(consultation->doctor, consultation->model, is_last);
	return is_last ? SNAPSHOTS_ENOUGH : SNAPSHOTS_MORE;
}

/* What was seen so far is judged. */
static int
look_last(struct consultation *consultation, struct error *error, int result, const char *sentence)
{
	if (consultation->begun_ns == 0) {
		error_set(error, "%s", sentence);
		return result;
	}
	doctor_look(consultation->doctor, consultation->model, true);
	return 0;
}

static int
end(void *context, struct error *error)
{
	return look_last(context, error, -ENODATA,
		((const struct consultation *)context)->is_span
			? "the recording has no complete snapshot between --begin and --end"
			: "the recording has no complete snapshot");
}

static int
stop(void *context, struct error *error)
{
	return look_last(context, error, -EINTR, "interrupted before the first look");
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	struct consultation *const consultation = context;
	struct message_subscription *const message = &consultation->subscription.message;
	const uint32_t half_ms = for_ms(consultation) / 2;

	subscribe_fill(&consultation->subscription, consultation->options, NULL);
	message->needs = doctor_needs(consultation->doctor) | filter_needs(consultation->filter);
	message->once = for_ms(consultation) == 0;
	message->interval_ms = half_ms > LOOK_MS         ? LOOK_MS
			       : half_ms < LOOK_LEAST_MS ? LOOK_LEAST_MS
							 : half_ms;
	*subscription = *message;
}

static int
allocate(struct consultation *consultation)
{
	consultation->model = model_new(0);
	consultation->doctor = doctor_new(&consultation->options->settings.doctor);
	if (consultation->model == NULL || consultation->doctor == NULL) {
		error_set(
			consultation->error, "cannot look at the sockets: %s", file_words(ENOMEM));
		return -ENOMEM;
	}
	if (consultation->is_span)
		doctor_keep_over(consultation->doctor);
	if (consultation->options->words[0] != '\0')
		doctor_set_filter(consultation->doctor, consultation->filter);
	return 0;
}

static void
say_progress(const struct consultation *consultation)
{
	if (isatty(STDERR_FILENO) && isatty(STDOUT_FILENO) && for_ms(consultation) > 0 &&
		consultation->options->from == NULL)
		dprintf(STDERR_FILENO, "looking for %g s ...\r", for_ms(consultation) / 1000.0);
}

/*
 * Thresholds and accepted findings are the user's, as in the monitor. A mistake in the file is
 * reported, and the rest of it is in force; a file that was named must be readable.
 */
static int
load_config(struct options *options, char path[PATH_MAX], struct error *error)
{
	struct config_file config;
	struct error mistake = {.position = -1};
	const int result = config_file_load(&config, options, &mistake);
	const bool is_lost = config.unreadable && options->config_path != NULL;

	memcpy(path, config.path, PATH_MAX);
	config_file_fini(&config);
	if (result == 0)
		return 0;
	if (is_lost) {
		*error = mistake;
		return result;
	}
	error_print(&mistake);
	return 0;
}

/* One that the command line names must be there, unless it is to be made. */
static int
load_baseline(struct baseline_file *file, struct options *options, const char *config_path,
	struct error *error)
{
	struct error sentence = {.position = -1};
	const int result = baseline_file_load(file, options, config_path, error);

	if (result != 0)
		return result;
	for (size_t i = 0; i < file->mistake_count && i < BASELINE_MISTAKES_MAX; i++)
		error_print(&file->mistakes[i]);
	if (baseline_file_more(file, &sentence))
		error_print(&sentence);
	if (!file->is_absent || options->save_baseline)
		return 0;
	error_set(error, "%s does not exist; doctor --save-baseline writes it", file->path);
	if (option_is_given(options, &options->settings.baseline))
		return -ENOENT;
	error_print(error);
	return 0;
}

static int
load_settings(struct baseline_file *baseline, struct options *options, struct error *error)
{
	char path[PATH_MAX];
	const int result = load_config(options, path, error);

	return result != 0 ? result : load_baseline(baseline, options, path, error);
}

/* Settings are read without rights, as the user whose they are; only root's are read before. */
static int
open_halves(struct consultation *consultation)
{
	struct baseline_file *const baseline = &consultation->baseline;
	struct error *const error = consultation->error;
	const bool is_root = user_is_root_login();
	int result = is_root ? load_settings(baseline, consultation->options, error) : 0;

	if (result == 0 && is_root && consultation->options->save_baseline)
		result = root_files_open("", baseline->path, error);
	if (result != 0)
		return result;
	result = snapshots_open(
		&consultation->snapshots, consultation->options, NEED_CLOSINGS, error);
	if (result != 0)
		return result;
	return is_root ? 0 : load_settings(baseline, consultation->options, error);
}

static int
observe(struct consultation *consultation)
{
	const struct snapshots_user user = {.context = consultation,
		.get_subscription = on_get_subscription,
		.take = look,
		.end = end,
		.stop = stop};
	int result = open_halves(consultation);

	if (result == 0 && consultation->options->save_baseline)
		result = baseline_file_check(&consultation->baseline, consultation->error);
	if (result == 0)
		result = output_init(&consultation->output, consultation->error);
	if (result == 0)
		result = allocate(consultation);
	if (result != 0)
		return result;
	say_progress(consultation);
	if (consultation->options->save_baseline)
		confine_files(&(struct confined_files){.written = consultation->baseline.path});
	else
		confine(SANDBOX_VIEWER);
	return snapshots_run(&consultation->snapshots, consultation->model, &user,
		&consultation->output, consultation->error);
}

static void
report_rows(struct consultation *consultation, const struct finding *const *findings, size_t count)
{
	const struct field_context context = {.model = consultation->model};
	const struct field *fields[OPTIONS_FIELDS_MAX];
	size_t field_count = 0;
	struct report *report;

	for (size_t i = 0; i < finding_fields.count; i++)
		if ((finding_fields.fields[i].flags & FIELD_REPORT) != 0)
			fields[field_count++] = &finding_fields.fields[i];
	report = report_new(&(struct report_options){.format = consultation->options->format,
				    .fields = fields,
				    .field_count = field_count},
		&context, &consultation->output.buffer);
	if (report == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		report_row(report, findings[i]);
	report_end(report);
	report_free(report);
}

/* Of a span, the worst that any had while it stood; and how many there are. */
static enum severity
worst(const struct consultation *consultation, size_t *count)
{
	enum severity severity = SEVERITY_INFO;
	size_t all;
	const struct finding *const *const findings = doctor_findings(consultation->doctor, &all);

	if (!consultation->is_span)
		return doctor_worst(consultation->doctor, count);
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		*count += !findings[i]->is_accepted;
		if (!findings[i]->is_accepted && findings[i]->worst > severity)
			severity = findings[i]->worst;
	}
	return severity;
}

/* Those that were not left out. */
static size_t
rules_on(const struct consultation *consultation)
{
	size_t count = 0;

	for (size_t i = 0; i < doctor_rule_count(); i++)
		count += !consultation->options->settings.doctor.is_off[i];
	return count;
}

static void
report_text(struct consultation *consultation, const struct finding *const *findings, size_t count)
{
	struct buffer *const out = &consultation->output.buffer;
	size_t standing;

	(void)worst(consultation, &standing);
	if (standing == 0)
		buffer_append_format(out,
			"nothing is wrong with %u socket%s, by %zu rule%s in %.1f s\n",
			(unsigned)consultation->model->sockets.count,
			number_plural(consultation->model->sockets.count), rules_on(consultation),
			number_plural(rules_on(consultation)),
			(double)(consultation->model->now_ns - consultation->begun_ns) /
				(double)CLOCK_NS_PER_S);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_char(out, '\n');
		doctor_report_finding(findings[i], consultation->doctor, consultation->model,
			output_columns(), out);
	}
}

static int
print(struct consultation *consultation)
{
	size_t count;
	const struct finding *const *const findings = doctor_findings(consultation->doctor, &count);

	if (consultation->options->format == REPORT_TEXT)
		report_text(consultation, findings, count);
	else
		report_rows(consultation, findings, count);
	return output_write(&consultation->output, true, consultation->error);
}

/* 0: nothing above info; 1: a warning; 2: something critical; 3: it could not look. */
static int
doctor_status(const struct consultation *consultation)
{
	size_t count;

	switch (worst(consultation, &count)) {
	case SEVERITY_INFO: return EXIT_SUCCESS;
	case SEVERITY_WARNING: return STATUS_WARNING;
	case SEVERITY_CRITICAL: return STATUS_CRITICAL;
	}
	return STATUS_COULD_NOT_LOOK;
}

/* What is open now is known from now on. */
static int
save_baseline(struct consultation *consultation)
{
	struct error done = {.position = -1};

	if (baseline_file_save(&consultation->baseline, &consultation->options->settings.doctor,
		    consultation->model, &done, consultation->error) != 0) {
		error_print(consultation->error);
		return STATUS_COULD_NOT_LOOK;
	}
	buffer_append_format(&consultation->output.buffer, "%s\n", done.text);
	return output_write(&consultation->output, true, consultation->error) == 0
		       ? EXIT_SUCCESS
		       : STATUS_COULD_NOT_LOOK;
}

static void
fini(struct consultation *consultation)
{
	snapshots_close(&consultation->snapshots);
	opener_stop();
	doctor_free(consultation->doctor);
	filter_free(consultation->filter);
	baseline_file_fini(&consultation->baseline);
	output_fini(&consultation->output);
	model_free(consultation->model);
}

static int
list_rules(struct options *options)
{
	struct error error = {.position = -1};
	struct output output;
	char path[PATH_MAX];
	int result = load_config(options, path, &error);

	if (result == 0)
		result = output_init(&output, &error);
	if (result == 0) {
		doctor_report_rules(&options->settings.doctor, output_columns(), &output.buffer);
		result = output_write(&output, true, &error);
		output_fini(&output);
	}
	if (result != 0)
		error_print(&error);
	return result == 0 ? EXIT_SUCCESS : STATUS_COULD_NOT_LOOK;
}

int
command_doctor(struct options *options)
{
	struct error error = {.position = -1};
	struct consultation consultation = {.options = options, .error = &error};
	int status;

	if (prepare(&consultation) != 0) {
		error_print_at(&error, options->words);
		filter_free(consultation.filter);
		return STATUS_COULD_NOT_LOOK;
	}
	if (options->list_rules) {
		filter_free(consultation.filter);
		return list_rules(options);
	}
	if (observe(&consultation) != 0 || (!options->save_baseline && print(&consultation) != 0)) {
		error_print(&error);
		status = STATUS_COULD_NOT_LOOK;
	} else if (options->save_baseline) {
		status = save_baseline(&consultation);
	} else {
		doctor_notes_print(
			consultation.doctor, &options->settings.doctor, consultation.model);
		status = doctor_status(&consultation);
	}
	fini(&consultation);
	return status;
}
