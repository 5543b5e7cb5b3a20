/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch events`: TCP flag events, a line each, as they happen or from a capture file. Prepares
 * and sums up.
 *   event_log_live.c, event_log_file.c   bring records into the model
 *   event_capture.c      writes packets with their process, for --write
 *   event_log_print.c                    prints what the model's wire makes of them
 */
#include <config.h>

#include "event_log.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/stream/losses.h>

#include "app/command/command.h"
#include "app/error_print.h"

/* Events of one kind at one endpoint within 100 ms: a busy server is printed in full, a flood is
 * not. */
enum { FOLD_ABOVE = 5000, RING_EVENTS = 32768 };

/* As many unconfirmed connections as may come in a refresh without being folded; by then the socket
 * table has confirmed the real ones. */
enum { HALF_OPEN = 49152, CONVERSATIONS = 2 * HALF_OPEN };

static bool
is_live(const struct options *options)
{
	return options->read == NULL && options->from == NULL;
}

/* Options on how to capture make no sense for what was captured already. */
static int
check_options(const struct options *options, struct error *error)
{
	if (options->interface != NULL && options->interface[0] == '\0')
		return error_refuse(error,
			"-i: an interface has a name; without -i, or with `-i any`, all are captured");
	if (options->interface != NULL && strlen(options->interface) >= IF_NAMESIZE) {
		error_set(error, "-i: \"%s\" is not an interface; names have at most %d characters",
			options->interface, IF_NAMESIZE - 1);
		return -EINVAL;
	}
	if (options->read != NULL && options->from != NULL)
		return error_refuse(
			error, "--read and --from are the same for events; use one of them");
	if (is_live(options) && options->write != NULL)
		return error_refuse(error,
			"--write copies packets of a recording or capture; name it with --from FILE");
	if (is_live(options) && (options->begin != NULL || options->end != NULL))
		return error_refuse(error,
			"--begin and --end are times of a recording; name it with --from FILE");
	if (options->write != NULL && options->format != REPORT_TEXT)
		return error_refuse(error,
			"--write writes a capture, and --json prints lines; use one of them");
	if (is_live(options))
		return options->netns != NULL ? netns_check(options->netns, error) : 0;
	if (options->interface != NULL)
		return error_refuse(error,
			"-i chooses what is captured, and a file was captured already; use the filter `interface NAME`");
	if (options->netns != NULL)
		return error_refuse(
			error, "--netns chooses what is captured, and a file was captured already");
	return 0;
}

static void
choose_visible(struct event_log *log)
{
	static const char *const names[] = {"interface", "direction", "source", "destination",
		"flags", "options", "kind", "step", "owner"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		log->visible[log->visible_count++] =
			field_find(&event_fields, names[i], strlen(names[i]));
}

/* A report has every field that has a name. */
static int
make_report(struct event_log *log, struct error *error)
{
	const struct field *fields[EVENT_LOG_FIELDS_MAX];
	struct report_options report = {.format = log->options->format, .fields = fields};

	for (size_t i = 0; i < event_fields.count && report.field_count < EVENT_LOG_FIELDS_MAX;
		i++) {
		if ((event_fields.fields[i].flags & FIELD_REPORT) != 0)
			fields[report.field_count++] = &event_fields.fields[i];
	}
	log->report = report_new(&report, &log->context, &log->output.buffer);
	if (log->report != NULL)
		return 0;
	error_set(error, "there is not enough memory for the report");
	return -ENOMEM;
}

static uint64_t
needs_of(const struct event_log *log)
{
	uint64_t needs = event_fields.base_needs | filter_needs(log->filter);

	for (size_t i = 0; i < log->visible_count; i++)
		needs |= log->visible[i]->needs;
	return needs;
}

static int
prepare(struct event_log *log, struct error *error)
{
	const struct options *const options = log->options;
	/* A file is printed in full, however long it is. */
	const struct wire_options wire = {.conversations = CONVERSATIONS,
		.half_open = HALF_OPEN,
		.events = RING_EVENTS,
		.fold_above = !is_live(options) ? UINT32_MAX : FOLD_ABOVE};

	if (check_options(options, error) != 0)
		return -EINVAL;
	log->filter = filter_parse(options->words, &event_fields, error);
	if (log->filter == NULL)
		return -EINVAL;
	choose_visible(log);
	log->model = model_new_wired(0, &wire);
	if (log->model == NULL) {
		error_set(error, "there is not enough memory to begin");
		return -ENOMEM;
	}
	log->context =
		(struct field_context){.model = log->model, .numeric = options->settings.numeric};
	log->color = output_columns() != 0 && options->settings.color;
	if (output_init(&log->output, error) != 0)
		return -ENOMEM;
	return options->format == REPORT_TEXT ? 0 : make_report(log, error);
}

static void
add_count(char *out, size_t size, uint64_t count, const char *what)
{
	const size_t len = strlen(out);

	if (count != 0 && len < size)
		snprintf(out + len, size - len, ", %" PRIu64 " %s", count, what);
}

/* Through which tunnels packets came, TCP within or not. */
static void
add_tunnels(char *out, size_t size, const struct wire_counts *counts)
{
	for (unsigned kind = SEGMENT_TUNNEL_NONE + 1; kind < SEGMENT_TUNNEL_COUNT; kind++) {
		char what[40];

		snprintf(what, sizeof what, "packets in %s",
			segment_tunnel_name((enum segment_tunnel_kind)kind));
		add_count(out, size, counts->tunnels[kind], what);
	}
}

/* Counts what was seen, whether it passed the filter or not, and what was missed. */
static void
print_summary(const struct event_log *log)
{
	const struct wire_counts *const counts = wire_counts(log->model->wire);
	const bool live = is_live(log->options);
	char text[512];

	snprintf(text, sizeof text,
		"%" PRIu64 " segment%s: %" PRIu64 " SYN, %" PRIu64 " SYN-ACK, %" PRIu64
		" FIN, %" PRIu64 " RST",
		counts->segments, number_plural(counts->segments), counts->syn, counts->syn_ack,
		counts->fin, counts->rst);
	add_count(text, sizeof text, counts->data, "with data");
	add_count(text, sizeof text, counts->illegal, "with flags that are never legitimate");
	add_count(text, sizeof text, counts->duplicates, "seen twice and counted once");
	add_count(text, sizeof text, counts->not_tcp, "packets not TCP");
	add_tunnels(text, sizeof text, counts);
	add_count(text, sizeof text, counts->cut, "cut short");
	add_count(text, sizeof text, counts->bad, "malformed");
	add_count(text, sizeof text, log->model->capture.sums.cut,
		"with payload that the kernel passed on and that was cut off here");
	add_count(text, sizeof text, log->missed, "not printed in time");
	fprintf(stderr, "sockwatch: %s", text);
	if (live)
		fprintf(stderr, "; %" PRIu64 " dropped by the kernel",
			log->model->losses[LOSS_PACKETS]);
	if (log->damage.bytes != 0)
		fprintf(stderr,
			"; the file is damaged in %" PRIu64 " places, %" PRIu64
			" bytes were skipped",
			log->damage.places, log->damage.bytes);
	if (log->file_cut)
		fprintf(stderr, "; the file ends within a packet");
	if (log->options->write != NULL)
		fprintf(stderr, "; %" PRIu64 " packets written to %s", log->printed,
			log->options->write);
	if (log->unwritten != 0)
		fprintf(stderr, "; %" PRIu64 " of another link type left out", log->unwritten);
	fputc('\n', stderr);
}

/* Says why some events have no process, if there are such events. */
static void
print_why_unowned(const struct event_log *log)
{
	const struct model_trace *const trace = &log->model->trace;

	if (log->unowned != 0 && trace->text[0] != '\0')
		fprintf(stderr,
			"sockwatch: %" PRIu64
			" events are of connections that were over before their process was seen; the kernel could name them (eBPF), but %s\n",
			log->unowned, trace->text);
	if (log->model->losses[LOSS_CALLERS] != 0)
		fprintf(stderr,
			"sockwatch: the kernel lost %" PRIu64
			" reports on who opened or closed a connection\n",
			log->model->losses[LOSS_CALLERS]);
}

/* The counts are also worth printing when something went wrong later. */
static bool
has_counted(const struct event_log *log)
{
	return wire_counts(log->model->wire)->packets != 0;
}

static void
fini(struct event_log *log)
{
	report_free(log->report);
	output_fini(&log->output);
	filter_free(log->filter);
	model_free(log->model);
}

static int
run(struct event_log *log, struct error *error)
{
	const bool live = is_live(log->options);
	const int result = live ? event_log_live_run(log, needs_of(log), error)
				: event_log_file_run(log, error);

	if (log->options->write == NULL)
		event_log_print(log, true);
	if (output_write(&log->output, true, error) != 0)
		return -EIO;
	return result;
}

int
command_events(struct options *options)
{
	struct event_log log = {.options = options};
	struct error error = {.position = -1};
	int status = EXIT_SUCCESS;
	int result;

	if (prepare(&log, &error) != 0) {
		error_print_at(&error, options->words);
		fini(&log);
		return COMMAND_EXIT_USAGE;
	}
	result = run(&log, &error);
	if (result != 0) {
		error_print(&error);
		status = !is_live(options) || result == -ENODEV ? COMMAND_EXIT_USAGE : EXIT_FAILURE;
	}
	if (!log.output.closed && (result == 0 || log.captured || has_counted(&log)))
		print_summary(&log);
	if (!log.output.closed)
		print_why_unowned(&log);
	fini(&log);
	return status;
}
