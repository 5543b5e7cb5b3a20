/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of one socket, as lines of a page: headings, facts with a label, charts. The table
 * of what stands where is in detail_facts.c, the words for what one number does not say in
 * words.c.
 */
#ifndef SOCKWATCH_TUI_DETAIL_FACTS_H
#define SOCKWATCH_TUI_DETAIL_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/model/history.h>
#include <sockwatch/model/model.h>

#include "life.h"

enum facts_kind { FACTS_HEADING, FACTS_FACT, FACTS_MORE, FACTS_CHART, FACTS_STRIP, FACTS_BLANK };

enum { FACTS_LABEL_SIZE = 48, FACTS_TEXT_SIZE = 240, FACTS_MAX = 240, FACTS_LABEL_WIDTH = 16 };

struct facts_line {
	enum facts_kind kind;
	enum history_series series; /* of FACTS_CHART */
	size_t strip;               /* of FACTS_STRIP: which line of the diagram */
	char label[FACTS_LABEL_SIZE];
	char text[FACTS_TEXT_SIZE]; /* clean */
};

struct facts {
	struct facts_line lines[FACTS_MAX];
	size_t count;
	size_t width; /* columns of a line */
};

/* What the words are made of. */
struct facts_source {
	const struct model *model;
	const struct socket_row *row;   /* as it is, or was last */
	const struct socket_row *lived; /* with tcp_info as it had last; the same while it lives */
	bool wire_only;                 /* row tells what the wire does */
	const char *process;            /* whose it was before nobody had it, or "" */
	struct field_context context;
	const struct life *life;
	bool ascii;
	struct strip *diagram; /* DIAGRAM_LINES of them: the diagram is written here */
};

void facts_begin(struct facts *facts, size_t width);
void facts_heading(struct facts *facts, const char *title);
/* Nothing for an empty text; a long one goes on in further lines. */
void facts_add(struct facts *facts, const char *label, const char *text);
void facts_strip(struct facts *facts, size_t strip);
void facts_chart(struct facts *facts, const char *label, enum history_series series);

/* detail_facts.c: the page of a socket; right is NULL where there is room for one column only. */
void detail_facts(const struct facts_source *source, struct facts *left, struct facts *right);

#endif
