/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing numbers: for each cell of each row, hence without printf. */
#include <config.h>

#include <sockwatch/base/number.h>

#include <math.h>
#include <string.h>

/* One of them is chosen: the largest that is not more than the number. */
struct step {
	uint64_t size;
	const char *suffix;
	bool tenths; /* below ten: 1.2k, 3.4ms, but not 4.5m, which reads as a number of minutes */
};

static const struct step binary[] = {
	{UINT64_C(1) << 60, "E", true},
	{UINT64_C(1) << 50, "P", true},
	{UINT64_C(1) << 40, "T", true},
	{UINT64_C(1) << 30, "G", true},
	{UINT64_C(1) << 20, "M", true},
	{UINT64_C(1) << 10, "k", true},
	{1, "", false},
};

static const struct step decimal[] = {
	{UINT64_C(1000000000000000000), "E", true},
	{UINT64_C(1000000000000000), "P", true},
	{UINT64_C(1000000000000), "T", true},
	{UINT64_C(1000000000), "G", true},
	{UINT64_C(1000000), "M", true},
	{UINT64_C(1000), "k", true},
	{1, "", false},
};

static const struct step from_us[] = {
	{UINT64_C(86400000000), "d", false},
	{UINT64_C(3600000000), "h", false},
	{UINT64_C(60000000), "m", false},
	{UINT64_C(1000000), "s", true},
	{UINT64_C(1000), "ms", true},
	{1, "us", false},
};

static const struct step from_ms[] = {
	{UINT64_C(86400000), "d", false},
	{UINT64_C(3600000), "h", false},
	{UINT64_C(60000), "m", false},
	{UINT64_C(1000), "s", true},
	{1, "ms", false},
};

static const struct step from_s[] = {
	{UINT64_C(86400), "d", false},
	{UINT64_C(3600), "h", false},
	{UINT64_C(60), "m", false},
	{1, "s", false},
};

static const struct unit_writing {
	const struct step *steps; /* the last is the unit itself */
	uint64_t in_full;         /* up to this no step is taken */
	const char *own;          /* what follows a number that was not stepped down */
} writings[] = {
	[UNIT_NONE] = {decimal, UINT64_MAX, ""},
	[UNIT_COUNT] = {decimal, 99999, ""},
	[UNIT_BYTES] = {binary, 0, ""},
	[UNIT_BYTES_PER_SECOND] = {binary, 0, ""},
	[UNIT_SEGMENTS] = {decimal, 99999, ""},
	[UNIT_PERCENT] = {decimal, 99999, "%"},
	[UNIT_US] = {from_us, 0, "us"},
	[UNIT_MS] = {from_ms, 0, "ms"},
	[UNIT_S] = {from_s, 0, "s"},
};

static const char two_digits[] = "00010203040506070809"
				 "10111213141516171819"
				 "20212223242526272829"
				 "30313233343536373839"
				 "40414243444546474849"
				 "50515253545556575859"
				 "60616263646566676869"
				 "70717273747576777879"
				 "80818283848586878889"
				 "90919293949596979899";

static size_t
count_digits(uint64_t number)
{
	size_t count = 1;

	for (; number >= 10000; number /= 10000)
		count += 4;
	return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

size_t
number_write_unsigned(uint64_t number, char *out)
{
	const size_t count = count_digits(number);
	size_t at = count;

	while (number >= 100) {
		at -= 2;
		memcpy(out + at, two_digits + number % 100 * 2, 2);
		number /= 100;
	}
	if (number >= 10)
		memcpy(out, two_digits + number * 2, 2);
	else
		out[0] = (char)('0' + number);
	return count;
}

/* 16 bytes are promised: so many digits leave room for a sign and the NUL. */
static const uint64_t largest_in_16 = UINT64_C(99999999999999);

static size_t
write_text(char *out, const char *text)
{
	const size_t len = strlen(text);

	memcpy(out, text, len + 1);
	return len;
}

/* Rounded down: what is shown is never more than there is, and 1023k does not become 1024k. */
static void
write_step(uint64_t number, const struct step *step, char *out)
{
	/* 2^64 seconds are too many days for 16 bytes; nobody will live to see the cut. */
	const uint64_t whole = number / step->size < 999999999 ? number / step->size : 999999999;

	out += number_write_unsigned(whole, out);
	if (step->tenths && whole < 10) {
		*out++ = '.';
		*out++ = (char)('0' + number % step->size * 10 / step->size);
	}
	write_text(out, step->suffix);
}

char *
number_format_short(uint64_t number, enum unit unit, char *out, size_t size)
{
	const struct unit_writing *const writing = &writings[unit];
	const struct step *step = writing->steps;

	if (number <= writing->in_full && (number <= largest_in_16 || size > 24)) {
		write_text(out + number_write_unsigned(number, out), writing->own);
		return out;
	}
	while (step->size > 1 && number < step->size)
		step++;
	write_step(number, step, out);
	if (unit == UNIT_PERCENT)
		write_text(out + strlen(out), writing->own);
	return out;
}

char *
number_format_real(double number, enum unit unit, char *out, size_t size)
{
	const uint64_t tenths_below = unit == UNIT_PERCENT ? 100 : 10;
	uint64_t tenths;

	if (!isfinite(number)) {
		write_text(out, "?");
		return out;
	}
	if (number < 0) {
		out[0] = '-';
		number_format_real(-number, unit, out + 1, size - 1);
		return out;
	}
	if (number >= 0x1p63)
		return number_format_short(UINT64_MAX, unit, out, size);
	tenths = number < (double)tenths_below ? (uint64_t)(number * 10 + 0.5) : UINT64_MAX;
	/* A whole number of things has no tenths; a share always has them, to stand in line. */
	if (tenths < tenths_below * 10 &&
		(unit == UNIT_PERCENT || tenths % 10 != 0 || tenths == 0)) {
		char *end = out + number_write_unsigned(tenths / 10, out);

		if (number > 0 || unit == UNIT_PERCENT) {
			*end++ = '.';
			*end++ = (char)('0' + tenths % 10);
		}
		write_text(end, writings[unit].own);
		return out;
	}
	return number_format_short((uint64_t)(number + 0.5), unit, out, size);
}
