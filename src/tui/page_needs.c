/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the collector for what the open pages need, when that changes. */
#include <config.h>

#include "page_needs.h"

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/stream/needs.h>
#include <sockwatch/tui/tui.h>

#include "pages.h"
#include "silence.h"
#include "state.h"

void
tui_get_subscription(struct tui *tui, struct message_subscription *subscription)
{
	/*
	 * The filter is not pushed down to the kernel: the totals of the header and the menus with
	 * their counts are of all sockets, and taking a filter away shows the others at once.
	 */
	*subscription = (struct message_subscription){
		.needs = NEED_SOCKETS | NEED_COUNTERS,
		.interval_ms = tui->settings->interval_ms,
		.paused = tui->paused,
		.protocols = PROTOCOL_TCP | PROTOCOL_UDP,
		.families = FAMILY_V4 | FAMILY_V6,
		/* Bits 1 to 12 are the kernel's states, 13 is bound and not yet connected. */
		.states = (1U << 14) - 2,
		.netns_mode = SUBSCRIPTION_NETNS_OWN,
	};
	for (size_t i = 0; i < tui->stack_count; i++) {
		const struct page *const page = &pages[tui->stack[i]];

		subscription->needs |= page->needs;
		if (page->subscribe != NULL)
			page->subscribe(tui, subscription);
	}
	if (tui->doctor != NULL)
		/* What is captured is judged; nothing is captured for that alone. */
		subscription->needs |= doctor_needs(tui->doctor) & ~(uint32_t)NEED_PACKETS;
	/* The kernel's own round-trip time stands beside the probes'. */
	if (tui->paths.asked_count != 0)
		subscription->needs |= NEED_TCP_INFO;
}

static bool
is_same(const struct message_subscription *a, const struct message_subscription *b)
{
	return a->needs == b->needs && a->interval_ms == b->interval_ms && a->paused == b->paused &&
	       a->watch_netns == b->watch_netns && a->watch_local_port == b->watch_local_port &&
	       a->watch_remote_port == b->watch_remote_port &&
	       address_compare(&a->watch_local, &b->watch_local) == 0 &&
	       address_compare(&a->watch_remote, &b->watch_remote) == 0;
}

void
page_needs_send(struct tui *tui)
{
	struct message_subscription subscription;

	tui_get_subscription(tui, &subscription);
	if (tui->subscription_sent && is_same(&subscription, &tui->subscription))
		return;
	if (subscription.interval_ms != tui->subscription.interval_ms ||
		subscription.paused != tui->subscription.paused)
		silence_end(tui);
	tui->subscription = subscription;
	tui->subscription_sent = true;
	if (tui->hooks.subscription != NULL)
		tui->hooks.subscription(tui->hooks.context, &subscription);
}
