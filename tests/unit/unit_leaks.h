/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a test leaves behind: blocks of memory and descriptors. */
#ifndef SOCKWATCH_TESTS_UNIT_UNIT_LEAKS_H
#define SOCKWATCH_TESTS_UNIT_UNIT_LEAKS_H

#include <stdbool.h>

struct unit_held {
	long blocks; /* 0 where malloc cannot be counted: sanitizers, other libraries than glibc */
	long descriptors;
};

/* What this process holds now. */
struct unit_held unit_held(void);

/* Allocations can be made to fail: not with sanitizers, nor with other libraries than glibc. */
bool unit_memory_can_fail(void);
/* The so-manieth allocation from now on fails, and no other. 0: none. */
void unit_memory_fails_at(unsigned long count);
/* Whether it has, since unit_memory_fails_at. */
bool unit_memory_has_failed(void);

#endif
