/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A field in words, from its row in the table: the help text is what it is, with its source in
 * brackets at the end; where the row names none, what the collector must fetch for it shows it.
 */
#include <config.h>

#include <string.h>

#include <sockwatch/stream/needs.h>

#include "topic_tables.h"

static const char *const units[] = {
	[UNIT_NONE] = NULL,
	[UNIT_COUNT] = "a count; from 100,000 on with k, M (thousand, million)",
	[UNIT_BYTES] = "bytes; k, M, G are powers of 1024",
	[UNIT_BYTES_PER_SECOND] = "bytes a second; k, M, G are powers of 1024",
	[UNIT_SEGMENTS] = "segments",
	[UNIT_PERCENT] = "percent",
	[UNIT_US] = "microseconds, shown as us, ms or s",
	[UNIT_MS] = "milliseconds, shown as ms, s, m, h or d",
	[UNIT_S] = "seconds, shown as s, m, h or d",
};

/* The first whose bit is set is the source. */
static const struct {
	uint32_t need;
	const char *source;
} sources[] = {
	{NEED_PACKETS, "captured packets: SYN, FIN and RST"},
	{NEED_NAMES, "the DNS"},
	{NEED_CGROUPS, "/proc/PID/cgroup"},
	{NEED_CMDLINE, "/proc/PID/cmdline"},
	{NEED_OWNERS, "/proc/PID/fd of all processes"},
	{NEED_USERS, "the uid (idiag_uid) and /etc/passwd"},
	{NEED_CLOSINGS, "the kernel's destroy events"},
	{NEED_TCP_INFO, "struct tcp_info"},
};

/* What stands in brackets at the end of the help text; {NULL, 0}: nothing does. */
static struct text
source_in(const char *help)
{
	const size_t len = strlen(help);
	const char *const open = strrchr(help, '(');

	if (open == NULL || len < 2 || help[len - 1] != ')' || open[1] == ')')
		return (struct text){NULL, 0};
	return (struct text){open + 1, (size_t)(help + len - 1 - open - 1)};
}

static void
add_part(struct topic *topic, const char *label, struct text text)
{
	char copy[TOPIC_TEXT_SIZE];

	while (text.len > 0 && text.data[text.len - 1] == ' ')
		text.len--;
	text_add(copy, sizeof copy, 0, "%.*s", (int)text.len, text.data);
	topic_add(topic, label, copy);
}

static void
add_source(struct topic *topic, const struct field *field)
{
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		if ((field->needs & sources[i].need) == 0)
			continue;
		topic_add(topic, "from", sources[i].source);
		return;
	}
}

void
topic_of_field(const struct field *field, struct topic *topic)
{
	const struct text source = source_in(field->help);
	const size_t len =
		source.data != NULL ? (size_t)(source.data - 1 - field->help) : strlen(field->help);

	topic_begin(topic, TOPIC_FIELD, field->name);
	topic->heading = field->title;
	add_part(topic, topic_label_what, (struct text){field->help, len});
	if (source.data != NULL)
		add_part(topic, "from", source);
	else
		add_source(topic, field);
	topic_add(topic, "unit", units[field->unit]);
	if (field->words != NULL && strstr(field->help, field->words) == NULL)
		topic_add(topic, "values", field->words);
	for (size_t i = 0; i < topic_field_count; i++) {
		if (strcmp(topic_fields[i].name, field->name) != 0)
			continue;
		topic_add(topic, topic_label_normal, topic_fields[i].normal);
		topic_add(topic, "if not", topic_fields[i].many);
	}
}
