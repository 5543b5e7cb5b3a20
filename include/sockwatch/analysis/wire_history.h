/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The history of one connection as the wire shows it: its conversation, kept when the model has
 * forgotten it, and its segments. It belongs to its reader.
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
/* Takes in the events since the last call; identity: the connection; row: its row, or NULL. */
void wire_history_update(struct wire_history *history, const struct model *model,
	const struct identity *identity, const struct socket_row *row);
/*
 * The socket of an event, or where none is found the ends of its connection, ours first; false: the
 * connection is not known.
 */
bool wire_history_identify(
	const struct model *model, const struct event *event, struct identity *identity);
/* Makes a row from the wire, for a connection whose socket was never seen. */
void wire_history_row(const struct wire_history *history, const struct model *model,
	const struct identity *identity, struct socket_row *row);
/* ", the client", ", the server"; "" when its opening was not seen. */
const char *wire_history_part(const struct wire_history *history, bool ours);

#endif
