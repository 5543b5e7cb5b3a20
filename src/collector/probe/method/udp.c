/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP by one socket that is not connected, each flow to a port of its own. From the packet that an
 * error quotes the kernel passes on the payload only. Routers that quote eight bytes quote none of
 * it, and then it is not known which probe it was (ICMP, TCP and UDP by a raw socket know it).
 */
#include <config.h>
#include <netinet/in.h>

#include "method.h"
#include "probe_socket.h"
#include "sockaddr.h"

static int
open_udp(struct target *target)
{
	int result = probe_socket_open(target, SOCK_DGRAM, 0);

	if (result < 0)
		return result;
	target->fd = result;
	result = probe_socket_prepare(target, target->fd);
	return result == 0 ? probe_socket_bind(target, target->fd, target->start.source_port)
			   : result;
}

static size_t
build(const struct target *target, const struct in_flight *probe, uint8_t *packet,
	struct sockaddr_storage *to, socklen_t *to_len)
{
	const struct wire_mark mark = {
		.sequence = probe->sequence, .ttl = probe->ttl, .flow = probe->flow};
	/* A port of ICMP or TCP means nothing here, where UDP is the substitute. */
	const uint16_t first =
		target->start.port != 0 && target->start.protocol == PROBE_PROTOCOL_UDP
			? target->start.port
			: TARGET_UDP_PORT;

	*to_len = sockaddr_fill(
		&target->start.target, target->is_v4, (uint16_t)(first + probe->flow), to);
	return probe_wire_payload(packet, probe->payload, &mark, 0);
}

static bool
read_quote(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence)
{
	struct wire_mark mark;

	(void)target;
	if (!probe_wire_read_payload(data, len, &mark))
		return false;
	*sequence = mark.sequence;
	return true;
}

/* An echo service sends the mark back; other answers do not show to which probe they are. */
static bool
read_answer(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence,
	enum probe_answer *kind)
{
	*kind = PROBE_ANSWER_UDP;
	return read_quote(target, data, len, sequence);
}

const struct method method_udp = {
	.number = PROBE_METHOD_UDP_SOCKET,
	.open = open_udp,
	.build = build,
	.read_quote = read_quote,
	.read_answer = read_answer,
};
