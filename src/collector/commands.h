/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The viewer's requests to close a socket or to signal a process. Requests wait while a dump runs,
 * because both use the namespace's one socket. MESSAGE_RESULT answers each.
 */
#ifndef SOCKWATCH_COLLECTOR_COMMANDS_H
#define SOCKWATCH_COLLECTOR_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

enum { COMMANDS_WAITING_MAX = 64 };

struct commands {
	bool are_allowed;
	struct message_destroy waiting[COMMANDS_WAITING_MAX];
	size_t count;
	uint32_t sequence;
	struct stream_writer *writer;
};

void commands_init(struct commands *commands, struct stream_writer *writer, bool are_allowed);
void commands_signal(struct commands *commands, const struct message_signal *request);
/* Waits until commands_run. */
void commands_destroy(struct commands *commands, const struct message_destroy *request);
/* Closes the sockets that wait. Only while no dump runs. */
void commands_run(struct commands *commands, const struct namespaces *namespaces);

#endif
