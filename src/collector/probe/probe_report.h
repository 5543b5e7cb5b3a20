/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of one target to the stream. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_PROBE_REPORT_H
#define SOCKWATCH_COLLECTOR_PROBE_PROBE_REPORT_H

#include "target.h"

void probe_report_state(const struct target *target);
/* Marks the probe as reported. error: errno of the sending, or 0. */
void probe_report_sent(const struct target *target, struct in_flight *probe, int error);
void probe_report_answer(
	const struct target *target, uint32_t sequence, const struct answer *answer);

#endif
