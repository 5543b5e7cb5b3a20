/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOCKWATCH_TUI_DETAIL_DETAIL_DRAW_H
#define SOCKWATCH_TUI_DETAIL_DETAIL_DRAW_H

#include <sockwatch/model/history.h>

#include "tui/term/draw.h"

/* "83us, most 93us": what a chart says in words; "" when nothing is known. */
void detail_format_chart(
	const struct history *history, enum history_series series, char *out, size_t size);

#endif
