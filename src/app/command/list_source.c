/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "list_source.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/collector/collector.h>
#include <sockwatch/privilege/keeper.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/stream.h>

#include "app/option/options.h"

/* The collector's last grave words say why; one that was killed had no time for any. */
static void
explain_end(const struct model *model, struct error *error)
{
	const uint64_t count = model->notice_count;

	for (uint64_t back = 1; back <= count && back <= MODEL_NOTICES; back++) {
		const struct model_notice *const notice =
			&model->notices[(count - back) % MODEL_NOTICES];

		if (notice->severity == SEVERITY_CRITICAL) {
			error_set(error, "%s", notice->text);
			return;
		}
	}
	error_set(error, "the collector ended before it had listed all sockets");
}

/* Until a snapshot is complete. */
static int
read_snapshot(struct model *model, struct stream_reader *reader, int fd, struct error *error)
{
	struct record record;

	for (;;) {
		const int result = stream_reader_next(reader, &record, error);
		struct pollfd readable = {.fd = fd, .events = POLLIN};

		if (result < 0)
			return result;
		if (result > 0) {
			model_apply(model, &record);
			if (model->complete_sequence != 0)
				return 0;
			continue;
		}
		if (stream_reader_ended(reader)) {
			explain_end(model, error);
			return -EPIPE;
		}
		if (poll(&readable, 1, -1) < 0 && errno != EINTR) {
			error_set(error, "the collector cannot be read: %s", strerror(errno));
			return -errno;
		}
	}
}

static int
read_link(struct model *model, const struct collector_link *link, struct error *error)
{
	struct stream_reader *const reader = stream_reader_new(link->stream);
	int result;

	if (reader == NULL) {
		error_set(error, "there is not enough memory to read the collector");
		return -ENOMEM;
	}
	result = read_snapshot(model, reader, link->stream, error);
	stream_reader_free(reader);
	return result;
}

int
list_source_live(struct model *model, const struct options *options,
	const struct message_subscription *subscription, struct error *error)
{
	const struct collector_options rights = {.all_netns_right = options->netns != NULL};
	struct collector_link link;
	struct keeper keeper;
	int result = collector_keeper_start(&rights, &keeper, error);

	if (result != 0)
		return result;
	result = privileges_drop_viewer(error);
	if (result == 0)
		result = keeper_spawn(&keeper, subscription, &link, error);
	if (result == 0) {
		result = read_link(model, &link, error);
		close(link.stream);
		close(link.commands);
	}
	keeper_stop(&keeper);
	return result;
}

struct limits {
	uint64_t first_ns;    /* of the recording */
	uint64_t records;     /* up to and with the end of the wanted snapshot; 0: there is none */
	uint64_t own_records; /* of ours, so it is a recording at all */
	uint64_t first_snapshot_ns; /* 0: none at all */
};

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
		"--at: \"%s\" is no time; 2026-11-22T14:02:31Z, 14:02:31 or +90 (seconds after the "
		"start) would be",
		at);
	return -EINVAL;
}

/* Finds where to stop, because what stands behind would change the model already. */
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
			limits->first_ns = record.time_ns;
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
	/* Cut within its first snapshot: as far as it goes. */
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
apply_records(struct model *model, const char *path, uint64_t count, struct error *error)
{
	struct stream_reader *const reader = stream_reader_open(path, error);
	struct record record;
	int result = 1;

	if (reader == NULL)
		return -EINVAL;
	for (uint64_t i = 0; i < count && result > 0; i++) {
		result = stream_reader_next(reader, &record, error);
		if (result > 0)
			model_apply(model, &record);
	}
	stream_reader_free(reader);
	return result < 0 ? result : 0;
}

/* Standard input can be read but once: all of it is taken in. */
static int
apply_standard_input(struct model *model, const char *at, struct error *error)
{
	struct stream_reader *const reader = stream_reader_open("-", error);
	struct record record;
	uint64_t at_ns = UINT64_MAX;
	bool first = true;
	int result;

	if (reader == NULL)
		return -EINVAL;
	while ((result = stream_reader_next(reader, &record, error)) > 0) {
		if (first)
			result = parse_at(at, record.time_ns, &at_ns, error);
		first = false;
		if (result < 0 || record.time_ns > at_ns)
			break;
		model_apply(model, &record);
	}
	stream_reader_free(reader);
	if (result < 0)
		return result;
	if (model->complete_sequence != 0)
		return 0;
	error_set(error, "standard input holds no complete snapshot%s",
		at != NULL ? " of that time" : "");
	return -EINVAL;
}

int
list_source_file(struct model *model, const char *path, const char *at, struct error *error)
{
	struct stream_reader *reader;
	struct limits limits;
	int result;

	if (strcmp(path, "-") == 0)
		return apply_standard_input(model, at, error);
	reader = stream_reader_open(path, error);
	if (reader == NULL)
		return -EINVAL;
	result = find_end(reader, at, &limits, error);
	stream_reader_free(reader);
	if (result != 0)
		return result;
	if (limits.records == 0)
		return refuse_limits(&limits, path, at, error);
	return apply_records(model, path, limits.records, error);
}
