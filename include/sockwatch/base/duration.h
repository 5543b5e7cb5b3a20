/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durations in sentences and beside lines; tables have number_format_short. */
#ifndef SOCKWATCH_BASE_DURATION_H
#define SOCKWATCH_BASE_DURATION_H

#include <stddef.h>
#include <stdint.h>

enum { DURATION_TEXT_SIZE = 32 };

/* They differ from a minute on. */
enum duration_style {
	DURATION_SHORT, /* 2m05s, 3h07m */
	DURATION_LONG,  /* 2 min 5 s, 3 h 7 min */
};

/*
 * "850 us", "1.2 ms", "3.4 s", and from a minute on two units as the style wants. Rounded down.
 * Returns out; what does not fit in size bytes is cut, and DURATION_TEXT_SIZE holds all.
 */
char *duration_format(uint64_t ns, enum duration_style style, char *out, size_t size);

#endif
