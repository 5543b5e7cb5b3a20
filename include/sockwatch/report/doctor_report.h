/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings, and the table of rules, as text for a person. */
#ifndef SOCKWATCH_REPORT_DOCTOR_REPORT_H
#define SOCKWATCH_REPORT_DOCTOR_REPORT_H

#include <stddef.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/base/buffer.h>

/* Appends a finding in full, and what it explains. columns: width to wrap at; 0: 80. */
void doctor_report_finding(const struct finding *finding, const struct doctor *doctor,
	const struct model *model, size_t columns, struct buffer *out);
/* Appends each rule: what it finds, what it needs, and its thresholds as they are set. */
void doctor_report_rules(
	const struct doctor_settings *settings, size_t columns, struct buffer *out);

#endif
