/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A series of the recent past as a chart: the bars, and the same in words. Pure. */
#ifndef SOCKWATCH_ANALYSIS_CHART_H
#define SOCKWATCH_ANALYSIS_CHART_H

#include <stddef.h>

#include <sockwatch/model/history.h>

enum { CHART_SAMPLE_SIZE = 32 };

struct chart {
	double values[HISTORY_SAMPLES];
	size_t count;
	double now, high; /* NAN: nothing is known */
};

/* The last so many samples. */
void chart_load(const struct history *history, enum history_series series, size_t room,
	struct chart *chart);
/* One value with its unit; returns out. size >= CHART_SAMPLE_SIZE. */
const char *chart_format_sample(double value, enum history_series series, char *out, size_t size);
/* "83us, at most 93us"; "" when nothing is known. */
void chart_format(
	const struct history *history, enum history_series series, char *out, size_t size);

#endif
