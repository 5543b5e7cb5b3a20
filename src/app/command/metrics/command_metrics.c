/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch metrics`: one look, or one after the other, for Prometheus. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/opener.h>
#include <sockwatch/report/metrics.h>
#include <sockwatch/stream/needs.h>

#include "app/command/command.h"
#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/root_files.h"
#include "app/command/snapshots.h"
#include "app/command/subscribe.h"
#include "app/error_print.h"
#include "app/output.h"

struct measuring {
	struct options *options;
	const struct options_metrics *wishes;
	struct subscription subscription;
	struct snapshots snapshots;
	struct model *model;
	struct doctor *doctor;
	struct metrics *metrics;
	struct output output;
	struct error *error;
	bool has_written; /* the file is ours, and to be removed at the end of --every */
};

static int
check_options(const struct measuring *measuring)
{
	const struct options_metrics *const wishes = measuring->wishes;
	struct error *const error = measuring->error;

	if (measuring->options->words[0] != '\0')
		return error_refuse(error, "metrics takes no filter: it is about all sockets");
	if (wishes->every_ms != 0 && wishes->write == NULL)
		return error_refuse(error, "--every renews a file; name it with --write FILE");
	if (wishes->every_ms != 0 && measuring->options->from != NULL)
		return error_refuse(error, "--every looks at this box, and --from at a recording");
	if (wishes->write != NULL && !whole_file_is_scraped(wishes->write))
		return error_refuse(error,
			"--write: the name must end in .prom, or the textfile collector does not read it");
	return open_source_check(measuring->options, error);
}

static int
write_whole(const struct measuring *measuring, const void *text, size_t len, struct error *error)
{
	struct whole_file file;
	const int result = whole_file_open(&file, measuring->wishes->write, error);

	if (result != 0)
		return result;
	(void)whole_file_write(&file, text, len);
	return whole_file_commit(&file, true, error);
}

static int
write_file(struct measuring *measuring, struct error *error)
{
	const struct buffer *const text = &measuring->output.buffer;
	const int result = write_whole(measuring, text->data, text->len, error);

	measuring->has_written = measuring->has_written || result == 0;
	buffer_clear(&measuring->output.buffer);
	return result;
}

/* From the kernel's answers on; of a recording nobody knows. */
static double
took_s(const struct measuring *measuring)
{
	const uint64_t begun_ns = measuring->model->snapshot_monotonic_ns;

	if (measuring->options->from != NULL || begun_ns == 0)
		return -1;
	return (double)(clock_monotonic_ns() - begun_ns) / CLOCK_NS_PER_S;
}

static int
take(void *context, struct error *error)
{
	struct measuring *const measuring = context;
	const bool is_once = measuring->wishes->every_ms == 0;
	int result;

	doctor_look(measuring->doctor, measuring->model, is_once);
	if (!metrics_print(measuring->metrics, measuring->model, measuring->doctor,
		    took_s(measuring), &measuring->output.buffer)) {
		error_set(error, "there is not enough memory for the metrics");
		return -ENOMEM;
	}
	if (measuring->wishes->write != NULL)
		result = write_file(measuring, error);
	else
		result = output_write(&measuring->output, true, error) != 0 ? -EIO : 0;
	return result != 0 ? result : is_once ? SNAPSHOTS_ENOUGH : SNAPSHOTS_MORE;
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	struct measuring *const measuring = context;
	struct message_subscription *const message = &measuring->subscription.message;

	subscribe_fill(&measuring->subscription, measuring->options, NULL);
	message->needs = metrics_needs() | doctor_needs(measuring->doctor);
	message->once = measuring->wishes->every_ms == 0;
	if (message->once == 0)
		message->interval_ms = measuring->wishes->every_ms;
	*subscription = *message;
}

static int
allocate(struct measuring *measuring)
{
	const struct metrics_options options = {
		.format = measuring->wishes->openmetrics ? METRICS_OPENMETRICS : METRICS_TEXT,
		.limit = measuring->wishes->limit,
		.has_counters = measuring->wishes->every_ms != 0,
	};

	measuring->model = model_new(0);
	measuring->doctor = doctor_new(&measuring->options->settings.doctor);
	measuring->metrics = metrics_new(&options);
	if (measuring->model != NULL && measuring->doctor != NULL && measuring->metrics != NULL)
		return 0;
	error_set(measuring->error, "there is not enough memory to look");
	return -ENOMEM;
}

static int
run(struct measuring *measuring)
{
	const struct snapshots_user user = {
		.context = measuring, .get_subscription = on_get_subscription, .take = take};

	if ((measuring->wishes->write != NULL &&
		    root_files_open("", measuring->wishes->write, measuring->error) != 0) ||
		snapshots_open(&measuring->snapshots, measuring->options, NEED_CLOSINGS,
			measuring->error) != 0)
		return -EPERM;
	if (output_init(&measuring->output, measuring->error) != 0 || allocate(measuring) != 0)
		return -ENOMEM;
	if (measuring->wishes->write != NULL)
		confine_files(&(struct confined_files){.written = measuring->wishes->write});
	else
		confine(SANDBOX_VIEWER);
	return measuring->wishes->every_ms == 0
		       ? snapshots_read(&measuring->snapshots, measuring->model, &user, true,
				 measuring->error)
		       : snapshots_run(&measuring->snapshots, measuring->model, &user,
				 &measuring->output, measuring->error);
}

static void
fini(struct measuring *measuring)
{
	struct error ignored;

	/* Nobody shall scrape figures that are not renewed any more. */
	if (measuring->has_written && measuring->wishes->every_ms != 0 &&
		unlink(measuring->wishes->write) != 0)
		(void)write_whole(measuring, "", 0, &ignored);
	opener_stop();
	snapshots_close(&measuring->snapshots);
	metrics_free(measuring->metrics);
	doctor_free(measuring->doctor);
	output_fini(&measuring->output);
	model_free(measuring->model);
}

int
command_metrics(struct options *options)
{
	struct error error = {.position = -1};
	struct measuring measuring = {
		.options = options, .wishes = &options->metrics, .error = &error};
	int status = EXIT_SUCCESS;

	if (check_options(&measuring) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	if (run(&measuring) != 0) {
		error_print(&error);
		status = EXIT_FAILURE;
	}
	fini(&measuring);
	return status;
}
