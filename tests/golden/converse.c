/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes one conversation of two real stacks, for make_captures.sh: both ends are in this process,
 * one socket in each of two network namespaces, so that a script of steps needs no second program.
 *
 *	converse SERVER-NETNS SERVER-ADDRESS CLIENT-NETNS CLIENT-ADDRESS SCENARIO
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"

enum {
	SERVER_PORT = 8080,
	CLOSED_PORT = 8081,
	CLIENT_PORT = 45678,
	BYTES = 5000,
	LARGE = 200000,
	MANY = 24,
	WAIT_MS = 5000,
};

static char bytes[LARGE];

union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct side {
	const char *netns;
	const char *address;
};

static struct side server_side, client_side;
static int client_protocol, listener = -1;

static socklen_t
endpoint_of(const struct side *side, uint16_t port, union endpoint *endpoint)
{
	memset(endpoint, 0, sizeof *endpoint);
	if (inet_pton(AF_INET6, side->address, &endpoint->v6.sin6_addr) == 1) {
		endpoint->v6.sin6_family = AF_INET6;
		endpoint->v6.sin6_port = htons(port);
		return sizeof endpoint->v6;
	}
	check(inet_pton(AF_INET, side->address, &endpoint->v4.sin_addr) == 1, side->address);
	endpoint->v4.sin_family = AF_INET;
	endpoint->v4.sin_port = htons(port);
	return sizeof endpoint->v4;
}

static void
set(int fd, int level, int option, int value)
{
	check(setsockopt(fd, level, option, &value, sizeof value) == 0, "setsockopt");
}

/* A socket in the namespace of the side, bound to its address and the port. */
static int
make(const struct side *side, uint16_t port)
{
	union endpoint endpoint;
	const socklen_t len = endpoint_of(side, port, &endpoint);
	int fd;

	enter_netns(side->netns);
	fd = socket(endpoint.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, client_protocol);
	check(fd >= 0, "socket");
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	check(bind(fd, &endpoint.any, len) == 0, "bind");
	return fd;
}

static int
start_connect(int fd, const struct side *to, uint16_t port, bool wait)
{
	union endpoint endpoint;
	const socklen_t len = endpoint_of(to, port, &endpoint);

	if (!wait)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	return connect(fd, &endpoint.any, len);
}

static void
open_listener(int receive_buffer)
{
	listener = make(&server_side, SERVER_PORT);
	if (receive_buffer != 0)
		set(listener, SOL_SOCKET, SO_RCVBUF, receive_buffer);
	check(listen(listener, 8) == 0, "listen");
}

static int
open_client(void)
{
	const int fd = make(&client_side, CLIENT_PORT);

	check(start_connect(fd, &server_side, SERVER_PORT, true) == 0, "connect");
	return fd;
}

static int
open_served(void)
{
	const int fd = accept(listener, NULL, NULL);

	check(fd >= 0, "accept");
	return fd;
}

static void
give(int from, int to, size_t count)
{
	check(write(from, bytes, count) == (ssize_t)count, "write");
	while (count != 0) {
		const ssize_t got = read(to, bytes, count);

		check(got > 0, "read");
		count -= (size_t)got;
	}
}

static void
wait_end(int fd)
{
	char byte;

	check(read(fd, &byte, 1) == 0, "end of stream");
}

static void
pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

/* Until nothing is on its way any more. */
static void
settle(int fd)
{
	struct tcp_info info = {.tcpi_state = 0};
	socklen_t len = sizeof info;

	for (int waited = 0; waited < WAIT_MS; waited += 10) {
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
			(info.tcpi_unacked == 0 && info.tcpi_state != TCP_SYN_SENT))
			return;
		pause_ms(10);
	}
}

static void
orderly(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(client, served, 100);
	give(served, client, BYTES);
	close(client);
	wait_end(served);
	close(served);
}

/* One after the other, each from a port of its own. */
static void
many(void)
{
	open_listener(0);
	for (uint16_t i = 0; i < MANY; i++) {
		const int client = make(&client_side, (uint16_t)(CLIENT_PORT + i));
		int served;

		check(start_connect(client, &server_side, SERVER_PORT, true) == 0, "connect");
		served = open_served();
		give(client, served, 100);
		close(client);
		wait_end(served);
		close(served);
	}
}

/* The client's host goes down without a word, and comes up again: it knows nothing of it. */
static void
vanish(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(client, served, 100);
	settle(client);
	set(client, IPPROTO_TCP, TCP_REPAIR, 1);
	close(client);
	pause_ms(60);
	check(write(served, bytes, 10) == 10, "write");
	pause_ms(60);
	close(served);
}

static void
server_closes(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(served, client, BYTES);
	pause_ms(60);
	close(served);
	wait_end(client);
	pause_ms(300);
	close(client);
}

static void
half_close(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(client, served, 100);
	shutdown(client, SHUT_WR);
	wait_end(served);
	pause_ms(60);
	give(served, client, BYTES);
	close(served);
	wait_end(client);
	close(client);
}

static void
refused(void)
{
	const int fd = make(&client_side, CLIENT_PORT);

	check(start_connect(fd, &server_side, CLOSED_PORT, true) != 0 && errno == ECONNREFUSED,
		"connect");
}

static void
abort_socket(int fd)
{
	const struct linger linger = {.l_onoff = 1};

	check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0, "linger");
	close(fd);
}

static void
reset_by(bool by_server)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(client, served, 100);
	pause_ms(60);
	abort_socket(by_server ? served : client);
	pause_ms(20);
	close(by_server ? client : served);
}

static void
reset_by_server(void)
{
	reset_by(true);
}

static void
reset_by_client(void)
{
	reset_by(false);
}

/* Closed while something was unread. */
static void
reset_unread(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	check(write(client, bytes, BYTES) == BYTES, "write");
	pause_ms(60);
	close(served);
	pause_ms(20);
	close(client);
}

/* Closed for good, and then more comes. */
static void
reset_late(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	close(client);
	wait_end(served);
	check(write(served, bytes, 10) == 10, "write");
	pause_ms(60);
	close(served);
}

/* The path delays what the client sends, so the SYNs cross. */
static void
simultaneous_open(void)
{
	const int one = make(&server_side, SERVER_PORT);
	const int other = make(&client_side, CLIENT_PORT);

	start_connect(other, &server_side, SERVER_PORT, false);
	start_connect(one, &client_side, CLIENT_PORT, false);
	settle(one);
	settle(other);
	pause_ms(1500);
	close(one);
	settle(other);
	pause_ms(1500);
	close(other);
	pause_ms(1500);
}

static void
simultaneous_close(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(client, served, 200);
	close(client);
	close(served);
	pause_ms(1500);
}

/* Nobody answers. */
static void
timeout(void)
{
	const int fd = make(&client_side, CLIENT_PORT);

	set(fd, IPPROTO_TCP, TCP_SYNCNT, 2);
	start_connect(fd, &server_side, SERVER_PORT, false);
	pause_ms(4000);
	close(fd);
}

/* The server's SYN-ACKs do not arrive. */
static void
half_open(void)
{
	int fd;

	open_listener(0);
	fd = make(&client_side, CLIENT_PORT);
	set(fd, IPPROTO_TCP, TCP_SYNCNT, 1);
	start_connect(fd, &server_side, SERVER_PORT, false);
	pause_ms(2500);
	close(fd);
}

static void
keepalive(void)
{
	int client, served;

	open_listener(0);
	client = open_client();
	served = open_served();
	give(client, served, 1);
	set(client, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(client, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set(client, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	pause_ms(2300);
	close(client);
	close(served);
}

/* The server does not read, then does. */
static void
zero_window(void)
{
	size_t left = LARGE;
	ssize_t written;
	int client, served;

	open_listener(4096);
	client = open_client();
	served = open_served();
	fcntl(client, F_SETFL, O_NONBLOCK);
	while ((written = write(client, bytes, left < 3000 ? left : 3000)) > 0 && left != 0)
		left -= (size_t)written;
	left = LARGE - left;
	pause_ms(1200);
	while (left != 0) {
		const ssize_t got = read(served, bytes, left);

		check(got > 0, "read");
		left -= (size_t)got;
	}
	close(client);
	close(served);
}

static void
mptcp(void)
{
	client_protocol = IPPROTO_MPTCP;
	orderly();
}

/* The first connection asks for a cookie, the second one sends data with its SYN. Both namespaces
 * need net.ipv4.tcp_fastopen=3. */
static void
fast_open(void)
{
	union endpoint endpoint;
	const socklen_t len = endpoint_of(&server_side, SERVER_PORT, &endpoint);

	open_listener(0);
	set(listener, IPPROTO_TCP, TCP_FASTOPEN, 8);
	for (uint16_t i = 0; i < 2; i++) {
		const int client = make(&client_side, CLIENT_PORT + i);
		int served;

		check(sendto(client, bytes, 100, MSG_FASTOPEN, &endpoint.any, len) == 100,
			"sendto");
		served = open_served();
		check(read(served, bytes, sizeof bytes) == 100, "read");
		give(served, client, 300);
		close(client);
		wait_end(served);
		close(served);
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{"fast-open", fast_open},
	{"half-close", half_close},
	{"half-open", half_open},
	{"keepalive", keepalive},
	{"many", many},
	{"mptcp", mptcp},
	{"orderly", orderly},
	{"refused", refused},
	{"reset-by-client", reset_by_client},
	{"reset-by-server", reset_by_server},
	{"reset-late", reset_late},
	{"reset-unread", reset_unread},
	{"server-closes", server_closes},
	{"simultaneous-close", simultaneous_close},
	{"simultaneous-open", simultaneous_open},
	{"timeout", timeout},
	{"vanish", vanish},
	{"zero-window", zero_window},
};

int
main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr,
			"usage: %s SERVER-NETNS SERVER-ADDRESS CLIENT-NETNS CLIENT-ADDRESS "
			"SCENARIO\n",
			argv[0]);
		return EXIT_FAILURE;
	}
	server_side = (struct side){argv[1], argv[2]};
	client_side = (struct side){argv[3], argv[4]};
	for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
		if (strcmp(scenarios[i].name, argv[5]) != 0)
			continue;
		scenarios[i].run();
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "%s: no such scenario\n", argv[5]);
	return EXIT_FAILURE;
}
