/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sockets of all methods have in common. Results are 0 (or a descriptor) or -errno. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_PROBE_SOCKET_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_PROBE_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/probe/target.h"

/* A socket of the target's family. */
int probe_socket_open(const struct target *target, int type, int protocol);
/* What every probing socket has: error queue, stamps, type of service, don't fragment. */
int probe_socket_prepare(const struct target *target, int fd);
int probe_socket_bind(const struct target *target, int fd, uint16_t port);
int probe_socket_connect(const struct target *target, int fd, uint16_t port);
/* All three for target->fd, which then hears from the target only. */
int probe_socket_prepare_connected(const struct target *target);
/* Sockets that hold a source port for each of so many flows. */
int probe_socket_reserve(struct target *target, unsigned flows, int type);
/* Keys of transmit stamps begin again at 0. */
void probe_socket_restart_keys(const struct target *target);
/* Closes target->fd and what was reserved. */
void probe_socket_close(struct target *target);
/* setsockopt() of a number. */
int probe_socket_set(int fd, int level, int option, int value);
/* Opens target->route_fd, which is never written to: it shows how the kernel routes. */
int probe_socket_open_route(struct target *target);
/* Source address and MTU of the path, as the kernel knows them now. True when one changed. */
bool probe_socket_look_route(struct target *target);

/* The same with an IPv6 flow label; 0: as the kernel likes. */
int probe_socket_connect_flow(const struct target *target, int fd, uint16_t port, uint32_t label);
/* For a socket that only receives: the kernel's stamps, and the ttl of what came. 0 or -errno. */
int probe_socket_stamp(const struct target *target, int fd);
/* An error waits on its error queue. It stays there. */
bool probe_socket_has_error(int fd);
/* The way to a target as it is now. */
struct probe_socket_route {
	const struct target *target;
	struct address local; /* the source address */
};

/* Called inside the namespace: looks at the way by a socket of its own. 0 or negative errno. */
int probe_socket_look_fresh(struct probe_socket_route *route);

#endif
