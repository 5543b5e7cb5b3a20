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

/* All but a plain ACK, with data or without: SYN, FIN, RST, and no ACK where one belongs. */
static const char control[] =
	"(ip and tcp[13] & 0x17 != 0x10) or (ip6 and ((ip6[6] = 6 and ip6[53] & 0x17 != 0x10)"
	" or ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60))";
static const char everything[] =
	"tcp or (ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60))";

/*
 * What the viewer can look into. What is within decides nothing here: the inner headers have no
 * place of their own, so all of it passes. Protocols: IP in IP, IPv6 in IP, GRE, MPLS in IP; ports:
 * GTP-U, VXLAN and its GPE, Geneve, VXLAN as Linux had it first.
 */
static const char tunnels[] =
	" or proto 4 or proto 41 or proto 47 or proto 137 or udp dst port 2152"
	" or udp dst port 4789 or udp dst port 4790 or udp dst port 6081 or udp dst port 8472";

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
	if (len < size && subscription->capture_tunnels)
		len += (size_t)snprintf(out + len, size - len, "%s", tunnels);
	if (len < size)
		len += (size_t)snprintf(out + len, size - len, ")");
	if (len < size && ifindex != 0)
		len += (size_t)snprintf(out + len, size - len, " and ifindex %u", ifindex);
	return len < size ? 0 : -ENOSPC;
}
