/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The figures of the box for Prometheus: text format 0.0.4, which node_exporter's textfile
 * collector reads, or OpenMetrics 1.0. https://prometheus.io/docs/instrumenting/exposition_formats/
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 * What is not known is left out, never 0. No family has more series than its limit: the largest
 * stay, and where they are sums the rest is one series "other", so that sums stay right.
 */
#ifndef SOCKWATCH_REPORT_METRICS_H
#define SOCKWATCH_REPORT_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/model/model.h>

enum metrics_format { METRICS_TEXT, METRICS_OPENMETRICS };

enum { METRICS_LIMIT_DEFAULT = 100, METRICS_LIMIT_MAX = 2000 };

struct metrics_options {
	enum metrics_format format;
	uint32_t limit;    /* series of a family, at most */
	bool has_counters; /* we live long enough that counts of our own mean something */
};

struct metrics;

/* NULL: no memory. */
struct metrics *metrics_new(const struct metrics_options *options);
void metrics_free(struct metrics *metrics);
/* enum need: what the families are made of. */
uint64_t metrics_needs(void);
/*
 * Appends all families, as of the snapshot that ended last. doctor has looked at it. took_s: how
 * long that took; negative: not known. False: no memory, and out is of no use.
 */
bool metrics_print(struct metrics *metrics, const struct model *model, const struct doctor *doctor,
	double took_s, struct buffer *out);

#endif
