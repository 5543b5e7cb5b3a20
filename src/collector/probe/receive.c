/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads answers, ICMP errors and transmit stamps from a probing socket. An ICMP error comes on the
 * error queue of the socket whose probe it quotes (IP_RECVERR, RFC 4884 extensions by
 * IP_RECVERR_RFC4884), a transmit stamp too: the origin tells them apart. Both carry their time as
 * SCM_TIMESTAMPING, Documentation/networking/timestamping.rst.
 */
#include <config.h>

#include "receive.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include <sockwatch/base/clock.h>

#include "collector/probe/method/method.h"
#include "collector/probe/method/sockaddr.h"
#include "engine.h"

/* Calls at once; more messages are read in the next pass of the loop. */
enum { CALLS_MAX = 16, IPV4_HEADER = 20, IPV6_HEADER = 40 };

static void
read_stamp(struct received *received, const struct cmsghdr *header)
{
	struct scm_timestamping stamps;

	if (header->cmsg_len < CMSG_LEN(sizeof stamps))
		return;
	memcpy(&stamps, CMSG_DATA(header), sizeof stamps);
	if (stamps.ts[0].tv_sec == 0)
		return;
	received->answer.received_ns =
		(uint64_t)stamps.ts[0].tv_sec * CLOCK_NS_PER_S + (uint64_t)stamps.ts[0].tv_nsec;
	received->answer.is_stamped = true;
}

static void
read_error(struct received *received, const struct cmsghdr *header)
{
	struct sock_extended_err error;
	const size_t len = header->cmsg_len - CMSG_LEN(0);
	const uint8_t *const data = CMSG_DATA(header);

	if (len < sizeof error)
		return;
	memcpy(&error, data, sizeof error);
	received->error = (int)error.ee_errno;
	received->answer.info = error.ee_info;
	switch (error.ee_origin) {
	case SO_EE_ORIGIN_TIMESTAMPING:
		received->kind = RECEIVE_STAMP;
		received->key = error.ee_data;
		break;
	case SO_EE_ORIGIN_LOCAL: received->kind = RECEIVE_LOCAL; break;
	case SO_EE_ORIGIN_ICMP:
	case SO_EE_ORIGIN_ICMP6:
		received->kind = RECEIVE_ERROR;
		received->answer.kind = PROBE_ANSWER_ICMP;
		received->answer.icmp_type = error.ee_type;
		received->answer.icmp_code = error.ee_code;
		received->answer.from = sockaddr_address(data + sizeof error, len - sizeof error);
		if ((error.ee_rfc4884.flags & SO_EE_RFC4884_FLAG_INVALID) == 0)
			received->answer.extension = error.ee_rfc4884.len;
		break;
	default: break; /* zero copy, transmit time: not used here */
	}
}

static void
read_ttl(struct received *received, const struct cmsghdr *header)
{
	int ttl;

	if (header->cmsg_len < CMSG_LEN(sizeof ttl))
		return;
	memcpy(&ttl, CMSG_DATA(header), sizeof ttl);
	if (ttl > 0 && ttl <= UINT8_MAX)
		received->answer.ttl = (uint8_t)ttl;
}

static void
read_control(struct received *received, struct msghdr *message)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
		header = CMSG_NXTHDR(message, header)) {
		const int level = header->cmsg_level, type = header->cmsg_type;
		if (level == SOL_SOCKET && type == SO_TIMESTAMPING)
			read_stamp(received, header);
		else if ((level == IPPROTO_IP && type == IP_RECVERR) ||
			 (level == IPPROTO_IPV6 && type == IPV6_RECVERR))
			read_error(received, header);
		else if ((level == IPPROTO_IP && type == IP_TTL) ||
			 (level == IPPROTO_IPV6 && type == IPV6_HOPLIMIT))
			read_ttl(received, header);
	}
}

static void
read_message(struct received *received, struct mmsghdr *message, bool from_errors)
{
	const struct msghdr *const header = &message->msg_hdr;

	*received = (struct received){.kind = from_errors ? RECEIVE_OTHER : RECEIVE_PACKET,
		.answer = {.kind = PROBE_ANSWER_ICMP},
		.len = message->msg_len,
		.bytes = header->msg_iov->iov_base};
	read_control(received, &message->msg_hdr);
	if (received->kind == RECEIVE_PACKET)
		received->answer.from = sockaddr_address(header->msg_name, header->msg_namelen);
	if (!received->answer.is_stamped)
		received->answer.received_ns = clock_realtime_ns();
	if (received->answer.extension > received->len)
		received->answer.extension = 0;
	if (received->answer.extension != 0)
		received->answer.data = (struct text){(const char *)received->bytes, received->len};
}

/* Reads one batch. How many messages; 0: none waits; -1: an error was waiting. */
static int
read_some(int fd, bool from_errors, struct receive_room *room)
{
	int count;

	for (size_t i = 0; i < RECEIVE_BATCH; i++) {
		struct receive_message *const part = &room->parts[i];
		part->data = (struct iovec){.iov_base = part->bytes, .iov_len = sizeof part->bytes};
		room->messages[i].msg_hdr = (struct msghdr){.msg_name = &part->from,
			.msg_namelen = sizeof part->from,
			.msg_iov = &part->data,
			.msg_iovlen = 1,
			.msg_control = part->control,
			.msg_controllen = sizeof part->control};
	}
	count = recvmmsg(fd, room->messages, RECEIVE_BATCH,
		MSG_DONTWAIT | (from_errors ? MSG_ERRQUEUE : 0), NULL);
	return count >= 0 ? count : errno == EAGAIN || errno == EBADF ? 0 : -1;
}

static void
receive_queue(int fd, bool from_errors, struct receive_room *room,
	bool (*take)(void *context, struct received *received), void *context)
{
	struct received received;

	for (int calls = 0; calls < CALLS_MAX; calls++) {
		const int count = read_some(fd, from_errors, room);
		for (int i = 0; i < count; i++) {
			read_message(&received, &room->messages[i], from_errors);
			if (!take(context, &received))
				return;
		}
		/* The call removed an error that waited: the messages come next. */
		if (count >= 0 && count < RECEIVE_BATCH)
			return;
	}
}

void
receive_errors(int fd, struct receive_room *room,
	bool (*take)(void *context, struct received *received), void *context)
{
	receive_queue(fd, true, room, take, context);
}

void
receive_find_extension(const struct target *target, struct received *received)
{
	/* A UDP socket is given what follows the header, others the header too. */
	const size_t stripped =
		(target->is_v4 ? IPV4_HEADER : IPV6_HEADER) +
		(target->method->number == PROBE_METHOD_UDP_SOCKET ? (size_t)WIRE_UDP_HEADER : 0);
	size_t at;

	if (received->answer.extension != 0)
		return;
	at = probe_wire_find_extension(received->bytes, received->len, stripped);
	received->answer.extension = (uint16_t)at;
	if (at != 0)
		received->answer.data = (struct text){(const char *)received->bytes, received->len};
}

static void
take_icmp(struct target *target, struct received *received)
{
	uint32_t sequence;

	if (!target->method->read_quote(target, received->bytes, received->len, &sequence))
		return;
	receive_find_extension(target, received);
	in_flight_answered(target, sequence, &received->answer);
}

static bool
take_error(void *context, struct received *received)
{
	struct target *const target = context;

	if (received->kind == RECEIVE_STAMP && received->answer.is_stamped)
		in_flight_stamped(
			target, target->key_base + received->key, received->answer.received_ns);
	else if (received->kind == RECEIVE_ERROR)
		take_icmp(target, received);
	else if (received->kind == RECEIVE_LOCAL && received->error == EMSGSIZE)
		in_flight_too_big(target, received->answer.info, UINT32_MAX);
	return true;
}

/* A socket that is not connected hears from any host; our mark in it shows that it is for us. */
static bool
is_for_us(const struct target *target, const struct received *received)
{
	return address_compare(&received->answer.from, &target->start.target) == 0 ||
	       received->answer.kind == PROBE_ANSWER_ECHO ||
	       received->answer.kind == PROBE_ANSWER_UDP;
}

static bool
take_packet(void *context, struct received *received)
{
	struct target *const target = context;
	uint32_t sequence;

	if (target->method->read_answer(
		    target, received->bytes, received->len, &sequence, &received->answer.kind) &&
		is_for_us(target, received))
		in_flight_answered(target, sequence, &received->answer);
	return true;
}

/* Where the target answers by its own address, the other socket would hear all a second time. */
static bool
take_own(void *context, struct received *received)
{
	struct target *const target = context;

	(void)take_packet(context, received);
	if (target->any_fd >= 0 &&
		address_compare(&received->answer.from, &target->start.target) == 0) {
		close(target->any_fd);
		target->any_fd = -1;
	}
	return true;
}

void
receive_ready(struct target *target, bool has_errors, bool has_packets)
{
	struct receive_room *const room = target->engine->room;

	if (has_errors)
		receive_queue(target->fd, true, room, take_error, target);
	if (has_packets)
		receive_queue(target->fd, false, room, take_own, target);
	if (has_packets && target->any_fd >= 0)
		receive_queue(target->any_fd, false, room, take_packet, target);
}

void
receive_all(struct target *target)
{
	receive_ready(target, true, true);
}
