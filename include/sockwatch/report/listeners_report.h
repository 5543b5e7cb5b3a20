/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people read after the table of listeners: what the kernel counts for all of them together.
 */
#ifndef SOCKWATCH_REPORT_LISTENERS_REPORT_H
#define SOCKWATCH_REPORT_LISTENERS_REPORT_H

#include <sockwatch/analysis/listener.h>
#include <sockwatch/base/buffer.h>

/* Two lines for each namespace with listeners: drops and cookies, and the settings in force. */
void listeners_report_facts(
	const struct listener_table *table, const struct model *model, struct buffer *out);

#endif
