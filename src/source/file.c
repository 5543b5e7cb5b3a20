/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file: a recording, or what another program captured. In a loop all of it is read in slices; or
 * the caller reads, or wants the last snapshot that was complete at some time.
 */
#include <config.h>

#include "source_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

struct file {
	struct source source;
	const char *path;
};

/* What a first reading of the recording found. */
struct limits {
	uint64_t records;     /* up to and with the end of the wanted snapshot; 0: there is none */
	uint64_t own_records; /* those that are ours: without any it is no recording */
	uint64_t first_snapshot_ns; /* 0: none was complete */
};

static bool
pump(struct source *source)
{
	struct error error = {.position = -1};
	int result = 0;
	const enum source_slice slice = source_take_slice(source, &result, &error);

	source_changed(source);
	if (slice == SOURCE_SLICE_ENDED || slice == SOURCE_SLICE_FAILED)
		source_ended(source, result, &error);
	return slice == SOURCE_SLICE_MORE;
}

static int
start(struct source *source, struct error *error)
{
	(void)error;
	if (source->loop != NULL)
		source_pump_soon(source);
	return 0;
}

static int
wait_readable(struct source *source, struct error *error)
{
	(void)source;
	(void)error;
	return 0;
}

static bool
is_snapshot_end(const struct record *record)
{
	struct message message;

	return record->kind == RECORD_MESSAGE &&
	       message_decode(record->data, record->len, &message) == 0 &&
	       message.type == MESSAGE_SNAPSHOT_END;
}

static int
parse_at(const char *at, uint64_t first_ns, uint64_t *at_ns, struct error *error)
{
	*at_ns = UINT64_MAX;
	if (at == NULL || clock_parse(at, first_ns, at_ns) == 0)
		return 0;
	error_set(error,
		"--at: \"%s\" is not a time; use 2026-11-22T14:02:31Z, 14:02:31 or +90 (seconds after the start)",
		at);
	return -EINVAL;
}

/* Finds where to stop, since records after that would change the model already. */
static int
find_end(struct stream_reader *reader, const char *at, struct limits *limits, struct error *error)
{
	struct record record;
	uint64_t at_ns = UINT64_MAX;
	uint64_t count = 0;
	int result;

	*limits = (struct limits){.records = 0};
	while ((result = stream_reader_next(reader, &record, error)) > 0) {
		if (count++ == 0) {
			result = parse_at(at, record.time_ns, &at_ns, error);
			if (result != 0)
				return result;
		}
		limits->own_records += record.kind != RECORD_PACKET;
		if (!is_snapshot_end(&record))
			continue;
		if (limits->first_snapshot_ns == 0)
			limits->first_snapshot_ns = record.time_ns;
		if (record.time_ns > at_ns)
			return 0;
		limits->records = count;
	}
	/* A recording that was cut within its first snapshot is read as far as it goes. */
	if (limits->first_snapshot_ns == 0 && limits->own_records > 0 && at == NULL)
		limits->records = count;
	return result;
}

static int
refuse_limits(const struct limits *limits, const char *path, const char *at, struct error *error)
{
	char time[CLOCK_TEXT_SIZE];

	if (limits->first_snapshot_ns == 0) {
		error_set(error, "%s holds no %s; `sockwatch collect` writes such recordings", path,
			limits->own_records > 0 ? "complete snapshot" : "sockets");
		return -EINVAL;
	}
	clock_format_rfc3339(limits->first_snapshot_ns, time, sizeof time);
	error_set(error, "--at: nothing in %s is as old as %s; its first snapshot is of %s", path,
		at, time);
	return -EINVAL;
}

static int
rewind_file(struct file *file, struct error *error)
{
	stream_reader_free(file->source.reader);
	file->source.reader = stream_reader_open(file->path, error);
	return file->source.reader != NULL ? 0 : -EINVAL;
}

/* Standard input can be read only once: all of it is taken in. */
static int
read_standard_input(struct source *source, const char *at, struct error *error)
{
	uint64_t at_ns = UINT64_MAX;
	bool is_first = true;
	struct record record;
	int result;

	while ((result = stream_reader_next(source->reader, &record, error)) > 0) {
		if (is_first)
			result = parse_at(at, record.time_ns, &at_ns, error);
		is_first = false;
		if (result < 0 || record.time_ns > at_ns)
			break;
		model_apply(source->model, &record);
	}
	if (result < 0)
		return result;
	if (source->model->complete_sequence != 0)
		return 0;
	error_set(error, "standard input holds no complete snapshot%s",
		at != NULL ? " of that time" : "");
	return -EINVAL;
}

static int
read_snapshot(struct source *source, const char *at, struct error *error)
{
	struct file *const file = (struct file *)source;
	struct record record;
	struct limits limits;
	int result;

	if (strcmp(file->path, "-") == 0)
		return read_standard_input(source, at, error);
	result = find_end(source->reader, at, &limits, error);
	if (result != 0)
		return result;
	if (limits.records == 0)
		return refuse_limits(&limits, file->path, at, error);
	result = rewind_file(file, error);
	if (result != 0)
		return result;
	for (uint64_t i = 0; i < limits.records; i++) {
		result = stream_reader_next(source->reader, &record, error);
		if (result <= 0)
			return result;
		model_apply(source->model, &record);
	}
	return 0;
}

static void
close_file(struct source *source)
{
	stream_reader_free(source->reader);
	free(source);
}

static const struct source_kind kind = {
	.start = start,
	.pump = pump,
	.wait = wait_readable,
	.read_snapshot = read_snapshot,
	.close = close_file,
};

struct source *
source_open_file(const char *path, struct error *error)
{
	struct file *file;

	if (source_drop_rights(error) != 0)
		return NULL;
	file = calloc(1, sizeof *file);
	if (file == NULL) {
		error_set(error, "there is not enough memory to begin");
		return NULL;
	}
	*file = (struct file){.source = {.kind = &kind}, .path = path};
	if (rewind_file(file, error) == 0)
		return &file->source;
	source_close(&file->source);
	return NULL;
}
