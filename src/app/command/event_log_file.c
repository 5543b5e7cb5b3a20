/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "event_log.h"

#include <errno.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/stream.h>

int
event_log_file_run(struct event_log *log, struct error *error)
{
	const uint64_t for_ns = log->options->for_ms * CLOCK_NS_PER_MS;
	struct stream_reader *reader;
	struct record record;
	uint64_t first_ns = 0;
	int result = privileges_drop_viewer(error);

	if (result != 0)
		return result;
	reader = stream_reader_open(log->options->read, error);
	if (reader == NULL)
		return -EINVAL;
	while (!log->done && (result = stream_reader_next(reader, &record, error)) > 0) {
		if (first_ns == 0)
			first_ns = record.time_ns;
		if (for_ns != 0 && record.time_ns > first_ns && record.time_ns - first_ns > for_ns)
			break;
		model_apply(log->model, &record);
		event_log_print(log, false);
		if (output_write(&log->output, false, error) != 0)
			result = -EIO;
		if (result < 0)
			break;
		log->done |= log->output.closed;
	}
	log->file_cut = stream_reader_cut(reader);
	stream_reader_free(reader);
	return result < 0 ? result : 0;
}
