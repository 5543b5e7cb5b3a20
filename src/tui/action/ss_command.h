/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell command that closes the same sockets: ss -K with a filter. */
#ifndef SOCKWATCH_TUI_ACTION_SS_COMMAND_H
#define SOCKWATCH_TUI_ACTION_SS_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/model.h>

/* For one socket, named by both of its ends. */
void ss_command_one(
	const struct model *model, const struct socket_row *row, char *out, size_t size);
/*
 * For these sockets (ids, at least one): what they have in common, if that fits none but them among
 * all that are known; else the command for the first, and how many more there are.
 */
void ss_command_many(
	const struct model *model, const uint32_t *ids, size_t count, char *out, size_t size);

#endif
