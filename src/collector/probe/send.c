/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends all probes that are due by one call. Near hops go first: a host that answers for several
 * times to live, up to a limit, answers for the smallest. A hop so near that it answers before the
 * next probe is sent makes that one fail once, because an ICMP error waits. When the source
 * address, the route or the interface has changed, the sockets are opened again (method/reopen.c).
 */
#include <config.h>

#include "send.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "collector/probe/method/method.h"
#include "collector/probe/method/probe_socket.h"
#include "collector/probe/method/reopen.h"
#include "engine.h"
#include "receive.h"
#include "router_rate.h"

/*
 * As linux/in6.h has it, which does not go with netinet/in.h. Routers hash the flow label
 * (RFC 6438), and the kernel would give all our flows the same one.
 */
enum { SEND_IPV6_FLOWINFO = 11 };

enum {
	TRIES = 4, /* how often a probe is sent again when errors waited */
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
};

static void
prepare(const struct target *target, struct in_flight *probe, struct send_room *room, size_t i)
{
	const int ttl = probe->ttl;
	const uint32_t label = htonl(target_flow_label(target, probe->flow));
	struct send_message *const part = &room->parts[i];
	struct msghdr *const header = &room->messages[i].msg_hdr;
	struct cmsghdr *option;
	socklen_t to_len = 0;

	if (!probe->is_search)
		probe->payload = target->size;
	memset(&part->to, 0, sizeof part->to);
	part->data.iov_base = part->packet;
	part->data.iov_len = target->method->build(target, probe, part->packet, &part->to, &to_len);
	memset(part->control, 0, sizeof part->control);
	*header = (struct msghdr){.msg_name = to_len == 0 ? NULL : &part->to,
		.msg_namelen = to_len,
		.msg_iov = &part->data,
		.msg_iovlen = 1,
		.msg_control = part->control,
		.msg_controllen = sizeof part->control};
	probe->size = (uint16_t)(part->data.iov_len + (target->is_v4 ? IPV4_HEADER : IPV6_HEADER) +
				 (target->method->number == PROBE_METHOD_UDP_SOCKET
						 ? (size_t)WIRE_UDP_HEADER
						 : 0));
	option = CMSG_FIRSTHDR(header);
	*option = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = target->is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
		.cmsg_type = target->is_v4 ? IP_TTL : IPV6_HOPLIMIT};
	memcpy(CMSG_DATA(option), &ttl, sizeof ttl);
	if (target->is_v4) {
		header->msg_controllen = CMSG_SPACE(sizeof ttl);
		return;
	}
	option = CMSG_NXTHDR(header, option);
	if (option == NULL)
		return;
	*option = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof label),
		.cmsg_level = IPPROTO_IPV6,
		.cmsg_type = SEND_IPV6_FLOWINFO};
	memcpy(CMSG_DATA(option), &label, sizeof label);
}

/*
 * The kernel numbers stamps in the order of sending. Whether a failed send takes a number differs
 * between kernels, so afterwards the numbers begin again, with this probe.
 */
static int
send_by_itself(struct target *target, struct in_flight *probe, size_t i)
{
	struct send_room *const room = target->engine->send_room;

	probe_socket_restart_keys(target);
	target->key_base = probe->sequence;
	/* Built again: it may have been too big, or the source is another one. */
	prepare(target, probe, room, i);
	return sendmsg(target->fd, &room->messages[i].msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0
		       ? 0
		       : errno;
}

/* Sends a probe that failed among the others. 0, or errno. */
static int
send_again(struct target *target, struct in_flight *probe, size_t i)
{
	int error = 0;

	for (int tries = 0; tries < TRIES; tries++) {
		receive_all(target);
		error = send_by_itself(target, probe, i);
		if (error == 0)
			return 0;
		if (error == EMSGSIZE)
			in_flight_too_big(target, target->mtu, probe->size);
	}
	/* The source address, the route or the interface may be another one now. */
	if (reopen_may_help(error) && reopen_is_due(target, target->last_sent_ns) &&
		reopen_target(target))
		error = send_by_itself(target, probe, i);
	if (error == 0)
		return 0;
	if (!target->is_blocked)
		probe_socket_restart_keys(target);
	target->key_base = probe->sequence + 1;
	return error;
}

static void
failed(struct target *target, struct in_flight *probe, int error)
{
	if (error != 0)
		in_flight_send_failed(target, probe, error);
}

static void
send_batch(struct target *target, struct in_flight *const *in_flight, size_t count)
{
	struct send_room *const room = target->engine->send_room;
	size_t done = 0;

	for (size_t i = 0; i < count; i++)
		prepare(target, in_flight[i], room, i);
	for (size_t i = 0; i < count && !target->is_blocked;) {
		const int sent = sendmmsg(target->fd, &room->messages[i], (unsigned)(count - i),
			MSG_DONTWAIT | MSG_NOSIGNAL);
		i += sent > 0 ? (size_t)sent : 0;
		if (i < count) {
			const uint64_t opened_ns = target->reopened_ns;
			failed(target, in_flight[i], send_again(target, in_flight[i], i));
			i++;
			/* With another source address. */
			for (size_t k = i; k < count && target->reopened_ns != opened_ns &&
					   !target->is_blocked;
				k++)
				prepare(target, in_flight[k], room, k);
		}
		done = i;
	}
	for (; done < count; done++)
		failed(target, in_flight[done], target->error);
}

void
send_due(struct target *target, uint64_t now_ns)
{
	struct probe_schedule_step step;
	struct in_flight *in_flight[SEND_BATCH];
	bool has_sent = false;
	size_t count;

	do {
		count = 0;
		while (count < SEND_BATCH && engine_take_step(target, count, now_ns, &step))
			if (router_rate_may_send(target, &step, now_ns))
				in_flight[count++] = in_flight_create(target, &step);
		if (count == 0)
			break;
		engine_spend(target, count);
		send_batch(target, in_flight, count);
		has_sent = true;
	} while (count == SEND_BATCH && !target->is_blocked);
	/* Where answers are waited for, stamps are read at once. */
	if (has_sent && !target->is_blocked && engine_is_eager(target->engine)) {
		receive_all(target);
		in_flight_report_sent(target);
	}
}

void
send_sizes(struct target *target, uint8_t ttl, const uint16_t *sizes, size_t count)
{
	const uint16_t headers =
		(uint16_t)((target->is_v4 ? IPV4_HEADER : IPV6_HEADER) + WIRE_ICMP_HEADER);
	struct in_flight *in_flight[SEND_BATCH];

	for (size_t i = 0; i < count; i++)
		in_flight[i] = in_flight_create_search(target, ttl, (uint16_t)(sizes[i] - headers));
	send_batch(target, in_flight, count);
	receive_all(target);
	in_flight_report_sent(target);
}
