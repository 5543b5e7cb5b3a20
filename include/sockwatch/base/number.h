/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers as people write and read them. Bytes: k M G T are powers of 1024. Durations: us ms s m h
 * d.
 */
#ifndef SOCKWATCH_BASE_NUMBER_H
#define SOCKWATCH_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a number counts; decides which suffixes are read and how it is shown. */
enum unit {
	UNIT_NONE,  /* a plain number: an id, a port */
	UNIT_COUNT, /* so many of something */
	UNIT_BYTES,
	UNIT_BYTES_PER_SECOND,
	UNIT_SEGMENTS,
	UNIT_PERCENT,
	UNIT_US,
	UNIT_MS,
	UNIT_S,
};

/* Whole text is a decimal number without sign within [min, max]: 0, else -EINVAL or -ERANGE. */
int number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *number);

/*
 * A number with an optional fraction and a suffix that the unit allows ("100ms" where the unit is
 * UNIT_US gives 100000; "64k" where it is UNIT_BYTES gives 65536; "1M/s" for rates). Without suffix
 * the unit's own scale. 0, or -EINVAL (not a number, a suffix the unit does not know), -ERANGE.
 */
int number_parse_unit(const char *text, size_t len, enum unit unit, double *number);

/* The suffixes that number_parse_unit reads for the unit, for error sentences: "us ms s m h d". */
const char *number_suffixes(enum unit unit);

/*
 * Short text for a table: bytes "0", "812", "1.2k", "64k", "3.4M"; durations "85us", "12ms",
 * "1.2s", "4m", "3h", "12d"; counts below 100000 in full, then "123k"; UNIT_NONE in full where it
 * fits (14 digits always, all 20 from size 25). Rounded down. Returns out. size >= 16.
 */
char *number_format_short(uint64_t number, enum unit unit, char *out, size_t size);
/*
 * Below ten with one decimal unless whole, percents below a hundred always; "?" for a value that
 * is not a number.
 */
char *number_format_real(double number, enum unit unit, char *out, size_t size);

/* Decimal digits of number without NUL at out (20 bytes at most); returns how many. */
size_t number_write_unsigned(uint64_t number, char *out);

/* "s" but for one: "1 socket", "2 sockets". */
static inline const char *
number_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

#endif
