/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unread and unacknowledged bytes of MPTCP connections, for the rows of their subflows. */
#ifndef SOCKWATCH_MODEL_MPTCP_H
#define SOCKWATCH_MODEL_MPTCP_H

struct model;
struct socket_row;

/* Sets the queues of a row that is a subflow to those of its connection. Call it after each change
 * of its facts. */
void mptcp_set_queues(const struct model *model, struct socket_row *row);

#endif
