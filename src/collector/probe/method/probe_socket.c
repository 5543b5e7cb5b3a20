/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and prepares the sockets of a target: for probing, for source ports, for the route. */
#include <config.h>

#include "probe_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <linux/in6.h>
#include <linux/net_tstamp.h>

#include "sockaddr.h"

enum {
	STAMPS = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
		 SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY,
};

int
probe_socket_set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : -errno;
}

/* IPV6_FLOWINFO_SEND of linux/in6.h, which does not go with netinet/in.h. */
enum { FLOWINFO_SEND = 33 };

int
probe_socket_open(const struct target *target, int type, int protocol)
{
	const int fd = socket(
		target->is_v4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	int result = fd < 0 ? -errno : sockaddr_set_interface(fd, target->start.interface);

	if (result == 0 && target->start.mark != 0)
		result = probe_socket_set(fd, SOL_SOCKET, SO_MARK, (int)target->start.mark);
	if (fd >= 0 && result != 0)
		close(fd);
	return result != 0 ? result : fd;
}

int
probe_socket_prepare(const struct target *target, int fd)
{
	const bool is_v4 = target->is_v4;
	const int level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
	/* PROBE sends more than the path was said to take, so that routers say so again. */
	const int discover = target->start.dont_fragment != 0
				     ? (is_v4 ? IP_PMTUDISC_PROBE : IPV6_PMTUDISC_PROBE)
				     : (is_v4 ? IP_PMTUDISC_DONT : IPV6_PMTUDISC_DONT);
	const int result = probe_socket_set(fd, level, is_v4 ? IP_RECVERR : IPV6_RECVERR, 1);

	if (result != 0)
		return result;
	/* Linux 5.9; without it MPLS labels are not seen. */
	(void)probe_socket_set(fd, level, is_v4 ? IP_RECVERR_RFC4884 : IPV6_RECVERR_RFC4884, 1);
	(void)probe_socket_set(fd, level, is_v4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, 1);
	(void)probe_socket_set(fd, level, is_v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, discover);
	(void)probe_socket_set(fd, level, is_v4 ? IP_TOS : IPV6_TCLASS, target->start.tos);
	(void)probe_socket_set(fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS | SOF_TIMESTAMPING_OPT_ID);
	return 0;
}

int
probe_socket_stamp(const struct target *target, int fd)
{
	(void)probe_socket_set(fd, target->is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
		target->is_v4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, 1);
	return probe_socket_set(fd, SOL_SOCKET, SO_TIMESTAMPING,
		SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
}

void
probe_socket_restart_keys(const struct target *target)
{
	(void)probe_socket_set(target->fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS);
	(void)probe_socket_set(
		target->fd, SOL_SOCKET, SO_TIMESTAMPING, STAMPS | SOF_TIMESTAMPING_OPT_ID);
}

bool
probe_socket_has_error(int fd)
{
	struct pollfd poll_fd = {.fd = fd};
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};

	return poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & POLLERR) != 0 &&
	       recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT | MSG_PEEK) >= 0;
}

int
probe_socket_bind(const struct target *target, int fd, uint16_t port)
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
probe_socket_connect_flow(const struct target *target, int fd, uint16_t port, uint32_t label)
{
	struct sockaddr_storage address;
	const socklen_t len = sockaddr_fill(&target->start.target, target->is_v4, port, &address);

	if (!target->is_v4 && label != 0) {
		(void)probe_socket_set(fd, IPPROTO_IPV6, FLOWINFO_SEND, 1);
		((struct sockaddr_in6 *)&address)->sin6_flowinfo = htonl(label);
	}
	return connect(fd, (const struct sockaddr *)&address, len) == 0 ? 0 : -errno;
}

int
probe_socket_connect(const struct target *target, int fd, uint16_t port)
{
	return probe_socket_connect_flow(target, fd, port, 0);
}

int
probe_socket_prepare_connected(const struct target *target)
{
	int result = probe_socket_prepare(target, target->fd);

	if (result == 0)
		result = probe_socket_bind(target, target->fd, 0);
	return result == 0 ? probe_socket_connect(target, target->fd, 0) : result;
}

/* The port that is asked for; or that of before, so that the flow stays the same; or any. */
static int
bind_port(const struct target *target, int fd, const struct address *source, unsigned flow)
{
	const uint16_t asked =
		target->start.source_port == 0 ? 0 : (uint16_t)(target->start.source_port + flow);
	struct sockaddr_storage address;
	socklen_t len = sockaddr_fill(
		source, target->is_v4, asked != 0 ? asked : target->source_ports[flow], &address);

	if (bind(fd, (const struct sockaddr *)&address, len) == 0)
		return 0;
	if (errno != EADDRINUSE || asked != 0)
		return -errno;
	len = sockaddr_fill(source, target->is_v4, 0, &address);
	return bind(fd, (const struct sockaddr *)&address, len) == 0 ? 0 : -errno;
}

static int
reserve(struct target *target, unsigned flow, int type)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof address;
	const struct address *const source =
		address_is_any(&target->start.source) ? &target->local : &target->start.source;
	const int fd = probe_socket_open(target, type, 0);
	int result;

	if (fd < 0)
		return fd;
	/* So that sockets of the connect method can bind the same port later. */
	(void)probe_socket_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	result = bind_port(target, fd, source, flow);
	if (result != 0 || getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		result = result != 0 ? result : -errno;
		close(fd);
		return result;
	}
	target->reserved[flow] = fd;
	target->source_ports[flow] = sockaddr_port(&address);
	return 0;
}

int
probe_socket_reserve(struct target *target, unsigned flows, int type)
{
	int result = 0;

	for (unsigned i = 0; i < flows && result == 0; i++)
		result = reserve(target, i, type);
	return result;
}

bool
probe_socket_look_route(struct target *target)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof address;
	const struct address before = target->local;
	const uint16_t mtu_before = target->mtu;
	int mtu = 0;
	socklen_t mtu_len = sizeof mtu;

	/* To connect again looks up the route again. */
	if (target->route_fd < 0 ||
		probe_socket_connect(target, target->route_fd, TARGET_UDP_PORT) != 0)
		return false;
	if (getsockname(target->route_fd, (struct sockaddr *)&address, &len) == 0)
		target->local = sockaddr_address(&address, len);
	if (getsockopt(target->route_fd, target->is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
		    target->is_v4 ? IP_MTU : IPV6_MTU, &mtu, &mtu_len) == 0 &&
		mtu > 0 && mtu <= UINT16_MAX)
		target->mtu = (uint16_t)mtu;
	return target->mtu != mtu_before || address_compare(&before, &target->local) != 0;
}

int
probe_socket_look_fresh(struct probe_socket_route *route)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof address;
	const int fd = probe_socket_open(route->target, SOCK_DGRAM, 0);
	int result = fd < 0 ? fd : probe_socket_bind(route->target, fd, 0);

	if (result == 0)
		result = probe_socket_connect(route->target, fd, TARGET_UDP_PORT);
	if (result == 0 && getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		route->local = sockaddr_address(&address, len);
	if (fd >= 0)
		close(fd);
	return result;
}

int
probe_socket_open_route(struct target *target)
{
	int result = probe_socket_open(target, SOCK_DGRAM, 0);

	if (result < 0)
		return result;
	target->route_fd = result;
	result = probe_socket_bind(target, target->route_fd, 0);
	if (result == 0)
		result = probe_socket_connect(target, target->route_fd, TARGET_UDP_PORT);
	if (result == 0)
		(void)probe_socket_look_route(target);
	return result;
}

void
probe_socket_close(struct target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	target->fd = -1;
	if (target->any_fd >= 0)
		close(target->any_fd);
	target->any_fd = -1;
	for (unsigned i = 0; i < PROBE_SCHEDULE_FLOWS_MAX; i++) {
		if (target->reserved[i] >= 0)
			close(target->reserved[i]);
		target->reserved[i] = -1;
	}
}
