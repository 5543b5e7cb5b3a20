/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the reports at the end of `sockwatch probe`, and decides whether all targets answered. */
#include <config.h>

#include <errno.h>

#include <sockwatch/analysis/explain_path.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/report/path_report.h>

#include "app/error_print.h"
#include "probe_run.h"

static const char *
name_of(void *context, const struct address *address)
{
	return resolver_name(context, address);
}

static struct path_report
report_of(const struct probe_run *run, size_t target)
{
	return (struct path_report){.target = run->targets[target].name,
		.host = run->model->host.host,
		.columns = output_columns(),
		.name = probe_run_wants_names(run) ? name_of : NULL,
		.context = run->resolver};
}

/* Probes that are still open after the wait have no answer, unless nobody waited. */
static void
decide_open(struct probe_run *run, const struct path *path)
{
	if (run->is_stopped)
		path_table_drain(run->model->paths, path->id);
	path_tick(run->model->paths, run->model->now_ns + path->start.timeout_ms * CLOCK_NS_PER_MS);
}

/* Text has nothing to show of a path that cannot be probed; the others have their rows of it. */
static void
print_path(struct probe_run *run, size_t target, const struct path *path)
{
	const struct path_report report = report_of(run, target);
	struct buffer *const out = &run->output.buffer;

	switch (run->options->format) {
	case REPORT_JSON: (void)path_report_json(&report, path, out); return;
	case REPORT_CSV: (void)path_report_csv(&report, path, target == 0, out); return;
	case REPORT_TEXT: break;
	}
	if (path->method == PROBE_METHOD_NONE)
		return;
	if (out->len != 0)
		buffer_append_char(out, '\n');
	(void)path_report_text(&report, path, out);
}

static void
print_refusal(const struct path *path)
{
	struct error error;

	error_set(&error, "%s", path->text);
	error_print(&error);
}

int
probe_print(struct probe_run *run)
{
	int result = 0, written;

	for (size_t i = 0; i < run->count; i++) {
		const struct path *const path = probe_run_path(run, i);

		/* On the screen the user may quit before anything is known. */
		if (path == NULL) {
			result = -EIO;
			continue;
		}
		if (path->method == PROBE_METHOD_NONE)
			print_refusal(path);
		else
			decide_open(run, path);
		print_path(run, i, path);
		if (explain_path_target(path) == NULL)
			result = -EHOSTUNREACH;
	}
	written = output_write(&run->output, true, &run->error);
	return written != 0 ? written : result;
}
