/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the probed paths leads to the peer of a socket. */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_ROW_H
#define SOCKWATCH_TUI_PATHS_PATHS_ROW_H

#include <stdbool.h>

#include <sockwatch/model/model.h>

/*
 * It goes where the row's segments go: to the same address, out of the same namespace. By which
 * protocol and to which port is another question.
 */
bool paths_row_is_to(const struct model *model, const struct message_probe_start *start,
	const struct socket_row *row);

#endif
