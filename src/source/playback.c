/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plays recordings into a model. Running, records are taken when their time has come, in slices.
 * Seeking, a model begins anew: first the stream is read from a key frame on to see where the last
 * snapshot in time ends, then up to there into the model.
 *   track.c          one file: where its key frames and marks are
 *   playback_open.c  which files there are; playback_marks.c their marks
 */
#include <config.h>

#include <sockwatch/source/playback.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/text.h>

#include "playback_private.h"

/* A key must be answered within 50 ms: no slice may be a large part of that. */
static const uint64_t slice_ns = 8 * CLOCK_NS_PER_MS;
/* At the latest the line of time is drawn anew. */
static const uint64_t pause_ns = 200 * CLOCK_NS_PER_MS;
/* What is longer without a record is jumped over. */
static const uint64_t gap_ns = 5 * CLOCK_NS_PER_S;

static void
report(const struct playback *playback, enum severity severity, const char *text)
{
	playback->hooks.report(playback->hooks.context, severity, text);
}

static void
close_reader(struct playback *playback)
{
	stream_reader_free(playback->reader);
	playback->reader = NULL;
	playback->has_record = false;
}

static void
set_anchor(struct playback *playback)
{
	playback->anchor_ns = playback->now_ns;
	playback->anchor_monotonic_ns = clock_monotonic_ns();
}

/* The record that is next: 1; 0: the file ends; negative errno. */
static int
fetch(struct playback *playback, struct error *error)
{
	int result = 1;

	if (playback->has_record)
		return 1;
	if (playback->reader == NULL)
		return 0;
	result = stream_reader_next(playback->reader, &playback->record, error);
	playback->has_record = result == 1;
	return result;
}

/* Opens the next file; false: there is none that can be read. */
static bool
go_on(struct playback *playback)
{
	struct error error = {.position = -1};
	uint64_t offset;

	close_reader(playback);
	while (playback->at + 1 < playback->track_count) {
		playback->at++;
		playback->reader = track_read(&playback->tracks[playback->at], 0, &offset, &error);
		if (playback->reader != NULL)
			return true;
		report(playback, SEVERITY_WARNING, error.text);
	}
	return false;
}

/* The next record of all files. 1; 0: there is none. What cannot be read is told, and left out. */
static int
fetch_any(struct playback *playback)
{
	struct error error = {.position = -1};
	int result;

	while ((result = fetch(playback, &error)) != 1) {
		if (result < 0)
			report(playback, SEVERITY_WARNING, error.text);
		if (!go_on(playback))
			return 0;
	}
	return 1;
}

static void
changed(const struct playback *playback)
{
	playback->hooks.changed(playback->hooks.context);
}

/* True: it was the end of a snapshot. */
static bool
apply(struct playback *playback)
{
	const bool is_end = source_is_snapshot_end(&playback->record);

	model_apply(playback->model, &playback->record);
	playback->has_record = false;
	if (is_end)
		playback->snapshot_ns = playback->record.time_ns;
	return is_end;
}

/* The file in which a time is, or the one before it. */
static size_t
find_track(const struct playback *playback, uint64_t at_ns)
{
	size_t at = 0;

	for (size_t i = 1; i < playback->track_count; i++) {
		if (playback->tracks[i].index.first_ns <= at_ns)
			at = i;
	}
	return at;
}

/* How many records there are up to the end of the last snapshot in time, or of the first of all. */
static uint64_t
count_records(struct playback *playback, uint64_t at_ns, struct error *error)
{
	uint64_t count = 0, wanted = 0;

	while (fetch(playback, error) == 1) {
		if (playback->record.time_ns > at_ns && wanted != 0)
			break;
		count++;
		playback->has_record = false;
		if (source_is_snapshot_end(&playback->record) &&
			(wanted == 0 || playback->record.time_ns <= at_ns))
			wanted = count;
	}
	return wanted;
}

static int
show(struct playback *playback, uint64_t at_ns, struct error *error)
{
	uint64_t offset, wanted;
	struct model *model;

	close_reader(playback);
	playback->at = find_track(playback, at_ns);
	playback->reader = track_read(&playback->tracks[playback->at], at_ns, &offset, error);
	if (playback->reader == NULL)
		return -EIO;
	wanted = count_records(playback, at_ns, error);
	playback->has_record = false;
	if (stream_reader_seek(playback->reader, offset) != 0) {
		error_set(error, "%s cannot be sought in", playback->tracks[playback->at].path);
		return -ESPIPE;
	}
	model = playback->hooks.begin(playback->hooks.context);
	if (model == NULL) {
		error_set(error, "there is not enough memory to show another time");
		return -ENOMEM;
	}
	playback->model = model;
	playback->snapshot_ns = 0;
	/* Rates, charts and findings are of several snapshots. */
	for (; wanted > 0 && fetch(playback, error) == 1; wanted--) {
		if (apply(playback))
			changed(playback);
	}
	return 0;
}

static uint64_t
within(const struct playback *playback, uint64_t at_ns)
{
	if (at_ns < playback->begin_ns)
		return playback->begin_ns;
	return at_ns < playback->end_ns ? at_ns : playback->end_ns;
}

static int
seek(struct playback *playback, uint64_t at_ns, struct error *error)
{
	const uint64_t to_ns = within(playback, at_ns);
	const int result = show(playback, to_ns, error);

	playback->now_ns = to_ns > playback->snapshot_ns ? to_ns : playback->snapshot_ns;
	set_anchor(playback);
	return result;
}

void
playback_seek(struct playback *playback, uint64_t at_ns)
{
	struct error error = {.position = -1};

	if (seek(playback, at_ns, &error) != 0)
		report(playback, SEVERITY_CRITICAL, error.text);
	changed(playback);
}

static bool
step_back(struct playback *playback)
{
	const uint64_t before_ns = playback->snapshot_ns;

	playback_seek(playback, before_ns - 1);
	playback->now_ns = playback->snapshot_ns;
	if (playback->snapshot_ns != before_ns)
		return true;
	report(playback, SEVERITY_INFO, "this is the first snapshot");
	return false;
}

static bool
step_forward(struct playback *playback)
{
	bool is_end = false;

	while (!is_end && fetch_any(playback) == 1)
		is_end = apply(playback);
	if (playback->now_ns < playback->snapshot_ns || is_end)
		playback->now_ns = playback->snapshot_ns;
	if (!is_end)
		report(playback, SEVERITY_INFO, "this is the last snapshot");
	changed(playback);
	return is_end;
}

bool
playback_step(struct playback *playback, int direction)
{
	playback_run(playback, false);
	return direction < 0 ? step_back(playback) : step_forward(playback);
}

/* Nothing was recorded for a while: between files, or because the recorder slept. */
static void
jump(struct playback *playback)
{
	const uint64_t next_ns = playback->record.time_ns;
	char duration[DURATION_TEXT_SIZE], text[128];

	if (next_ns < playback->now_ns + gap_ns)
		return;
	duration_format(next_ns - playback->now_ns, DURATION_LONG, duration, sizeof duration);
	text_add(text, sizeof text, 0, "nothing was recorded for %s", duration);
	report(playback, SEVERITY_INFO, text);
	playback->now_ns = next_ns;
	set_anchor(playback);
}

static uint64_t
target_ns(const struct playback *playback)
{
	const double passed =
		(double)(clock_monotonic_ns() - playback->anchor_monotonic_ns) * playback->speed;

	if (playback->speed >= PLAYBACK_SPEED_MAX)
		return UINT64_MAX;
	return playback->anchor_ns + (uint64_t)passed;
}

static void
stand_at_end(struct playback *playback)
{
	playback->is_running = false;
	playback->now_ns = playback->end_ns;
	report(playback, SEVERITY_INFO, "the recording ends here");
	changed(playback);
}

/* Takes what is due. True: more is due. */
static bool
take_due(struct playback *playback)
{
	const uint64_t until_ns = clock_monotonic_ns() + slice_ns;
	const uint64_t due_ns = target_ns(playback);

	for (;;) {
		if (fetch_any(playback) != 1) {
			stand_at_end(playback);
			return false;
		}
		if (playback->record.time_ns > due_ns)
			break;
		if (playback->now_ns < playback->record.time_ns)
			playback->now_ns = playback->record.time_ns;
		(void)apply(playback);
		if (clock_monotonic_ns() >= until_ns) {
			changed(playback);
			return true;
		}
	}
	playback->now_ns = within(playback, due_ns);
	jump(playback);
	changed(playback);
	return false;
}

/* Marks are looked for while nothing else is to be done. True: there is more to look through. */
static bool
look(struct playback *playback)
{
	const uint64_t until_ns = clock_monotonic_ns() + slice_ns / 2;
	bool more = true;

	while (more && clock_monotonic_ns() < until_ns) {
		more = false;
		for (size_t i = 0; i < playback->track_count && !more; i++)
			more = track_look(&playback->tracks[i]);
	}
	if (!more)
		playback_collect_marks(playback);
	return more;
}

static uint64_t
wait_ns(const struct playback *playback)
{
	double next;

	if (!playback->is_running)
		return playback->looks ? slice_ns : 0;
	if (!playback->has_record || playback->record.time_ns <= playback->now_ns)
		return 1;
	next = (double)(playback->record.time_ns - playback->now_ns) / playback->speed;
	return next < (double)pause_ns ? (uint64_t)next + 1 : pause_ns;
}

static void
on_timer(void *context, uint64_t times)
{
	struct playback *const playback = context;
	const bool is_due = playback->is_running && take_due(playback);

	(void)times;
	if (!is_due && playback->looks)
		playback->looks = look(playback);
	loop_arm(playback->timer, is_due ? 1 : wait_ns(playback), 0);
}

void
playback_run(struct playback *playback, bool runs)
{
	if (runs && fetch_any(playback) != 1) {
		report(playback, SEVERITY_INFO, "the recording ends here");
		runs = false;
	}
	playback->is_running = runs;
	set_anchor(playback);
	loop_arm(playback->timer, 1, 0);
}

void
playback_set_speed(struct playback *playback, double speed)
{
	playback->speed = speed;
	set_anchor(playback);
	loop_arm(playback->timer, 1, 0);
}

void
playback_get(const struct playback *playback, struct playback_state *state)
{
	*state = (struct playback_state){.is_running = playback->is_running,
		.speed = playback->speed,
		.begin_ns = playback->begin_ns,
		.end_ns = playback->end_ns,
		.now_ns = playback->now_ns,
		.snapshot_ns = playback->snapshot_ns,
		.gaps = playback->gaps,
		.marks_ns = playback->marks_ns,
		.mark_count = playback->mark_count};
}

int
playback_start(struct playback *playback, struct loop *loop, const struct playback_hooks *hooks,
	uint64_t at_ns, struct error *error)
{
	playback->hooks = *hooks;
	playback->loop = loop;
	playback->timer = loop_add_timer(loop, on_timer, playback);
	if (playback->timer == NULL) {
		error_set(error, "the event loop cannot be used: %s", strerror(errno));
		return -errno;
	}
	playback->looks = true;
	loop_arm(playback->timer, 1, 0);
	return seek(playback, at_ns, error);
}

void
playback_free(struct playback *playback)
{
	if (playback == NULL)
		return;
	close_reader(playback);
	if (playback->timer != NULL)
		loop_remove(playback->timer);
	for (size_t i = 0; i < playback->track_count; i++)
		track_close(&playback->tracks[i]);
	free(playback->tracks);
	free(playback->marks_ns);
	free(playback);
}
