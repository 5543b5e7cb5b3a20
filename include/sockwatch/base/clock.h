/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clocks and time stamps. Records carry CLOCK_REALTIME; intervals for rates are CLOCK_MONOTONIC.
 */
#ifndef SOCKWATCH_BASE_CLOCK_H
#define SOCKWATCH_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define CLOCK_NS_PER_S  UINT64_C(1000000000)
#define CLOCK_NS_PER_MS UINT64_C(1000000)
#define CLOCK_NS_PER_US UINT64_C(1000)

enum { CLOCK_TEXT_SIZE = 48 };

uint64_t clock_realtime_ns(void);
uint64_t clock_monotonic_ns(void);

/* RFC 3339 with nanoseconds and the local offset: 2026-11-22T14:02:31.123456789+01:00. */
size_t clock_format_rfc3339(uint64_t realtime_ns, char *out, size_t size);
/* Local time of day: 14:02:31.123456. */
size_t clock_format_time(uint64_t realtime_ns, char *out, size_t size);
/*
 * RFC 3339, "HH:MM[:SS[.fraction]]" of the day of `near_ns`, or "+SECONDS[.fraction]" after it.
 * 0 or -EINVAL.
 */
int clock_parse(const char *text, uint64_t near_ns, uint64_t *realtime_ns);

#endif
