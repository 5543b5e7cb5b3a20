/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch list --against`: what differs between two looks, of which the older is the first. */
#include <config.h>

#include "list_difference.h"

#include <string.h>

#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/report/difference_report.h>

#include "app/command/command.h"
#include "app/command/rows/rows_run.h"
#include "app/error_print.h"

struct comparing {
	const struct model *against, *model;
	struct difference difference;
};

static void
take_against(void *context, const struct model *model)
{
	((struct comparing *)context)->against = model;
}

static void
update(void *context, const struct model *model)
{
	((struct comparing *)context)->model = model;
}

static bool
is_later(const struct model *a, const struct model *b)
{
	return model_wall_ns(a, a->now_ns) > model_wall_ns(b, b->now_ns);
}

static void
add(void *context, struct row_order *order)
{
	struct comparing *const comparing = context;
	struct difference *const difference = &comparing->difference;
	const bool is_reversed = is_later(comparing->against, comparing->model);
	const struct model *const before = is_reversed ? comparing->model : comparing->against;
	const struct model *const after = is_reversed ? comparing->against : comparing->model;

	if (difference_take(difference, before, after) != 0)
		order->left_out += (size_t)after->sockets.count - difference->count;
	for (size_t i = 0; i < difference->count; i++)
		row_order_add(order, i, &difference->rows[i], NULL);
}

static void
add_words(void *context, const struct model *model, struct buffer *out)
{
	(void)model;
	difference_report_words(&((struct comparing *)context)->difference, out);
}

/* A time as --at reads it, or else a file. */
static bool
is_time(const char *text)
{
	const struct clock_span span = {.begin_ns = 1, .end_ns = UINT64_MAX / 2, .now_ns = 1};
	uint64_t ns;

	return clock_parse(text, &span, &ns) >= 0;
}

static int
choose(const struct options *options, struct rows_kind *kind, struct error *error)
{
	if (options->listeners)
		return error_refuse(error,
			"--against compares sockets; for listeners use it without --listeners, with the filter `state listen`");
	kind->beside = options->against;
	if (!is_time(options->against))
		return 0;
	kind->beside = options->from;
	kind->beside_at = options->against;
	if (options->from == NULL)
		return error_refuse(error,
			"--against: a time is one of a recording; name it with --from FILE (a file of this name is ./NAME)");
	if (strcmp(options->from, "-") == 0)
		return error_refuse(error,
			"--against: standard input cannot be read at two times; write it to a file first");
	return 0;
}

int
list_difference(const struct options *options)
{
	struct rows_kind kind = {.columns = difference_columns,
		.no_group = "--group is for sockets; --against prints each that differs",
		.has_udp = true,
		.take_beside = take_against,
		.update = update,
		.add = add,
		.add_words = add_words};
	struct comparing comparing = {.model = NULL};
	struct error error = {.position = -1};
	int status;

	if (choose(options, &kind, &error) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	status = rows_run(options, &kind, &comparing);
	difference_fini(&comparing.difference);
	return status;
}
