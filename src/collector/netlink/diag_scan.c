/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks over the attributes of one sock_diag message. By hand rather than by libmnl's callbacks:
 * this runs for every attribute of every socket, and a call for each would cost more than all the
 * rest.
 */
#include <config.h>

#include "diag_scan.h"

#include <string.h>

#include <sockwatch/stream/attribute.h>

/* at, padded: where the attribute lies in the message, with its header and padding. */
static void
note_attribute(struct diag_view *view, const struct attribute *attribute, size_t at, size_t padded)
{
	switch (attribute->type) {
	case INET_DIAG_INFO:
		view->info = at + ATTRIBUTE_HEADER;
		view->info_len = attribute->len;
		break;
	case INET_DIAG_CGROUP_ID:
		if (attribute->len == sizeof view->cgroup)
			memcpy(&view->cgroup, attribute->data, sizeof view->cgroup);
		break;
	case INET_DIAG_MD5SIG:
		if (view->secret == 0)
			view->secret = at;
		view->secret_len = at + padded - view->secret;
		break;
	default: break;
	}
}

bool
diag_scan(const struct nlmsghdr *header, struct diag_view *view)
{
	const uint8_t *const bytes = (const uint8_t *)header;
	const size_t fixed = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct inet_diag_msg));
	const uint8_t *next = bytes + fixed;
	struct attribute attribute;
	size_t at, left;
	int status;

	*view = (struct diag_view){
		.header = header,
		.socket = (const struct inet_diag_msg *)(bytes + NLMSG_HDRLEN),
		.len = header->nlmsg_len,
	};
	if (view->len < fixed)
		return false;
	left = view->len - fixed;
	for (at = fixed; (status = attribute_next(&next, &left, &attribute)) > 0;
		at = view->len - left)
		note_attribute(view, &attribute, at, view->len - left - at);
	return status == 0;
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
