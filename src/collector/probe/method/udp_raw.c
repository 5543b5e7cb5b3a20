/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP by a raw socket: it is told of its errors what is quoted of the UDP header too, whose
 * checksum tells the probe. So it knows the answers of routers that quote but eight bytes. A bound
 * socket holds the source port; nobody reads it.
 */
#include <config.h>

#include <netinet/in.h>

#include "method.h"

/* Only what is sent to our port. IPv4 raw sockets see the IP header, IPv6 ones begin at UDP's. */
static int
attach_filter(const struct target *target)
{
	struct sock_filter v4[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, target->source_ports[0], 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_filter v6[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, target->source_ports[0], 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program_v4 = {.len = sizeof(v4) / sizeof(v4[0]), .filter = v4};
	const struct sock_fprog program_v6 = {.len = sizeof(v6) / sizeof(v6[0]), .filter = v6};

	return open_filter(target, target->is_v4 ? &program_v4 : &program_v6);
}

static int
open_raw(struct target *target)
{
	int result = open_socket(target, SOCK_RAW, IPPROTO_UDP);

	if (result < 0)
		return result;
	target->fd = result;
	result = open_reserve(target, 1, SOCK_DGRAM);
	if (result == 0)
		result = attach_filter(target);
	return result == 0 ? open_connected(target) : result;
}

static uint16_t
first_port(const struct target *target)
{
	return target->start.port != 0 ? target->start.port : TARGET_UDP_PORT;
}

static size_t
build(const struct target *target, const struct flight *flight, uint8_t *packet,
	struct sockaddr_storage *to, socklen_t *to_len)
{
	const struct probe_wire_udp udp = {.source = target->local,
		.target = target->start.target,
		.source_port = target->source_ports[0],
		.port = (uint16_t)(first_port(target) + flight->flow),
		.mark = {.sequence = flight->sequence, .ttl = flight->ttl, .flow = flight->flow}};

	(void)to;
	(void)to_len;
	return probe_wire_udp(packet, target->size, &udp);
}

static bool
read_quote(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence)
{
	struct probe_wire_udp udp;

	if (!probe_wire_read_udp(data, len, target->sequence, &udp) ||
		udp.source_port != target->source_ports[0])
		return false;
	*sequence = udp.mark.sequence;
	return udp.port ==
	       first_port(target) + target->flights[udp.mark.sequence % TARGET_FLIGHTS].flow;
}

/* An echo service sends it back; another service's answer does not say to which probe it is. */
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
