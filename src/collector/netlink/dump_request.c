/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the netlink requests that dump the socket tables. */
#include <config.h>

#include "dump_request.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <sockwatch/stream/needs.h>

#define EXTENSION(attribute) ((uint8_t)(1 << ((attribute)-1)))

static uint8_t
families_of(const struct message_subscription *subscription)
{
	const uint8_t families = subscription->families & (FAMILY_V4 | FAMILY_V6);

	return families != 0 ? families : FAMILY_V4 | FAMILY_V6;
}

uint8_t
dump_request_protocols(const struct message_subscription *subscription)
{
	const uint8_t protocols = subscription->protocols & (PROTOCOL_TCP | PROTOCOL_UDP);

	return protocols != 0 ? protocols : PROTOCOL_TCP | PROTOCOL_UDP;
}

uint32_t
dump_request_states(const struct message_subscription *subscription)
{
	const uint32_t states = subscription->states & REQUEST_STATES_ALL;

	return states != 0 ? states : REQUEST_STATES_ALL;
}

uint8_t
dump_request_extensions(uint64_t needs)
{
	uint8_t extensions = 0;

	if ((needs & NEED_TCP_INFO) != 0)
		extensions |= EXTENSION(INET_DIAG_INFO);
	if ((needs & NEED_MEMORY) != 0)
		extensions |= EXTENSION(INET_DIAG_SKMEMINFO);
	if ((needs & NEED_CONGESTION) != 0)
		extensions |= EXTENSION(INET_DIAG_CONG);
	/* Asks for BBR's and DCTCP's too: their own bits do not fit the byte. */
	if ((needs & NEED_INTERNALS) != 0)
		extensions |= EXTENSION(INET_DIAG_VEGASINFO);
	/* TOS is rarely looked at, so it comes only where much is asked for. Mark, cgroup and
	 * options come always. */
	if ((needs & (NEED_INTERNALS | NEED_MEMORY)) != 0)
		extensions |= EXTENSION(INET_DIAG_TOS) | EXTENSION(INET_DIAG_TCLASS);
	return extensions;
}

static bool
is_one_walk(const struct message_subscription *subscription, uint8_t protocol)
{
	return protocol == PROTOCOL_TCP && families_of(subscription) == (FAMILY_V4 | FAMILY_V6);
}

unsigned
dump_request_count(const struct message_subscription *subscription, uint8_t protocol)
{
	if (is_one_walk(subscription, protocol))
		return 1;
	return families_of(subscription) == (FAMILY_V4 | FAMILY_V6) ? 2 : 1;
}

static void
put_one_walk(
	struct nlmsghdr *header, const struct message_subscription *subscription, uint32_t states)
{
	struct inet_diag_req *const request =
		mnl_nlmsg_put_extra_header(header, sizeof(struct inet_diag_req));

	header->nlmsg_type = TCPDIAG_GETSOCK;
	request->idiag_family = AF_INET;
	request->idiag_ext = dump_request_extensions(subscription->needs);
	request->idiag_states = states;
}

static void
put_by_family(struct nlmsghdr *header, const struct message_subscription *subscription,
	uint8_t protocol, uint8_t family, uint32_t states)
{
	struct inet_diag_req_v2 *const request =
		mnl_nlmsg_put_extra_header(header, sizeof(struct inet_diag_req_v2));

	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->sdiag_family = family;
	request->sdiag_protocol = protocol == PROTOCOL_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	request->idiag_ext = dump_request_extensions(subscription->needs);
	request->idiag_states = states;
}

void
dump_request_build(struct dump_request *request, const struct message_subscription *subscription,
	uint8_t protocol, unsigned index, uint32_t states, uint32_t sequence)
{
	struct nlmsghdr *const header = mnl_nlmsg_put_header(request->bytes);
	uint8_t bytecode[BYTECODE_MAX] __attribute__((aligned(4)));
	const size_t bytecode_len = bytecode_compile(subscription->conditions, bytecode);
	const bool v6 = (families_of(subscription) & FAMILY_V4) == 0 || index == 1;

	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = sequence;
	states &= dump_request_states(subscription);
	if (is_one_walk(subscription, protocol))
		put_one_walk(header, subscription, states);
	else
		put_by_family(header, subscription, protocol, v6 ? AF_INET6 : AF_INET, states);
	if (bytecode_len > 0)
		mnl_attr_put(header, INET_DIAG_REQ_BYTECODE, bytecode_len, bytecode);
	request->len = header->nlmsg_len;
}

/* IPPROTO_MPTCP has no room in sdiag_protocol: an attribute holds it (Linux 5.9). */
void
dump_request_build_mptcp(struct dump_request *request, unsigned index, uint32_t sequence)
{
	enum { REQ_PROTOCOL = 3, MPTCP = 262 }; /* INET_DIAG_REQ_PROTOCOL, IPPROTO_MPTCP */
	struct nlmsghdr *const header = mnl_nlmsg_put_header(request->bytes);
	struct inet_diag_req_v2 *const body =
		mnl_nlmsg_put_extra_header(header, sizeof(struct inet_diag_req_v2));

	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = sequence;
	body->sdiag_family = index == 0 ? AF_INET : AF_INET6;
	body->sdiag_protocol = IPPROTO_RAW;
	body->idiag_states = REQUEST_STATES_ALL & ~REQUEST_STATE_LISTEN;
	mnl_attr_put_u32(header, REQ_PROTOCOL, MPTCP);
	request->len = header->nlmsg_len;
}
