/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to the room: words on states and fields that follow from no other table; parts of a
 * topic. */
#ifndef SOCKWATCH_ANALYSIS_TOPIC_TOPIC_TABLES_H
#define SOCKWATCH_ANALYSIS_TOPIC_TOPIC_TABLES_H

#include <stddef.h>

#include <sockwatch/analysis/topic/topic.h>

/* Each text begins small and has no full stop. */
struct topic_row {
	const char *name;
	const char *what;   /* of a field NULL: its table has it */
	const char *normal; /* when it is as it should be */
	const char *many;   /* what many of it, or a large value, mean */
};

extern const struct topic_row topic_states[];
extern const size_t topic_state_count;
/* Fields that a newcomer needs more words for. */
extern const struct topic_row topic_fields[];
extern const size_t topic_field_count;

/* topic_part.c */
extern const char topic_label_what[], topic_label_normal[];
/* A topic without parts. */
void topic_begin(struct topic *topic, enum topic_kind kind, const char *name);
/* One more part; none where the text is NULL or "". */
void topic_add(struct topic *topic, const char *label, const char *text);

#endif
