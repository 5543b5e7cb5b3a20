/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences for people on a probed path as a whole. */
#ifndef SOCKWATCH_ANALYSIS_PATH_NOTE_H
#define SOCKWATCH_ANALYSIS_PATH_NOTE_H

#include <stddef.h>

#include <sockwatch/model/path.h>

enum path_note {
	PATH_NOTE_UNSENT,
	PATH_NOTE_SILENT,
	PATH_NOTE_DELAY,
	PATH_NOTE_MTU,
	PATH_NOTE_RETURN_PATH,
	PATH_NOTE_CHANGES,
	PATH_NOTE_COUNT
};

/* Returns the length; 0 and "" when there is no note. */
size_t path_note(const struct path *path, enum path_note note, char *out, size_t size);
/*
 * The verdict on the whole: the worst verdict of its hops, with the hop where it begins, and where
 * the delay begins; why it cannot be probed; "" when all is well or nothing is known yet.
 */
size_t path_verdict(const struct path *path, char *out, size_t size);

#endif
