/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a playback holds, for the files that make one. */
#ifndef SOCKWATCH_SOURCE_PLAYBACK_PRIVATE_H
#define SOCKWATCH_SOURCE_PLAYBACK_PRIVATE_H

#include <sockwatch/source/playback.h>

#include "source_private.h"
#include "track.h"

struct playback {
	struct track *tracks; /* in the order of time */
	size_t track_count;
	size_t gaps;
	uint64_t begin_ns, end_ns;
	uint64_t *marks_ns; /* of all files */
	size_t mark_count;

	struct loop *loop;
	struct loop_source *timer;
	struct playback_hooks hooks;
	struct model *model; /* of the hooks' owner */
	bool looks;          /* not all was looked through for marks */

	size_t at;                    /* the file that is read */
	struct stream_reader *reader; /* NULL: none is */
	struct record record;         /* the next one, which is not in the model yet */
	bool has_record;

	bool is_running;
	double speed;
	uint64_t now_ns, snapshot_ns;
	uint64_t anchor_ns, anchor_monotonic_ns; /* two clocks at one moment */
};

/* The marks that were found so far, in the order of time. */
void playback_collect_marks(struct playback *playback);

#endif
