/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMP echo: by a ping socket (net.ipv4.ping_group_range), whose identifier and checksum the kernel
 * sets, or by a raw one, which is connected, so that the kernel sorts answers and errors.
 */
#include <config.h>

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <unistd.h>

/* After netinet/in.h, whose addresses it must not define again. */
#include <linux/icmp.h>

#include "method.h"
#include "probe_socket.h"
#include "raw.h"
#include "sockaddr.h"

enum { ICMP4_REPLY_TYPE = 0, ID_OFFSET = 4 };

static int
open_icmp(struct target *target, int type)
{
	const int result =
		probe_socket_open(target, type, target->is_v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);

	if (result < 0)
		return result;
	target->fd = result;
	return 0;
}

/*
 * Not connected: the kernel sorts answers and errors by the identifier, also those from other
 * addresses of the target, and chooses the source address for each probe.
 */
static int
open_ping(struct target *target)
{
	int result = open_icmp(target, SOCK_DGRAM);

	if (result == 0)
		result = probe_socket_prepare(target, target->fd);
	return result == 0 ? probe_socket_bind(target, target->fd, 0) : result;
}

/* Lets through echo replies only: errors come on the error queue. */
static int
set_filter(const struct target *target, int fd)
{
	const struct icmp_filter v4 = {.data = ~(1U << ICMP4_REPLY_TYPE)};
	struct icmp6_filter v6;

	ICMP6_FILTER_SETBLOCKALL(&v6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &v6);
	if (target->is_v4 ? setsockopt(fd, SOL_RAW, ICMP_FILTER, &v4, sizeof v4) != 0
			  : setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &v6, sizeof v6) != 0)
		return -errno;
	return 0;
}

/*
 * A second socket, which is not connected, for the answers from other addresses. Each such socket
 * sees every reply to this host, so it is closed when the target has answered. Without it they are
 * not seen.
 */
static void
open_any(struct target *target)
{
	const struct raw_filter filter = {.port = target->id, .port_offset = ID_OFFSET};
	const int fd =
		probe_socket_open(target, SOCK_RAW, target->is_v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);

	if (fd < 0)
		return;
	if (set_filter(target, fd) != 0 || raw_attach(target, fd, &filter) != 0 ||
		probe_socket_bind(target, fd, 0) != 0 || probe_socket_stamp(target, fd) != 0) {
		close(fd);
		return;
	}
	target->any_fd = fd;
}

static int
open_raw(struct target *target)
{
	int result = open_icmp(target, SOCK_RAW);

	if (result == 0)
		result = probe_socket_prepare_connected(target);
	if (result == 0)
		result = set_filter(target, target->fd);
	if (result == 0)
		open_any(target);
	return result;
}

static size_t
build(const struct target *target, const struct in_flight *probe, uint8_t *packet,
	struct sockaddr_storage *to, socklen_t *to_len)
{
	const struct wire_mark mark = {
		.sequence = probe->sequence, .ttl = probe->ttl, .flow = probe->flow};

	if (target->method->number == PROBE_METHOD_PING_SOCKET)
		*to_len = sockaddr_fill(&target->start.target, target->is_v4, 0, to);
	return probe_wire_echo(packet, target->is_v4, target->id, probe->payload, &mark);
}

static bool
read_echo(const struct target *target, const uint8_t *data, size_t len, bool is_reply,
	uint32_t *sequence)
{
	uint16_t id, low;

	if (!probe_wire_read_echo(data, len, is_reply, target->is_v4, &id, &low))
		return false;
	/* For a ping socket the kernel chose the identifier and checked it. */
	if (target->method->number == PROBE_METHOD_RAW && id != target->id)
		return false;
	*sequence = probe_wire_widen(low, target->sequence);
	return true;
}

static bool
read_quote(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence)
{
	return read_echo(target, data, len, false, sequence);
}

/* What was sent comes back with the reply (RFC 792, RFC 4443 section 4.2). */
static bool
has_mark(const uint8_t *data, size_t len, uint32_t sequence)
{
	struct wire_mark mark;

	return probe_wire_read_payload(data + WIRE_ICMP_HEADER, len - WIRE_ICMP_HEADER, &mark) &&
	       mark.sequence == sequence;
}

static bool
read_answer(const struct target *target, const uint8_t *data, size_t len, uint32_t *sequence,
	enum probe_answer *kind)
{
	const bool has_header = target->is_v4 && target->method->number == PROBE_METHOD_RAW;
	const size_t header = has_header ? probe_wire_ipv4_header(data, len) : 0;

	if (has_header && header == 0)
		return false;
	*kind = PROBE_ANSWER_ECHO;
	return read_echo(target, data + header, len - header, true, sequence) &&
	       has_mark(data + header, len - header, *sequence);
}

const struct method method_ping = {
	.number = PROBE_METHOD_PING_SOCKET,
	.open = open_ping,
	.build = build,
	.read_quote = read_quote,
	.read_answer = read_answer,
};

const struct method method_raw_icmp = {
	.number = PROBE_METHOD_RAW,
	.open = open_raw,
	.build = build,
	.read_quote = read_quote,
	.read_answer = read_answer,
};
