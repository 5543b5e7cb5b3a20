/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model of a small box for listeners and port budgets: looks a second apart, sysctls, figures. */
#ifndef SOCKWATCH_TESTS_UNIT_PORTS_LAB_H
#define SOCKWATCH_TESTS_UNIT_PORTS_LAB_H

#include <math.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>

#include "feed.h"
#include "sockets.h"
#include "unit.h"

/* As if a snapshot had ended a second after the one before. */
static inline void
ports_lab_step(struct model *model)
{
	model->now_ns += CLOCK_NS_PER_S;
	model->snapshot_monotonic_ns += CLOCK_NS_PER_S;
	model->complete_sequence++;
}

/* "net.core.somaxconn=128\n" */
static inline void
ports_lab_sysctls(struct model *model, const char *lines)
{
	struct feed feed = {.model = model, .realtime_ns = model->now_ns};

	feed_message(&feed, MESSAGE_SYSCTLS,
		&(struct message_sysctls){.netns = FEED_NETNS, .text = text_of(lines)});
}

/* A number of a row by the name of its field; NAN: unknown. */
static inline double
ports_lab_number(const struct field_table *table, const struct model *model, const void *row,
	const char *name)
{
	const struct field *const field = field_find(table, name, strlen(name));
	const struct field_context context = {.model = model};
	struct value value;

	if (field == NULL)
		fail_msg("no field has the name %s", name);
	field_get(field, &context, row, &value);
	if (value.kind == VALUE_REAL)
		return value.real;
	return value.kind == VALUE_UNSIGNED ? (double)value.number : (double)NAN;
}

/* The same as a text, as reports have it; lives until the next call. */
static inline const char *
ports_lab_text(const struct field_table *table, const struct model *model, const void *row,
	const char *name)
{
	static char out[512];
	const struct field *const field = field_find(table, name, strlen(name));
	const struct field_context context = {.model = model};
	struct value value;

	if (field == NULL)
		fail_msg("no field has the name %s", name);
	field_get(field, &context, row, &value);
	(void)value_format(&context, &value, out, sizeof out);
	return out;
}

#endif
