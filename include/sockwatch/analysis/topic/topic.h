/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Help that teaches: what a word of the screen is, when it is as it should be, and what many of it
 * mean. A word is a state of TCP, a counter of the kernel, a field (a column) or a rule of doctor.
 * Its texts come from the tables of these; help screen, `sockwatch help` and the manual print them.
 * Pure.
 */
#ifndef SOCKWATCH_ANALYSIS_TOPIC_TOPIC_H
#define SOCKWATCH_ANALYSIS_TOPIC_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/finding.h>

enum topic_kind {
	TOPIC_STATE,
	TOPIC_RULE,
	TOPIC_COUNTER,
	TOPIC_FIELD,
	TOPIC_KIND_COUNT,
};

enum { TOPIC_PARTS = 5, TOPIC_TEXT_SIZE = FINDING_ACTION_SIZE };

struct topic {
	enum topic_kind kind;
	const char *name;    /* "CLOSE-WAIT", "TcpExt.ListenDrops", "recv_q", "close-wait" */
	const char *heading; /* of a column, "RECV-Q"; else NULL */
	struct {
		const char *label; /* "normal"; begins small */
		char text[TOPIC_TEXT_SIZE];
	} parts[TOPIC_PARTS];
	size_t count; /* of the parts */
};

/* "state", "rule of doctor", "counter", "field". */
const char *topic_kind_name(enum topic_kind kind);
/* The index-th topic of the kind, in the order of its table; false at the end. */
bool topic_at(enum topic_kind kind, size_t index, struct topic *topic);
/*
 * The topic of this kind that the word names; false: none. Case is ignored; states in every
 * spelling, counters as nstat has them or by their member alone, fields by alias too.
 */
bool topic_find(enum topic_kind kind, const char *word, struct topic *topic);
/* The topic of a field of any table: what it is, from where, its unit, and more where it is known.
 */
void topic_of_field(const struct field *field, struct topic *topic);
/* The name of a topic that is near to a misspelt word, or NULL. */
const char *topic_suggest(const char *word);

#endif
