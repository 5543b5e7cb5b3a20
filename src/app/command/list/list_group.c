/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of a group, made from the fields of a socket: common values, counts, sums. */
#include <config.h>

#include "list_group.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>

static void
get_key(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct view_group *const group = row;

	(void)field;
	(void)context;
	/* Sockets whose value is not known are a group too. */
	value->kind = group->key[0] != '\0' ? VALUE_TEXT : VALUE_UNKNOWN;
	value->text = text_of(group->key);
}

static void
get_count(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct view_group *const group = row;

	(void)field;
	(void)context;
	value->kind = VALUE_UNSIGNED;
	value->at_least = false;
	value->number = group->count;
}

static void
get_state(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct view_group *const group = row;

	(void)context;
	value->kind = VALUE_UNSIGNED;
	value->at_least = false;
	value->number = group->by_state[field->argument];
}

static void
get_sum(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct view_group *const group = row;
	const double sum = group->sums[field->argument];

	(void)context;
	value->at_least = false;
	if (isnan(sum)) {
		value->kind = VALUE_UNKNOWN;
	} else if (field->kind == VALUE_REAL) {
		value->kind = VALUE_REAL;
		value->real = sum;
	} else {
		value->kind = VALUE_UNSIGNED;
		value->number = (uint64_t)sum;
	}
}

static const struct group_state {
	const char *name;
	const char *title;
	enum tcp_state state;
	bool is_telling; /* worth a column of text */
} states[] = {
	{"listen", "LISTEN", TCP_STATE_LISTEN, true},
	{"syn_sent", "SYN-SENT", TCP_STATE_SYN_SENT, false},
	{"syn_received", "SYN-RECV", TCP_STATE_SYN_RECEIVED, false},
	{"established", "ESTAB", TCP_STATE_ESTABLISHED, true},
	{"fin_wait_1", "FIN-WAIT-1", TCP_STATE_FIN_WAIT_1, false},
	{"fin_wait_2", "FIN-WAIT-2", TCP_STATE_FIN_WAIT_2, false},
	{"close_wait", "CLOSE-WAIT", TCP_STATE_CLOSE_WAIT, true},
	{"closing", "CLOSING", TCP_STATE_CLOSING, false},
	{"last_ack", "LAST-ACK", TCP_STATE_LAST_ACK, false},
	{"time_wait", "TIME-WAIT", TCP_STATE_TIME_WAIT, true},
	{"closed", "CLOSED", TCP_STATE_CLOSED, false},
};

static void
add(struct list_group *group, struct field field)
{
	group->fields[group->count] = field;
	group->shown[group->count] = &group->fields[group->count];
	group->count++;
}

static void
add_counts(struct list_group *group, bool all_states)
{
	add(group, (struct field){
			   .name = "sockets",
			   .title = "SOCKETS",
			   .help = "how many sockets",
			   .kind = VALUE_UNSIGNED,
			   .unit = UNIT_COUNT,
			   .flags = FIELD_REPORT | FIELD_RIGHT,
			   .get = get_count,
		   });
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		if (!all_states && !states[i].is_telling)
			continue;
		add(group, (struct field){
				   .name = states[i].name,
				   .title = states[i].title,
				   .help = "how many are in this state",
				   .kind = VALUE_UNSIGNED,
				   .unit = UNIT_COUNT,
				   .flags = FIELD_REPORT | FIELD_RIGHT,
				   .argument = (int)states[i].state,
				   .get = get_state,
			   });
	}
}

int
list_group_init(struct list_group *group, const struct field *by, const struct field *const *sums,
	size_t sum_count, bool strict, bool all_states, struct error *error)
{
	struct field key = *by;

	group->count = 0;
	key.kind = VALUE_TEXT;
	key.unit = UNIT_NONE;
	key.flags = FIELD_REPORT | FIELD_STRETCH;
	key.get = get_key;
	add(group, key);
	add_counts(group, all_states);
	for (size_t i = 0; i < sum_count; i++) {
		const ptrdiff_t index = sums[i] - socket_fields.fields;
		struct field sum = *sums[i];

		if (sums[i] == by || index < 0 || index >= VIEW_FIELDS_MAX)
			continue;
		if ((sum.flags & FIELD_SUM) == 0) {
			if (!strict)
				continue;
			error_set(
				error, "--fields: %s has no sum that a group could show", sum.name);
			return -EINVAL;
		}
		if (group->count == LIST_GROUP_FIELDS_MAX)
			break;
		sum.argument = (int)index;
		sum.get = get_sum;
		add(group, sum);
	}
	return 0;
}
