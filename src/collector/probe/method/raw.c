/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a raw socket behind a filter: other traffic with the target is not read. */
#include <config.h>

#include "raw.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "probe_socket.h"

enum { TCP_FLAGS_OFFSET = 13 };

int
raw_open(struct target *target, int protocol, unsigned flows, int type)
{
	const int fd = probe_socket_open(target, SOCK_RAW, protocol);

	if (fd < 0)
		return fd;
	target->fd = fd;
	return probe_socket_reserve(target, flows, type);
}

/*
 * IPv4 raw sockets see the IP header, IPv6 ones begin after it: X is where the TCP or UDP header
 * begins.
 */
int
raw_attach(const struct target *target, int fd, const struct raw_filter *filter)
{
	const struct sock_filter begin_v4 = BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0);
	const struct sock_filter begin_v6 = BPF_STMT(BPF_LDX | BPF_IMM, 0);
	/* Without flags the first jump goes on in either case. */
	const uint8_t to_end = filter->flags != 0 ? 3 : 0;
	struct sock_filter code[] = {
		target->is_v4 ? begin_v4 : begin_v6,
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, filter->flags != 0 ? TCP_FLAGS_OFFSET : 0),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, filter->flags, 0, to_end),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, filter->port_offset),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, filter->port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0
											   : -errno;
}

int
raw_connect(const struct target *target, const struct raw_filter *filter)
{
	const int result = raw_attach(target, target->fd, filter);

	return result == 0 ? probe_socket_prepare_connected(target) : result;
}
