/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "feed.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/stream/stream.h>

enum { REPLY_OF_GETSOCK = 18 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

struct feed
feed_new(void)
{
	return feed_new_wired(NULL);
}

struct feed
feed_new_wired(const struct wire_options *wire)
{
	struct feed feed = {
		.model = model_new_wired(0, wire),
		.realtime_ns = UINT64_C(1700000000) * 1000000000,
		.monotonic_ns = UINT64_C(5000) * 1000000000,
	};

	require(feed.model != NULL);
	feed_hello(&feed, "box", UINT64_C(1600000000) * 1000000000, 0);
	return feed;
}

void
feed_free(struct feed *feed)
{
	model_free(feed->model);
}

void
feed_wait(struct feed *feed, uint32_t ms)
{
	feed->realtime_ns += (uint64_t)ms * 1000000;
	feed->monotonic_ns += (uint64_t)ms * 1000000;
}

static void
give(struct feed *feed, enum record_kind kind, const void *data, size_t len)
{
	/* A copy of the exact size, so that a sanitizer sees what is read behind the end. */
	uint8_t *const copy = malloc(len != 0 ? len : 1);
	const struct record record = {
		.time_ns = feed->realtime_ns,
		.kind = kind,
		.netns = FEED_NETNS,
		.data = copy,
		.len = len,
		.wire_len = len,
	};

	require(copy != NULL);
	if (len != 0)
		memcpy(copy, data, len);
	model_apply(feed->model, &record);
	free(copy);
}

void
feed_message(struct feed *feed, enum message_type type, const void *body)
{
	struct buffer buffer;

	buffer_init(&buffer, 0);
	require(message_encode(type, body, &buffer) == 0);
	give(feed, RECORD_MESSAGE, buffer.data, buffer.len);
	buffer_fini(&buffer);
}

void
feed_hello(struct feed *feed, const char *host, uint64_t boot_ns, uint32_t rights)
{
	feed_message(feed, MESSAGE_HELLO,
		&(struct message_hello){.format = MESSAGE_FORMAT,
			.host = text_of(host),
			.boot_ns = boot_ns,
			.rights = rights});
	feed_message(feed, MESSAGE_NETNS,
		&(struct message_netns){.id = FEED_NETNS, .inode = 4026531840});
}

void
feed_begin(struct feed *feed, uint8_t protocols, bool full)
{
	feed_message(feed, MESSAGE_DUMP_BEGIN,
		&(struct message_dump_begin){.netns = FEED_NETNS,
			.protocols = protocols,
			.full = full,
			.monotonic_ns = feed->monotonic_ns});
}

void
feed_end(struct feed *feed, uint8_t protocols, bool complete)
{
	feed_message(feed, MESSAGE_DUMP_END,
		&(struct message_dump_end){
			.netns = FEED_NETNS, .protocols = protocols, .complete = complete});
}

void
feed_gone(struct feed *feed, uint64_t cookie)
{
	feed_message(feed, MESSAGE_GONE,
		&(struct message_gone){.netns = FEED_NETNS, .cookies = {&cookie, 1}});
}

void
feed_hold(struct feed *feed, uint32_t pid, uint32_t inode, uint32_t fd)
{
	const uint64_t pair = (uint64_t)inode << 32 | fd;

	feed_message(
		feed, MESSAGE_OWNERS, &(struct message_owners){.pid = pid, .held = {&pair, 1}});
}

void
feed_process(struct feed *feed, uint32_t pid, uint64_t start, const char *comm)
{
	feed_message(feed, MESSAGE_PROCESS,
		&(struct message_process){.pid = pid, .start_ticks = start, .comm = text_of(comm)});
}

static void
add_attribute(uint8_t *out, int type, const void *data, size_t len)
{
	struct nlmsghdr *const header = (struct nlmsghdr *)out;
	struct nlattr attribute = {
		.nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = (uint16_t)type};

	require(header->nlmsg_len + NLA_HDRLEN + NLA_ALIGN(len) <= FEED_MESSAGE_MAX);
	memcpy(out + header->nlmsg_len, &attribute, sizeof attribute);
	memset(out + header->nlmsg_len + NLA_HDRLEN, 0, NLA_ALIGN(len));
	memcpy(out + header->nlmsg_len + NLA_HDRLEN, data, len);
	header->nlmsg_len += (uint32_t)(NLA_HDRLEN + NLA_ALIGN(len));
}

static void
add_ulp(uint8_t *out, const char *name)
{
	uint8_t nested[64] = {0};
	struct nlattr attribute = {.nla_len = (uint16_t)(NLA_HDRLEN + strlen(name) + 1),
		.nla_type = INET_ULP_INFO_NAME};

	memcpy(nested, &attribute, sizeof attribute);
	memcpy(nested + NLA_HDRLEN, name, strlen(name) + 1);
	add_attribute(out, INET_DIAG_ULP_INFO | NLA_F_NESTED, nested, NLA_ALIGN(attribute.nla_len));
}

static void
add_attributes(uint8_t *out, const struct feed_socket *socket)
{
	uint8_t info[280] = {0};
	const uint8_t v6only = socket->v6only, protocol = (uint8_t)socket->protocol;

	if (socket->mark != 0)
		add_attribute(out, INET_DIAG_MARK, &socket->mark, 4);
	if (socket->bare)
		return;
	add_attribute(out, INET_DIAG_SHUTDOWN, &socket->shutdown, 1);
	add_attribute(out, INET_DIAG_TOS, &socket->tos, 1);
	if (socket->family == AF_INET6) {
		add_attribute(out, INET_DIAG_TCLASS, &socket->tclass, 1);
		add_attribute(out, INET_DIAG_SKV6ONLY, &v6only, 1);
	}
	if (socket->cgroup != 0)
		add_attribute(out, INET_DIAG_CGROUP_ID, &socket->cgroup, 8);
	if (socket->memory != NULL)
		add_attribute(out, INET_DIAG_SKMEMINFO, socket->memory, 36);
	if (protocol != 0)
		add_attribute(out, INET_DIAG_PROTOCOL, &protocol, 1);
	if (socket->info_len != 0) {
		memcpy(info, &socket->info, sizeof socket->info);
		add_attribute(out, INET_DIAG_INFO, info, socket->info_len);
	}
	if (socket->congestion != NULL)
		add_attribute(
			out, INET_DIAG_CONG, socket->congestion, strlen(socket->congestion) + 1);
	if (socket->ulp != NULL)
		add_ulp(out, socket->ulp);
}

static void
set_address(__be32 out[4], int family, const char *address)
{
	if (address != NULL)
		require(inet_pton(family, address, out) == 1);
}

size_t
feed_build(const struct feed_socket *socket, uint8_t out[FEED_MESSAGE_MAX])
{
	const int family = socket->family != 0 ? socket->family : AF_INET;
	struct nlmsghdr *const header = (struct nlmsghdr *)out;
	struct inet_diag_msg message = {
		.idiag_family = (uint8_t)family,
		.idiag_state = (uint8_t)socket->state,
		.idiag_timer = socket->timer,
		.idiag_retrans = socket->retries,
		.id = {.idiag_sport = htons(socket->local_port),
			.idiag_dport = htons(socket->remote_port),
			.idiag_if = socket->ifindex,
			.idiag_cookie = {(uint32_t)socket->cookie,
				(uint32_t)(socket->cookie >> 32)}},
		.idiag_expires = socket->expires_ms,
		.idiag_rqueue = socket->receive_queue,
		.idiag_wqueue = socket->send_queue,
		.idiag_uid = socket->uid,
		.idiag_inode = socket->inode,
	};

	set_address(message.id.idiag_src, family, socket->local);
	set_address(message.id.idiag_dst, family, socket->remote);
	memset(header, 0, sizeof *header);
	header->nlmsg_type = socket->old_type ? REPLY_OF_GETSOCK : SOCK_DIAG_BY_FAMILY;
	header->nlmsg_len = NLMSG_LENGTH(sizeof message);
	memcpy(out + NLMSG_HDRLEN, &message, sizeof message);
	add_attributes(out, socket);
	return header->nlmsg_len;
}

void
feed_diag(struct feed *feed, const uint8_t *data, size_t len)
{
	give(feed, RECORD_DIAG, data, len);
}

void
feed_socket(struct feed *feed, const struct feed_socket *socket)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];

	feed_diag(feed, message, feed_build(socket, message));
}

void
feed_snapshot(struct feed *feed, bool full, const struct feed_socket *sockets, size_t count)
{
	feed->sequence++;
	feed_message(feed, MESSAGE_SNAPSHOT_BEGIN,
		&(struct message_snapshot_begin){
			.sequence = feed->sequence, .monotonic_ns = feed->monotonic_ns});
	feed_begin(feed, PROTOCOL_TCP, full);
	for (size_t i = 0; i < count; i++)
		feed_socket(feed, &sockets[i]);
	feed_end(feed, PROTOCOL_TCP, true);
	feed_message(feed, MESSAGE_SNAPSHOT_END,
		&(struct message_snapshot_end){.sequence = feed->sequence});
}

const struct socket_row *
feed_row(const struct feed *feed, uint64_t cookie)
{
	const uint32_t id = socket_table_find(&feed->model->sockets, 0, cookie);

	return id != SOCKET_NONE ? socket_table_row(&feed->model->sockets, id) : NULL;
}
