/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests of the screen: connects by TCP to each IPv4 ADDRESS and PORT, or by UDP where that
 * is written "udp:PORT", prints "ready", and holds the connections until its input ends:
 *
 *	client ADDRESS PORT [ADDRESS PORT…]
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
hold(const char *address, const char *port)
{
	const int is_udp = strncmp(port, "udp:", 4) == 0;
	const unsigned long number = strtoul(is_udp ? port + 4 : port, NULL, 10);
	struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
	const int fd = socket(AF_INET, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &peer.sin_addr) != 1 ||
		connect(fd, (const struct sockaddr *)&peer, sizeof peer) != 0) {
		fprintf(stderr, "client: %s %s: %s\n", address, port, strerror(errno));
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	char byte;

	for (int i = 1; i + 1 < argc; i += 2)
		hold(argv[i], argv[i + 1]);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
