/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch counters`: totals once, or what changes, an interval after the other, as vmstat does;
 * live or from a recording. The report (src/report/counters_report.c) takes in each snapshot.
 * counters_words.c reads the interval and the count.
 */
#include <config.h>

#include "app/command/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/report/counters_report.h>
#include <sockwatch/stream/needs.h>

#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/snapshots.h"
#include "app/command/subscribe.h"
#include "app/error_print.h"
#include "app/output.h"
#include "counters_words.h"

struct counting {
	const struct options *options;
	struct counters_words words;
	struct subscription subscription;
	struct snapshots snapshots;
	struct model *model;
	struct counters_report *report;
	struct output output;
	struct error *error;
	uint32_t reported;
	bool is_span;     /* one line: what changed between the first snapshot and the last */
	uint64_t taken;   /* snapshots in the span */
	bool was_early;   /* there was one before it: rates are counted from the last of these */
	bool is_misnamed; /* --fields names what the kernel does not print */
};

static int
prepare(struct counting *counting)
{
	const struct options *const options = counting->options;

	if (counters_words_read(options->words, &counting->words, counting->error) != 0)
		return -EINVAL;
	if (options->counters != NULL && options->all_counters) {
		error_set(counting->error,
			"--fields names the counters to print, --all means every one; use one of them");
		return -EINVAL;
	}
	counting->is_span = counting->words.interval_ms == 0 &&
			    (options->begin != NULL || options->end != NULL);
	if (options->no_first && counting->words.interval_ms == 0) {
		error_set(
			counting->error, "--no-first leaves nothing to print without an INTERVAL");
		return -EINVAL;
	}
	return open_source_check(options, counting->error);
}

/* The totals come first, and are not counted. */
static bool
is_done(const struct counting *counting)
{
	const struct counters_words *const words = &counting->words;

	return counting->output.closed || (counting->reported > 0 && words->interval_ms == 0) ||
	       (words->count != 0 && counting->reported > words->count);
}

static int
report(struct counting *counting, struct error *error)
{
	const int result = counters_report_snapshot(counting->report, error);

	counting->reported++;
	counting->is_misnamed = result != 0;
	if (result != 0)
		return result;
	return output_write(&counting->output, true, error) == 0 ? 0 : -EIO;
}

/* The rates of the last snapshot are those since this one; of a namespace that is newer since its
 * first. */
static void
hold(struct counting *counting, bool is_again)
{
	const struct model *const model = counting->model;

	for (uint32_t i = 0; i < model->netns_count; i++) {
		struct netns_row *const netns = model->netns[i];

		if (netns != NULL && (is_again || !netns->counters.are_held))
			counters_hold(&netns->counters, model->snapshot_monotonic_ns);
	}
	if (is_again)
		counters_report_hold(counting->report);
}

static void
hold_until_now(struct counting *counting)
{
	const struct model *const model = counting->model;

	for (uint32_t i = 0; i < model->netns_count; i++)
		if (model->netns[i] != NULL)
			counters_hold_until(
				&model->netns[i]->counters, model->snapshot_monotonic_ns);
}

static void
take_early(void *context)
{
	struct counting *const counting = context;

	counting->was_early = true;
	if (counting->is_span)
		hold(counting, true);
}

static int
take_of_span(struct counting *counting)
{
	counting->taken++;
	hold(counting, counting->taken == 1 && !counting->was_early);
	return SNAPSHOTS_MORE;
}

static int
take(void *context, struct error *error)
{
	struct counting *const counting = context;
	int result;

	if (counting->is_span)
		return take_of_span(counting);
	result = report(counting, error);
	if (result != 0)
		return result;
	return is_done(counting) ? SNAPSHOTS_ENOUGH : SNAPSHOTS_MORE;
}

static int
end(void *context, struct error *error)
{
	struct counting *const counting = context;

	if (!counting->is_span)
		return 0;
	hold_until_now(counting);
	if (counting->taken > 1 || (counting->taken == 1 && counting->was_early))
		return report(counting, error);
	error_set(error,
		counting->taken == 0
			? "the recording has no complete snapshot between --begin and --end"
			: "the recording has only one snapshot between --begin and --end, and rates are of two");
	return -ENODATA;
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	struct counting *const counting = context;
	const struct options *const options = counting->options;
	struct message_subscription *const message = &counting->subscription.message;

	subscribe_fill(&counting->subscription, options, NULL);
	message->needs = NEED_COUNTERS | NEED_SYSCTLS |
			 (options->all_counters || options->counters != NULL ? NEED_SNMP6 : 0);
	message->once = counting->words.interval_ms == 0;
	if (counting->words.interval_ms != 0)
		message->interval_ms = counting->words.interval_ms;
	*subscription = *message;
}

static int
allocate(struct counting *counting)
{
	const struct counters_report_options options = {
		.format = counting->options->format,
		.all = counting->options->all_counters,
		.choice = counting->options->counters,
		.is_rated = counting->words.interval_ms != 0 || counting->is_span,
		.no_first = counting->options->no_first || counting->is_span,
		.lines = output_lines(),
	};

	counting->model = model_new(1);
	if (counting->model != NULL)
		counting->report =
			counters_report_new(&options, counting->model, &counting->output.buffer);
	if (counting->report != NULL)
		return 0;
	error_set(counting->error, "there is not enough memory for the counters");
	return -ENOMEM;
}

/* The last snapshot of a recording has the totals. */
static int
run(struct counting *counting)
{
	const struct snapshots_user user = {.context = counting,
		.get_subscription = on_get_subscription,
		.take = take,
		.take_early = take_early,
		.end = end};

	if (snapshots_open(&counting->snapshots, counting->options, NEED_PACKETS | NEED_CLOSINGS,
		    counting->error) != 0)
		return -EPERM;
	if (output_init(&counting->output, counting->error) != 0 || allocate(counting) != 0)
		return -ENOMEM;
	confine(SANDBOX_VIEWER);
	return counting->words.interval_ms == 0 && !counting->is_span
		       ? snapshots_read(&counting->snapshots, counting->model, &user, true,
				 counting->error)
		       : snapshots_run(&counting->snapshots, counting->model, &user,
				 &counting->output, counting->error);
}

/* Nothing is left out in silence. */
static void
note_refused(const struct counting *counting)
{
	const uint64_t refused = counter_names_refused(counting->model->counter_names);
	struct error sentence = {.position = -1};

	if (refused == 0)
		return;
	error_set(&sentence,
		"%" PRIu64
		" readings of counters are left out: more than %d names, or names that are too long",
		refused, COUNTERS_MAX);
	error_print(&sentence);
}

static void
fini(struct counting *counting)
{
	snapshots_close(&counting->snapshots);
	counters_report_free(counting->report);
	output_fini(&counting->output);
	model_free(counting->model);
}

int
command_counters(struct options *options)
{
	struct error error = {.position = -1};
	struct counting counting = {.options = options, .error = &error};
	int status = EXIT_SUCCESS;

	if (prepare(&counting) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	if (run(&counting) != 0) {
		error_print(&error);
		status = counting.is_misnamed ? COMMAND_EXIT_USAGE : EXIT_FAILURE;
	} else {
		note_refused(&counting);
	}
	fini(&counting);
	return status;
}
