/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that probe, opened inside the target's namespace, and which method is taken. */
#include <config.h>

#include "method.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/net_tstamp.h>

#include "collector/probe/engine.h"
#include "sockaddr.h"
#include <sockwatch/privilege/enter.h>

enum {
	STAMPS = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
		 SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY,
	METHODS_MAX = 3,
};

/* By method, in the order in which they are tried. A right is used only where it does better. */
static const struct method *const methods[][METHODS_MAX] = {
	[PROBE_PROTOCOL_ICMP] = {&method_ping, &method_raw_icmp, &method_udp},
	[PROBE_PROTOCOL_UDP] = {&method_raw_udp, &method_udp},
	[PROBE_PROTOCOL_TCP] = {&method_raw_tcp, &method_connect},
};

int
open_socket(const struct target *target, int type, int protocol)
{
	const int fd = socket(
		target->is_v4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	const int result = fd < 0 ? -errno : sockaddr_set_interface(fd, target->start.interface);

	if (fd >= 0 && result != 0)
		close(fd);
	return result != 0 ? result : fd;
}

int
open_set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0 ? 0 : -errno;
}

int
open_prepare(const struct target *target, int fd)
{
	const bool is_v4 = target->is_v4;
	const int level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
	/* PROBE: sends what is larger than the path was said to take, so that routers say so anew.
	 */
	const int discover = target->start.dont_fragment != 0
				     ? (is_v4 ? IP_PMTUDISC_PROBE : IPV6_PMTUDISC_PROBE)
				     : (is_v4 ? IP_PMTUDISC_DONT : IPV6_PMTUDISC_DONT);
	const int result = open_set(fd, level, is_v4 ? IP_RECVERR : IPV6_RECVERR, 1);

	if (result != 0)
		return result;
	/* Linux 5.9; without it labels are not told. */
	(void)open_set(fd, level, is_v4 ? IP_RECVERR_RFC4884 : IPV6_RECVERR_RFC4884, 1);
	(void)open_set(fd, level, is_v4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, 1);
	(void)open_set(fd, level, is_v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, discover);
	(void)open_set(fd, level, is_v4 ? IP_TOS : IPV6_TCLASS, target->start.tos);
	(void)open_set(fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS | SOF_TIMESTAMPING_OPT_ID);
	return 0;
}

void
open_restart_keys(const struct target *target)
{
	(void)open_set(target->fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS);
	(void)open_set(target->fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS | SOF_TIMESTAMPING_OPT_ID);
}

int
open_bind(const struct target *target, int fd, uint16_t port)
{
	static const struct address any_v4 = {{[10] = 0xff, [11] = 0xff}};
	struct sockaddr_storage address;
	const bool is_any = address_is_any(&target->start.source);
	const socklen_t len =
		sockaddr_fill(is_any && target->is_v4 ? &any_v4 : &target->start.source,
			target->is_v4, port, &address);

	if (is_any && port == 0)
		return 0;
	return bind(fd, (const struct sockaddr *)&address, len) == 0 ? 0 : -errno;
}

int
open_connect(const struct target *target, int fd, uint16_t port)
{
	struct sockaddr_storage address;
	const socklen_t len = sockaddr_fill(&target->start.target, target->is_v4, port, &address);

	return connect(fd, (const struct sockaddr *)&address, len) == 0 ? 0 : -errno;
}

int
open_connected(const struct target *target)
{
	int result = open_prepare(target, target->fd);

	if (result == 0)
		result = open_bind(target, target->fd, 0);
	return result == 0 ? open_connect(target, target->fd, 0) : result;
}

int
open_filter(const struct target *target, const struct sock_fprog *program)
{
	return setsockopt(target->fd, SOL_SOCKET, SO_ATTACH_FILTER, program, sizeof(*program)) == 0
		       ? 0
		       : -errno;
}

static int
reserve(struct target *target, unsigned flow, int type)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	const struct address *const source =
		address_is_any(&target->start.source) ? &target->local : &target->start.source;
	const uint16_t wanted =
		target->start.source_port == 0 ? 0 : (uint16_t)(target->start.source_port + flow);
	const int fd = open_socket(target, type, 0);
	const socklen_t bind_len = sockaddr_fill(source, target->is_v4, wanted, &address);
	int result;

	if (fd < 0)
		return fd;
	/* Connections of the connect method take the same port after this one. */
	(void)open_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (const struct sockaddr *)&address, bind_len) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		result = -errno;
		close(fd);
		return result;
	}
	target->reserved[flow] = fd;
	target->source_ports[flow] = sockaddr_port(&address);
	return 0;
}

int
open_reserve(struct target *target, unsigned flows, int type)
{
	int result = 0;

	for (unsigned i = 0; i < flows && result == 0; i++)
		result = reserve(target, i, type);
	return result;
}

bool
open_look_route(struct target *target)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	const struct address before = target->local;
	const uint16_t mtu_before = target->mtu;
	int mtu = 0;
	socklen_t mtu_len = sizeof(mtu);

	/* Connecting anew looks the route up anew. */
	if (target->route_fd < 0 || open_connect(target, target->route_fd, TARGET_UDP_PORT) != 0)
		return false;
	if (getsockname(target->route_fd, (struct sockaddr *)&address, &len) == 0)
		target->local = sockaddr_address(&address, len);
	if (getsockopt(target->route_fd, target->is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
		    target->is_v4 ? IP_MTU : IPV6_MTU, &mtu, &mtu_len) == 0 &&
		mtu > 0 && mtu <= UINT16_MAX)
		target->mtu = (uint16_t)mtu;
	return target->mtu != mtu_before || address_compare(&before, &target->local) != 0;
}

/* A socket that is never written to: where the kernel would send from, and how much at once. */
static int
open_route(struct target *target)
{
	int result = open_socket(target, SOCK_DGRAM, 0);

	if (result < 0)
		return result;
	target->route_fd = result;
	result = open_bind(target, target->route_fd, 0);
	if (result == 0)
		result = open_connect(target, target->route_fd, TARGET_UDP_PORT);
	if (result == 0)
		(void)open_look_route(target);
	return result;
}

void
open_undo(struct target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	target->fd = -1;
	for (unsigned i = 0; i < PLAN_FLOWS_MAX; i++) {
		if (target->reserved[i] >= 0)
			close(target->reserved[i]);
		target->reserved[i] = -1;
	}
}

/* Called inside the namespace. The last method's error is the answer: the ones before it lack
 * rights.
 */
static int
open_here(void *context)
{
	struct target *const target = context;
	const struct method *const *const choice = methods[target->start.protocol];
	int result = open_route(target);

	for (int i = 0; result == 0 && i < METHODS_MAX && choice[i] != NULL; i++) {
		const int error = choice[i]->open(target);
		if (error == 0) {
			target->method = choice[i];
			return 0;
		}
		open_undo(target);
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
			       ? "UDP by plain socket: CAP_NET_RAW is missing to know the answers "
				 "of routers that quote but 8 bytes"
			       : "UDP, not ICMP echo: that needs CAP_NET_RAW, or this user's group "
				 "in net.ipv4.ping_group_range";
		break;
	case PROBE_METHOD_CONNECT:
		text = "TCP by connect(), one hop after the other: CAP_NET_RAW is missing to probe "
		       "all at once";
		break;
	case PROBE_METHOD_NONE: break;
	}
	snprintf(target->text, sizeof(target->text), "%s", text);
}

static void
say_failure(struct target *target, int error)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&target->start.target, address, sizeof(address));
	target->error = -error;
	if (error == -ENETUNREACH || error == -EHOSTUNREACH)
		snprintf(target->text, sizeof(target->text),
			"%s cannot be probed: there is no route to it", address);
	else if (error == -ESTALE)
		snprintf(target->text, sizeof(target->text),
			"cannot probe: the network namespace is gone");
	else if (error == -ENODEV)
		snprintf(target->text, sizeof(target->text),
			"%s cannot be probed: its interface is not there", address);
	else if (error == -EADDRNOTAVAIL)
		snprintf(target->text, sizeof(target->text),
			"%s cannot be probed: the source address is not of this host", address);
	else if (error == -EADDRINUSE)
		snprintf(target->text, sizeof(target->text),
			"%s cannot be probed: the source port is taken", address);
	else
		snprintf(target->text, sizeof(target->text), "%s cannot be probed: %s", address,
			strerror(-error));
}

void
open_method(struct target *target)
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
		say_failure(target, result);
}
