/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays of two, by protocol: TCP, UDP. */
#ifndef SOCKWATCH_MODEL_SOCKET_PROTOCOL_H
#define SOCKWATCH_MODEL_SOCKET_PROTOCOL_H

#include <netinet/in.h>
#include <stdint.h>

/* The index of a protocol in arrays by protocol. */
static inline unsigned int
socket_protocol_index(uint8_t protocol)
{
	return protocol == IPPROTO_UDP ? 1 : 0;
}

#endif
