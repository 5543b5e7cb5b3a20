/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A method of sending a probe: what a socket of the kernel's needs for it. Which one is taken,
 * open.c says.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_METHOD_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_METHOD_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "collector/probe/target.h"

struct method {
	enum probe_method number;
	/* Opens target->fd inside the target's namespace. 0 or negative errno. */
	int (*open)(struct target *target);
	/*
	 * Writes the probe to packet (WIRE_PACKET_MAX) and returns its bytes. `to` is zero; left so
	 * on a connected socket.
	 */
	size_t (*build)(const struct target *target, const struct flight *flight, uint8_t *packet,
		struct sockaddr_storage *to, socklen_t *to_len);
	/* Which probe an ICMP error quotes; false: none of ours, or too little of it. */
	bool (*read_quote)(
		const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence);
	/* Which probe a packet answers. */
	bool (*read_answer)(const struct target *target, const uint8_t *data, size_t len,
		uint32_t *sequence, enum probe_answer *kind);
	/*
	 * Instead of the three above: sends by itself, one probe at a time, and owns its sockets.
	 * is_busy: the last one is not decided. tick: called when its time may be over.
	 */
	void (*send)(struct target *target, const struct probe_schedule_step *step);
	bool (*is_busy)(const struct target *target);
	void (*tick)(struct target *target, uint64_t now_ns);
	uint64_t (*next_ns)(const struct target *target);
	void (*close)(struct target *target);
};

extern const struct method method_ping, method_raw_icmp, method_udp, method_raw_udp, method_raw_tcp,
	method_connect;

/* Finds the method for the target's protocol, opens it, and says in target->text what was taken. */
void open_method(struct target *target);

/* For ways. A socket of the target's family, or negative errno. */
int open_socket(const struct target *target, int type, int protocol);
/* What every probing socket has: error queue, stamps, type of service, don't fragment. */
int open_prepare(const struct target *target, int fd);
int open_bind(const struct target *target, int fd, uint16_t port);
int open_connect(const struct target *target, int fd, uint16_t port);
/* All three for target->fd: it hears from the target only. */
int open_connected(const struct target *target);
/* What of that is let through to target->fd. */
int open_filter(const struct target *target, const struct sock_fprog *program);
/* Sockets that hold a source port for each of so many flows. 0 or negative errno. */
int open_reserve(struct target *target, unsigned flows, int type);
/* Keys of transmit stamps begin again at 0. */
void open_restart_keys(const struct target *target);
/* Closes target->fd and what was reserved. */
void open_undo(struct target *target);
/* setsockopt() of a number: 0 or negative errno. */
int open_set(int fd, int level, int option, int value);
/* Source address and MTU of the path, as the kernel knows them now. True when one changed. */
bool open_look_route(struct target *target);

#endif
