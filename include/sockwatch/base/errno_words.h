/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an errno of connect() or of a probe means to the person who runs the box. */
#ifndef SOCKWATCH_BASE_ERRNO_WORDS_H
#define SOCKWATCH_BASE_ERRNO_WORDS_H

struct errno_words {
	int number;
	const char *name;    /* "ECONNREFUSED" */
	const char *meaning; /* one sentence, no full stop */
};

/* For a positive errno. NULL: none of note (strerror has a text). */
const struct errno_words *errno_words_find(int number);

#endif
