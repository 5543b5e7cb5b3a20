/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP SYN by a raw socket: the sequence number tells which probe it is. A bound socket holds each
 * flow's source port, so that nobody's connection is taken for a probe; as it neither listens nor
 * connects, the kernel answers a SYN-ACK with RST, and nothing stays half-open at the target.
 */
#include <config.h>

#include <netinet/in.h>

#include "method.h"

/*
 * Of the target's segments only SYN or RST from the probed port: connections to the same host are
 * none of our business. IPv4 raw sockets see the IP header, IPv6 ones begin at TCP's.
 */
static int
attach_filter(const struct target *target)
{
	struct sock_filter v4[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 6, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, target->start.port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_filter v6[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 6, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, target->start.port, 0, 1),
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
	int result = open_socket(target, SOCK_RAW, IPPROTO_TCP);

	if (result < 0)
		return result;
	target->fd = result;
	result = open_reserve(target, target->start.flows, SOCK_STREAM);
	if (result == 0)
		result = attach_filter(target);
	return result == 0 ? open_connected(target) : result;
}

static size_t
build(const struct target *target, const struct flight *flight, uint8_t *packet,
	struct sockaddr_storage *to, socklen_t *to_len)
{
	const struct probe_wire_syn syn = {.source = target->local,
		.target = target->start.target,
		.source_port = target->source_ports[flight->flow],
		.port = target->start.port,
		.number = target->number + flight->sequence};

	(void)to;
	(void)to_len;
	return probe_wire_syn(packet, &syn);
}

/* Is it a probe of ours, and which? */
static bool
take(const struct target *target, const struct probe_wire_syn *syn, uint32_t *sequence)
{
	*sequence = syn->number - target->number;
	return syn->port == target->start.port && *sequence != 0 && *sequence <= target->sequence &&
	       syn->source_port ==
		       target->source_ports[target->flights[*sequence % TARGET_FLIGHTS].flow];
}

static bool
read_quote(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence)
{
	struct probe_wire_syn syn;

	return probe_wire_read_syn(data, len, &syn) && take(target, &syn, sequence);
}

static bool
read_answer(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence,
	enum probe_answer *kind)
{
	const size_t header = target->is_v4 ? probe_wire_ipv4_header(data, len) : 0;
	bool is_refused;
	struct probe_wire_syn syn;

	if ((target->is_v4 && header == 0) ||
		!probe_wire_read_syn_answer(data + header, len - header, &syn, &is_refused))
		return false;
	*kind = is_refused ? PROBE_ANSWER_REFUSED : PROBE_ANSWER_CONNECTED;
	return take(target, &syn, sequence);
}

const struct method method_raw_tcp = {
	.number = PROBE_METHOD_RAW,
	.open = open_raw,
	.build = build,
	.read_quote = read_quote,
	.read_answer = read_answer,
};
