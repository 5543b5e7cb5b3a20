/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of counters, each once for all namespaces. A kernel prints the same names in the same
 * order at each reading, so the next name is nearly always the one that followed the last time.
 */
#include <config.h>

#include "counter_names.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_SIZE = 16, MEMBER_SIZE = 48, FIRST_ROOM = 512 };

struct name {
	char group[GROUP_SIZE], member[MEMBER_SIZE];
	uint8_t source;
	bool is_gauge;
	uint16_t next; /* the index of the name that followed this one in its group; or itself */
};

struct counter_names {
	struct name *rows;
	size_t count, room;
	uint64_t refused;
};

static const struct {
	enum counter_source source;
	const char *group;
	const char *member;
} definitions[COUNTER_COUNT] = {
#define COUNTER_PLACE(name, source, group, member) [COUNTER_##name] = {source, group, member},
	COUNTER_LIST(COUNTER_PLACE)
#undef COUNTER_PLACE
};

/* Counters that are settings or states (RFC 1213, RFC 4022), not counts. */
static const char *const gauges[] = {
	"Ip.Forwarding",
	"Ip.DefaultTTL",
	"Tcp.RtoAlgorithm",
	"Tcp.RtoMin",
	"Tcp.RtoMax",
	"Tcp.MaxConn",
	"Tcp.CurrEstab",
	"MPTcpExt.MPCurrEstab",
	"Conntrack.entries",
};

enum counter_source
counter_definition_source(enum counter counter)
{
	return definitions[counter].source;
}

static bool
is(const struct name *row, enum counter_source source, struct text group, struct text member)
{
	return row->source == source && text_equal(member, text_of(row->member)) &&
	       text_equal(group, text_of(row->group));
}

static bool
is_gauge(const struct name *row)
{
	char joined[GROUP_SIZE + MEMBER_SIZE];

	if (row->source == COUNTER_SOCKSTAT || row->source == COUNTER_SOCKSTAT6)
		return true;
	if (row->source == COUNTER_SNMP6)
		return false;
	text_add(joined, sizeof joined, 0, "%s.%s", row->group, row->member);
	for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++) {
		if (strcmp(joined, gauges[i]) == 0)
			return true;
	}
	return false;
}

static size_t
append(struct counter_names *names, enum counter_source source, struct text group,
	struct text member)
{
	struct name *row;

	if (names->count == COUNTERS_MAX || group.len >= GROUP_SIZE || member.len >= MEMBER_SIZE)
		return COUNTERS_MAX;
	if (names->count == names->room) {
		const size_t room = names->room == 0 ? FIRST_ROOM : 2 * names->room;
		struct name *const rows = reallocarray(names->rows, room, sizeof *rows);

		if (rows == NULL)
			return COUNTERS_MAX;
		names->rows = rows;
		names->room = room;
	}
	row = &names->rows[names->count];
	memset(row, 0, sizeof *row);
	memcpy(row->group, group.data, group.len);
	memcpy(row->member, member.data, member.len);
	row->source = (uint8_t)source;
	row->is_gauge = is_gauge(row);
	row->next = (uint16_t)names->count;
	return names->count++;
}

struct counter_names *
counter_names_new(void)
{
	struct counter_names *const names = calloc(1, sizeof *names);

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		if (append(names, definitions[i].source, text_of(definitions[i].group),
			    text_of(definitions[i].member)) != i) {
			counter_names_free(names);
			return NULL;
		}
	}
	return names;
}

void
counter_names_free(struct counter_names *names)
{
	if (names == NULL)
		return;
	free(names->rows);
	free(names);
}

size_t
counter_names_count(const struct counter_names *names)
{
	return names->count;
}

enum counter_source
counter_names_source(const struct counter_names *names, size_t index)
{
	return names->rows[index].source;
}

uint64_t
counter_names_refused(const struct counter_names *names)
{
	return names->refused;
}

size_t
counter_names_take(struct counter_names *names, size_t last, enum counter_source source,
	struct text group, struct text member)
{
	size_t at = last < names->count ? names->rows[last].next : 0;

	if (!is(&names->rows[at], source, group, member)) {
		for (at = 0; at < names->count; at++) {
			if (is(&names->rows[at], source, group, member))
				break;
		}
		if (at == names->count)
			at = append(names, source, group, member);
	}
	if (at == COUNTERS_MAX)
		names->refused++;
	else if (last < names->count)
		names->rows[last].next = (uint16_t)at;
	return at;
}

struct counter_name
counter_name(const struct counter_names *names, size_t index)
{
	const struct name *const row = &names->rows[index];

	return (struct counter_name){row->group, row->member, row->source, row->is_gauge};
}
