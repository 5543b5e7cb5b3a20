/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the capture's filter. "tcp[13]" never matches IPv6, so there the flags are read at their
 * offset after the fixed header; packets with extension headers pass, and the viewer sorts them
 * out. The kernel strips one VLAN tag before it filters, so tagged traffic matches without "vlan".
 */
#include <config.h>

#include <errno.h>
#include <stdio.h>

#include "capture.h"

static const char control[] =
	"(ip and tcp[13] & 7 != 0) or (ip6 and ((ip6[6] = 6 and ip6[53] & 7 != 0)"
	" or ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60))";
static const char everything[] =
	"tcp or (ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60))";

static size_t
write_watch(const struct message_subscription *subscription, char *out, size_t size)
{
	char local[ADDRESS_TEXT_SIZE], remote[ADDRESS_TEXT_SIZE];

	address_format(&subscription->watch_local, local, sizeof local);
	address_format(&subscription->watch_remote, remote, sizeof remote);
	return (size_t)snprintf(out, size,
		" or (tcp and host %s and host %s and port %u and port %u)", local, remote,
		subscription->watch_local_port, subscription->watch_remote_port);
}

int
capture_expression(const struct message_subscription *subscription, uint32_t netns,
	unsigned ifindex, char *out, size_t size)
{
	size_t len = (size_t)snprintf(
		out, size, "(%s", subscription->capture_data ? everything : control);

	if (len < size && subscription->watch_remote_port != 0 &&
		subscription->watch_netns == netns && !subscription->capture_data)
		len += write_watch(subscription, out + len, size - len);
	if (len < size)
		len += (size_t)snprintf(out + len, size - len, ")");
	if (len < size && ifindex != 0)
		len += (size_t)snprintf(out + len, size - len, " and ifindex %u", ifindex);
	return len < size ? 0 : -ENOSPC;
}
