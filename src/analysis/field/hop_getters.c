/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The getters of hop_fields.c: what a hop gives for each field. */
#include <config.h>

#include "hop_getters.h"

#include <math.h>

#include <sockwatch/model/path.h>

#include "value.h"

void
hop_get_number(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct hop *const hop = ((const struct hop_row *)data)->hop;

	(void)context;
	value_set_unknown(value);
	switch ((enum hop_number)field->argument) {
	case HOP_NUMBER_TTL: value_set_unsigned(value, hop->ttl); return;
	case HOP_NUMBER_SENT: value_set_unsigned(value, hop->sent); return;
	case HOP_NUMBER_RECEIVED: value_set_unsigned(value, hop->received); return;
	case HOP_NUMBER_LATE: value_set_unsigned(value, hop->late); return;
	case HOP_NUMBER_MTU:
		if (hop->mtu != 0)
			value_set_unsigned(value, hop->mtu);
		return;
	case HOP_NUMBER_BACK:
		if (hop->reply_ttl != 0)
			value_set_unsigned(value, path_hops_back(hop->reply_ttl, hop->ttl, NULL));
		return;
	}
}

/* In microseconds; false: no answer yet, or too few. */
static bool
time_of(const struct hop *hop, int which, double *us)
{
	uint64_t percentile;

	if (hop->timed == 0)
		return false;
	if (which >= HOP_TIME_PERCENTILE) {
		if (!hop_percentile(hop, (unsigned)(which - HOP_TIME_PERCENTILE), &percentile))
			return false;
		*us = (double)percentile;
		return true;
	}
	switch ((enum hop_time)which) {
	case HOP_TIME_LAST: *us = (double)hop->last_us; break;
	case HOP_TIME_AVERAGE: *us = hop->mean_us; break;
	case HOP_TIME_BEST: *us = (double)hop->best_us; break;
	case HOP_TIME_WORST: *us = (double)hop->worst_us; break;
	case HOP_TIME_DEVIATION: *us = hop->timed > 1 ? sqrt(hop->m2 / (hop->timed - 1)) : 0; break;
	case HOP_TIME_JITTER: *us = hop->jitter_us; break;
	case HOP_TIME_PERCENTILE: return false;
	}
	return true;
}

void
hop_get_time(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	double us;

	(void)context;
	if (time_of(((const struct hop_row *)data)->hop, field->argument, &us))
		value_set_unsigned(value, (uint64_t)(us + 0.5));
	else
		value_set_unknown(value);
}

void
hop_get_ms(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	double us;

	(void)context;
	if (!time_of(((const struct hop_row *)data)->hop, field->argument, &us))
		value_set_unknown(value);
	else if (us < 1000)
		value_set_composed(value, "%.3f", us / 1000);
	else
		value_set_composed(value, "%.1f", us / 1000);
}

void
hop_get_share(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct hop *const hop = ((const struct hop_row *)data)->hop;
	const double share = field->argument == HOP_SHARE_LOSS ? hop->loss : hop->link_loss;

	(void)context;
	if (isnan(share))
		value_set_unknown(value);
	else
		value_set_real(value, share * 100);
}

void
hop_get_addresses(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct hop_row *const row = data;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (row->hop->address_count == 0)
		return;
	value->kind = VALUE_TEXTS;
	value->texts.count = row->hop->address_count;
	for (unsigned i = 0; i < row->hop->address_count; i++)
		value->texts.items[i] = row->addresses[i];
}

void
hop_get_names(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct hop_row *const row = data;

	(void)field;
	(void)context;
	value_set_unknown(value);
	value->texts.count = 0;
	for (unsigned i = 0; i < row->hop->address_count; i++)
		if (row->names[i][0] != '\0')
			value->texts.items[value->texts.count++] = row->names[i];
	if (value->texts.count != 0)
		value->kind = VALUE_TEXTS;
}

void
hop_get_target(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	(void)field;
	(void)context;
	value_set_text(value, text_of(((const struct hop_row *)data)->target));
}

void
hop_get_host(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct hop_row *const row = data;

	(void)field;
	(void)context;
	if (row->hop->address_count == 0)
		value_set_text(value, text_of("???"));
	else if (row->names[0][0] != '\0')
		value_set_text(value, text_of(row->names[0]));
	else
		value_set_text(value, text_of(row->addresses[0]));
}

void
hop_get_labels(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct hop_row *const row = data;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (row->hop->label_count == 0)
		return;
	value->kind = VALUE_TEXTS;
	value->texts.count = row->hop->label_count;
	for (unsigned i = 0; i < row->hop->label_count; i++)
		value->texts.items[i] = row->labels[i];
}

void
hop_get_verdict(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	(void)field;
	(void)context;
	value_set_text(value, text_of(hop_row_verdict_words(data)));
}

void
hop_get_error(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const char *const words = hop_row_error_words(data);

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (words != NULL)
		value_set_text(value, text_of(words));
}

void
hop_get_words(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	char words[VALUE_SCRATCH];

	(void)field;
	(void)context;
	if (hop_row_words(data, words, sizeof words) != 0)
		value_set_composed(value, "%s", words);
	else
		value_set_unknown(value);
}
