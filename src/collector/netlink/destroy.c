/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes one socket in the kernel, which must still be the one that the viewer saw. */
#include <config.h>

#include "destroy.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

enum { ANSWER_MAX = 4096, ANSWERS_MAX = 64 };

static void
put_address(__be32 out[4], const struct address *address, uint8_t family)
{
	if (family == AF_INET)
		memcpy(out, address->bytes + 12, 4);
	else
		memcpy(out, address->bytes, 16);
}

static void
fill(struct inet_diag_req_v2 *request, const struct message_destroy *target)
{
	request->sdiag_family = target->family;
	request->sdiag_protocol = target->protocol;
	request->idiag_states = UINT32_MAX;
	request->id.idiag_sport = htons(target->local_port);
	request->id.idiag_dport = htons(target->remote_port);
	put_address(request->id.idiag_src, &target->local, target->family);
	put_address(request->id.idiag_dst, &target->remote, target->family);
	request->id.idiag_if = target->ifindex;
	/* Without the cookie another socket that got the same ports could be closed. */
	request->id.idiag_cookie[0] = (uint32_t)target->cookie;
	request->id.idiag_cookie[1] = (uint32_t)(target->cookie >> 32);
}

static int
send_request(int diag, const struct message_destroy *target, uint32_t sequence)
{
	uint8_t bytes[256] __attribute__((aligned(4)));
	struct nlmsghdr *const header = mnl_nlmsg_put_header(bytes);

	header->nlmsg_type = SOCK_DESTROY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	header->nlmsg_seq = sequence;
	fill(mnl_nlmsg_put_extra_header(header, sizeof(struct inet_diag_req_v2)), target);
	return send(diag, header, header->nlmsg_len, 0) < 0 ? -errno : 0;
}

/* The result in an acknowledgement of this request; 1: the datagram is something else. */
static int
read_answer(const uint8_t *bytes, size_t len, uint32_t sequence)
{
	const struct nlmsghdr *const header = (const struct nlmsghdr *)bytes;
	int32_t error;

	if (len < NLMSG_HDRLEN + sizeof error || header->nlmsg_type != NLMSG_ERROR ||
		header->nlmsg_seq != sequence)
		return 1;
	memcpy(&error, bytes + NLMSG_HDRLEN, sizeof error);
	return error <= 0 ? error : -EPROTO;
}

static int
ask(int diag, const struct message_destroy *target, uint32_t sequence)
{
	uint8_t bytes[ANSWER_MAX] __attribute__((aligned(8)));
	int result = send_request(diag, target, sequence);

	if (result != 0)
		return result;
	/* Skips what an earlier dump left on the socket. */
	for (unsigned i = 0; i < ANSWERS_MAX; i++) {
		const ssize_t len = recv(diag, bytes, sizeof bytes, MSG_DONTWAIT);

		if (len < 0 && errno != EINTR)
			return -errno;
		result = len > 0 ? read_answer(bytes, (size_t)len, sequence) : 1;
		if (result <= 0)
			return result;
	}
	return -EPROTO;
}

int
destroy_socket(
	int diag, const struct message_destroy *target, uint32_t sequence, struct error *sentence)
{
	int result = -EINVAL;

	if (target->cookie != 0 && target->cookie != UINT64_MAX &&
		(target->family == AF_INET || target->family == AF_INET6) &&
		(target->protocol == IPPROTO_TCP || target->protocol == IPPROTO_UDP))
		result = ask(diag, target, sequence);
	switch (-result) {
	case 0: error_set(sentence, "the kernel closed the socket"); break;
	case EPERM:
		error_set(sentence, "not closed: EPERM, CAP_NET_ADMIN is missing (run as root)");
		break;
	case ENOENT: error_set(sentence, "not closed: ENOENT, the socket is already gone"); break;
	case EOPNOTSUPP:
		error_set(sentence,
			"not closed: EOPNOTSUPP, this kernel was built without CONFIG_INET_DIAG_DESTROY");
		break;
	case EINVAL:
		error_set(sentence, "not closed: EINVAL, only a TCP or UDP socket can be closed");
		break;
	default: error_set(sentence, "not closed: %s", strerror(-result)); break;
	}
	return result;
}
