/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences for people on a probed path as a whole. */
#ifndef SOCKWATCH_ANALYSIS_PATH_NOTE_H
#define SOCKWATCH_ANALYSIS_PATH_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/model/path.h>

enum path_note {
	PATH_NOTE_UNSENT,  /* not probing, or probes that could not be sent */
	PATH_NOTE_REFUSED, /* a router says that the target cannot be reached */
	PATH_NOTE_SILENT,
	PATH_NOTE_ANSWER, /* the target answers in an unusual way */
	PATH_NOTE_DELAY,
	PATH_NOTE_MTU,
	PATH_NOTE_RETURN_PATH,
	PATH_NOTE_CHANGES,
	PATH_NOTE_COUNT
};

/* Probing goes on, but at present nothing can be sent: PATH_NOTE_UNSENT says why. */
bool path_is_blocked(const struct path *path);
/* How the end of the path answered last. */
enum path_answer path_answer_at_end(const struct path *path);
/* Returns the length; 0 and "" when there is no note. */
size_t path_note(const struct path *path, enum path_note note, char *out, size_t size);
/* Changes of the path that are remembered. */
uint32_t path_changes_kept(const struct path *path);
/* One of them, 0 the newest: "12:00:04: hop 3 from 10.0.3.1 to 10.1.3.1". Returns its length. */
size_t path_change_format(const struct path *path, uint32_t i, char *out, size_t size);
/*
 * The verdict on the whole: the worst verdict of its hops, with the hop where it begins, and where
 * the delay begins; why it cannot be probed; "" when all is well or nothing is known yet.
 */
size_t path_verdict(const struct path *path, char *out, size_t size);

#endif
