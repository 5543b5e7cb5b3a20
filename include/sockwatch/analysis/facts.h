/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a page: headings, facts with a label, charts, lines of a diagram. They are data; the
 * screen draws them, and explain.h fills them with what is known of one socket.
 */
#ifndef SOCKWATCH_ANALYSIS_FACTS_H
#define SOCKWATCH_ANALYSIS_FACTS_H

#include <stddef.h>

#include <sockwatch/model/history.h>
#include <sockwatch/stream/message.h>

enum facts_kind { FACTS_HEADING, FACTS_FACT, FACTS_MORE, FACTS_CHART, FACTS_STRIP, FACTS_BLANK };

enum { FACTS_LABEL_SIZE = 48, FACTS_TEXT_SIZE = 240, FACTS_MAX = 240, FACTS_LABEL_WIDTH = 16 };

struct facts_line {
	enum facts_kind kind;
	enum history_series series; /* for FACTS_CHART */
	size_t strip;               /* for FACTS_STRIP: which line of the diagram */
	enum severity severity;     /* for FACTS_FACT and FACTS_MORE: of what it shows */
	char label[FACTS_LABEL_SIZE];
	char text[FACTS_TEXT_SIZE]; /* clean */
};

struct facts {
	struct facts_line lines[FACTS_MAX];
	size_t count;
	size_t width; /* columns of a line */
};

void facts_begin(struct facts *facts, size_t width);
void facts_heading(struct facts *facts, const char *title);
/* An empty text adds nothing; a long one goes on in further lines. */
void facts_add(struct facts *facts, enum severity severity, const char *label, const char *text);
void facts_strip(struct facts *facts, size_t strip);
void facts_chart(struct facts *facts, const char *label, enum history_series series);

#endif
