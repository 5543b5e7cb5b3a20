/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A method of probing: how probes of one protocol go out by one kind of socket, and how answers are
 * read. To add one: write a struct method in a file of its own (open, build, read_quote and
 * read_answer; or send and its companions), name it below, give it a place in the table of
 * method.c, in the order in which methods are tried, and a text in note_method there. A new kind of
 * socket also needs a value of enum probe_method (stream/message.h).
 *
 *	method.c        chooses and opens the method for a target
 *	icmp.c          ICMP echo by ping socket or raw socket
 *	udp.c           UDP by a plain socket
 *	udp_raw.c       UDP by a raw socket
 *	syn.c           TCP SYN by a raw socket
 *	connect.c       TCP by connect(), without rights
 *	raw.c           raw sockets with a filter, for udp_raw.c and syn.c
 *	probe_socket.c  what the sockets of all methods have in common
 *	mtu_search.c    which sizes to try for the path MTU
 *	mtu_probe.c     sends them, beside the probes
 *	reopen.c        opens a target's sockets again when its way has changed
 *	route_watch.c   notices of the kernel that ways may have changed
 *	sockaddr.c      addresses as the kernel takes and gives them
 *	handshake.c     one handshake on its own, for the command connect
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_METHOD_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_METHOD_H

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
	 * Writes the probe to packet (WIRE_PACKET_MAX) and returns its bytes. `to` is zero; a
	 * connected socket leaves it so.
	 */
	size_t (*build)(const struct target *target, const struct in_flight *probe, uint8_t *packet,
		struct sockaddr_storage *to, socklen_t *to_len);
	/* Which probe an ICMP error quotes; false: none of ours, or too little of it. */
	bool (*read_quote)(
		const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence);
	/* Which probe a packet answers. */
	bool (*read_answer)(const struct target *target, const uint8_t *data, size_t len,
		uint32_t *sequence, enum probe_answer *kind);
	/*
	 * Instead of the three above: sends by itself, one probe at a time, and owns its sockets.
	 * is_busy: the last probe is undecided. tick: called when its time may be over. send
	 * returns 0, or the errno why nothing was sent.
	 */
	int (*send)(struct target *target, const struct probe_schedule_step *step,
		struct in_flight *probe);
	bool (*is_busy)(const struct target *target);
	void (*tick)(struct target *target, uint64_t now_ns);
	uint64_t (*next_ns)(const struct target *target);
	void (*close)(struct target *target);
};

extern const struct method method_ping, method_raw_icmp, method_udp, method_raw_udp, method_raw_tcp,
	method_connect;

/*
 * Opens the first method that works for the target's protocol, and notes it in target->text.
 * False: none could be; text and error say why.
 */
bool method_open(struct target *target);
/* Calls open inside the namespace and returns what it returned, or a negative errno. */
int method_inside(const struct probe_engine *engine, uint32_t netns, int (*open)(void *context),
	void *context);
/* Why probing is not possible: "there is no route to it". error: positive errno. */
const char *method_failure(int error);

#endif
