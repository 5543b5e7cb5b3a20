/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the counters of /proc/net in their two layouts. snmp and netstat: a line of names above a
 * line of values, both begun by the group's name; columns come and go (IcmpMsg has only those that
 * are not zero), so they are counted again in each pair. sockstat: one line a group, names and
 * values in turn.
 */
#include <config.h>

#include <sockwatch/model/counters.h>

#include <string.h>

enum { SOURCES = 4 };

static const struct {
	enum counter_source source;
	const char *group;
	const char *member;
} definitions[COUNTER_COUNT] = {
#define COUNTER_PLACE(name, source, group, member) [COUNTER_##name] = {source, group, member},
	COUNTER_LIST(COUNTER_PLACE)
#undef COUNTER_PLACE
};

/* Cuts the next word off; false at the end. */
static bool
next_word(struct text *rest, struct text *word)
{
	while (rest->len != 0 && *rest->data == ' ') {
		rest->data++;
		rest->len--;
	}
	*word = (struct text){rest->data, 0};
	while (rest->len != 0 && *rest->data != ' ') {
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

static void
take_value(struct counters *counters, enum counter_source source, struct text group,
	struct text name, struct text word)
{
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		if (definitions[i].source != source ||
			!text_equal(name, text_of(definitions[i].member)) ||
			!text_equal(group, text_of(definitions[i].group)))
			continue;
		counters->known[i] = read_number(word, &counters->value[i]);
		return;
	}
}

static bool
has_group(enum counter_source source, struct text group)
{
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		if (definitions[i].source == source &&
			text_equal(group, text_of(definitions[i].group)))
			return true;
	}
	return false;
}

/* names and values are what stands behind the group. */
static void
take_columns(struct counters *counters, enum counter_source source, struct text group,
	struct text names, struct text values)
{
	struct text name, value;

	while (next_word(&names, &name) && next_word(&values, &value))
		take_value(counters, source, group, name, value);
}

static void
take_pairs(
	struct counters *counters, enum counter_source source, struct text group, struct text line)
{
	struct text name, value;

	while (next_word(&line, &name) && next_word(&line, &value))
		take_value(counters, source, group, name, value);
}

static void
read_columns(struct counters *counters, enum counter_source source, struct text rest)
{
	struct text names, values, group, group_of_values;

	while (text_next_line(&rest, &names)) {
		struct text after = rest;

		if (!cut_group(&names, &group) || !has_group(source, group))
			continue;
		if (!text_next_line(&after, &values) || !cut_group(&values, &group_of_values) ||
			!text_equal(group, group_of_values))
			continue;
		take_columns(counters, source, group, names, values);
		rest = after;
	}
}

static void
read_pairs(struct counters *counters, enum counter_source source, struct text rest)
{
	struct text line, group;

	while (text_next_line(&rest, &line)) {
		if (cut_group(&line, &group) && has_group(source, group))
			take_pairs(counters, source, group, line);
	}
}

void
counters_read(struct counters *counters, enum counter_source source, struct text text,
	uint64_t monotonic_ns)
{
	bool was_known[COUNTER_COUNT];

	if ((unsigned int)source >= SOURCES)
		return;
	counters->previous_monotonic_ns[source] = counters->monotonic_ns[source];
	counters->monotonic_ns[source] = monotonic_ns;
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		if (definitions[i].source != source)
			continue;
		was_known[i] = counters->known[i];
		counters->previous[i] = counters->value[i];
		counters->known[i] = false;
	}
	if (source == COUNTER_SNMP || source == COUNTER_NETSTAT)
		read_columns(counters, source, text);
	else
		read_pairs(counters, source, text);
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		if (definitions[i].source == source)
			counters->has_rate[i] = was_known[i] && counters->known[i];
	}
}

bool
counters_rate(const struct counters *counters, enum counter counter, double *rate)
{
	const enum counter_source source = definitions[counter].source;
	const uint64_t before = counters->previous_monotonic_ns[source];
	const uint64_t now = counters->monotonic_ns[source];

	if (!counters->has_rate[counter] || now <= before)
		return false;
	/* Some are gauges, which fall. */
	*rate = (double)(int64_t)(counters->value[counter] - counters->previous[counter]) /
		((double)(now - before) / 1e9);
	return true;
}
