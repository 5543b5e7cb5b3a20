/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets wait until the sockets were looked at after them, and are written with their process. */
#include <config.h>

#include "event_capture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sockwatch/model/event.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/pcapng_writer.h>

/* Far fewer than the ring of events holds (command_events.c). */
enum { WAITING_MAX = 8192, WAITING_BYTES = 16 << 20, OUT_BYTES = 256 * 1024 };

struct waiting {
	struct record packet; /* its data is an offset in bytes */
	size_t offset;
	uint64_t number; /* of its event */
};

struct event_capture {
	struct event_log *log;
	struct whole_file file;
	struct pcapng_writer writer;
	struct buffer out;
	struct waiting *waiting;
	size_t count;
	struct buffer bytes;  /* of the packets that wait */
	struct record record; /* that is about to go in */
	uint64_t events;      /* before it */
	uint32_t snapshots;   /* before it */
};

static int
check_absent(const char *path, struct error *error)
{
	struct stat facts;

	if (lstat(path, &facts) != 0)
		return 0;
	error_set(error, "%s is there already; --write replaces no file", path);
	return -EEXIST;
}

static struct event_capture *
new_capture(struct event_log *log)
{
	struct event_capture *const capture = calloc(1, sizeof *capture);

	if (capture == NULL)
		return NULL;
	capture->log = log;
	capture->file.fd = -1;
	buffer_init(&capture->out, 0);
	buffer_init(&capture->bytes, 0);
	capture->waiting = calloc(WAITING_MAX, sizeof *capture->waiting);
	if (capture->waiting != NULL)
		return capture;
	free(capture);
	return NULL;
}

static void
free_capture(struct event_capture *capture)
{
	buffer_fini(&capture->out);
	buffer_fini(&capture->bytes);
	free(capture->waiting);
	free(capture);
}

int
event_capture_open(struct event_capture **capture, struct event_log *log, struct error *error)
{
	const char *const path = log->options->write;
	int result;

	*capture = NULL;
	if (path == NULL)
		return 0;
	result = check_absent(path, error);
	if (result != 0)
		return result;
	*capture = new_capture(log);
	if (*capture == NULL) {
		error_set(error, "there is not enough memory to write %s", path);
		return -ENOMEM;
	}
	result = whole_file_open(&(*capture)->file, path, error);
	if (result == 0) {
		pcapng_writer_begin(
			&(*capture)->writer, "sockwatch " PACKAGE_VERSION, &(*capture)->out);
		return 0;
	}
	free_capture(*capture);
	*capture = NULL;
	return result;
}

void
event_capture_before(struct event_capture *capture, const struct record *record)
{
	capture->record = *record;
	capture->events = wire_event_end(capture->log->model->wire);
	capture->snapshots = capture->log->model->complete_sequence;
}

/* "nginx/991; established in 12.0 ms" */
static void
write_comment(const struct event_log *log, const struct event_row *row, char *out, size_t size)
{
	static const char *const names[] = {"owner", "step"};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char raw[256], clean[256];
		struct value value;

		field_get(field_find(&event_fields, names[i], strlen(names[i])), &log->context, row,
			&value);
		(void)value_format(&log->context, &value, raw, sizeof raw);
		text_clean(text_of(raw), clean, sizeof clean);
		if (clean[0] != '\0')
			len = text_add(out, size, len, "%s%s", len != 0 ? "; " : "", clean);
	}
}

static bool
is_wanted(struct event_log *log, const struct event_row *row)
{
	return (log->options->count == 0 || log->printed < log->options->count) &&
	       filter_match(log->filter, &log->context, row, log->visible, log->visible_count);
}

static void
write_packet(struct event_capture *capture, const struct waiting *waiting)
{
	struct event_log *const log = capture->log;
	const struct event *const event = wire_event(log->model->wire, waiting->number);
	struct record packet = waiting->packet;
	char comment[PCAPNG_COMMENT_MAX];
	struct event_row row;

	if (event == NULL) {
		log->missed++;
		return;
	}
	row = event_row_of(log->model, event);
	if (!is_wanted(log, &row))
		return;
	write_comment(log, &row, comment, sizeof comment);
	packet.data = capture->bytes.data + waiting->offset;
	if (pcapng_writer_add(&capture->writer, &packet, comment, &capture->out))
		log->printed++;
	else
		log->unwritten++;
}

static int
write_away(struct event_capture *capture, struct error *error)
{
	int result = capture->out.failed || capture->bytes.failed ? -ENOMEM : 0;

	if (result == 0 && capture->out.len != 0)
		result = whole_file_write(&capture->file, capture->out.data, capture->out.len);
	buffer_clear(&capture->out);
	if (result != 0)
		error_set(error, "cannot write %s: %s", capture->log->options->write,
			strerror(-result));
	return result;
}

static int
release_all(struct event_capture *capture, struct error *error)
{
	int result = 0;

	for (size_t i = 0; i < capture->count && result == 0; i++) {
		write_packet(capture, &capture->waiting[i]);
		if (capture->out.len >= OUT_BYTES)
			result = write_away(capture, error);
	}
	capture->count = 0;
	buffer_clear(&capture->bytes);
	return result;
}

static void
keep(struct event_capture *capture)
{
	const struct event *const event = wire_event(
		capture->log->model->wire, wire_event_end(capture->log->model->wire) - 1);

	if (event == NULL || !event_log_is_shown(capture->log, event))
		return;
	capture->waiting[capture->count++] = (struct waiting){
		.packet = capture->record, .offset = capture->bytes.len, .number = event->number};
	buffer_append(&capture->bytes, capture->record.data, capture->record.len);
}

int
event_capture_after(struct event_capture *capture, struct error *error)
{
	const struct model *const model = capture->log->model;

	if (capture->record.kind == RECORD_PACKET && wire_event_end(model->wire) != capture->events)
		keep(capture);
	if (model->complete_sequence == capture->snapshots && capture->count < WAITING_MAX &&
		capture->bytes.len < WAITING_BYTES)
		return 0;
	return release_all(capture, error);
}

int
event_capture_close(struct event_capture *capture, bool keep_it, struct error *error)
{
	int result = keep_it ? release_all(capture, error) : -ECANCELED;

	if (result == 0)
		result = write_away(capture, error);
	if (result == 0) {
		result = whole_file_commit(&capture->file, false, error);
	} else {
		struct error ignored;

		/* What was written so far is removed. */
		capture->file.result = result;
		(void)whole_file_commit(&capture->file, false, &ignored);
	}
	free_capture(capture);
	return keep_it ? result : 0;
}
