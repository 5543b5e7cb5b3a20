/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the method for a target: the best one that the kernel allows for its protocol. */
#include <config.h>

#include "method.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/privilege/enter.h>

#include "collector/probe/engine.h"
#include "probe_socket.h"

enum { METHODS_MAX = 3 };

/* By protocol, in the order in which they are tried. A right is used only where it gives more. */
static const struct method *const methods[][METHODS_MAX] = {
	[PROBE_PROTOCOL_ICMP] = {&method_ping, &method_raw_icmp, &method_udp},
	[PROBE_PROTOCOL_UDP] = {&method_raw_udp, &method_udp},
	[PROBE_PROTOCOL_TCP] = {&method_raw_tcp, &method_connect},
};

/* Called inside the namespace. Returns the error of the last method: those before lack rights. */
static int
open_here(void *context)
{
	struct target *const target = context;
	const struct method *const *const choice = methods[target->start.protocol];
	int result = probe_socket_open_route(target);

	for (int i = 0; result == 0 && i < METHODS_MAX && choice[i] != NULL; i++) {
		const int error = choice[i]->open(target);
		if (error == 0) {
			target->method = choice[i];
			return 0;
		}
		probe_socket_close(target);
		if (i + 1 == METHODS_MAX || choice[i + 1] == NULL)
			result = error;
	}
	return result;
}

static void
note_method(struct target *target)
{
	static const char *const raw[] = {
		[PROBE_PROTOCOL_ICMP] = "ICMP echo by raw socket",
		[PROBE_PROTOCOL_UDP] = "UDP by raw socket",
		[PROBE_PROTOCOL_TCP] = "TCP SYN by raw socket",
	};
	const char *text = "";

	switch (target->method->number) {
	case PROBE_METHOD_PING_SOCKET: text = "ICMP echo by ping socket"; break;
	case PROBE_METHOD_RAW: text = raw[target->start.protocol]; break;
	case PROBE_METHOD_UDP_SOCKET:
		text = target->start.protocol == PROBE_PROTOCOL_UDP
			       ? "UDP by plain socket: CAP_NET_RAW is missing to know the answers of routers that quote only 8 bytes"
			       : "UDP, not ICMP echo: that needs CAP_NET_RAW, or this user's group in net.ipv4.ping_group_range";
		break;
	case PROBE_METHOD_CONNECT:
		text = "TCP by connect(), one hop after the other: CAP_NET_RAW is missing to probe all at once";
		break;
	case PROBE_METHOD_NONE: break;
	}
	snprintf(target->text, sizeof target->text, "%s", text);
}

static void
note_failure(struct target *target, int error)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&target->start.target, address, sizeof address);
	target->error = -error;
	if (error == -ENETUNREACH || error == -EHOSTUNREACH)
		snprintf(target->text, sizeof target->text,
			"%s cannot be probed: there is no route to it", address);
	else if (error == -ESTALE)
		snprintf(target->text, sizeof target->text,
			"cannot probe: the network namespace is gone");
	else if (error == -ENODEV)
		snprintf(target->text, sizeof target->text,
			"%s cannot be probed: its interface is not there", address);
	else if (error == -EADDRNOTAVAIL)
		snprintf(target->text, sizeof target->text,
			"%s cannot be probed: the source address is not of this host", address);
	else if (error == -EADDRINUSE)
		snprintf(target->text, sizeof target->text,
			"%s cannot be probed: the source port is taken", address);
	else
		snprintf(target->text, sizeof target->text, "%s cannot be probed: %s", address,
			strerror(-error));
}

void
method_open(struct target *target)
{
	const struct namespaces *const namespaces = target->engine->namespaces;
	const struct netns *netns;
	int result;

	if (target->start.netns <= NAMESPACES_OWN) {
		result = open_here(target);
	} else {
		netns = namespaces_find(namespaces, target->start.netns);
		result = netns == NULL || netns->diag < 0
				 ? -ESTALE
				 : enter_and_open(netns->diag, namespaces->own, open_here, target);
	}
	if (result == 0)
		note_method(target);
	else
		note_failure(target, result);
}
