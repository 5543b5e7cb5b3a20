/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends something that nobody but its receiver should see, over TCP, in the ways in which data can
 * be in a packet.
 *
 *	secret serve ADDRESS PORT       reads what comes, until it is ended; "ready" when it listens
 *	secret send KIND ADDRESS PORT   what standard input has
 *
 * KIND: plain; finish, with the FIN in the same segment; fastopen, in the SYN; extended, IPv6 with
 * hop-by-hop and destination options before TCP.
 */
#include <config.h>

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

static socklen_t
parse(const char *host, const char *port, struct sockaddr_storage *address)
{
	struct sockaddr_in *const v4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *const v6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)atoi(port));
		return sizeof *v4;
	}
	check(inet_pton(AF_INET6, host, &v6->sin6_addr) == 1, host);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)atoi(port));
	return sizeof *v6;
}

static void
serve(const struct sockaddr_storage *address, socklen_t len)
{
	const int fd = socket(address->ss_family, SOCK_STREAM, 0);
	const int on = 1, queue = 16;
	char room[4096];

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof queue);
	check(bind(fd, (const struct sockaddr *)address, len) == 0, "bind");
	check(listen(fd, queue) == 0, "listen");
	puts("ready");
	fflush(stdout);
	for (;;) {
		const int peer = accept(fd, NULL, NULL);

		check(peer >= 0, "accept");
		while (read(peer, room, sizeof room) > 0)
			;
		close(peer);
	}
}

/* PadN options that fill one unit of eight bytes. */
static void
extend(int fd)
{
	static const unsigned char padded[8] = {0, 0, 1, 4, 0, 0, 0, 0};

	check(setsockopt(fd, IPPROTO_IPV6, IPV6_HOPOPTS, padded, sizeof padded) == 0,
		"IPV6_HOPOPTS");
	check(setsockopt(fd, IPPROTO_IPV6, IPV6_DSTOPTS, padded, sizeof padded) == 0,
		"IPV6_DSTOPTS");
}

static void
send_secret(
	const char *kind, const struct sockaddr_storage *address, socklen_t len, const char *text)
{
	const int fd = socket(address->ss_family, SOCK_STREAM, 0);
	const int on = 1;
	char room[16];

	if (strcmp(kind, "fastopen") == 0) {
		check(sendto(fd, text, strlen(text), MSG_FASTOPEN, (const struct sockaddr *)address,
			      len) > 0,
			"sendto");
	} else {
		if (strcmp(kind, "extended") == 0)
			extend(fd);
		check(connect(fd, (const struct sockaddr *)address, len) == 0, "connect");
		if (strcmp(kind, "finish") == 0)
			setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
		check(write(fd, text, strlen(text)) > 0, "write");
	}
	shutdown(fd, SHUT_WR);
	check(read(fd, room, sizeof room) == 0, "the end");
	close(fd);
}

int
main(int argc, char **argv)
{
	struct sockaddr_storage address;
	char text[256];

	check(argc == 4 || argc == 5, "secret serve ADDRESS PORT | send KIND ADDRESS PORT");
	if (argc == 4) {
		const socklen_t len = parse(argv[2], argv[3], &address);

		serve(&address, len);
	} else {
		const socklen_t len = parse(argv[3], argv[4], &address);

		/* Not an argument: command lines are shown. */
		check(fgets(text, sizeof text, stdin) != NULL, "a text");
		send_secret(argv[2], &address, len, text);
	}
	return EXIT_SUCCESS;
}
