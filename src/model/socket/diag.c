/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The message layout of linux/inet_diag.h, by offset: the viewer does not include the kernel's
 * headers for what it parses, and checks each length before it reads. Numbers are in host
 * order, ports and addresses in network order. Attributes that we do not know are skipped (among
 * them MD5SIG, which holds a key in clear); a known one that is too short makes the message
 * invalid.
 */
#include <config.h>

#include "diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/model/socket.h>
#include <sockwatch/stream/attribute.h>

enum offset {
	AT_FAMILY = 0,
	AT_STATE = 1,
	AT_TIMER = 2,
	AT_RETRANS = 3,
	AT_LOCAL_PORT = 4,
	AT_REMOTE_PORT = 6,
	AT_LOCAL = 8,
	AT_REMOTE = 24,
	AT_INTERFACE = 40,
	AT_EXPIRES = 52,
	AT_RECEIVE_QUEUE = 56,
	AT_SEND_QUEUE = 60,
	AT_UID = 64,
	AT_INODE = 68,
};

/* INET_DIAG_* */
enum diag_attribute {
	ATTRIBUTE_INFO = 2,
	ATTRIBUTE_CONG = 4,
	ATTRIBUTE_TOS = 5,
	ATTRIBUTE_TCLASS = 6,
	ATTRIBUTE_SKMEMINFO = 7,
	ATTRIBUTE_SHUTDOWN = 8,
	ATTRIBUTE_PROTOCOL = 10,
	ATTRIBUTE_SKV6ONLY = 11,
	ATTRIBUTE_MARK = 15,
	ATTRIBUTE_ULP_INFO = 19,
	ATTRIBUTE_CGROUP_ID = 21,
	ATTRIBUTE_COUNT,
};

/* Bytes that an attribute must have at least; a newer kernel may send more. */
static const uint8_t attribute_sizes[ATTRIBUTE_COUNT] = {
	[ATTRIBUTE_TOS] = 1,
	[ATTRIBUTE_TCLASS] = 1,
	[ATTRIBUTE_SKMEMINFO] = DIAG_MEMORY_WORDS * 4,
	[ATTRIBUTE_SHUTDOWN] = 1,
	[ATTRIBUTE_PROTOCOL] = 1,
	[ATTRIBUTE_SKV6ONLY] = 1,
	[ATTRIBUTE_MARK] = 4,
	[ATTRIBUTE_CGROUP_ID] = 8,
};

enum {
	ULP_INFO_NAME = 1,
	KERNEL_NEW_SYN_RECV = 12,
	KERNEL_BOUND_INACTIVE = 13,
};

static uint16_t
load_u16(const uint8_t *from)
{
	uint16_t number;

	memcpy(&number, from, sizeof number);
	return number;
}

static uint32_t
load_u32(const uint8_t *from)
{
	uint32_t number;

	memcpy(&number, from, sizeof number);
	return number;
}

static uint64_t
load_u64(const uint8_t *from)
{
	uint64_t number;

	memcpy(&number, from, sizeof number);
	return number;
}

/* A text ends at its NUL, or at the attribute's end. */
static struct text
text_in(const uint8_t *data, size_t len)
{
	return (struct text){(const char *)data, strnlen((const char *)data, len)};
}

static int
take_ulp(struct diag_socket *socket, const uint8_t *data, size_t len)
{
	struct attribute attribute;
	int status;

	while ((status = attribute_next(&data, &len, &attribute)) > 0) {
		if (attribute.type == ULP_INFO_NAME &&
			text_equal(text_in(attribute.data, attribute.len), text_of("mptcp")))
			socket->flags |= SOCKET_MPTCP;
	}
	return status;
}

static int
take_attribute(struct diag_socket *socket, unsigned type, const uint8_t *data, size_t len)
{
	if (type >= ATTRIBUTE_COUNT)
		return 0;
	if (len < attribute_sizes[type])
		return -EINVAL;
	switch (type) {
	case ATTRIBUTE_INFO:
		socket->info = data;
		socket->info_len = len;
		socket->has |= SOCKET_HAS_INFO;
		break;
	case ATTRIBUTE_CONG: socket->congestion = text_in(data, len); break;
	case ATTRIBUTE_TOS:
		/* IPv6 sockets carry both; the class counts, unless they use IPv4. */
		if (!(socket->has & SOCKET_HAS_TOS))
			socket->tos = data[0];
		socket->has |= SOCKET_HAS_TOS;
		break;
	case ATTRIBUTE_TCLASS:
		if (!address_is_v4(&socket->local))
			socket->tos = data[0];
		socket->has |= SOCKET_HAS_TOS;
		break;
	case ATTRIBUTE_SKMEMINFO:
		socket->memory = data;
		socket->has |= SOCKET_HAS_MEMORY;
		break;
	case ATTRIBUTE_SHUTDOWN:
		socket->shutdown = data[0];
		socket->has |= SOCKET_HAS_SHUTDOWN;
		break;
	case ATTRIBUTE_PROTOCOL: socket->protocol = data[0]; break;
	case ATTRIBUTE_SKV6ONLY:
		socket->flags |= data[0] != 0 ? SOCKET_V6ONLY : 0;
		socket->has |= SOCKET_HAS_V6ONLY;
		break;
	case ATTRIBUTE_MARK:
		socket->mark = load_u32(data);
		socket->has |= SOCKET_HAS_MARK;
		break;
	case ATTRIBUTE_ULP_INFO: return take_ulp(socket, data, len);
	case ATTRIBUTE_CGROUP_ID:
		socket->cgroup = load_u64(data);
		socket->has |= SOCKET_HAS_CGROUP;
		break;
	}
	return 0;
}

static int
take_state(struct diag_socket *socket, unsigned int state)
{
	if (state == KERNEL_NEW_SYN_RECV)
		socket->state = TCP_STATE_SYN_RECEIVED;
	else if (state == KERNEL_BOUND_INACTIVE)
		socket->state = TCP_STATE_CLOSED;
	else if (state > TCP_STATE_UNKNOWN && state < TCP_STATE_COUNT)
		socket->state = (uint8_t)state;
	else
		return -EINVAL;
	return 0;
}

static int
take_fixed(struct diag_socket *socket, const uint8_t *payload)
{
	const uint8_t family = payload[AT_FAMILY];

	if (family != AF_INET && family != AF_INET6)
		return -EINVAL;
	*socket = (struct diag_socket){
		.cookie = diag_cookie(payload),
		.local_port = ntohs(load_u16(payload + AT_LOCAL_PORT)),
		.remote_port = ntohs(load_u16(payload + AT_REMOTE_PORT)),
		.ifindex = load_u32(payload + AT_INTERFACE),
		.inode = load_u32(payload + AT_INODE),
		.uid = load_u32(payload + AT_UID),
		.timer_ms = load_u32(payload + AT_EXPIRES),
		.receive_queue = load_u32(payload + AT_RECEIVE_QUEUE),
		.send_queue = load_u32(payload + AT_SEND_QUEUE),
		.family = family,
		.timer = payload[AT_TIMER],
		.timer_retries = payload[AT_RETRANS],
	};
	if (family == AF_INET) {
		socket->local = address_from_v4(payload + AT_LOCAL);
		socket->remote = address_from_v4(payload + AT_REMOTE);
	} else {
		socket->local = address_from_v6(payload + AT_LOCAL);
		socket->remote = address_from_v6(payload + AT_REMOTE);
	}
	return take_state(socket, payload[AT_STATE]);
}

int
diag_parse(const uint8_t *payload, size_t len, struct diag_socket *socket)
{
	struct attribute attribute;
	int status;

	if (len < DIAG_SIZE)
		return -EINVAL;
	status = take_fixed(socket, payload);
	if (status != 0)
		return status;
	payload += DIAG_SIZE;
	len -= DIAG_SIZE;
	while ((status = attribute_next(&payload, &len, &attribute)) > 0) {
		status = take_attribute(socket, attribute.type, attribute.data, attribute.len);
		if (status != 0)
			return status;
	}
	/* Requests have no attribute but a mark, even where the kernel reports state 3. */
	socket->is_request = socket->state == TCP_STATE_SYN_RECEIVED && socket->inode == 0 &&
			     socket->info == NULL && !(socket->has & SOCKET_HAS_SHUTDOWN);
	return status;
}

uint32_t
diag_memory(const struct diag_socket *socket, enum diag_memory word)
{
	return load_u32(socket->memory + (size_t)word * 4);
}
