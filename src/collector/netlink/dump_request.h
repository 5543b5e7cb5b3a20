/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests that dump the socket tables. IPv4 and IPv6 of TCP come in one walk by the old
 * TCPDIAG_GETSOCK, which ignores the family. The walk is the expensive part on a machine with many
 * sockets in other namespaces, so it is done once.
 */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_DUMP_REQUEST_H
#define SOCKWATCH_COLLECTOR_NETLINK_DUMP_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/message_subscription.h>

#include "bytecode.h"

enum { REQUEST_MAX = BYTECODE_MAX + 256 };

struct dump_request {
	size_t len;
	uint8_t bytes[REQUEST_MAX] __attribute__((aligned(4)));
};

/* States that a subscription may name: 1 << TCP_*, and bit 13, bound but neither listening nor
 * connected.
 */
#define REQUEST_STATES_ALL        UINT32_C(0x3fff)
#define REQUEST_STATE_ESTABLISHED (UINT32_C(1) << 1)
#define REQUEST_STATE_LISTEN      (UINT32_C(1) << 10)
#define REQUEST_STATE_BOUND       (UINT32_C(1) << 13)

/* How many requests one table takes. protocol: one enum protocol_bit. */
unsigned dump_request_count(const struct message_subscription *subscription, uint8_t protocol);

/*
 * The index-th of them. states narrows those of the subscription. A subscription with no protocol,
 * family or state at all means all of them.
 */
void dump_request_build(struct dump_request *request,
	const struct message_subscription *subscription, uint8_t protocol, unsigned index,
	uint32_t states, uint32_t sequence);

/*
 * The index-th of the two (IPv4, IPv6) that list MPTCP connections, which their subflows in the TCP
 * table belong to. A kernel without MPTCP answers with an error.
 */
enum { DUMP_REQUEST_MPTCP_COUNT = 2 };
void dump_request_build_mptcp(struct dump_request *request, unsigned index, uint32_t sequence);

/* idiag_ext for enum need. */
uint8_t dump_request_extensions(uint64_t needs);
uint8_t dump_request_protocols(const struct message_subscription *subscription);
uint32_t dump_request_states(const struct message_subscription *subscription);

#endif
