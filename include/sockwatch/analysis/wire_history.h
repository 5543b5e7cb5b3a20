/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the wire shows of the one connection whose page is open: its conversation, kept when the
 * model has forgotten it, and its segments.
 */
#ifndef SOCKWATCH_ANALYSIS_WIRE_HISTORY_H
#define SOCKWATCH_ANALYSIS_WIRE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/ladder.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/model.h>

struct wire_history {
	bool known; /* the conversation has been seen */
	struct conversation conversation;
	uint8_t us;    /* which of its sides is ours */
	uint64_t next; /* event to look at next */
	struct ladder ladder;
};

void wire_history_begin(struct wire_history *history);
/* Takes in what came since; identity: whose page it is; row: its row, or NULL. */
void wire_history_update(struct wire_history *history, const struct model *model,
	const struct identity *identity, const struct socket_row *row);
/*
 * Whose event it is: its socket, or where none is found the ends of its connection, ours first.
 * false: the event does not name a connection that is known.
 */
bool wire_history_identify(
	const struct model *model, const struct event *event, struct identity *identity);
/* A row of what the wire shows, for a connection whose socket was never seen. */
void wire_history_row(const struct wire_history *history, const struct model *model,
	const struct identity *identity, struct socket_row *row);
/* ", the client", ", the server"; "" when who opened it was not seen. */
const char *wire_history_part(const struct wire_history *history, bool ours);

#endif
