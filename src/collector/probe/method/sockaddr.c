/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Converts addresses to and from struct sockaddr. */
#include <config.h>

#include "sockaddr.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

socklen_t
sockaddr_fill(
	const struct address *address, bool is_v4, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *const v6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof *out);
	if (is_v4) {
		struct sockaddr_in *const v4 = (struct sockaddr_in *)out;

		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, address->bytes + 12, 4);
		return sizeof *v4;
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, address->bytes, 16);
	return sizeof *v6;
}

struct address
sockaddr_address(const void *sockaddr, size_t len)
{
	struct sockaddr_storage copy = {0};

	memcpy(&copy, sockaddr, len < sizeof copy ? len : sizeof copy);
	if (copy.ss_family == AF_INET)
		return address_from_v4(&((const struct sockaddr_in *)&copy)->sin_addr);
	if (copy.ss_family == AF_INET6)
		return address_from_v6(&((const struct sockaddr_in6 *)&copy)->sin6_addr);
	return (struct address){.bytes = {0}};
}

/* Needs no right while the socket has no interface (Linux 5.7). It is the scope in later calls. */
int
sockaddr_set_interface(int fd, uint32_t interface)
{
	const int index = (int)interface;

	if (interface == 0)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &index, sizeof index) == 0 ? 0 : -errno;
}

uint16_t
sockaddr_port(const struct sockaddr_storage *sockaddr)
{
	return ntohs(sockaddr->ss_family == AF_INET
			     ? ((const struct sockaddr_in *)sockaddr)->sin_port
			     : ((const struct sockaddr_in6 *)sockaddr)->sin6_port);
}
