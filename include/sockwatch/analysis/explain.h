/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One socket in words: what a number alone does not show, grouped by the question that it answers.
 * Pure: a row and what the wire showed in, text out. A text is "" where nothing is known.
 */
#ifndef SOCKWATCH_ANALYSIS_EXPLAIN_H
#define SOCKWATCH_ANALYSIS_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/facts.h>
#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/strip.h>
#include <sockwatch/analysis/wire_history.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/model.h>

/* What the words are made from. */
struct explain_source {
	const struct model *model;
	const struct socket_row *row; /* as it is, or was last */
	const struct socket_row
		*figures;    /* with tcp_info as it had last; the same while it lives */
	bool lives;          /* it lives, or did while the page was open: facts may still come */
	bool wire_only;      /* no socket was found: row holds what the wire shows */
	const char *process; /* the last known owner of a socket without one, or "" */
	struct field_context context;
	const struct wire_history *wire;
	bool ascii;
	struct strip *diagram; /* EXPLAIN_DIAGRAM_LINES of them: the diagram is written here */
};

enum { EXPLAIN_DIAGRAM_LINES = 32 };

/* The page of a socket; right is NULL where there is room for one column only. */
void explain_facts(const struct explain_source *source, struct facts *left, struct facts *right);
/* "nginx, process 812". */
void explain_process(const struct explain_source *source, char *out, size_t size);
/* "ESTABLISHED", "TIME-WAIT: closed by us", "closed: reset by peer after data". */
void explain_outcome(
	const struct socket_row *row, const struct wire_history *wire, char *out, size_t size);
/* What an event means for its connection, for its colour. */
enum meaning explain_event_kind(enum event_kind kind);

#endif
