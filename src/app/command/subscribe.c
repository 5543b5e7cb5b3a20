/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "subscribe.h"

#include <string.h>

void
wish_set_netns(struct message_wish *wish, const char *netns)
{
	wish->netns_mode = WISH_NETNS_OWN;
	wish->netns = text_of("");
	if (netns == NULL)
		return;
	if (strcmp(netns, "all") == 0) {
		wish->netns_mode = WISH_NETNS_ALL;
		return;
	}
	wish->netns_mode = WISH_NETNS_NAMED;
	wish->netns = text_of(netns);
}

void
wish_fill(struct wish *wish, const struct options *options, const struct filter *filter)
{
	wish->message = (struct message_wish){
		.needs = NEED_SOCKETS,
		.interval_ms = options->settings.interval_ms,
	};
	wish_set_netns(&wish->message, options->netns);
	filter_pushdown(filter, &wish->message, wish->conditions);
}
