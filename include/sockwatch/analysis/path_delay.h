/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where on a probed path the delay begins. */
#ifndef SOCKWATCH_ANALYSIS_PATH_DELAY_H
#define SOCKWATCH_ANALYSIS_PATH_DELAY_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/path.h>

struct path_delay {
	const struct hop *hop;    /* most of the delay arises before it */
	const struct hop *before; /* the last one before it that answers; NULL: none */
	uint64_t step_us;         /* the delay that arises there */
	uint64_t total_us;        /* to the farthest that answers */
	bool is_step;             /* half and more arise at once, not bit by bit */
};

/* false: nothing has answered yet, or the delay is not worth mentioning. */
bool path_delay(const struct path *path, struct path_delay *delay);

#endif
