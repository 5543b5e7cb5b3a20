/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listen NETNS PORT...: listens on the ports in the named network namespace, IPv4 and IPv6, until
 * its input ends. */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"

static int
listen_on(const char *port)
{
	const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in6 address = {
		.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)strtoul(port, NULL, 10))};
	const int off = 0;

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0 ||
		bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		return -1;
	return listen(fd, 16);
}

int
main(int argc, char **argv)
{
	char end;

	if (argc < 3)
		return EXIT_FAILURE;
	enter_netns(argv[1]);
	for (int i = 2; i < argc; i++)
		if (listen_on(argv[i]) != 0)
			return EXIT_FAILURE;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	return EXIT_SUCCESS;
}
