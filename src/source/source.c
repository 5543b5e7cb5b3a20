/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every source does: takes records in slices into the model, calls the hooks.
 *   live.c   a collector of our own behind a keeper: starting, sending, starting again
 *   file.c   a recording or capture file, and one snapshot out of it
 *   pending.c  records of a refresh that is not yet complete
 *   playback.c no source: recordings that are played at any moment and speed
 * A new kind of source is a file with its struct source_kind and a function that opens it.
 */
#include <config.h>

#include "source_private.h"

#include <errno.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/privilege/user.h>

enum {
	SOME_RECORDS =
		32, /* taken in together: the next packets are fetched from memory meanwhile */
	CLOCK_RECORDS = 256, /* packets between two looks at the clock */
};

/* A key must be answered within 50 ms: no slice may be a large part of that. */
static const uint64_t slice_ns = 8 * CLOCK_NS_PER_MS;

int
source_drop_rights(struct error *error)
{
	return privileges_drop_viewer(error);
}

int
source_open_as_user(int (*open_all)(void *context), void *context, struct error *error)
{
	const bool is_root = user_is_root_login();
	const int result = is_root ? open_all(context) : 0;

	if (source_drop_rights(error) != 0)
		return -EPERM;
	return is_root ? result : open_all(context);
}

int
source_parse_time(
	const char *text, const struct clock_span *span, uint64_t *time_ns, struct error *error)
{
	const int result = clock_parse(text, span, time_ns);

	if (result < 0)
		error_set(error,
			"\"%s\" is not a time; use 2026-11-22T14:02:31Z, 14:02:31, yesterday 14:02, +90 or +1h30m (after the start) or -5m (before the end)",
			text);
	return result;
}

bool
source_is_snapshot_end(const struct record *record)
{
	struct message message;

	return record->kind == RECORD_MESSAGE &&
	       message_decode(record->data, record->len, &message) == 0 &&
	       message.type == MESSAGE_SNAPSHOT_END;
}

static bool
on_idle(void *context)
{
	struct source *const source = context;

	if (source->is_busy)
		source->is_busy = source->kind->pump(source);
	return source->is_busy;
}

int
source_start(struct source *source, struct loop *loop, struct model *model,
	const struct source_hooks *hooks, struct error *error)
{
	source->loop = loop;
	source->model = model;
	source->hooks = *hooks;
	if (loop != NULL)
		loop_set_idle(loop, on_idle, source);
	return source->kind->start(source, error);
}

void
source_close(struct source *source)
{
	if (source == NULL)
		return;
	if (source->loop != NULL)
		loop_set_idle(source->loop, NULL, NULL);
	source->kind->close(source);
}

int
source_send(struct source *source, enum message_type type, const void *body)
{
	return source->kind->send != NULL ? source->kind->send(source, type, body) : -ENOTCONN;
}

int
source_forbid_changes(struct source *source, struct error *error)
{
	return source->kind->forbid_changes != NULL ? source->kind->forbid_changes(source, error)
						    : 0;
}

uint64_t
source_keeper_silent_ns(const struct source *source)
{
	return source->kind->keeper_silent_ns != NULL ? source->kind->keeper_silent_ns(source) : 0;
}

bool
source_is_cut(const struct source *source)
{
	return source->reader != NULL && stream_reader_cut(source->reader);
}

struct stream_damage
source_damage(const struct source *source)
{
	return source->reader != NULL ? stream_reader_damage(source->reader)
				      : (struct stream_damage){0};
}

void
source_set_span(struct source *source, const char *begin, const char *end)
{
	source->begin_text = begin;
	source->end_text = end;
}

struct source_span
source_span(const struct source *source)
{
	const struct source_span *const span = &source->span;

	return (struct source_span){span->begin_ns, span->end_ns != 0 ? span->end_ns : UINT64_MAX};
}

static int
begin(struct source *source, const struct record *first, struct error *error)
{
	if (source->has_begun)
		return 0;
	source->has_begun = true;
	return source->kind->begin != NULL ? source->kind->begin(source, first, error) : 0;
}

/* Packets come up to a refresh later than they were captured: what is ours tells the time. */
static bool
is_behind(const struct source *source, const struct record *record)
{
	return record->kind != RECORD_PACKET && source->span.end_ns != 0 &&
	       record->time_ns > source->span.end_ns;
}

/* How many records were taken in, the last of them in *last; 0: none wait, or none are wanted. */
static int
take_some(struct source *source, enum record_kind *last, struct error *error)
{
	struct record records[SOME_RECORDS];
	int count, result;

	if (source->is_stopped || source->is_over)
		return 0;
	count = stream_reader_some(source->reader, records, SOME_RECORDS, error);
	if (count <= 0)
		return count;
	result = begin(source, &records[0], error);
	if (result != 0)
		return result;
	/* One that is not a packet is the last. */
	if (is_behind(source, &records[count - 1])) {
		source->is_over = true;
		if (--count == 0)
			return 0;
	}
	if (source->hooks.records != NULL &&
		!source->hooks.records(source->hooks.context, records, (unsigned)count)) {
		source->is_stopped = true;
		return 0;
	}
	if (source->model != NULL)
		model_apply_some(source->model, records, (size_t)count);
	*last = records[count - 1].kind;
	return count;
}

static bool
has_ended(const struct source *source)
{
	return source->is_over || stream_reader_ended(source->reader);
}

enum source_slice
source_take_slice(struct source *source, int *result, struct error *error)
{
	const uint64_t end_ns = clock_monotonic_ns() + slice_ns;
	enum record_kind last = RECORD_PACKET;
	int since_look = 0;
	int count;

	while ((count = take_some(source, &last, error)) > 0) {
		since_look += count;
		/* A look at the clock takes as long as half a packet; other records may take long.
		 */
		if (last == RECORD_PACKET && since_look < CLOCK_RECORDS)
			continue;
		if (clock_monotonic_ns() >= end_ns)
			return SOURCE_SLICE_MORE;
		since_look = 0;
	}
	*result = count;
	if (count < 0)
		return SOURCE_SLICE_FAILED;
	return !source->is_stopped && has_ended(source) ? SOURCE_SLICE_ENDED : SOURCE_SLICE_DRY;
}

void
source_pump_soon(struct source *source)
{
	source->is_busy = true;
	loop_wake_idle(source->loop);
}

int
source_read(struct source *source, struct error *error)
{
	enum record_kind last;

	for (;;) {
		const int count = take_some(source, &last, error);
		int result;

		if (count != 0 || source->is_stopped || has_ended(source))
			return count;
		result = source->kind->wait(source, error);
		if (result <= 0)
			return result;
	}
}

int
source_read_snapshot(struct source *source, const char *at, struct error *error)
{
	return source->kind->read_snapshot(source, at, error);
}

const char *
source_last_words(const struct model *model)
{
	return source_words_since(model, 0);
}

const char *
source_words_since(const struct model *model, uint64_t notices)
{
	const uint64_t count = model->notice_count;

	for (uint64_t back = 1; back <= count - notices && back <= MODEL_NOTICES; back++) {
		const struct model_notice *const notice =
			&model->notices[(count - back) % MODEL_NOTICES];

		if (notice->severity == SEVERITY_CRITICAL)
			return notice->text;
	}
	return NULL;
}

void
source_changed(const struct source *source)
{
	if (source->hooks.changed != NULL)
		source->hooks.changed(source->hooks.context);
}

void
source_report(const struct source *source, enum severity severity, const char *text)
{
	if (source->hooks.report != NULL)
		source->hooks.report(source->hooks.context, severity, text);
}

void
source_ended(const struct source *source, int result, const struct error *error)
{
	if (source->hooks.ended != NULL)
		source->hooks.ended(source->hooks.context, result, error);
}
