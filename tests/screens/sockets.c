/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets for the tests of the screen, made and changed on command:
 *
 *	sockets ADDRESS PORT [NAME]
 *
 * It listens on the IPv4 ADDRESS and PORT, calls itself NAME, and reads from standard input:
 *	open N    N accepted connections to itself
 *	half N    the same, then the peer sends FIN: CLOSE-WAIT here, FIN-WAIT-2 there
 *	queue N   connections that are not accepted
 *	talk      over the newest of open 100 bytes go to the listener's end and 50 come back
 *	finish    both of its ends close in order, the connecting one first
 *	reset     the newest of open or half is reset from both ends and vanishes
 *	refused N one tries a port where nobody listens
 *	stall     the newest of open sends until the other end, which does not read, takes no more
 *	flood N   two UDP sockets with full buffers, of IPv4 and of IPv6, get N datagrams each
 * Each is answered by "ok" on standard output, "ready" comes first. It ends with its input; then
 * all are reset, so that nothing is left in TIME-WAIT.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"

enum { PAIRS_MAX = 400, BACKLOG = 5, LINE_MAX_BYTES = 64 };

static struct sockaddr_in address;
static int listener;
static int pairs[PAIRS_MAX][2];
static int pair_count;

static int
new_socket(void)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) != 0)
		fail("socket");
	return fd;
}

static void
connect_one(bool accepted)
{
	int *const pair = pairs[pair_count];

	if (pair_count == PAIRS_MAX)
		return;
	pair[0] = new_socket();
	pair[1] = -1;
	if (connect(pair[0], (const struct sockaddr *)&address, sizeof address) != 0)
		fail("connect");
	/* SO_LINGER is inherited from the listener. */
	if (accepted && (pair[1] = accept(listener, NULL, NULL)) < 0)
		fail("accept");
	pair_count++;
}

static void
be_refused(void)
{
	struct sockaddr_in nobody = address;
	const int fd = new_socket();

	nobody.sin_port = htons(1);
	if (connect(fd, (const struct sockaddr *)&nobody, sizeof nobody) == 0 ||
		errno != ECONNREFUSED)
		fail("refused");
	close(fd);
}

static void
talk(const int *pair)
{
	char bytes[100] = "";

	if (write(pair[0], bytes, 100) != 100 || read(pair[1], bytes, 100) != 100 ||
		write(pair[1], bytes, 50) != 50 || read(pair[0], bytes, 50) != 50)
		fail("talk");
}

static void
stall(const int *pair)
{
	static const char bytes[65536];

	if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0)
		fail("fcntl");
	while (write(pair[0], bytes, sizeof bytes) > 0)
		continue;
	if (errno != EAGAIN)
		fail("stall");
}

/* A socket whose buffer holds next to nothing, and another that sends to it; both stay. */
static void
open_udp(int family, const struct sockaddr *to, socklen_t len, int *sender)
{
	const int buffer = 1; /* the kernel's least */
	const int receiver = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*sender = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (receiver < 0 || *sender < 0 ||
		setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer) != 0 ||
		bind(receiver, to, len) != 0 || connect(*sender, to, len) != 0)
		fail("udp");
	/* Until it is full. */
	for (int i = 0; i < 100; i++)
		send(*sender, "", 1, 0);
}

static void
flood(int count)
{
	static int senders[2] = {-1, -1};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = address.sin_port};

	six.sin6_addr = in6addr_loopback;
	if (senders[0] < 0) {
		open_udp(AF_INET, (const struct sockaddr *)&address, sizeof address, &senders[0]);
		open_udp(AF_INET6, (const struct sockaddr *)&six, sizeof six, &senders[1]);
	}
	for (int i = 0; i < count; i++) {
		if (send(senders[0], "", 1, 0) != 1 || send(senders[1], "", 1, 0) != 1)
			fail("flood");
	}
}

/* Each end waits for what the other does. */
static void
finish(const int *pair)
{
	char byte;

	if (shutdown(pair[0], SHUT_WR) != 0 || read(pair[1], &byte, 1) != 0 ||
		shutdown(pair[1], SHUT_WR) != 0 || read(pair[0], &byte, 1) != 0)
		fail("finish");
	close(pair[0]);
	close(pair[1]);
}

static void
obey(const char *line)
{
	int count = 1;

	if (sscanf(line, "%*15s %d", &count) < 0)
		count = 1;
	if (strncmp(line, "reset", 5) == 0 && pair_count > 0) {
		pair_count--;
		close(pairs[pair_count][0]);
		close(pairs[pair_count][1]);
		return;
	}
	if (strncmp(line, "stall", 5) == 0 && pair_count > 0) {
		stall(pairs[pair_count - 1]);
		return;
	}
	if (strncmp(line, "flood", 5) == 0) {
		flood(count);
		return;
	}
	if (strncmp(line, "talk", 4) == 0 && pair_count > 0) {
		talk(pairs[pair_count - 1]);
		return;
	}
	if (strncmp(line, "finish", 6) == 0 && pair_count > 0) {
		finish(pairs[--pair_count]);
		return;
	}
	for (int i = 0; i < count; i++) {
		if (strncmp(line, "refused", 7) == 0) {
			be_refused();
		} else if (strncmp(line, "queue", 5) == 0) {
			connect_one(false);
		} else if (strncmp(line, "open", 4) == 0) {
			connect_one(true);
		} else if (strncmp(line, "half", 4) == 0) {
			connect_one(true);
			shutdown(pairs[pair_count - 1][0], SHUT_WR);
		}
	}
}

int
main(int argc, char **argv)
{
	const int yes = 1;
	char line[LINE_MAX_BYTES];

	if (argc < 3 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: sockets ADDRESS PORT [NAME]\n");
		return 2;
	}
	address.sin_family = AF_INET;
	address.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	if (argc > 3)
		prctl(PR_SET_NAME, argv[3]);
	listener = new_socket();
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
		listen(listener, BACKLOG) != 0)
		fail("listen");
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL) {
		obey(line);
		puts("ok");
		fflush(stdout);
	}
	return 0;
}
