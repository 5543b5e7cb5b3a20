/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading numbers. Not strtod, whose decimal point depends on the locale. */
#include <config.h>

#include <sockwatch/base/number.h>

#include <errno.h>
#include <string.h>

struct suffix {
	const char *text;
	double scale;
};

/* In microseconds, whatever the field's own unit is. */
static const struct suffix durations[] = {
	{"us", 1},
	{"ms", 1e3},
	{"s", 1e6},
	{"m", 60e6},
	{"h", 3600e6},
	{"d", 86400e6},
	{NULL, 0},
};

static const struct suffix binary[] = {
	{"k", 0x1p10},
	{"K", 0x1p10},
	{"M", 0x1p20},
	{"G", 0x1p30},
	{"T", 0x1p40},
	{NULL, 0},
};

static const struct suffix decimal[] = {
	{"k", 1e3},
	{"K", 1e3},
	{"M", 1e6},
	{"G", 1e9},
	{"T", 1e12},
	{NULL, 0},
};

static const struct suffix percent[] = {{"%", 1}, {NULL, 0}};

static const struct suffix none[] = {{NULL, 0}};

static const struct unit_reading {
	const struct suffix *suffixes;
	double base; /* the unit's own scale, in the scale of its suffixes */
	const char *names;
} readings[] = {
	[UNIT_NONE] = {none, 1, ""},
	[UNIT_COUNT] = {decimal, 1, "k M G T"},
	[UNIT_BYTES] = {binary, 1, "k M G T"},
	[UNIT_BYTES_PER_SECOND] = {binary, 1, "k M G T k/s M/s G/s T/s"},
	[UNIT_SEGMENTS] = {decimal, 1, "k M G T"},
	[UNIT_PERCENT] = {percent, 1, "%"},
	[UNIT_US] = {durations, 1, "us ms s m h d"},
	[UNIT_MS] = {durations, 1e3, "us ms s m h d"},
	[UNIT_S] = {durations, 1e6, "us ms s m h d"},
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int
number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;
	bool overflow = false;

	if (*text == '\0')
		return -EINVAL;
	for (; *text != '\0'; text++) {
		if (!is_digit(*text))
			return -EINVAL;
		overflow |= __builtin_mul_overflow(value, UINT64_C(10), &value);
		overflow |= __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value);
	}
	if (overflow || value < min || value > max)
		return -ERANGE;
	*number = value;
	return 0;
}

/*
 * Digits with an optional fraction at the start of text. Returns the bytes read, 0 when there is no
 * number. 19 digits are exact in 64 bits; what follows them only shifts the decimal point.
 */
static size_t
parse_decimal(const char *text, size_t len, double *number)
{
	uint64_t mantissa = 0;
	double up = 1;
	double down = 1;
	size_t digits = 0;
	size_t at = 0;
	bool fraction = false;

	for (; at < len; at++) {
		if (text[at] == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (!is_digit(text[at]))
			break;
		digits++;
		if (mantissa < UINT64_C(1000000000000000000)) {
			mantissa = mantissa * 10 + (uint64_t)(text[at] - '0');
			down *= fraction ? 10 : 1;
		} else {
			up *= fraction ? 1 : 10;
		}
	}
	if (digits == 0 || text[at - 1] == '.')
		return 0;
	*number = (double)mantissa * up / down;
	return at;
}

static int
find_scale(const char *text, size_t len, enum unit unit, double *scale)
{
	const struct unit_reading *const reading = &readings[unit];

	*scale = reading->base;
	if (unit == UNIT_BYTES_PER_SECOND && len >= 2 && memcmp(text + len - 2, "/s", 2) == 0)
		len -= 2;
	/* "64kB" is as good as "64k". */
	if (reading->suffixes == binary && len >= 1 && text[len - 1] == 'B')
		len--;
	if (len == 0)
		return 0;
	for (const struct suffix *suffix = reading->suffixes; suffix->text != NULL; suffix++) {
		if (strlen(suffix->text) == len && memcmp(suffix->text, text, len) == 0) {
			*scale = suffix->scale;
			return 0;
		}
	}
	return -EINVAL;
}

int
number_parse_unit(const char *text, size_t len, enum unit unit, double *number)
{
	const size_t digits = parse_decimal(text, len, number);
	double scale;

	if (digits == 0 || find_scale(text + digits, len - digits, unit, &scale) != 0)
		return -EINVAL;
	*number = *number * scale / readings[unit].base;
	/* Every field is at most a uint64_t. */
	if (!(*number < 0x1p64))
		return -ERANGE;
	return 0;
}

const char *
number_suffixes(enum unit unit)
{
	return readings[unit].names;
}
