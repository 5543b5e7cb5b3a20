/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP by a raw socket. Its error queue has the quoted UDP header too, whose checksum says which
 * probe it is, so it knows the answers of routers that quote only eight bytes. A bound socket holds
 * the source port; nobody reads it.
 */
#include <config.h>

#include <netinet/in.h>

#include "method.h"
#include "raw.h"

/* Only what is sent to our port, which is known once it is reserved. */
static int
open_raw(struct target *target)
{
	const int result = raw_open(target, IPPROTO_UDP, 1, SOCK_DGRAM);
	const struct raw_filter filter = {.port = target->source_ports[0], .port_offset = 2};

	return result == 0 ? raw_connect(target, &filter) : result;
}

static uint16_t
first_port(const struct target *target)
{
	return target->start.port != 0 ? target->start.port : TARGET_UDP_PORT;
}

static size_t
build(const struct target *target, const struct in_flight *probe, uint8_t *packet,
	struct sockaddr_storage *to, socklen_t *to_len)
{
	const struct probe_wire_udp udp = {.source = target->local,
		.target = target->start.target,
		.source_port = target->source_ports[0],
		.port = (uint16_t)(first_port(target) + probe->flow),
		.mark = {.sequence = probe->sequence, .ttl = probe->ttl, .flow = probe->flow}};

	(void)to;
	(void)to_len;
	return probe_wire_udp(packet, probe->payload, &udp);
}

static bool
read_quote(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence)
{
	struct probe_wire_udp udp;

	if (!probe_wire_read_udp(data, len, target->sequence, &udp) ||
		udp.source_port != target->source_ports[0])
		return false;
	*sequence = udp.mark.sequence;
	return udp.port == first_port(target) +
				   target->in_flight[udp.mark.sequence % TARGET_IN_FLIGHT_MAX].flow;
}

/* An echo service sends the mark back; other answers do not show to which probe they are. */
static bool
read_answer(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence,
	enum probe_answer *kind)
{
	const size_t header = target->is_v4 ? probe_wire_ipv4_header(data, len) : 0;
	struct wire_mark mark;

	*kind = PROBE_ANSWER_UDP;
	if ((target->is_v4 && header == 0) || len - header < WIRE_UDP_HEADER ||
		!probe_wire_read_payload(
			data + header + WIRE_UDP_HEADER, len - header - WIRE_UDP_HEADER, &mark))
		return false;
	*sequence = mark.sequence;
	return true;
}

const struct method method_raw_udp = {
	.number = PROBE_METHOD_RAW,
	.open = open_raw,
	.build = build,
	.read_quote = read_quote,
	.read_answer = read_answer,
};
