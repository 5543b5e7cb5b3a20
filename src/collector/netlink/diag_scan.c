/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks over the attributes of one sock_diag message. By hand rather than by libmnl's callbacks:
 * this runs for every attribute of every socket, and a call for each would cost more than all the
 * rest.
 */
#include <config.h>

#include "diag_scan.h"

#include <string.h>

static void
note_attribute(struct diag_view *view, const struct nlattr *attribute, size_t offset, size_t padded)
{
	const size_t payload = offset + NLA_HDRLEN;
	const size_t payload_len = attribute->nla_len - NLA_HDRLEN;

	switch (attribute->nla_type & NLA_TYPE_MASK) {
	case INET_DIAG_INFO:
		view->info = payload;
		view->info_len = payload_len;
		break;
	case INET_DIAG_CGROUP_ID:
		if (payload_len == sizeof view->cgroup) {
			memcpy(&view->cgroup, (const uint8_t *)view->header + payload,
				sizeof view->cgroup);
		}
		break;
	case INET_DIAG_MD5SIG:
		if (view->secret == 0)
			view->secret = offset;
		view->secret_len = offset + padded - view->secret;
		break;
	default: break;
	}
}

bool
diag_scan(const struct nlmsghdr *header, struct diag_view *view)
{
	const uint8_t *const bytes = (const uint8_t *)header;
	size_t offset = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct inet_diag_msg));

	*view = (struct diag_view){
		.header = header,
		.socket = (const struct inet_diag_msg *)(bytes + NLMSG_HDRLEN),
		.len = header->nlmsg_len,
	};
	if (view->len < offset)
		return false;
	while (offset < view->len) {
		const struct nlattr *const attribute = (const struct nlattr *)(bytes + offset);
		size_t padded;

		if (view->len - offset < NLA_HDRLEN || attribute->nla_len < NLA_HDRLEN ||
			attribute->nla_len > view->len - offset)
			return false;
		padded = NLA_ALIGN(attribute->nla_len);
		/* The last attribute of a message need not be padded. */
		if (padded > view->len - offset)
			padded = view->len - offset;
		note_attribute(view, attribute, offset, padded);
		offset += padded;
	}
	return true;
}

size_t
diag_strip_secret(const struct diag_view *view, void *out)
{
	const uint8_t *const from = (const uint8_t *)view->header;
	uint8_t *const to = out;
	const size_t after = view->secret + view->secret_len;
	struct nlmsghdr header;

	memcpy(to, from, view->secret);
	memcpy(to + view->secret, from + after, view->len - after);
	memcpy(&header, to, sizeof header);
	header.nlmsg_len = (uint32_t)(view->len - view->secret_len);
	memcpy(to, &header, sizeof header);
	return header.nlmsg_len;
}
