/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The half with rights. It asks the kernel for what the viewer subscribes to and passes on the
 * answers. It writes the stream to one descriptor and reads subscriptions and requests, in the same
 * framing, from another.
 */
#ifndef SOCKWATCH_COLLECTOR_COLLECTOR_H
#define SOCKWATCH_COLLECTOR_COLLECTOR_H

#include <stdbool.h>

#include <sockwatch/base/error.h>
#include <sockwatch/privilege/keeper.h>
#include <sockwatch/stream/message.h>

struct collector_options {
	int out; /* the stream goes here */
	int in;  /* subscriptions come from here; -1: none will */
	/* In force until another one comes; its texts must outlive the run. */
	struct message_subscription subscription;
	bool actions;     /* may close sockets and signal processes, unless read_only */
	bool read_only;   /* has no right to change anything (RIGHTS_OF_CHANGES) */
	bool only_probes; /* nothing but probing paths will be asked for */
	uint32_t without; /* enum need: what nothing will subscribe to, so that its rights go */
	/* As the user named it; NULL: our own. Others may not be subscribed to. */
	const char *netns;
	bool keep_rights; /* do not drop rights: the keeper did */
	uint32_t viewer;  /* pid: no sign that a namespace is in use; 0: not known */
};

/*
 * Runs until the reader of `out` goes away, a once-subscription is fulfilled, `in` ends (when it is
 * not -1), or SIGTERM, SIGINT or SIGHUP comes. First drops all rights that the options do not need,
 * and verifies that. 0, or negative errno with a sentence.
 */
int collector_run(const struct collector_options *options, struct error *error);

/*
 * Starts a keeper for collectors with these options. Only `actions`, `read_only`,
 * `only_probes`, `without` and `netns` matter; channels and subscription come with each collector;
 * the viewer is this process. See keeper_start.
 */
int collector_keeper_start(
	const struct collector_options *options, struct keeper *keeper, struct error *error);

#endif
