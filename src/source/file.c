/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file: a recording, or what another program captured. In a loop all of it is read in slices; or
 * the caller reads, or wants the last snapshot that was complete at some time.
 */
#include <config.h>

#include "source_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "pending.h"
#include "track.h"

/*
 * All that is needed is opened before the first byte is read: after that the sandbox may be in
 * force.
 */
struct file {
	struct source source;
	const char *path;
	int fd;      /* -1: it is the reader's by now */
	int again;   /* a regular file, to find its end; -1: none */
	FILE *spill; /* for what has no room in memory; NULL: none could be had */
};

/* What is known of a recording while it is read. */
struct reading {
	const char *at;             /* as it was asked for; NULL: the end */
	uint64_t at_ns;             /* UINT64_MAX: the end */
	uint64_t first_ns, last_ns; /* of its records; 0: there was none */
	uint64_t end_ns;            /* of its last record, from its index; 0: it has none */
	uint64_t own_records;       /* those that are ours: without any it is no recording */
	uint64_t first_snapshot_ns; /* 0: none was complete */
	bool is_next_day;           /* the time of day asked for was before the start */
	bool is_applied;            /* a snapshot of the time asked for is in the model */
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

static const char *
name_of(const struct file *file)
{
	return strcmp(file->path, "-") == 0 ? "standard input" : file->path;
}

static int
wait_readable(struct source *source, struct error *error)
{
	(void)source;
	(void)error;
	return 0;
}

/* The time of the last record. 0, or negative errno with a sentence. */
static int
find_end_ns(struct file *file, uint64_t *end_ns, struct error *error)
{
	struct stream_reader *const reader = stream_reader_open(file->again, file->path, error);
	struct record record;
	int result = -EINVAL;

	file->again = -1;
	*end_ns = 0;
	while (reader != NULL && (result = stream_reader_next(reader, &record, error)) > 0)
		*end_ns = record.time_ns;
	stream_reader_free(reader);
	return result;
}

/* What is to be known to read a time. */
struct moment {
	const char *option; /* "--at" */
	const char *text;
	uint64_t first_ns; /* of the recording */
	uint64_t end_ns;   /* of it; 0: it is looked for where the text needs it */
};

static int
need_end(struct file *file, struct moment *moment, struct error *error)
{
	if (moment->text[0] != '-' || moment->end_ns != 0)
		return 0;
	if (file->again >= 0)
		return find_end_ns(file, &moment->end_ns, error) != 0 ? -EINVAL : 0;
	error_set(error,
		"%s: \"%s\" counts from the end, which is not known before a pipe is read; write it to a file first",
		moment->option, moment->text);
	return -EINVAL;
}

/* As clock_parse, with a sentence. */
static int
parse_moment(struct file *file, struct moment *moment, uint64_t *time_ns, struct error *error)
{
	struct clock_span span = {.begin_ns = moment->first_ns, .now_ns = clock_realtime_ns()};
	struct error why = {.position = -1};
	int result = need_end(file, moment, error);

	if (result != 0)
		return result;
	span.end_ns = moment->end_ns;
	result = source_parse_time(moment->text, &span, time_ns, &why);
	if (result < 0)
		error_set(error, "%s: %s", moment->option, why.text);
	return result;
}

static int
parse_at(struct file *file, struct reading *reading, struct error *error)
{
	struct moment moment = {"--at", reading->at, reading->first_ns, reading->end_ns};
	int result;

	reading->at_ns = UINT64_MAX;
	if (reading->at == NULL)
		return 0;
	result = parse_moment(file, &moment, &reading->at_ns, error);
	reading->is_next_day = result == 1;
	return result < 0 ? result : 0;
}

/*
 * A time of day before the start is that of the next day for clock_parse. Where the recording does
 * not reach so far, it begins after this time.
 */
static int
parse_span(struct file *file, uint64_t first_ns, uint64_t end_ns, struct error *error)
{
	struct source *const source = &file->source;
	struct moment begin = {"--begin", source->begin_text, first_ns, end_ns};
	struct moment end = {"--end", source->end_text, first_ns, end_ns};
	int result = 0;

	if (begin.text != NULL)
		result = parse_moment(file, &begin, &source->span.begin_ns, error);
	if (result == 1 && end_ns == 0 && file->again >= 0 &&
		find_end_ns(file, &end_ns, error) != 0)
		return -EINVAL;
	if (result == 1 && end_ns != 0 && source->span.begin_ns > end_ns)
		source->span.begin_ns = 0;
	if (result < 0 || end.text == NULL)
		return result < 0 ? result : 0;
	end.end_ns = begin.end_ns;
	result = parse_moment(file, &end, &source->span.end_ns, error);
	if (result < 0)
		return result;
	if (source->span.end_ns >= source->span.begin_ns)
		return 0;
	error_set(error, "--end: \"%s\" is before --begin", end.text);
	return -EINVAL;
}

/* Takes one record; the records of a refresh go into the model when it was complete in time. 1: go
 * on; 0: what comes is too late; negative errno with a sentence. */
static int
take(struct file *file, struct reading *reading, struct pending *pending,
	const struct record *record, struct error *error)
{
	int result;

	if (reading->first_ns == 0) {
		reading->first_ns = record->time_ns;
		result = parse_at(file, reading, error);
		if (result != 0)
			return result;
	}
	reading->last_ns = record->time_ns;
	reading->own_records += record->kind != RECORD_PACKET;
	result = pending_add(pending, record);
	if (result == 0 && source_is_snapshot_end(record)) {
		if (reading->first_snapshot_ns == 0)
			reading->first_snapshot_ns = record->time_ns;
		if (record->time_ns > reading->at_ns)
			return 0;
		reading->is_applied = true;
		result = pending_apply(pending, file->source.model);
		source_changed(&file->source);
	}
	if (result == 0)
		return 1;
	error_set(error, "cannot keep a refresh of %s until it is complete: %s", file->path,
		strerror(-result));
	return result;
}

static int
refuse(const struct reading *reading, const char *name, struct error *error)
{
	char time[CLOCK_TEXT_SIZE];

	if (reading->first_snapshot_ns == 0) {
		error_set(error, "%s holds no %s; `sockwatch collect` writes such recordings", name,
			reading->own_records > 0 ? "complete snapshot" : "sockets");
		return -EINVAL;
	}
	clock_format_rfc3339(reading->first_snapshot_ns, time, sizeof time);
	error_set(error, "--at: nothing in %s is as old as %s; its first snapshot is of %s", name,
		reading->at, time);
	return -EINVAL;
}

/* A time of day that does not come within the recording was before its start. */
static bool
is_before(const struct reading *reading)
{
	return reading->is_next_day && reading->at_ns > reading->last_ns;
}

static int
read_all(struct file *file, struct reading *reading, struct pending *pending, struct error *error)
{
	const char *const name = name_of(file);
	struct record record;
	int result;

	do {
		result = stream_reader_next(file->source.reader, &record, error);
		if (result > 0)
			result = take(file, reading, pending, &record, error);
	} while (result > 0);
	if (result < 0)
		return result;
	if (reading->is_applied && !is_before(reading))
		return 0;
	/* A recording that was cut within its first snapshot is read as far as it goes. */
	if (reading->first_snapshot_ns == 0 && reading->own_records > 0 && reading->at == NULL)
		return pending_apply(pending, file->source.model);
	return refuse(reading, name, error);
}

/* A recording with an index is not read from its start. 0, or negative errno with a sentence. */
static int
seek(struct file *file, struct reading *reading, struct error *error)
{
	const struct stream_key_frame *key_frame;
	struct stream_index index;
	int result = stream_reader_index(file->source.reader, &index);

	if (result != 0)
		return 0;
	reading->first_ns = index.first_ns;
	reading->end_ns = index.last_ns;
	result = parse_at(file, reading, error);
	key_frame = track_choose(&index, reading->at_ns);
	if (result == 0 && key_frame != NULL)
		(void)stream_reader_seek(file->source.reader, key_frame->offset);
	stream_index_fini(&index);
	return result;
}

/* What is wanted begins at a key frame, where there is an index that names it. */
static int
seek_span(struct file *file, struct error *error)
{
	struct source *const source = &file->source;
	const struct stream_key_frame *key_frame;
	struct stream_index index;
	int result;

	if ((source->begin_text == NULL && source->end_text == NULL) ||
		stream_reader_index(source->reader, &index) != 0)
		return 0;
	source->has_begun = true;
	result = parse_span(file, index.first_ns, index.last_ns, error);
	key_frame = source->span.begin_ns != 0 ? track_choose(&index, source->span.begin_ns) : NULL;
	if (result == 0 && key_frame != NULL)
		(void)stream_reader_seek(source->reader, key_frame->offset);
	stream_index_fini(&index);
	return result;
}

static int
start(struct source *source, struct error *error)
{
	struct file *const file = (struct file *)source;
	int result;

	source->reader = stream_reader_open(file->fd, name_of(file), error);
	file->fd = -1;
	if (source->reader == NULL)
		return -EINVAL;
	result = seek_span(file, error);
	if (result == 0 && source->loop != NULL)
		source_pump_soon(source);
	return result;
}

/* Without an index the times are counted from the first record. */
static int
begin_span(struct source *source, const struct record *first, struct error *error)
{
	if (source->begin_text == NULL && source->end_text == NULL)
		return 0;
	return parse_span((struct file *)source, first->time_ns, 0, error);
}

/* In one pass: a pipe cannot be read twice. */
static int
read_snapshot(struct source *source, const char *at, struct error *error)
{
	struct file *const file = (struct file *)source;
	struct reading reading = {.at = at};
	struct pending pending;
	int result = seek(file, &reading, error);

	if (result != 0)
		return result;
	pending_init(&pending, PENDING_MEMORY_MAX, file->spill);
	result = read_all(file, &reading, &pending, error);
	pending_fini(&pending);
	return result;
}

static void
close_file(struct source *source)
{
	struct file *const file = (struct file *)source;

	stream_reader_free(source->reader);
	if (file->fd >= 0)
		close(file->fd);
	if (file->again >= 0)
		close(file->again);
	if (file->spill != NULL)
		fclose(file->spill);
	free(file);
}

static const struct source_kind kind = {
	.start = start,
	.pump = pump,
	.wait = wait_readable,
	.begin = begin_span,
	.read_snapshot = read_snapshot,
	.close = close_file,
};

static int
open_path(const char *path)
{
	return strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				      : open(path, O_RDONLY | O_CLOEXEC);
}

static int
open_all(void *context)
{
	struct file *const file = context;
	struct stat facts;

	file->fd = open_path(file->path);
	if (file->fd < 0)
		return -errno;
	if (fstat(file->fd, &facts) == 0 && S_ISREG(facts.st_mode) && strcmp(file->path, "-") != 0)
		file->again = open(file->path, O_RDONLY | O_CLOEXEC);
	return 0;
}

static int
open_named(struct file *file, struct error *error)
{
	const int result = open_all(file);

	if (result != 0)
		error_set(error, "cannot open %s: %s", name_of(file), strerror(-result));
	return result;
}

/* A file is opened as the user who named it, and read without rights. */
static int
open_as_owner(struct file *file, struct error *error)
{
	struct error why = {.position = -1};
	const int result = source_open_as_user(open_all, file, &why);

	if (result != 0)
		error_set(error, "cannot open %s: %s", name_of(file),
			why.text[0] != '\0' ? why.text : strerror(-result));
	return result;
}

static struct source *
open_file(const char *path, int (*open_it)(struct file *file, struct error *error),
	struct error *error)
{
	struct file *const file = calloc(1, sizeof *file);

	if (file == NULL) {
		error_set(error, "there is not enough memory to begin");
		return NULL;
	}
	*file = (struct file){.source = {.kind = &kind}, .path = path, .fd = -1, .again = -1};
	if (open_it(file, error) != 0) {
		source_close(&file->source);
		return NULL;
	}
	file->spill = tmpfile();
	return &file->source;
}

struct source *
source_open_file(const char *path, struct error *error)
{
	return open_file(path, open_as_owner, error);
}

struct source *
source_open_file_besides(const char *path, struct error *error)
{
	return open_file(path, open_named, error);
}
