/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts the collector as a child of the viewer and keeps it alive. Between the two stands a small
 * process, the keeper, that holds the rights, reads nothing but "start one" and only forks
 * collectors: the viewer gave up its rights and could not start another.
 */
#ifndef SOCKWATCH_PRIVILEGE_KEEPER_H
#define SOCKWATCH_PRIVILEGE_KEEPER_H

#include <stdint.h>
#include <sys/types.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/message_subscription.h>

struct keeper {
	pid_t pid;
	int control; /* socket to the keeper; readable when it died */
};

struct keeper_options {
	uint32_t rights; /* enum right: what it keeps */
	/*
	 * Runs in each process that it forks: writes the stream to out and reads subscriptions from
	 * in until that ends. 0, or negative errno. context need only live until keeper_start
	 * returns.
	 */
	int (*collect)(const void *context, const struct message_subscription *subscription,
		int out, int in);
	const void *context;
};

/* Forks the keeper. Call before any right is dropped, before threads, before the terminal is
 * touched. */
int keeper_start(const struct keeper_options *options, struct keeper *keeper, struct error *error);

/* One run of the collector, as the viewer sees it. */
struct collector_link {
	pid_t pid;
	int stream;   /* read the stream here, non-blocking */
	int commands; /* write subscriptions here, non-blocking; closing it ends the collector */
};

/* Asks the keeper for a (new) collector whose first subscription is this one. 0, or negative errno
 * with a sentence. */
int keeper_spawn(struct keeper *keeper, const struct message_subscription *subscription,
	struct collector_link *link, struct error *error);

/* Ends the keeper and with it the collector; waits for both. */
void keeper_stop(struct keeper *keeper);

#endif
