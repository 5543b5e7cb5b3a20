/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subscription that the options ask for. */
#ifndef SOCKWATCH_APP_COMMAND_SUBSCRIBE_H
#define SOCKWATCH_APP_COMMAND_SUBSCRIBE_H

#include <sockwatch/analysis/filter.h>
#include <sockwatch/stream/message.h>

#include "app/option/options.h"

/* A subscription with the conditions that it points to; keep it where it is. */
struct subscription {
	struct message_subscription message;
	struct subscription_condition conditions[SUBSCRIPTION_CONDITIONS_MAX];
};

/* filter may be NULL: every socket. Texts point into options. */
void subscribe_fill(struct subscription *subscription, const struct options *options,
	const struct filter *filter);
/* Only the namespace. */
void subscribe_set_netns(struct message_subscription *subscription, const char *netns);

#endif
