/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a subscription of the options and the filter. */
#include <config.h>

#include "subscribe.h"

#include <string.h>

#include <sockwatch/stream/needs.h>

void
subscribe_set_netns(struct message_subscription *subscription, const char *netns)
{
	subscription->netns_mode = SUBSCRIPTION_NETNS_OWN;
	subscription->netns = text_of("");
	if (netns == NULL)
		return;
	if (strcmp(netns, "all") == 0) {
		subscription->netns_mode = SUBSCRIPTION_NETNS_ALL;
		return;
	}
	subscription->netns_mode = SUBSCRIPTION_NETNS_NAMED;
	subscription->netns = text_of(netns);
}

void
subscribe_fill(struct subscription *subscription, const struct options *options,
	const struct filter *filter)
{
	subscription->message = (struct message_subscription){
		.needs = NEED_SOCKETS,
		.interval_ms = options->settings.interval_ms,
	};
	subscribe_set_netns(&subscription->message, options->netns);
	filter_pushdown(filter, &subscription->message, subscription->conditions);
}
