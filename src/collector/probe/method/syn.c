/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP SYN by a raw socket: the sequence number says which probe it is. A bound socket holds each
 * flow's source port, so that nobody's connection is taken for a probe; as it neither listens nor
 * connects, the kernel answers a SYN-ACK with RST, and nothing stays half-open at the target.
 */
#include <config.h>

#include <netinet/in.h>

#include "method.h"
#include "raw.h"

enum { TCP_SYN = 2, TCP_RST = 4 };

/* Reads only SYN or RST from the probed port: other connections with the host are not read. */
static int
open_raw(struct target *target)
{
	const struct raw_filter filter = {
		.port = target->start.port, .port_offset = 0, .flags = TCP_SYN | TCP_RST};
	const int result = raw_open(target, IPPROTO_TCP, target->start.flows, SOCK_STREAM);

	return result == 0 ? raw_connect(target, &filter) : result;
}

static size_t
build(const struct target *target, const struct in_flight *probe, uint8_t *packet,
	struct sockaddr_storage *to, socklen_t *to_len)
{
	const struct probe_wire_syn syn = {.source = target->local,
		.target = target->start.target,
		.source_port = target->source_ports[probe->flow],
		.port = target->start.port,
		.number = target->number + probe->sequence};

	(void)to;
	(void)to_len;
	return probe_wire_syn(packet, &syn);
}

/* Whether it is a probe of ours, and which. */
static bool
take(const struct target *target, const struct probe_wire_syn *syn, uint32_t *sequence)
{
	*sequence = syn->number - target->number;
	return syn->port == target->start.port && *sequence != 0 && *sequence <= target->sequence &&
	       syn->source_port ==
		       target->source_ports[target->in_flight[*sequence % TARGET_IN_FLIGHT_MAX]
						    .flow];
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
