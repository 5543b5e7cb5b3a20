/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where on a probed path the delay begins. */
#ifndef SOCKWATCH_ANALYSIS_PATH_DELAY_H
#define SOCKWATCH_ANALYSIS_PATH_DELAY_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/path.h>

struct path_delay {
	const struct hop *hop;    /* with which most of it comes */
	const struct hop *before; /* who answered last before that; NULL: nobody */
	uint64_t step_us;         /* what comes with it */
	uint64_t total_us;        /* to the farthest that answers */
	bool is_step;             /* half and more come at once; else it grows along the way */
};

/* False: nothing answered yet, or there is no delay worth a word. */
bool path_delay(const struct path *path, struct path_delay *delay);

#endif
