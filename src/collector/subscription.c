/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps a copy of a subscription with its texts, and compares two of them. */
#include <config.h>

#include "subscription.h"

#include <string.h>

#include <sockwatch/stream/needs.h>

#include "collector/netlink/dump_request.h"

/* Needs that change the request, or that read something of each socket of the dump. */
static const uint64_t needs_of_sockets = NEED_TCP_INFO | NEED_MEMORY | NEED_CONGESTION |
					 NEED_INTERNALS | NEED_OWNERS | NEED_USERS | NEED_CGROUPS |
					 NEED_LINKS;

static struct text
keep_text(struct text text, char room[SUBSCRIPTION_TEXT_MAX])
{
	const size_t len = text.len < SUBSCRIPTION_TEXT_MAX ? text.len : SUBSCRIPTION_TEXT_MAX - 1;

	if (len > 0)
		memcpy(room, text.data, len);
	room[len] = '\0';
	return (struct text){room, len};
}

void
subscription_set(struct subscription *subscription, const struct message_subscription *body)
{
	subscription->body = *body;
	subscription->body.netns = keep_text(body->netns, subscription->netns);
	subscription->body.capture_interface =
		keep_text(body->capture_interface, subscription->capture_interface);
	/* All clauses must hold: without one more sockets pass, with half of one fewer would. */
	subscription->body.conditions = (struct array){.data = subscription->conditions};
	if (body->conditions.count == 0 || body->conditions.count > SUBSCRIPTION_CONDITIONS_MAX)
		return;
	memcpy(subscription->conditions, body->conditions.data,
		body->conditions.count * sizeof *subscription->conditions);
	subscription->body.conditions.count = body->conditions.count;
}

bool
subscription_hold_to_netns(struct message_subscription *body, const char *netns)
{
	const bool is_any = netns != NULL && strcmp(netns, "all") == 0;

	if (body->netns_mode == SUBSCRIPTION_NETNS_OWN || is_any ||
		(netns != NULL && body->netns_mode == SUBSCRIPTION_NETNS_NAMED &&
			text_equal(body->netns, text_of(netns))))
		return true;
	body->netns_mode = netns == NULL ? SUBSCRIPTION_NETNS_OWN : SUBSCRIPTION_NETNS_NAMED;
	body->netns = text_of(netns == NULL ? "" : netns);
	return false;
}

static bool
is_same_netns(const struct message_subscription *before, const struct message_subscription *now)
{
	return before->netns_mode == now->netns_mode && text_equal(before->netns, now->netns);
}

static bool
is_same_conditions(
	const struct message_subscription *before, const struct message_subscription *now)
{
	return before->conditions.count == now->conditions.count &&
	       (now->conditions.count == 0 ||
		       memcmp(before->conditions.data, now->conditions.data,
			       now->conditions.count * sizeof(struct subscription_condition)) == 0);
}

bool
subscription_is_other_dump(
	const struct message_subscription *before, const struct message_subscription *now)
{
	/* A need that ends leaves the sockets as they are. */
	const uint64_t more = now->needs & ~before->needs & needs_of_sockets;

	return more != 0 || dump_request_protocols(before) != dump_request_protocols(now) ||
	       before->families != now->families ||
	       dump_request_states(before) != dump_request_states(now) ||
	       !is_same_netns(before, now) || !is_same_conditions(before, now);
}

bool
subscription_asks_more(
	const struct message_subscription *before, const struct message_subscription *now)
{
	if (now->once != 0 || (before->paused != 0 && now->paused == 0))
		return true;
	return (now->needs & ~before->needs) != 0 ||
	       (dump_request_protocols(now) & ~dump_request_protocols(before)) != 0 ||
	       before->families != now->families ||
	       (dump_request_states(now) & ~dump_request_states(before)) != 0 ||
	       !is_same_netns(before, now) || !is_same_conditions(before, now);
}
