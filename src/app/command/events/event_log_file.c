/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file: its records go through the model's wire until it ends, or --for of its time. */
#include <config.h>

#include "app/command/confine.h"
#include "event_log.h"

#include <errno.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/source/source.h>

struct file {
	uint64_t for_ns;   /* 0: to the end */
	uint64_t first_ns; /* time of the first record */
};

static bool
on_records(void *context, const struct record *records, unsigned count)
{
	struct file *const file = context;

	(void)count; /* a file brings them one by one */
	if (file->first_ns == 0)
		file->first_ns = records[0].time_ns;
	return file->for_ns == 0 || records[0].time_ns <= file->first_ns ||
	       records[0].time_ns - file->first_ns <= file->for_ns;
}

int
event_log_file_run(struct event_log *log, struct error *error)
{
	struct file file = {.for_ns = log->options->for_ms * CLOCK_NS_PER_MS};
	const struct source_hooks hooks = {.context = &file, .records = on_records};
	struct source *const source = source_open_file(log->options->read, error);
	int result;

	if (source == NULL)
		return -EINVAL;
	confine(SANDBOX_VIEWER);
	result = source_start(source, NULL, log->model, &hooks, error);
	while (result >= 0 && !log->done && (result = source_read(source, error)) > 0) {
		event_log_print(log, false);
		if (output_write(&log->output, false, error) != 0)
			result = -EIO;
		log->done |= log->output.closed;
	}
	log->file_cut = source_is_cut(source);
	log->damage = source_damage(source);
	source_close(source);
	return result < 0 ? result : 0;
}
