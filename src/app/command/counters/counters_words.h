/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of `sockwatch counters`. */
#ifndef SOCKWATCH_APP_COMMAND_COUNTERS_COUNTERS_WORDS_H
#define SOCKWATCH_APP_COMMAND_COUNTERS_COUNTERS_WORDS_H

#include <stdint.h>

#include <sockwatch/base/error.h>

struct counters_words {
	uint32_t interval_ms; /* 0: once */
	uint32_t count;       /* intervals; 0: no end */
};

/* "[INTERVAL [COUNT]]". 0, or -EINVAL with a sentence. */
int counters_words_read(const char *text, struct counters_words *words, struct error *error);

#endif
