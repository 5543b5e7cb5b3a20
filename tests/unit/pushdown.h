/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a subscription lets pass, computed again in a simple way, to check filter_pushdown.c. */
#ifndef SOCKWATCH_TESTS_UNIT_PUSHDOWN_H
#define SOCKWATCH_TESTS_UNIT_PUSHDOWN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/model/socket.h>
#include <sockwatch/stream/message.h>

static inline bool
pushdown_condition_holds(const struct subscription_condition *item, const struct socket_row *row)
{
	struct address_prefix prefix = {.length = item->prefix};
	bool local = item->kind == CONDITION_LOCAL_PORT || item->kind == CONDITION_LOCAL_ADDRESS;

	if (item->kind == CONDITION_LOCAL_PORT || item->kind == CONDITION_REMOTE_PORT) {
		const uint16_t port = local ? row->local_port : row->remote_port;

		return port >= item->low && port <= item->high;
	}
	memcpy(prefix.address.bytes, item->address, sizeof item->address);
	return address_prefix_match(&prefix, local ? &row->local : &row->remote);
}

static inline bool
pushdown_admits(const struct message_subscription *subscription,
	const struct subscription_condition *items, const struct socket_row *row)
{
	const unsigned protocol = row->protocol == IPPROTO_UDP ? PROTOCOL_UDP : PROTOCOL_TCP;
	const unsigned family = row->family == AF_INET ? FAMILY_V4 : FAMILY_V6;
	/* A bound TCP socket is asked for by bit 13, one that was reset by its own. */
	const uint32_t states = row->state == TCP_STATE_CLOSED && row->protocol == IPPROTO_TCP
					? UINT32_C(1) << 13
					: UINT32_C(1) << row->state;
	size_t at = 0;

	if (!(subscription->protocols & protocol) || !(subscription->families & family) ||
		!(subscription->states & states))
		return false;
	while (at < subscription->conditions.count) {
		const uint8_t clause = items[at].clause;
		bool holds = false;

		for (; at < subscription->conditions.count && items[at].clause == clause; at++)
			holds = holds || pushdown_condition_holds(&items[at], row);
		if (!holds)
			return false;
	}
	return true;
}

#endif
