/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the method for a target: the best one that the kernel allows for its protocol. */
#include <config.h>

#include "method.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/errno_words.h>
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

/* 255.255.255.255, or that of a network of this box, as far as the route says. */
static bool
is_broadcast(const struct target *target)
{
	static const uint8_t all_ones[] = {255, 255, 255, 255};

	if (!target->is_v4)
		return false;
	return memcmp(target->start.target.bytes + 12, all_ones, sizeof all_ones) == 0 ||
	       (target->route_fd >= 0 &&
		       probe_socket_set(target->route_fd, SOL_SOCKET, SO_BROADCAST, 1) == 0 &&
		       probe_socket_connect(target, target->route_fd, TARGET_UDP_PORT) == 0);
}

static bool
is_multicast(const struct target *target)
{
	const uint8_t *const bytes = target->start.target.bytes;

	return target->is_v4 ? bytes[12] >> 4 == 0xe : bytes[0] == 0xff;
}

/* What is not the address of one host; "" for others. error: of the look at the route. */
static const char *
kind_of(const struct target *target, int error)
{
	const uint8_t *const bytes = target->start.target.bytes;
	static const uint8_t zeros[16];

	if (memcmp(bytes + (target->is_v4 ? 12 : 0), zeros, target->is_v4 ? 4 : 16) == 0)
		return target->is_v4 ? "it means this box itself, which is 127.0.0.1"
				     : "it means this box itself, which is ::1";
	if (is_multicast(target))
		return "it is a multicast address, not that of one host";
	if (error == -EACCES && is_broadcast(target))
		return "it is a broadcast address, not that of one host";
	return "";
}

/* Called inside the namespace. Returns the error of the last method: those before lack rights. */
static int
open_here(void *context)
{
	struct target *const target = context;
	const struct method *const *const choice = methods[target->start.protocol];
	int result = probe_socket_open_route(target);

	snprintf(target->text, sizeof target->text, "%s", kind_of(target, result));
	if (target->text[0] != '\0')
		return -EINVAL;
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

const char *
method_failure(int error)
{
	const struct errno_words *words;

	switch (error) {
	case ENETUNREACH:
	case EHOSTUNREACH: return "there is no route to it";
	case ESTALE: return "its network namespace is gone";
	case ENODEV: return "its interface is not there";
	case EADDRNOTAVAIL: return "the source address is not of this box";
	case EADDRINUSE: return "the source port is taken";
	default: break;
	}
	words = errno_words_find(error);
	return words != NULL ? words->meaning : strerror(error);
}

static void
note_failure(struct target *target, int error)
{
	char address[ADDRESS_TEXT_SIZE], kind[128];
	const char *reason = kind;

	snprintf(kind, sizeof kind, "%.120s", target->text);
	address_format(&target->start.target, address, sizeof address);
	target->error = -error;
	if (kind[0] == '\0' && error == -EPERM && target->start.mark != 0)
		reason = "--mark needs CAP_NET_RAW (before Linux 5.17 CAP_NET_ADMIN)";
	else if (kind[0] == '\0')
		reason = method_failure(-error);
	snprintf(target->text, sizeof target->text, "%s cannot be probed: %s", address, reason);
}

int
method_inside(const struct probe_engine *engine, uint32_t number, int (*open)(void *context),
	void *context)
{
	const struct netns *netns;

	if (number <= NAMESPACES_OWN)
		return open(context);
	netns = namespaces_find(engine->namespaces, number);
	return netns == NULL || netns->diag < 0
		       ? -ESTALE
		       : enter_and_open(netns->diag, engine->namespaces->own, open, context);
}

bool
method_open(struct target *target)
{
	const int result = method_inside(target->engine, target->start.netns, open_here, target);

	target->error = 0;
	if (result == 0)
		note_method(target);
	else
		note_failure(target, result);
	return result == 0;
}
