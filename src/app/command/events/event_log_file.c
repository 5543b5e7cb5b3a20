/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file: its records go through the model's wire until it ends, or --for of its time. */
#include <config.h>

#include "event_log.h"

#include <errno.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/opener.h>
#include <sockwatch/source/source.h>

#include "app/command/confine.h"
#include "app/command/root_files.h"
#include "event_capture.h"

struct file {
	struct event_log *log;
	struct source *source;
	struct event_capture *capture; /* NULL: events are printed */
	uint64_t for_ns;               /* 0: to the end */
	uint64_t first_ns;             /* time of the first record that is in the span */
};

/* A file brings them one by one. */
static bool
on_records(void *context, const struct record *records, unsigned count)
{
	struct file *const file = context;
	const struct source_span span = source_span(file->source);

	(void)count;
	file->log->begin_ns = span.begin_ns;
	file->log->end_ns = span.end_ns != UINT64_MAX ? span.end_ns : 0;
	if (file->capture != NULL)
		event_capture_before(file->capture, &records[0]);
	if (file->first_ns == 0 && records[0].time_ns >= span.begin_ns)
		file->first_ns = records[0].time_ns;
	return file->for_ns == 0 || records[0].time_ns <= file->first_ns ||
	       records[0].time_ns - file->first_ns <= file->for_ns;
}

/* What came of the record is printed, or kept for the capture. */
static int
take(struct file *file, struct error *error)
{
	struct event_log *const log = file->log;

	if (file->capture != NULL)
		return event_capture_after(file->capture, error);
	event_log_print(log, false);
	if (output_write(&log->output, false, error) != 0)
		return -EIO;
	log->done |= log->output.closed;
	return 0;
}

static int
read_all(struct file *file, struct error *error)
{
	const struct source_hooks hooks = {.context = file, .records = on_records};
	int result = source_start(file->source, NULL, file->log->model, &hooks, error);

	while (result >= 0 && !file->log->done && (result = source_read(file->source, error)) > 0)
		if (take(file, error) != 0)
			return -EIO;
	return result;
}

static void
enter_sandbox(const struct options *options)
{
	if (options->write != NULL)
		confine_files(&(struct confined_files){.written = options->write});
	else
		confine(SANDBOX_VIEWER);
}

int
event_log_file_run(struct event_log *log, struct error *error)
{
	const struct options *const options = log->options;
	struct file file = {.log = log, .for_ns = options->for_ms * CLOCK_NS_PER_MS};
	int result;

	if (options->write != NULL && root_files_open("", options->write, error) != 0)
		return -EPERM;
	file.source = source_open_file(event_log_file(log), error);
	if (file.source == NULL)
		return -EINVAL;
	source_set_span(file.source, options->begin, options->end);
	enter_sandbox(options);
	result = event_capture_open(&file.capture, log, error);
	if (result == 0)
		result = read_all(&file, error);
	log->file_cut = source_is_cut(file.source);
	log->damage = source_damage(file.source);
	if (file.capture != NULL) {
		const int closed = event_capture_close(file.capture, result >= 0, error);

		result = result < 0 ? result : closed;
	}
	source_close(file.source);
	opener_stop();
	return result < 0 ? result : 0;
}
