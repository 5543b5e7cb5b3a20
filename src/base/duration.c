/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes durations. Every event of a busy wire has one, hence no printf. */
#include <config.h>

#include <sockwatch/base/duration.h>

#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>

struct writing {
	char text[DURATION_TEXT_SIZE];
	size_t len;
};

static void
add_text(struct writing *writing, const char *text)
{
	const size_t len = strlen(text);

	memcpy(writing->text + writing->len, text, len);
	writing->len += len;
}

static void
add_number(struct writing *writing, uint64_t number)
{
	writing->len += number_write_unsigned(number, writing->text + writing->len);
}

/* whole.tenth */
static void
add_tenths(struct writing *writing, uint64_t tenths, const char *unit)
{
	add_number(writing, tenths / 10);
	add_text(writing, ".");
	add_number(writing, tenths % 10);
	add_text(writing, unit);
}

static void
add_two(struct writing *writing, uint64_t large, uint64_t small, const char *const units[2],
	enum duration_style style)
{
	add_number(writing, large);
	add_text(writing, units[0]);
	if (style == DURATION_SHORT && small < 10)
		add_text(writing, "0");
	add_number(writing, small);
	add_text(writing, units[1]);
}

char *
duration_format(uint64_t ns, enum duration_style style, char *out, size_t size)
{
	static const char *const minutes[][2] = {
		[DURATION_SHORT] = {"m", "s"}, [DURATION_LONG] = {" min ", " s"}};
	static const char *const hours[][2] = {
		[DURATION_SHORT] = {"h", "m"}, [DURATION_LONG] = {" h ", " min"}};
	const uint64_t us = ns / CLOCK_NS_PER_US, s = ns / CLOCK_NS_PER_S;
	struct writing writing = {.len = 0};

	if (size == 0)
		return out;
	if (us < 1000) {
		add_number(&writing, us);
		add_text(&writing, " us");
	} else if (s == 0) {
		add_tenths(&writing, us / 100, " ms");
	} else if (s < 60) {
		add_tenths(&writing, us / 100000, " s");
	} else if (s < 3600) {
		add_two(&writing, s / 60, s % 60, minutes[style], style);
	} else {
		add_two(&writing, s / 3600, s / 60 % 60, hours[style], style);
	}
	if (writing.len >= size)
		writing.len = size - 1;
	memcpy(out, writing.text, writing.len);
	out[writing.len] = '\0';
	return out;
}
