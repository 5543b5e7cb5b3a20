/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `record` says: while it records, and at the end. */
#ifndef SOCKWATCH_APP_COMMAND_RECORD_RECORD_WORDS_H
#define SOCKWATCH_APP_COMMAND_RECORD_RECORD_WORDS_H

#include <stddef.h>

#include <sockwatch/recording/recorder.h>

/* "web1.pcap: 2m05s, 12M, 1,204 sockets, 0 lost" without the end of the line. */
void record_words_state(const struct recorder_facts *facts, char *out, size_t size);
/* The last line. `path` as it was given. */
void record_words_end(const struct recorder_facts *facts, const char *path, char *out, size_t size);

#endif
