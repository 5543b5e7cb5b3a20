/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * brief serve PORT: takes connections, reads something of each and closes it, until its input ends.
 * It closes first, so that the other's socket leaves no TIME-WAIT but ends.
 * brief NAME ADDRESS PORT: a process of that name that connects, sends, closes and exits, all in a
 * few milliseconds. Prints its pid; exits with 1 when it was refused.
 */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
take(int listener)
{
	const int fd = accept(listener, NULL, NULL);
	char bytes[64];

	if (fd >= 0 && read(fd, bytes, sizeof bytes) >= 0)
		close(fd);
}

static int
serve(uint16_t port)
{
	const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	const int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd sources[] = {{.fd = listener, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
	const int on = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
		listen(listener, 64) != 0)
		return EXIT_FAILURE;
	puts("ready");
	fflush(stdout);
	while (poll(sources, 2, -1) > 0 && sources[1].revents == 0) {
		if (sources[0].revents != 0)
			take(listener);
	}
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	char bytes[64];
	int fd;

	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		return serve((uint16_t)strtoul(argv[2], NULL, 10));
	if (argc != 4 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1)
		return EXIT_FAILURE;
	address.sin_port = htons((uint16_t)strtoul(argv[3], NULL, 10));
	prctl(PR_SET_NAME, argv[1], 0, 0, 0);
	printf("%d\n", getpid());
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
		write(fd, "hello", 5) != 5 || read(fd, bytes, sizeof bytes) != 0)
		return EXIT_FAILURE;
	close(fd);
	return EXIT_SUCCESS;
}
