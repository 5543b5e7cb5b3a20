/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What viewer and keeper say to each other. */
#ifndef SOCKWATCH_PRIVILEGE_KEEPER_PRIVATE_H
#define SOCKWATCH_PRIVILEGE_KEEPER_PRIVATE_H

#include <stdint.h>

#include <sockwatch/privilege/budget.h>
#include <sockwatch/privilege/keeper.h>

enum {
	KEEPER_SUBSCRIPTION_MAX = 8192,
	/* Lengths of the datagrams that are no subscription. */
	KEEPER_PING_LEN = 1,      /* asks whether it answers */
	KEEPER_READ_ONLY_LEN = 2, /* no collector may change anything from now on; no answer */
	KEEPER_ANSWER_MS = 10000, /* it is waited for so long */
};

struct keeper_reply {
	int32_t error; /* errno, or 0 */
	int32_t pid;   /* of the collector, and KEEPER_FDS descriptors; 0: to a ping */
};

/* The descriptors that come with a collector. */
enum { KEEPER_STREAM, KEEPER_COMMANDS, KEEPER_FDS };

struct keeper_state {
	int control, life;
	struct keeper_options options;
	bool is_read_only;    /* for good */
	pid_t collector;      /* 0: none */
	int collector_life;   /* our end of its lifeline */
	struct budget starts; /* of collectors */
};

/* control, life and options are set. */
void keeper_state_begin(struct keeper_state *state);
/* Answers one datagram. False when the viewer is gone. */
bool keeper_serve(struct keeper_state *state);

#endif
