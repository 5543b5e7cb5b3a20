/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the wire shows of the one connection whose page is open: its conversation, kept when the
 * model has forgotten it, and its segments.
 */
#ifndef SOCKWATCH_TUI_DETAIL_LIFE_H
#define SOCKWATCH_TUI_DETAIL_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/model.h>

#include "diagram.h"
#include "ladder.h"
#include "tui/table/identity.h"

struct life {
	bool known; /* the conversation has been seen */
	struct conversation conversation;
	uint32_t slot;
	uint8_t us;    /* which of its sides is ours */
	uint64_t next; /* event to look at next */
	struct ladder ladder;
};

void life_begin(struct life *life);
/* Takes in what came since; identity: whose page it is; row: its row, or NULL. */
void life_update(struct life *life, const struct model *model, const struct identity *identity,
	const struct socket_row *row);
/*
 * Whose event it is: its socket, or where none is found the ends of its connection, ours first.
 * false: the event does not name a connection that is known.
 */
bool life_identify(const struct model *model, const struct event *event, struct identity *identity);
/* A row of what the wire shows, for a connection whose socket was never seen. */
void life_row(const struct life *life, const struct model *model, const struct identity *identity,
	struct socket_row *row);
/* ", the client", ", the server"; "" when who opened it was not seen. */
const char *life_part(const struct life *life, bool ours);
/* The states of both sides, from the wire and from the row. */
void life_diagram(const struct life *life, const struct model *model, const struct socket_row *row,
	struct diagram *diagram);

#endif
