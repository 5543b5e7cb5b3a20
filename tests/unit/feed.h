/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A collector for tests: gives a model records as they would come, with sockets built by hand from
 * the kernel's own headers. The clock stands until it is moved.
 */
#ifndef SOCKWATCH_TESTS_UNIT_FEED_H
#define SOCKWATCH_TESTS_UNIT_FEED_H

#include <linux/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>

enum { FEED_MESSAGE_MAX = 1024, FEED_NETNS = 1 };

/* Only the members that a test speaks of; attributes follow those that are not zero. */
struct feed_socket {
	uint64_t cookie;
	int family;                 /* 0: AF_INET */
	int state;                  /* the kernel's number */
	const char *local, *remote; /* NULL: any */
	uint16_t local_port, remote_port;
	uint32_t inode, uid, ifindex;
	uint8_t timer, retries;
	uint32_t expires_ms, receive_queue, send_queue;
	bool bare;       /* no attributes but a mark: a request, TIME-WAIT */
	bool old_type;   /* a reply to TCPDIAG_GETSOCK */
	size_t info_len; /* bytes of tcp_info; 0: none */
	struct tcp_info info;
	const char *congestion, *ulp;
	const uint32_t *memory; /* 9 words */
	uint32_t mark;
	uint64_t cgroup;
	int protocol; /* as in an event */
	uint8_t tos, tclass, shutdown;
	bool v6only;
};

struct feed {
	struct model *model;
	uint64_t realtime_ns;
	uint64_t monotonic_ns;
	uint32_t sequence;
};

/* A model that was greeted and knows namespace FEED_NETNS. */
struct feed feed_new(void);
/* The same with these bounds of its wire. */
struct feed feed_new_wired(const struct wire_options *wire);
void feed_free(struct feed *feed);
void feed_wait(struct feed *feed, uint32_t ms);

void feed_hello(struct feed *feed, const char *host, uint64_t boot_ns, uint32_t rights);
void feed_message(struct feed *feed, enum message_type type, const void *body);
void feed_begin(struct feed *feed, uint8_t protocols, bool full);
void feed_end(struct feed *feed, uint8_t protocols, bool complete);
void feed_gone(struct feed *feed, uint64_t cookie);
void feed_hold(struct feed *feed, uint32_t pid, uint32_t inode, uint32_t fd);
void feed_process(struct feed *feed, uint32_t pid, uint64_t start, const char *comm);

/* Writes the netlink message; returns its length. */
size_t feed_build(const struct feed_socket *socket, uint8_t out[FEED_MESSAGE_MAX]);
void feed_diag(struct feed *feed, const uint8_t *data, size_t len);
void feed_socket(struct feed *feed, const struct feed_socket *socket);
/* A whole snapshot of one TCP dump with these. */
void feed_snapshot(struct feed *feed, bool full, const struct feed_socket *sockets, size_t count);

/* The row of this cookie, or NULL. */
const struct socket_row *feed_row(const struct feed *feed, uint64_t cookie);

#endif
