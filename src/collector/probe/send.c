/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends all probes that are due by one call. Near hops go first: a host that answers for several
 * times to live, up to a limit, answers for the smallest. A hop so near that it answers before the
 * next probe is sent makes that one fail once, because an ICMP error waits.
 */
#include <config.h>

#include "send.h"

#include <errno.h>
#include <string.h>

#include "collector/probe/method/method.h"
#include "collector/probe/method/probe_socket.h"
#include "engine.h"
#include "receive.h"
#include "router_rate.h"

/* How often a probe is sent again when errors waited. */
enum { TRIES = 4 };

static void
prepare(const struct target *target, const struct in_flight *probe, struct send_room *room,
	size_t i)
{
	const int ttl = probe->ttl;
	struct send_message *const part = &room->parts[i];
	struct msghdr *const header = &room->messages[i].msg_hdr;
	struct cmsghdr *option;
	socklen_t to_len = 0;

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
	option = CMSG_FIRSTHDR(header);
	*option = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = target->is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
		.cmsg_type = target->is_v4 ? IP_TTL : IPV6_HOPLIMIT};
	memcpy(CMSG_DATA(option), &ttl, sizeof ttl);
}

/*
 * Sends a probe that failed among the others. The kernel numbers stamps in the order of sending.
 * Whether a failed send takes a number differs between kernels, so afterwards the numbers begin
 * again.
 */
static void
send_again(struct target *target, struct in_flight *probe, size_t i)
{
	struct send_room *const room = target->engine->send_room;
	int error = 0;

	for (int tries = 0; tries < TRIES; tries++) {
		receive_all(target);
		probe_socket_restart_keys(target);
		target->key_base = probe->sequence;
		/* Built again: it may have been too big. */
		prepare(target, probe, room, i);
		if (sendmsg(target->fd, &room->messages[i].msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL) >=
			0)
			return;
		error = errno;
		if (error == EMSGSIZE)
			in_flight_too_big(target, target->mtu);
	}
	probe_socket_restart_keys(target);
	target->key_base = probe->sequence + 1;
	in_flight_send_failed(target, probe, error);
}

static void
send_batch(struct target *target, const struct probe_schedule_step *steps, size_t count)
{
	struct send_room *const room = target->engine->send_room;
	struct in_flight *in_flight[SEND_BATCH];

	for (size_t i = 0; i < count; i++) {
		in_flight[i] = in_flight_create(target, &steps[i]);
		prepare(target, in_flight[i], room, i);
	}
	for (size_t i = 0; i < count;) {
		const int sent = sendmmsg(target->fd, &room->messages[i], (unsigned)(count - i),
			MSG_DONTWAIT | MSG_NOSIGNAL);
		i += sent > 0 ? (size_t)sent : 0;
		if (i < count) {
			send_again(target, in_flight[i], i);
			i++;
		}
	}
}

void
send_due(struct target *target, uint64_t now_ns)
{
	struct probe_schedule_step steps[SEND_BATCH];
	bool has_sent = false;
	size_t count;

	do {
		count = 0;
		while (count < SEND_BATCH &&
			probe_schedule_take(&target->schedule, now_ns, &steps[count]))
			count += router_rate_may_send(target, &steps[count], now_ns);
		if (count == 0)
			break;
		send_batch(target, steps, count);
		has_sent = true;
	} while (count == SEND_BATCH);
	/* Where answers are waited for, stamps are read at once. */
	if (has_sent && engine_is_eager(target->engine)) {
		receive_all(target);
		in_flight_report_sent(target);
	}
}
