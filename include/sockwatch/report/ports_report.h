/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people read after the table of destinations: the range, and the limit where it is reached.
 */
#ifndef SOCKWATCH_REPORT_PORTS_REPORT_H
#define SOCKWATCH_REPORT_PORTS_REPORT_H

#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/base/buffer.h>

/* A line for each namespace: how many local ports there are, and what is taken off them. */
void ports_report_spaces(
	const struct port_budget *budget, const struct model *model, struct buffer *out);
/* A line for each destination that has no port left. */
void ports_report_full(
	const struct port_budget *budget, const struct model *model, struct buffer *out);

#endif
