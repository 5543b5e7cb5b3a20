/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ICMP error comes on the error queue of the socket whose probe it quotes (IP_RECVERR, RFC 4884
 * extensions by IP_RECVERR_RFC4884), a transmit stamp too: the origin tells them apart. Both carry
 * their time as SCM_TIMESTAMPING, Documentation/networking/timestamping.rst.
 */
#include <config.h>

#include "receive.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>

#include <sockwatch/base/clock.h>

#include "engine.h"
#include "sockaddr.h"
#include "way.h"

enum {
	/* Read at once; what is more comes with the next pass of the loop. */
	BATCH = 256,
	CONTROL_SIZE = 512,
};

static void
read_stamp(struct received *received, const struct cmsghdr *header)
{
	struct scm_timestamping stamps;

	if (header->cmsg_len < CMSG_LEN(sizeof(stamps)))
		return;
	memcpy(&stamps, CMSG_DATA(header), sizeof(stamps));
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

	if (len < sizeof(error))
		return;
	memcpy(&error, data, sizeof(error));
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
		received->answer.from = sockaddr_address(data + sizeof(error), len - sizeof(error));
		if ((error.ee_rfc4884.flags & SO_EE_RFC4884_FLAG_INVALID) == 0)
			received->answer.extension = error.ee_rfc4884.len;
		break;
	default: break; /* zero copy, transmit time: none of ours */
	}
}

static void
read_ttl(struct received *received, const struct cmsghdr *header)
{
	int ttl;

	if (header->cmsg_len < CMSG_LEN(sizeof(ttl)))
		return;
	memcpy(&ttl, CMSG_DATA(header), sizeof(ttl));
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

enum receive_kind
receive_next(int fd, bool from_errors, struct received *received)
{
	union {
		struct cmsghdr header;
		char room[CONTROL_SIZE];
	} control;
	struct sockaddr_storage from;
	struct iovec data = {.iov_base = received->bytes, .iov_len = sizeof(received->bytes)};
	struct msghdr message = {.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room)};
	const ssize_t len = recvmsg(fd, &message, MSG_DONTWAIT | (from_errors ? MSG_ERRQUEUE : 0));

	if (len < 0)
		return errno == EAGAIN || errno == EBADF ? RECEIVE_NOTHING : RECEIVE_OTHER;
	received->kind = from_errors ? RECEIVE_OTHER : RECEIVE_PACKET;
	received->error = 0;
	received->len = (size_t)len;
	received->answer = (struct answer){.kind = PROBE_ANSWER_ICMP};
	read_control(received, &message);
	if (received->kind == RECEIVE_PACKET)
		received->answer.from = sockaddr_address(&from, message.msg_namelen);
	if (!received->answer.is_stamped)
		received->answer.received_ns = clock_realtime_ns();
	if (received->answer.extension > received->len)
		received->answer.extension = 0;
	if (received->answer.extension != 0)
		received->answer.data = (struct text){(const char *)received->bytes, received->len};
	return received->kind;
}

static void
take_error(struct target *target, const struct received *received)
{
	uint32_t sequence;

	if (target->way->read_quote(target, received->bytes, received->len, &sequence))
		target_answered(target, sequence, &received->answer);
}

static void
take_packet(struct target *target, struct received *received)
{
	uint32_t sequence;

	/* A socket that is not connected hears everybody. */
	if (address_compare(&received->answer.from, &target->start.target) == 0 &&
		target->way->read_answer(
			target, received->bytes, received->len, &sequence, &received->answer.kind))
		target_answered(target, sequence, &received->answer);
}

void
receive_all(struct target *target)
{
	struct received received;
	enum receive_kind kind = RECEIVE_OTHER;

	for (int i = 0; i < BATCH && kind != RECEIVE_NOTHING; i++) {
		kind = receive_next(target->fd, true, &received);
		if (kind == RECEIVE_STAMP && received.answer.is_stamped)
			target_stamped(target, target->key_base + received.key,
				received.answer.received_ns);
		else if (kind == RECEIVE_ERROR)
			take_error(target, &received);
		else if (kind == RECEIVE_LOCAL && received.error == EMSGSIZE)
			target_too_big(target, received.answer.info);
	}
	kind = RECEIVE_OTHER;
	for (int i = 0; i < BATCH && kind != RECEIVE_NOTHING; i++) {
		kind = receive_next(target->fd, false, &received);
		if (kind == RECEIVE_PACKET)
			take_packet(target, &received);
	}
}
