/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time stamps: the clocks, and their text written and read. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Whole seconds of time stamps that fit in 64 bits of nanoseconds, to the year 2554. */
#define LAST_SECOND (UINT64_MAX / CLOCK_NS_PER_S - 1)

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

	return localtime_r(&seconds, tm) != NULL;
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

/* Exactly `digits` digits at *text, at most max. Moves *text after them. */
static bool
take_number(const char **text, int digits, int max, int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		*number = *number * 10 + (**text - '0');
	}
	return *number <= max;
}

static bool
take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* An optional '.' and digits; those beyond nanoseconds are read and dropped. */
static bool
take_fraction(const char **text, uint64_t *ns)
{
	uint64_t place = CLOCK_NS_PER_S;

	*ns = 0;
	if (!take_char(text, '.'))
		return true;
	if (**text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		place /= 10;
		*ns += place * (uint64_t)(**text - '0');
	}
	return true;
}

/* "HH:MM", and ":SS" with a fraction unless absent. 60 is a leap second (RFC 3339 section 5.6). */
static bool
take_time(const char **text, bool seconds_needed, struct tm *tm, uint64_t *ns)
{
	*ns = 0;
	tm->tm_sec = 0;
	if (!take_number(text, 2, 23, &tm->tm_hour) || !take_char(text, ':') ||
		!take_number(text, 2, 59, &tm->tm_min))
		return false;
	if (!take_char(text, ':'))
		return !seconds_needed;
	return take_number(text, 2, 60, &tm->tm_sec) && take_fraction(text, ns);
}

static bool
take_offset(const char **text, long *seconds)
{
	const bool east = **text == '+';
	int hours;
	int minutes;

	*seconds = 0;
	if (take_char(text, 'Z') || take_char(text, 'z'))
		return true;
	if (!take_char(text, east ? '+' : '-') || !take_number(text, 2, 23, &hours) ||
		!take_char(text, ':') || !take_number(text, 2, 59, &minutes))
		return false;
	*seconds = (hours * 3600L + minutes * 60L) * (east ? 1 : -1);
	return true;
}

static bool
combine(time_t seconds, uint64_t ns, uint64_t *realtime_ns)
{
	if (seconds < 0 || (uint64_t)seconds > LAST_SECOND)
		return false;
	*realtime_ns = (uint64_t)seconds * CLOCK_NS_PER_S + ns;
	return true;
}

/* timegm turns 30 February into 2 March; so did this day exist? */
static bool
day_exists(const struct tm *tm)
{
	struct tm day = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday};

	timegm(&day);
	return day.tm_mday == tm->tm_mday;
}

static bool
parse_rfc3339(const char *text, uint64_t *realtime_ns)
{
	struct tm tm = {0};
	uint64_t ns;
	long offset;

	if (!take_number(&text, 4, 9999, &tm.tm_year) || !take_char(&text, '-') ||
		!take_number(&text, 2, 12, &tm.tm_mon) || !take_char(&text, '-') ||
		!take_number(&text, 2, 31, &tm.tm_mday))
		return false;
	if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
		return false;
	if (!take_time(&text, true, &tm, &ns) || !take_offset(&text, &offset) || *text != '\0')
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	if (tm.tm_mon < 0 || !day_exists(&tm))
		return false;
	return combine(timegm(&tm) - offset, ns, realtime_ns);
}

static bool
parse_time_of_day(const char *text, uint64_t near_ns, uint64_t *realtime_ns)
{
	struct tm tm;
	uint64_t ns;

	if (!local_time(near_ns, &tm) || !take_time(&text, false, &tm, &ns) || *text != '\0')
		return false;
	/* Whether summer time holds is decided by the new time, not by near_ns. */
	tm.tm_isdst = -1;
	return combine(mktime(&tm), ns, realtime_ns);
}

static bool
parse_seconds_after(const char *text, uint64_t near_ns, uint64_t *realtime_ns)
{
	uint64_t seconds = 0;
	uint64_t ns;

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		seconds = seconds * 10 + (uint64_t)(*text - '0');
		if (seconds > LAST_SECOND)
			return false;
	}
	if (!take_fraction(&text, &ns) || *text != '\0')
		return false;
	return !__builtin_add_overflow(near_ns, seconds * CLOCK_NS_PER_S + ns, realtime_ns);
}

int
clock_parse(const char *text, uint64_t near_ns, uint64_t *realtime_ns)
{
	uint64_t result;
	bool valid;

	if (text[0] == '+')
		valid = parse_seconds_after(text + 1, near_ns, &result);
	else if (memchr(text, ':', strnlen(text, 3)) != NULL)
		valid = parse_time_of_day(text, near_ns, &result);
	else
		valid = parse_rfc3339(text, &result);
	if (!valid)
		return -EINVAL;
	*realtime_ns = result;
	return 0;
}
