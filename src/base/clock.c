/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time stamps: the clocks, and their text. clock_parse.c reads it. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t
read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t
clock_realtime_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t
clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static bool
local_time(uint64_t realtime_ns, struct tm *tm)
{
	const time_t seconds = (time_t)(realtime_ns / CLOCK_NS_PER_S);

	/* 32 bits of time_t end in 2038: no date is better than one of 1901. */
	return (uint64_t)seconds == realtime_ns / CLOCK_NS_PER_S &&
	       localtime_r(&seconds, tm) != NULL;
}

/* snprintf returns what it would have written; this returns what is there. */
static size_t
written(int len, size_t size)
{
	if (len < 0 || size == 0)
		return 0;
	return (size_t)len < size ? (size_t)len : size - 1;
}

size_t
clock_format_rfc3339(uint64_t realtime_ns, char *out, size_t size)
{
	struct tm tm = {0};
	long minutes;
	int len;

	if (!local_time(realtime_ns, &tm))
		tm = (struct tm){.tm_year = 70, .tm_mday = 1};
	minutes = labs(tm.tm_gmtoff) / 60;
	len = snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d.%09u%c%02ld:%02ld",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		(unsigned)(realtime_ns % CLOCK_NS_PER_S), tm.tm_gmtoff < 0 ? '-' : '+',
		minutes / 60, minutes % 60);
	return written(len, size);
}

size_t
clock_format_time(uint64_t realtime_ns, char *out, size_t size)
{
	struct tm tm = {0};

	if (!local_time(realtime_ns, &tm))
		tm = (struct tm){0};
	return written(snprintf(out, size, "%02d:%02d:%02d.%06u", tm.tm_hour, tm.tm_min, tm.tm_sec,
			       (unsigned)(realtime_ns % CLOCK_NS_PER_S / CLOCK_NS_PER_US)),
		size);
}
