/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One sock_diag message: where the attributes are that the collector itself needs. Everything else
 * is passed on unread.
 */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_DIAG_SCAN_H
#define SOCKWATCH_COLLECTOR_NETLINK_DIAG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>

struct diag_view {
	const struct nlmsghdr *header;
	const struct inet_diag_msg *socket;
	size_t len;        /* of the message, without padding at its end */
	size_t info;       /* offset of tcp_info in the message; 0: none */
	size_t info_len;   /* bytes */
	size_t secret;     /* offset of the first attribute with a key in it; 0: none */
	size_t secret_len; /* bytes with padding, including those that follow directly */
	uint64_t cgroup;   /* INET_DIAG_CGROUP_ID; 0: none */
};

/* header must be a whole message. False when its attributes do not fit into it. */
bool diag_scan(const struct nlmsghdr *header, struct diag_view *view);

static inline uint64_t
diag_cookie(const struct diag_view *view)
{
	return (uint64_t)view->socket->id.idiag_cookie[1] << 32 | view->socket->id.idiag_cookie[0];
}

/*
 * INET_DIAG_MD5SIG carries TCP-MD5 keys in clear (RFC 2385): a copy of the message without it goes
 * to out, which has room for view->len bytes. Returns the copy's length.
 */
size_t diag_strip_secret(const struct diag_view *view, void *out);

#endif
