/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold WHAT...: makes a socket for each argument and keeps them until its input ends.
 *
 *	listen4:PORT[%LINK]  listen6:PORT[%LINK]  dual:PORT[%LINK]   TCP, on the unspecified address
 *	udp4:PORT[%LINK]                                             UDP, bound
 *	connect:ADDRESS[%LINK]:PORT                                  TCP, IPv6
 *	mptcp:PORT                                                   both ends on 127.0.0.1, unread
 *                                                                   data
 *	full:PORT                                                    TCP, both ends on 127.0.0.1, as
 *                                                                   much unread data as they take
 */
#include <config.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"

static int
open_socket(bool v6, int type, const char *link)
{
	const int fd = socket(v6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd >= 0 && link != NULL &&
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link, (socklen_t)strlen(link)) != 0)
		return -1;
	return fd;
}

static bool
bind_port(int fd, bool v6, uint16_t port)
{
	const struct sockaddr_in v4_address = {.sin_family = AF_INET, .sin_port = htons(port)};
	const struct sockaddr_in6 v6_address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	return v6 ? bind(fd, (const struct sockaddr *)&v6_address, sizeof v6_address) == 0
		  : bind(fd, (const struct sockaddr *)&v4_address, sizeof v4_address) == 0;
}

static bool
serve(const char *kind, const char *port, const char *link)
{
	const bool udp = strcmp(kind, "udp4") == 0;
	const bool v6 = strcmp(kind, "listen6") == 0 || strcmp(kind, "dual") == 0;
	const int only = strcmp(kind, "listen6") == 0;
	const int fd = open_socket(v6, udp ? SOCK_DGRAM : SOCK_STREAM, link);

	if (fd < 0 || (v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) != 0))
		return false;
	return bind_port(fd, v6, (uint16_t)strtoul(port, NULL, 10)) && (udp || listen(fd, 16) == 0);
}

static bool
connect_to(const char *host, const char *port, const char *link)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)strtoul(port, NULL, 10))};
	const int fd = open_socket(true, SOCK_STREAM, NULL);

	if (link != NULL)
		address.sin6_scope_id = if_nametoindex(link);
	return fd >= 0 && inet_pton(AF_INET6, host, &address.sin6_addr) == 1 &&
	       connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
}

/* The server has 7 bytes and the client 3 that nobody reads. */
static bool
connect_mptcp(const char *port)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);
	const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);
	int server;

	if (listener < 0 || client < 0 ||
		bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
		listen(listener, 1) != 0 ||
		connect(client, (const struct sockaddr *)&address, sizeof address) != 0)
		return false;
	server = accept(listener, NULL, NULL);
	return server >= 0 && send(client, "sevenby", 7, 0) == 7 && send(server, "two", 3, 0) == 3;
}

static bool
connect_full(const char *port)
{
	static const char data[65536];
	const struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int listener = open_socket(false, SOCK_STREAM, NULL);
	const int client = open_socket(false, SOCK_STREAM, NULL);

	if (listener < 0 || client < 0 || !bind_port(listener, false, ntohs(address.sin_port)) ||
		listen(listener, 1) != 0 ||
		connect(client, (const struct sockaddr *)&address, sizeof address) != 0 ||
		accept(listener, NULL, NULL) < 0)
		return false;
	while (send(client, data, sizeof data, MSG_DONTWAIT) > 0)
		;
	return true;
}

static bool
make(char *what)
{
	char *rest = strchr(what, ':');
	char *link, *port;

	if (rest == NULL)
		return false;
	*rest++ = '\0';
	if (strcmp(what, "mptcp") == 0)
		return connect_mptcp(rest);
	if (strcmp(what, "full") == 0)
		return connect_full(rest);
	link = strchr(rest, '%');
	if (strcmp(what, "connect") != 0) {
		if (link != NULL)
			*link++ = '\0';
		return serve(what, rest, link);
	}
	port = strrchr(rest, ':');
	*port++ = '\0';
	if (link != NULL)
		*link++ = '\0';
	return connect_to(rest, port, link);
}

int
main(int argc, char **argv)
{
	char end;

	for (int i = 1; i < argc; i++) {
		if (!make(argv[i])) {
			perror(argv[i]);
			return EXIT_FAILURE;
		}
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	return EXIT_SUCCESS;
}
