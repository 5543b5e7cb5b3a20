/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The path to the peer of a socket, in words, where it is probed. */
#ifndef SOCKWATCH_TUI_DETAIL_WORDS_PATH_H
#define SOCKWATCH_TUI_DETAIL_WORDS_PATH_H

#include "facts.h"

/* "tcp 443, 8 hops, loss 0.0%: delay begins at hop 5, 10.0.5.1: 60.6 of 61.0 ms". */
void words_path(const struct facts_source *source, char *out, size_t size);
/* The mean of the hop where the peer itself answered; false: nobody probes the way, or no answer.
 */
bool words_path_rtt(const struct facts_source *source, double *us);

#endif
