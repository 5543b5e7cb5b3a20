/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One socket as NETLINK_SOCK_DIAG describes it (struct inet_diag_msg and its attributes), checked
 * and in our units. Pointers go into the record.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_DIAG_H
#define SOCKWATCH_MODEL_SOCKET_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/tcp_state.h>

/* Words of INET_DIAG_SKMEMINFO (SK_MEMINFO_* in linux/sock_diag.h). */
enum diag_memory {
	DIAG_MEMORY_RECEIVE = 0,
	DIAG_MEMORY_RECEIVE_BUFFER = 1,
	DIAG_MEMORY_SEND_BUFFER = 3,
	DIAG_MEMORY_SEND = 5,
	DIAG_MEMORY_DROPS = 8,
	DIAG_MEMORY_WORDS,
};

struct diag_socket {
	uint64_t cookie;
	struct address local;
	struct address remote;
	uint16_t local_port;
	uint16_t remote_port;
	uint32_t ifindex;
	uint32_t inode;
	uint32_t uid;
	uint32_t timer_ms;
	uint32_t receive_queue;
	uint32_t send_queue;
	uint8_t family;
	uint8_t state; /* enum tcp_state */
	uint8_t timer;
	uint8_t timer_retries;
	bool is_request; /* a connection request */
	uint8_t has;     /* SOCKET_HAS_…, all but KEEPALIVE */
	uint16_t flags;  /* SOCKET_V6ONLY, SOCKET_MPTCP */
	uint8_t shutdown;
	uint8_t tos;
	uint8_t protocol; /* IPPROTO_*, only in events; 0: not given */
	uint32_t mark;
	uint64_t cgroup;
	const uint8_t *memory; /* DIAG_MEMORY_WORDS words, not aligned */
	const uint8_t *info;   /* struct tcp_info, or NULL */
	size_t info_len;
	struct text congestion;
};

/* Bytes of a message without attributes, and where in it the cookie is. */
enum { DIAG_SIZE = 72, DIAG_COOKIE_AT = 44 };

static inline uint64_t
diag_cookie(const uint8_t *payload)
{
	uint64_t cookie;

	__builtin_memcpy(&cookie, payload + DIAG_COOKIE_AT, sizeof cookie);
	return cookie;
}

/* What follows the netlink header. 0; -EINVAL: it does not hold together, and *socket is void. */
int diag_parse(const uint8_t *payload, size_t len, struct diag_socket *socket);

/* One of SKMEMINFO's words. */
uint32_t diag_memory(const struct diag_socket *socket, enum diag_memory word);

#endif
