/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes short connections over loopback, both ends in this process, a known number and not more of
 * them a second than was asked for:
 *
 *	storm COUNT RATE BYTES [ADDRESS]
 *
 * Each carries BYTES one way, then ends in one of three ways in turn: closed by the client, closed
 * by the server, reset by the client. Clients have many addresses (127.1.x.y), because each end
 * that closes first keeps its port for a minute; ADDRESS is the server's and, if it is no address
 * of IPv4, the clients' too. Says "ready" when it listens, and begins when it is given a line;
 * prints "COUNT SECONDS" when the last one is gone, and listens until its input ends.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { BYTES_MAX = 4096, CLIENTS = 1000, WAYS = 3 };

union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static char bytes[BYTES_MAX];

static void
sleep_until(uint64_t at_ns)
{
	const struct timespec at = {.tv_sec = (time_t)(at_ns / CLOCK_NS_PER_S),
		.tv_nsec = (long)(at_ns % CLOCK_NS_PER_S)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

static socklen_t
parse(const char *address, union endpoint *endpoint)
{
	*endpoint = (union endpoint){.any.sa_family = AF_INET};
	if (inet_pton(AF_INET, address, &endpoint->v4.sin_addr) == 1)
		return sizeof endpoint->v4;
	endpoint->any.sa_family = AF_INET6;
	check(inet_pton(AF_INET6, address, &endpoint->v6.sin6_addr) == 1, address);
	return sizeof endpoint->v6;
}

static int
open_listener(union endpoint *server, socklen_t len)
{
	const int fd = socket(server->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	check(fd >= 0, "socket");
	check(bind(fd, &server->any, len) == 0 && listen(fd, 64) == 0, "listen");
	check(getsockname(fd, &server->any, &len) == 0, "getsockname");
	return fd;
}

static void
bind_client(int fd, uint32_t number)
{
	const union endpoint client = {
		.v4 = {.sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 0x10000 + number % CLIENTS)}};
	const int on = 1;

	/* The port is chosen by connect, which knows who is at the other end. */
	check(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) == 0 &&
			bind(fd, &client.any, sizeof client.v4) == 0,
		"bind");
}

static void
end(int first, int second, bool reset)
{
	const struct linger linger = {.l_onoff = 1};

	if (reset)
		check(setsockopt(first, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0,
			"linger");
	close(first);
	if (!reset)
		check(read(second, bytes, 1) == 0, "end of stream");
	close(second);
}

static void
live(int listener, const union endpoint *server, socklen_t len, uint32_t number, size_t count)
{
	const int client = socket(server->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int served;

	check(client >= 0, "socket");
	if (server->any.sa_family == AF_INET)
		bind_client(client, number);
	check(connect(client, &server->any, len) == 0, "connect");
	served = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	check(served >= 0, "accept");
	check(write(client, bytes, count) == (ssize_t)count, "write");
	for (size_t left = count; left != 0;) {
		const ssize_t got = read(served, bytes, left);

		check(got > 0, "read");
		left -= (size_t)got;
	}
	switch (number % WAYS) {
	case 0: end(client, served, false); break;
	case 1: end(served, client, false); break;
	case 2: end(client, served, true); break;
	}
}

static bool
wait_for_input(void)
{
	char byte;

	return read(STDIN_FILENO, &byte, 1) > 0;
}

static uint32_t
number(const char *text, uint32_t max)
{
	char *rest;
	const unsigned long value = strtoul(text, &rest, 10);

	if (*text == '\0' || *rest != '\0' || value == 0 || value > max) {
		fprintf(stderr, "storm: \"%s\" is no number from 1 to %u\n", text, max);
		exit(EXIT_FAILURE);
	}
	return (uint32_t)value;
}

int
main(int argc, char **argv)
{
	union endpoint server;
	uint32_t count, rate, size;
	uint64_t began_ns;
	socklen_t len;
	int listener;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: storm COUNT RATE BYTES [ADDRESS]\n");
		return EXIT_FAILURE;
	}
	count = number(argv[1], 1000000);
	rate = number(argv[2], 1000000);
	size = number(argv[3], BYTES_MAX);
	len = parse(argc == 5 ? argv[4] : "127.0.0.1", &server);
	listener = open_listener(&server, len);
	puts("ready");
	fflush(stdout);
	wait_for_input();
	began_ns = clock_monotonic_ns();
	for (uint32_t i = 0; i < count; i++) {
		const uint64_t due_ns = began_ns + (uint64_t)i * CLOCK_NS_PER_S / rate;

		if (clock_monotonic_ns() < due_ns)
			sleep_until(due_ns);
		live(listener, &server, len, i, size);
	}
	printf("%u %.3f\n", count, (double)(clock_monotonic_ns() - began_ns) / CLOCK_NS_PER_S);
	fflush(stdout);
	while (wait_for_input())
		;
	return EXIT_SUCCESS;
}
