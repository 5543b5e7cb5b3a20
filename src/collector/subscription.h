/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subscription that keeps its own texts: the one in force outlives the record that brought it. */
#ifndef SOCKWATCH_COLLECTOR_SUBSCRIPTION_H
#define SOCKWATCH_COLLECTOR_SUBSCRIPTION_H

#include <stdbool.h>

#include <sockwatch/stream/message.h>

enum { SUBSCRIPTION_TEXT_MAX = 256 };

struct subscription {
	/* Its texts and arrays point into this struct: do not copy it. */
	struct message_subscription body;
	char netns[SUBSCRIPTION_TEXT_MAX];
	char capture_interface[SUBSCRIPTION_TEXT_MAX];
	struct subscription_condition conditions[SUBSCRIPTION_CONDITIONS_MAX];
};

/* Texts that are too long are cut, conditions that are too many are left out. */
void subscription_set(struct subscription *subscription, const struct message_subscription *body);

/*
 * The viewer may look into the namespaces that were named on the command line (NULL: our own,
 * "all": any) and no others. False: the subscription wanted another, and is now about those.
 */
bool subscription_hold_to_netns(struct message_subscription *body, const char *netns);

/* The new subscription looks at other sockets than the one before, or at other facts of them. */
bool subscription_is_other_dump(
	const struct message_subscription *before, const struct message_subscription *now);
/* The new one needs more than the one before fetched: refresh at once. */
bool subscription_asks_more(
	const struct message_subscription *before, const struct message_subscription *now);

#endif
