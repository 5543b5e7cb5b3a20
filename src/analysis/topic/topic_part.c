/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a topic together from its parts. */
#include <config.h>

#include <sockwatch/base/text.h>

#include "topic_tables.h"

const char topic_label_what[] = "what it is";
const char topic_label_normal[] = "normal";

void
topic_begin(struct topic *topic, enum topic_kind kind, const char *name)
{
	topic->kind = kind;
	topic->name = name;
	topic->heading = NULL;
	topic->count = 0;
}

void
topic_add(struct topic *topic, const char *label, const char *text)
{
	if (text == NULL || text[0] == '\0' || topic->count == TOPIC_PARTS)
		return;
	topic->parts[topic->count].label = label;
	text_add(topic->parts[topic->count].text, TOPIC_TEXT_SIZE, 0, "%s", text);
	topic->count++;
}
