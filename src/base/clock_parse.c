/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the texts of time stamps. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

/* Whole seconds of time stamps that fit in 64 bits of nanoseconds, to the year 2554. */
#define LAST_SECOND (UINT64_MAX / CLOCK_NS_PER_S - 1)

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
combine(int64_t seconds, uint64_t ns, uint64_t *realtime_ns)
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

/* Local time as the zone's rules have it then, and not as they are at some other time. */
static bool
combine_local(struct tm *tm, uint64_t ns, uint64_t *realtime_ns)
{
	tm->tm_isdst = -1;
	return combine(mktime(tm), ns, realtime_ns);
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
	tm.tm_year -= 1900;
	tm.tm_mon--;
	if (!take_time(&text, true, &tm, &ns) || tm.tm_mon < 0 || !day_exists(&tm))
		return false;
	if (*text == '\0')
		return combine_local(&tm, ns, realtime_ns);
	if (!take_offset(&text, &offset) || *text != '\0')
		return false;
	return combine(timegm(&tm) - offset, ns, realtime_ns);
}

/* The local day of a moment. */
static bool
day_of(uint64_t realtime_ns, struct tm *tm)
{
	const time_t seconds = (time_t)(realtime_ns / CLOCK_NS_PER_S);

	return (uint64_t)seconds == realtime_ns / CLOCK_NS_PER_S &&
	       localtime_r(&seconds, tm) != NULL;
}

/* Of the day of begin_ns, or else of the next one, *is_next: the first that is not before it. */
static bool
parse_time_of_day(const char *text, uint64_t begin_ns, uint64_t *realtime_ns, bool *is_next)
{
	struct tm tm;
	struct tm next;
	uint64_t ns;

	if (!day_of(begin_ns, &tm) || !take_time(&text, false, &tm, &ns) || *text != '\0')
		return false;
	next = tm;
	next.tm_mday++;
	if (!combine_local(&tm, ns, realtime_ns))
		return false;
	*is_next = *realtime_ns < begin_ns;
	return !*is_next || combine_local(&next, ns, realtime_ns);
}

#define YESTERDAY "yesterday "

/* text: after YESTERDAY. */
static bool
parse_yesterday(const char *text, uint64_t now_ns, uint64_t *realtime_ns)
{
	struct tm tm;
	uint64_t ns;

	if (now_ns == 0 || !day_of(now_ns, &tm) || !take_time(&text, false, &tm, &ns) ||
		*text != '\0')
		return false;
	tm.tm_mday--;
	return combine_local(&tm, ns, realtime_ns);
}

/* Digits, as many as there are. */
static bool
take_seconds(const char **text, uint64_t *number)
{
	*number = 0;
	if (**text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		*number = *number * 10 + (uint64_t)(**text - '0');
		if (*number > LAST_SECOND)
			return false;
	}
	return true;
}

/* The seconds of a unit, 1 at the end of the text, 0 for what is none. Moves *text behind it. */
static uint64_t
take_unit(const char **text)
{
	static const char letters[] = "dhms";
	static const uint64_t seconds[] = {86400, 3600, 60, 1};
	const char *const letter = **text != '\0' ? strchr(letters, **text) : NULL;

	if (**text == '\0')
		return 1;
	if (letter == NULL)
		return 0;
	(*text)++;
	return seconds[letter - letters];
}

/* "90", "90.5", "1h30m": seconds, or numbers with units. */
static bool
parse_span(const char *text, uint64_t *span_ns)
{
	*span_ns = 0;
	do {
		uint64_t number, fraction_ns, unit, ns;

		if (!take_seconds(&text, &number) || !take_fraction(&text, &fraction_ns))
			return false;
		unit = take_unit(&text);
		if (unit == 0 || (fraction_ns != 0 && unit != 1) ||
			__builtin_mul_overflow(number, unit * CLOCK_NS_PER_S, &ns) ||
			__builtin_add_overflow(*span_ns, ns + fraction_ns, span_ns))
			return false;
	} while (*text != '\0');
	return true;
}

static bool
parse_from_begin(const char *text, uint64_t begin_ns, uint64_t *realtime_ns)
{
	uint64_t span_ns;

	return parse_span(text, &span_ns) &&
	       !__builtin_add_overflow(begin_ns, span_ns, realtime_ns);
}

/* No further back than to 1970. */
static bool
parse_from_end(const char *text, uint64_t end_ns, uint64_t *realtime_ns)
{
	uint64_t span_ns;

	if (end_ns == 0 || !parse_span(text, &span_ns))
		return false;
	*realtime_ns = span_ns < end_ns ? end_ns - span_ns : 0;
	return true;
}

static bool
parse_epoch(const char *text, uint64_t *realtime_ns)
{
	uint64_t seconds, ns;

	return take_seconds(&text, &seconds) && take_fraction(&text, &ns) && *text == '\0' &&
	       combine((int64_t)seconds, ns, realtime_ns);
}

int
clock_parse(const char *text, const struct clock_span *span, uint64_t *realtime_ns)
{
	uint64_t result;
	bool is_next = false;
	bool valid;

	if (text[0] == '+')
		valid = parse_from_begin(text + 1, span->begin_ns, &result);
	else if (text[0] == '-')
		valid = parse_from_end(text + 1, span->end_ns, &result);
	else if (text[0] == '@')
		valid = parse_epoch(text + 1, &result);
	else if (memchr(text, ':', strnlen(text, 3)) != NULL)
		valid = parse_time_of_day(text, span->begin_ns, &result, &is_next);
	else if (strncmp(text, YESTERDAY, strlen(YESTERDAY)) == 0)
		valid = parse_yesterday(text + strlen(YESTERDAY), span->now_ns, &result);
	else
		valid = parse_rfc3339(text, &result);
	if (!valid)
		return -EINVAL;
	*realtime_ns = result;
	return is_next;
}
