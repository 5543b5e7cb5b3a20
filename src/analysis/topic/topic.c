/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the words that help is asked for. The rest of the room: topic_states.c and topic_fields.c
 * are the tables that only help needs; counters and rules have their words in tables of their own;
 * topic_of_field.c explains a field by its row, topic_part.c adds parts.
 */
#include <config.h>

#include <sockwatch/analysis/topic/topic.h>

#include <string.h>

#include <sockwatch/analysis/counter/counter_history.h>
#include <sockwatch/analysis/counter/counter_table.h>
#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/base/edit_distance.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/tcp_state.h>

#include "topic_tables.h"

enum { NAME_SIZE = 96 };

static const char label_many[] = "many";

/* A field that several have is explained as the first of them has it. */
static const struct field_table *const tables[] = {&socket_fields, &event_fields, &hop_fields,
	&listener_fields, &destination_fields, &difference_fields, &counter_fields,
	&finding_fields};
enum { TABLES = sizeof tables / sizeof tables[0] };

const char *
topic_kind_name(enum topic_kind kind)
{
	switch (kind) {
	case TOPIC_STATE: return "state";
	case TOPIC_RULE: return "rule of doctor";
	case TOPIC_COUNTER: return "counter";
	case TOPIC_FIELD: return "field";
	case TOPIC_KIND_COUNT: break;
	}
	return "";
}

static bool
state_at(size_t index, struct topic *topic)
{
	const struct topic_row *const row = &topic_states[index];

	if (index >= topic_state_count)
		return false;
	topic_begin(topic, TOPIC_STATE, row->name);
	topic_add(topic, topic_label_what, row->what);
	topic_add(topic, topic_label_normal, row->normal);
	topic_add(topic, label_many, row->many);
	return true;
}

static bool
rule_at(size_t index, struct topic *topic)
{
	char why[FINDING_WHY_SIZE], action[FINDING_ACTION_SIZE];

	if (index >= doctor_rule_count())
		return false;
	topic_begin(topic, TOPIC_RULE, doctor_rule(index).name);
	doctor_rule_sentences(index, why, action);
	topic_add(topic, topic_label_what, doctor_rule(index).help);
	topic_add(topic, "why", why);
	topic_add(topic, "what to do", action);
	return true;
}

static bool
counter_at(size_t index, struct topic *topic)
{
	const struct counter_row *const row = &counter_rows[index];

	if (index >= counter_row_count)
		return false;
	topic_begin(topic, TOPIC_COUNTER, row->name);
	topic_add(topic, topic_label_what, row->words);
	topic_add(topic, topic_label_normal, row->normal);
	topic_add(topic, label_many, row->many);
	return true;
}

static bool
field_at(size_t index, struct topic *topic)
{
	for (size_t i = 0; i < TABLES; i++) {
		if (index < tables[i]->count) {
			topic_of_field(&tables[i]->fields[index], topic);
			return true;
		}
		index -= tables[i]->count;
	}
	return false;
}

bool
topic_at(enum topic_kind kind, size_t index, struct topic *topic)
{
	switch (kind) {
	case TOPIC_STATE: return state_at(index, topic);
	case TOPIC_RULE: return rule_at(index, topic);
	case TOPIC_COUNTER: return counter_at(index, topic);
	case TOPIC_FIELD: return field_at(index, topic);
	case TOPIC_KIND_COUNT: break;
	}
	return false;
}

/* One state, in any spelling; the name of a group of states is no state. */
static bool
find_state(const char *word, struct topic *topic)
{
	const uint32_t set = tcp_state_parse(word, strlen(word));

	for (size_t i = 0; i < topic_state_count; i++) {
		if (text_equal_nocase(text_of(word), topic_states[i].name))
			return state_at(i, topic);
	}
	for (size_t i = 0; i < topic_state_count; i++) {
		const char *const name = topic_states[i].name;

		if (set != 0 && (set & (set - 1)) == 0 &&
			set == tcp_state_parse(name, strlen(name)))
			return state_at(i, topic);
	}
	return false;
}

/* Case is ignored, and close_wait is close-wait. */
static bool
is_same_rule(const char *word, const char *name)
{
	for (; *word != '\0' && *name != '\0'; word++, name++) {
		const char letter = *word == '_' ? '-' : *word;

		if (!text_equal_nocase((struct text){&letter, 1}, (const char[]){*name, '\0'}))
			return false;
	}
	return *word == *name;
}

static bool
find_rule(const char *word, struct topic *topic)
{
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		if (is_same_rule(word, doctor_rule(i).name))
			return rule_at(i, topic);
	}
	return false;
}

/* "TcpExt.ListenDrops" to "TcpExtListenDrops"; returns the member, after the dot. */
static const char *
join(const char *name, char joined[NAME_SIZE])
{
	const char *const dot = strchr(name, '.');

	if (dot == NULL) {
		text_add(joined, NAME_SIZE, 0, "%s", name);
		return name;
	}
	text_add(joined, NAME_SIZE, 0, "%.*s%s", (int)(dot - name), name, dot + 1);
	return dot + 1;
}

/* A whole name comes before a member that other groups may have too. */
static bool
find_counter(const char *word, struct topic *topic)
{
	size_t found = counter_row_count;

	for (size_t i = counter_row_count; i-- > 0;) {
		char joined[NAME_SIZE];
		const char *const member = join(counter_rows[i].name, joined);

		if (text_equal_nocase(text_of(word), counter_rows[i].name) ||
			text_equal_nocase(text_of(word), joined))
			return counter_at(i, topic);
		if (text_equal_nocase(text_of(word), member))
			found = i;
	}
	return counter_at(found, topic);
}

static bool
find_field(const char *word, struct topic *topic)
{
	for (size_t i = 0; i < TABLES; i++) {
		const struct field *const field = field_find(tables[i], word, strlen(word));

		if (field == NULL)
			continue;
		topic_of_field(field, topic);
		return true;
	}
	return false;
}

bool
topic_find(enum topic_kind kind, const char *word, struct topic *topic)
{
	switch (kind) {
	case TOPIC_STATE: return find_state(word, topic);
	case TOPIC_RULE: return find_rule(word, topic);
	case TOPIC_COUNTER: return find_counter(word, topic);
	case TOPIC_FIELD: return find_field(word, topic);
	case TOPIC_KIND_COUNT: break;
	}
	return false;
}

/* ASCII capitals become small letters. */
static struct text
lower(const char *word, char out[NAME_SIZE])
{
	const size_t len = text_add(out, NAME_SIZE, 0, "%s", word);

	for (size_t i = 0; i < len; i++) {
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] - 'A' + 'a');
	}
	return (struct text){out, len};
}

/* How far the word is from the name, as a whole or from its member. */
static size_t
distance_of(struct text word, const struct topic *topic)
{
	char joined[NAME_SIZE], lowered[NAME_SIZE];
	const size_t whole = edit_distance(word, lower(topic->name, lowered));
	size_t member;

	if (topic->kind != TOPIC_COUNTER)
		return whole;
	member = edit_distance(word, lower(join(topic->name, joined), lowered));
	return member < whole ? member : whole;
}

const char *
topic_suggest(const char *word)
{
	char lowered[NAME_SIZE];
	const struct text wanted = lower(word, lowered);
	size_t least = (wanted.len < 4 ? 1 : 1 + wanted.len / 4) + 1;
	const char *nearest = NULL;
	struct topic topic;

	for (int kind = 0; kind < TOPIC_KIND_COUNT; kind++) {
		for (size_t i = 0; topic_at((enum topic_kind)kind, i, &topic); i++) {
			const size_t distance = distance_of(wanted, &topic);

			if (distance >= least)
				continue;
			least = distance;
			nearest = topic.name;
		}
	}
	return nearest;
}
