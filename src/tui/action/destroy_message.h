/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request to close a socket. */
#ifndef SOCKWATCH_TUI_ACTION_DESTROY_MESSAGE_H
#define SOCKWATCH_TUI_ACTION_DESTROY_MESSAGE_H

#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>

/* All but request, and the process that must hold it. */
struct message_destroy destroy_message(const struct model *model, const struct socket_row *row);

#endif
