/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keeper: a small process between viewer and collector. It holds the rights and does nothing
 * but fork a collector when the viewer asks for one. The viewer gave up its rights, so it could not
 * start another collector itself.
 */
#ifndef SOCKWATCH_PRIVILEGE_KEEPER_H
#define SOCKWATCH_PRIVILEGE_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/message_subscription.h>

struct keeper {
	pid_t pid;
	int control; /* socket to the keeper; readable when it answers or has ended */
	int life;    /* closing it kills the keeper, and the collector with it */
};

struct keeper_options {
	uint32_t rights; /* enum right: those that the keeper keeps */
	/*
	 * The collector. Runs in each process that the keeper forks: writes the stream to out and
	 * reads commands from in until in ends; is_read_only: changes nothing. 0, or negative
	 * errno. context must live until keeper_start returns.
	 */
	int (*collect)(const void *context, const struct message_subscription *subscription,
		int out, int in, bool is_read_only);
	const void *context;
};

/*
 * Forks the keeper. Call it before any right is dropped, before any thread is made, and before the
 * terminal is touched. It gives up rights while the caller does; see keeper_ready. 0, or negative
 * errno with a sentence.
 */
int keeper_start(const struct keeper_options *options, struct keeper *keeper, struct error *error);
/*
 * Waits, some seconds, until the keeper works. Once, before anything is asked. 0, or negative errno
 * with a sentence.
 */
int keeper_ready(const struct keeper *keeper, struct error *error);

/* One run of the collector, as the viewer sees it. */
struct collector_link {
	pid_t pid;
	int stream;   /* read the stream here, non-blocking */
	int commands; /* write commands here, non-blocking; closing it ends the collector */
};

/*
 * Asks the keeper for a collector that begins with this subscription; the one before ends. Does not
 * wait: the answer comes by keeper_take. 0, or negative errno with a sentence.
 */
int keeper_ask(const struct keeper *keeper, const struct message_subscription *subscription,
	struct error *error);
/*
 * From now on no collector may change anything, and keeper and collectors give up the rights for
 * it. There is no way back. 0, or negative errno with a sentence.
 */
int keeper_forbid_changes(const struct keeper *keeper, struct error *error);
/* Asks whether the keeper answers, without waiting. 0, or negative errno. */
int keeper_ping(const struct keeper *keeper);
/*
 * Takes one answer, without waiting. 1: a collector was started; 0: the answer to a ping; -EAGAIN:
 * none has come yet; or another negative errno with a sentence: it was not started, or (-EPIPE,
 * -ECONNRESET) the keeper has ended.
 */
int keeper_take(const struct keeper *keeper, struct collector_link *link, struct error *error);
/* Asks and waits for the answer, some seconds. 0, or negative errno with a sentence. */
int keeper_spawn(const struct keeper *keeper, const struct message_subscription *subscription,
	struct collector_link *link, struct error *error);

/*
 * Ends the keeper and with it the collector, and waits for both, less than a second: what does not
 * end by itself (SIGSTOP) is killed by the kernel.
 */
void keeper_stop(struct keeper *keeper);

#endif
