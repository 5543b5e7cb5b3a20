/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the viewer may have done: closing a socket, signalling a process. Requests wait while a dump
 * runs, for both use the namespace's one socket. Each is answered by MESSAGE_RESULT.
 */
#ifndef SOCKWATCH_COLLECTOR_COMMANDS_H
#define SOCKWATCH_COLLECTOR_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

enum { ACTIONS_WAITING_MAX = 64 };

struct commands {
	bool are_allowed;
	struct message_destroy waiting[ACTIONS_WAITING_MAX];
	size_t count;
	uint32_t sequence;
	struct stream_writer *writer;
};

void commands_init(struct commands *actions, struct stream_writer *writer, bool are_allowed);
void commands_signal(struct commands *actions, const struct message_signal *request);
/* Kept until commands_run. */
void commands_destroy(struct commands *actions, const struct message_destroy *request);
/* Serves what waits. Only while no dump runs. */
void commands_run(struct commands *actions, const struct namespaces *namespaces);

#endif
