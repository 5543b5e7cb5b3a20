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
/* What a moment is told of, by CLOCK_REALTIME. 0: not known. */
struct clock_span {
	uint64_t begin_ns, end_ns;
	uint64_t now_ns; /* when it is told: yesterday was the day before */
};

/*
 * A moment of a span:
 *   2026-11-22T14:02:31Z        RFC 3339; without an offset it is local time
 *   14:02, 14:02:31.5           the first such time of day from begin_ns on
 *   yesterday 14:02             on the day before that of now_ns, by local time
 *   +90, +1.5, +1h30m, +2d      after begin_ns
 *   -90, -5m                    before end_ns
 *   @1795352551.5               seconds since 1970
 * 0; 1 when the time of day was before begin_ns, and that of the next day is meant; or -EINVAL.
 */
int clock_parse(const char *text, const struct clock_span *span, uint64_t *realtime_ns);

#endif
