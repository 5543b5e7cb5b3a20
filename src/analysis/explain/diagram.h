/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The states of RFC 9293 that both ends of a connection have gone through, as two columns from top
 * to bottom: the states so far, the present one, and, dim, those that are left. Pure: states in,
 * lines out.
 */
#ifndef SOCKWATCH_ANALYSIS_EXPLAIN_DIAGRAM_H
#define SOCKWATCH_ANALYSIS_EXPLAIN_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/explain.h>
#include <sockwatch/model/tcp_state.h>

enum { DIAGRAM_STEPS = 12, DIAGRAM_LINES = EXPLAIN_DIAGRAM_LINES, DIAGRAM_TITLE_SIZE = 64 };

struct diagram_step {
	uint8_t state; /* enum tcp_state */
	uint64_t ns;   /* when it was entered; 0: not known */
};

struct diagram_side {
	char title[DIAGRAM_TITLE_SIZE]; /* "us, the client" */
	struct diagram_step steps[DIAGRAM_STEPS];
	size_t count;    /* 0: nothing is known of this side */
	const char *why; /* it did not end as usual: "refused"; or NULL */
	bool over;       /* stays where it is */
};

struct diagram {
	struct diagram_side sides[2]; /* left: ours */
	uint64_t begin_ns;            /* times are shown since then */
	uint64_t now_ns;
};

/* Adds a state; the present one again adds nothing. */
void diagram_enter(struct diagram_side *side, enum tcp_state state, uint64_t ns);
/* At most DIAGRAM_LINES lines of so many columns; how many. */
size_t diagram_make(const struct diagram *diagram, size_t width, bool ascii, struct strip *lines);

#endif
