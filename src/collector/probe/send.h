/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends probes by a socket, many by one call. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_SEND_H
#define SOCKWATCH_COLLECTOR_PROBE_SEND_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "probe_wire.h"
#include "target.h"

enum { SEND_BATCH = 16 };

/* Memory for the probes of one call. */
struct send_room {
	struct mmsghdr messages[SEND_BATCH];
	struct send_message {
		struct sockaddr_storage to;
		struct iovec data;
		/* The ttl; for IPv6 the flow label too. */
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int)) +
						      CMSG_SPACE(sizeof(uint32_t))];
		uint8_t packet[WIRE_PACKET_MAX];
	} parts[SEND_BATCH];
};

/* Sends what is due, as far as the routers' rates allow. */
void send_due(struct target *target, uint64_t now_ns);

/* Sends probes of these sizes (bytes of the IP packet) to the target, for the path MTU. */
void send_sizes(struct target *target, uint8_t ttl, const uint16_t *sizes, size_t count);

#endif
