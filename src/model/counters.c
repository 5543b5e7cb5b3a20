/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the counters of /proc/net in their two layouts; counter_names.c gives each its index. snmp
 * and netstat: a line of names above a line of values, both begun by the group's name; columns come
 * and go (IcmpMsg has only those that are not zero), so they are counted again in each pair.
 * sockstat: one line a group, names and values in turn. snmp6: one line a value, group and member
 * in one word.
 */
#include <config.h>

#include <sockwatch/model/counters.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counter_names.h"

/* One reading: whose, into what, and the name that came last. */
struct reading {
	struct counters *counters;
	struct counter_names *names;
	enum counter_source source;
	size_t last;
};

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* Cuts the next word off; false at the end. */
static bool
next_word(struct text *rest, struct text *word)
{
	while (rest->len != 0 && is_blank(*rest->data)) {
		rest->data++;
		rest->len--;
	}
	*word = (struct text){rest->data, 0};
	while (rest->len != 0 && !is_blank(*rest->data)) {
		rest->data++;
		rest->len--;
		word->len++;
	}
	return word->len != 0;
}

/* "Tcp:" at the start of the line to "Tcp"; false when it has none. */
static bool
cut_group(struct text *line, struct text *group)
{
	if (!next_word(line, group) || group->data[group->len - 1] != ':')
		return false;
	group->len--;
	return true;
}

static bool
read_number(struct text word, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < word.len; i++) {
		const unsigned int digit = (unsigned char)word.data[i] - (unsigned int)'0';

		if (digit > 9 || *number > (UINT64_MAX - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	return word.len != 0;
}

/* Makes room for `count` counters; the new ones are not known. */
static bool
grow(struct counters *counters, size_t count)
{
	struct counter_reading *const rows = reallocarray(counters->rows, count, sizeof *rows);

	if (rows == NULL)
		return false;
	memset(rows + counters->count, 0, (count - counters->count) * sizeof *rows);
	counters->rows = rows;
	counters->count = count;
	return true;
}

int
counters_init(struct counters *counters)
{
	*counters = (struct counters){.rows = NULL};
	return grow(counters, COUNTER_COUNT) ? 0 : -ENOMEM;
}

void
counters_fini(struct counters *counters)
{
	free(counters->rows);
	*counters = (struct counters){.rows = NULL};
}

void
counters_clear(struct counters *counters)
{
	struct counter_reading *const rows = counters->rows;
	const size_t count = counters->count;

	if (count > 0)
		memset(rows, 0, count * sizeof *rows);
	*counters = (struct counters){.rows = rows, .count = count};
}

static void
take_value(struct reading *reading, struct text group, struct text member, struct text word)
{
	struct counters *const counters = reading->counters;
	const size_t at =
		counter_names_take(reading->names, reading->last, reading->source, group, member);

	if (at == COUNTERS_MAX)
		return;
	reading->last = at;
	if (at >= counters->count && !grow(counters, counter_names_count(reading->names)))
		return;
	counters->rows[at].known = read_number(word, &counters->rows[at].value);
}

/* names and values are what stands behind the group. */
static void
take_columns(struct reading *reading, struct text group, struct text names, struct text values)
{
	struct text name, value;

	while (next_word(&names, &name) && next_word(&values, &value))
		take_value(reading, group, name, value);
}

static void
take_pairs(struct reading *reading, struct text group, struct text line)
{
	struct text name, value;

	while (next_word(&line, &name) && next_word(&line, &value))
		take_value(reading, group, name, value);
}

static void
read_columns(struct reading *reading, struct text rest)
{
	struct text names, values, group, group_of_values;

	while (text_next_line(&rest, &names)) {
		struct text after = rest;

		if (!cut_group(&names, &group))
			continue;
		if (!text_next_line(&after, &values) || !cut_group(&values, &group_of_values) ||
			!text_equal(group, group_of_values))
			continue;
		take_columns(reading, group, names, values);
		rest = after;
	}
}

static void
read_pairs(struct reading *reading, struct text rest)
{
	struct text line, group;

	while (text_next_line(&rest, &line)) {
		if (cut_group(&line, &group))
			take_pairs(reading, group, line);
	}
}

static void
read_lines(struct reading *reading, struct text rest)
{
	struct text line, name, value;

	while (text_next_line(&rest, &line)) {
		if (next_word(&line, &name) && next_word(&line, &value))
			take_value(reading, text_of(""), name, value);
	}
}

/* What the file had before is that of the reading before; none of it is known any more. */
static void
set_aside(const struct reading *reading)
{
	for (size_t i = 0; i < reading->counters->count; i++) {
		struct counter_reading *const row = &reading->counters->rows[i];

		if (counter_names_source(reading->names, i) != reading->source)
			continue;
		/* Half of it: the other is that it is known again. */
		row->has_rate = reading->counters->are_held ? row->is_held : row->known;
		if (!reading->counters->are_held)
			row->previous = row->value;
		row->known = false;
	}
}

/* The time of this reading, and until when the values of the reading before held. */
static void
set_times(struct counters *counters, const struct message_counters *message)
{
	uint64_t *const before_ns = &counters->previous_monotonic_ns[message->source];
	uint64_t *const now_ns = &counters->monotonic_ns[message->source];

	if (!counters->are_held)
		*before_ns = *now_ns;
	if (!counters->are_held && *now_ns != 0 && message->unchanged_ns > *now_ns &&
		message->unchanged_ns < message->monotonic_ns)
		*before_ns = message->unchanged_ns;
	*now_ns = message->monotonic_ns;
}

void
counters_read(struct counters *counters, struct counter_names *names,
	const struct message_counters *message)
{
	const enum counter_source source = message->source;
	struct reading reading = {counters, names, source, COUNTERS_MAX};

	if ((unsigned int)source >= COUNTER_SOURCES)
		return;
	set_times(counters, message);
	set_aside(&reading);
	if (source == COUNTER_SNMP || source == COUNTER_NETSTAT || source == COUNTER_CONNTRACK)
		read_columns(&reading, message->text);
	else if (source == COUNTER_SNMP6)
		read_lines(&reading, message->text);
	else
		read_pairs(&reading, message->text);
	for (size_t i = 0; i < counters->count; i++)
		counters->rows[i].has_rate &= counters->rows[i].known;
}

void
counters_hold(struct counters *counters, uint64_t monotonic_ns)
{
	bool is_read = false;

	for (size_t i = 0; i < COUNTER_SOURCES; i++)
		is_read = is_read || counters->monotonic_ns[i] != 0;
	if (!is_read)
		return;
	counters->are_held = true;
	for (size_t i = 0; i < COUNTER_SOURCES; i++)
		counters->previous_monotonic_ns[i] = monotonic_ns;
	for (size_t i = 0; i < counters->count; i++) {
		struct counter_reading *const row = &counters->rows[i];

		row->previous = row->value;
		row->is_held = row->known;
		row->has_rate = false;
	}
}

void
counters_hold_until(struct counters *counters, uint64_t monotonic_ns)
{
	for (size_t i = 0; i < COUNTER_SOURCES; i++)
		if (counters->are_held && counters->monotonic_ns[i] != 0)
			counters->monotonic_ns[i] = monotonic_ns;
}

static bool
rate_of(const struct counters *counters, enum counter_source source, size_t index, double *rate)
{
	const uint64_t before = counters->previous_monotonic_ns[source];
	const uint64_t now = counters->monotonic_ns[source];
	const struct counter_reading *row;

	if (index >= counters->count || now <= before)
		return false;
	row = &counters->rows[index];
	if (!row->has_rate)
		return false;
	/* Some are gauges, which fall. */
	*rate = (double)(int64_t)(row->value - row->previous) / ((double)(now - before) / 1e9);
	return true;
}

bool
counters_rate(const struct counters *counters, enum counter counter, double *rate)
{
	return rate_of(counters, counter_definition_source(counter), counter, rate);
}

bool
counters_rate_of(const struct counters *counters, const struct counter_names *names, size_t index,
	double *rate)
{
	return rate_of(counters, counter_names_source(names, index), index, rate);
}
