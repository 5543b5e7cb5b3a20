/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why no process is seen for a socket that somebody must hold. Absence from /proc proves little:
 * what keeps processes out of sight is named, and what else may hold a socket.
 */
#ifndef SOCKWATCH_MODEL_HIDDEN_H
#define SOCKWATCH_MODEL_HIDDEN_H

#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>

enum { HIDDEN_WORDS_SIZE = 768 };

/* Takes what a snapshot says of owners. */
void hidden_settle(struct model *model, const struct message_snapshot_end *end);
/* Nothing of that is known any more. */
void hidden_forget(struct model *model);
/* Every process that can be seen was read since the socket came. */
bool hidden_is_searched(const struct model *model, const struct socket_row *row);

#endif
