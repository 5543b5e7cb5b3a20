/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The marks of all files of a playback, as far as they were looked through. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "playback_private.h"

static int
compare_times(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void
playback_collect_marks(struct playback *playback)
{
	size_t count = 0, all = 0;
	uint64_t *marks;

	for (size_t i = 0; i < playback->track_count; i++)
		all += playback->tracks[i].mark_count;
	marks = reallocarray(playback->marks_ns, all + 1, sizeof *marks);
	if (marks == NULL)
		return;
	for (size_t i = 0; i < playback->track_count; i++) {
		const struct track *const track = &playback->tracks[i];

		if (track->mark_count != 0)
			memcpy(marks + count, track->marks_ns, track->mark_count * sizeof *marks);
		count += track->mark_count;
	}
	qsort(marks, count, sizeof *marks, compare_times);
	playback->marks_ns = marks;
	playback->mark_count = count;
}
