/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a series of the recent past for a chart, and puts into words where it stands. */
#include <config.h>

#include <sockwatch/analysis/chart.h>

#include <math.h>
#include <stdio.h>

#include <sockwatch/base/number.h>

static const enum unit series_units[HISTORY_COUNT] = {
	[HISTORY_RTT_US] = UNIT_US,
	[HISTORY_SEND_RATE] = UNIT_BYTES_PER_SECOND,
	[HISTORY_RECEIVE_RATE] = UNIT_BYTES_PER_SECOND,
	[HISTORY_CWND] = UNIT_SEGMENTS,
	[HISTORY_RETRANS] = UNIT_SEGMENTS,
};

void
chart_load(
	const struct history *history, enum history_series series, size_t room, struct chart *chart)
{
	size_t first = history->count > room ? history->count - room : 0;

	chart->count = 0;
	chart->now = (double)NAN;
	chart->high = 0;
	for (; first < history->count && chart->count < HISTORY_SAMPLES; first++) {
		const double value = (double)history_get(history, series, first);

		chart->values[chart->count++] = value;
		if (isnan(value))
			continue;
		chart->now = value;
		if (value > chart->high)
			chart->high = value;
	}
}

const char *
chart_format_sample(double value, enum history_series series, char *out, size_t size)
{
	const enum unit unit = series_units[series];
	char text[24];

	number_format_real(value, unit, text, sizeof text);
	snprintf(out, size, "%s%s", text, unit == UNIT_BYTES_PER_SECOND ? "/s" : "");
	return out;
}

void
chart_format(const struct history *history, enum history_series series, char *out, size_t size)
{
	struct chart chart;
	char text[2][CHART_SAMPLE_SIZE];

	out[0] = '\0';
	chart_load(history, series, HISTORY_SAMPLES, &chart);
	if (!isnan(chart.now))
		snprintf(out, size, "%s, at most %s",
			chart_format_sample(chart.now, series, text[0], sizeof text[0]),
			chart_format_sample(chart.high, series, text[1], sizeof text[1]));
}
