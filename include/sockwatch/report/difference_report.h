/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands below the table of what differs between two looks. */
#ifndef SOCKWATCH_REPORT_DIFFERENCE_REPORT_H
#define SOCKWATCH_REPORT_DIFFERENCE_REPORT_H

#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/base/buffer.h>

/* Appends how many of each change there are, and between which times; and what to know of both
 * looks where they are of two boxes, or of two boots. */
void difference_report_words(const struct difference *difference, struct buffer *out);

#endif
