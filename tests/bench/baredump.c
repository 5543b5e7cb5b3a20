/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor: asks the kernel for the same dump as the monitor with its default columns does (TCP of
 *both families in one walk, UDP of each; tcp_info), reads it and throws it away.
 *
 *	baredump [TIMES [EXTENSIONS]]
 *
 * Prints the number of messages and the CPU time of one round in microseconds.
 */
#include <config.h>

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"

static char reply[32768] __attribute__((aligned(8)));

/* Reads the answer to its end; returns how many sockets it listed. */
static unsigned long
swallow(int fd)
{
	unsigned long count = 0;
	for (;;) {
		ssize_t len = recv(fd, reply, sizeof reply, 0);
		if (len < 0)
			fail("recv");
		size_t left = (size_t)len;
		for (struct nlmsghdr *message = (struct nlmsghdr *)reply; NLMSG_OK(message, left);
			message = NLMSG_NEXT(message, left)) {
			if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
				return count;
			count++;
		}
	}
}

static unsigned long
dump_tcp(int fd, uint8_t extensions)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req request;
	} message = {
		.header = {.nlmsg_len = sizeof message,
			.nlmsg_type = TCPDIAG_GETSOCK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.idiag_family = AF_INET,
			.idiag_ext = extensions,
			.idiag_states = 0x3fff},
	};
	if (send(fd, &message, sizeof message, 0) < 0)
		fail("send");
	return swallow(fd);
}

static unsigned long
dump_udp(int fd, uint8_t family, uint8_t extensions)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} message = {
		.header = {.nlmsg_len = sizeof message,
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.sdiag_family = family,
			.sdiag_protocol = IPPROTO_UDP,
			.idiag_ext = extensions,
			.idiag_states = 0x3fff},
	};
	if (send(fd, &message, sizeof message, 0) < 0)
		fail("send");
	return swallow(fd);
}

int
main(int argc, char **argv)
{
	unsigned long times = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	uint8_t extensions =
		argc > 2 ? (uint8_t)strtoul(argv[2], NULL, 0) : 1 << (INET_DIAG_INFO - 1);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd < 0)
		fail("socket");
	unsigned long count = 0;
	for (unsigned long i = 0; i < times; i++)
		count = dump_tcp(fd, extensions) + dump_udp(fd, AF_INET, extensions) +
			dump_udp(fd, AF_INET6, extensions);
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	long long us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
		       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	printf("%lu %lld\n", count, us / (long long)(times ? times : 1));
	return 0;
}
