/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters of the table in hop_fields.c; each takes a struct hop_row. */
#ifndef SOCKWATCH_ANALYSIS_FIELD_HOP_GETTERS_H
#define SOCKWATCH_ANALYSIS_FIELD_HOP_GETTERS_H

#include <sockwatch/analysis/hop_row.h>

#define HOP_GETTER(name)                                                                           \
	void name(const struct field *field, const struct field_context *context, const void *row, \
		struct value *value)

/* What argument means to hop_get_number. */
enum hop_number {
	HOP_NUMBER_TTL,
	HOP_NUMBER_SENT,
	HOP_NUMBER_RECEIVED,
	HOP_NUMBER_LATE,
	HOP_NUMBER_MTU,
	HOP_NUMBER_BACK,
};

/* What argument means to hop_get_time and hop_get_ms; above HOP_TIME_PERCENTILE a percentile. */
enum hop_time {
	HOP_TIME_LAST,
	HOP_TIME_AVERAGE,
	HOP_TIME_BEST,
	HOP_TIME_WORST,
	HOP_TIME_DEVIATION,
	HOP_TIME_JITTER,
	HOP_TIME_PERCENTILE = 100,
};

enum hop_share { HOP_SHARE_LOSS, HOP_SHARE_LINK_LOSS };

HOP_GETTER(hop_get_number);
HOP_GETTER(hop_get_time);
HOP_GETTER(hop_get_ms);
HOP_GETTER(hop_get_share);
HOP_GETTER(hop_get_addresses);
HOP_GETTER(hop_get_names);
HOP_GETTER(hop_get_host);
HOP_GETTER(hop_get_target);
HOP_GETTER(hop_get_labels);
HOP_GETTER(hop_get_verdict);
HOP_GETTER(hop_get_error);
HOP_GETTER(hop_get_words);

/* Its ICMP error in words; NULL: none. */
const char *hop_row_error_words(const struct hop_row *row);
/* The verdict on the hop; "" for none. */
const char *hop_row_verdict_words(const struct hop_row *row);

#endif
