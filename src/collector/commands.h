/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The viewer's requests to close a socket or to signal a process. Requests to close wait while a
 * dump runs, because both use the namespace's one socket. MESSAGE_RESULT answers each.
 *
 * The viewer reads what strangers send, so it is not trusted: it may close only the very socket
 * that it names, and signal only a process that holds a socket that it was shown, by signals of a
 * list. Whatever else it asks for is refused and counted (LOSS_REQUESTS).
 */
#ifndef SOCKWATCH_COLLECTOR_COMMANDS_H
#define SOCKWATCH_COLLECTOR_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

enum { COMMANDS_WAITING_MAX = 64, COMMANDS_OWN_MAX = 4 };

struct commands_options {
	struct stream_writer *writer;
	struct proc *proc;
	uint64_t *losses;               /* LOSS_COUNT of them */
	bool are_allowed;               /* false: everything is refused */
	uint32_t own[COMMANDS_OWN_MAX]; /* pids of ours, which get no signal; 0: none */
};

struct commands {
	struct commands_options options;
	struct message_destroy waiting[COMMANDS_WAITING_MAX];
	size_t count;
	uint32_t sequence;
};

/* What the options point to must outlive it. */
void commands_init(struct commands *commands, const struct commands_options *options);
/* Returns true when a process was found that lost the socket: the next refresh is urgent. */
bool commands_verify(struct commands *commands, const struct message_verify *request);
void commands_signal(struct commands *commands, const struct message_signal *request);
/* Waits until commands_run. */
void commands_destroy(struct commands *commands, const struct message_destroy *request);
/* Closes the sockets that wait. Only while no dump runs. */
void commands_run(struct commands *commands, const struct namespaces *namespaces);

#endif
