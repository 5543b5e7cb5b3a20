/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every TCP state of RFC 9293 at once, for IPv4 and IPv6, with real sockets of the kernel: run as
 * root in a network namespace of its own (`unshare --net zoo [TIMES]`). Each case is made TIMES
 * times in each family. Says "ready" when every socket is where it should be, then keeps it so
 * until standard input ends.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../program.h"
#include "zoo_peer.h"

enum zoo_action { ZOO_NOTHING, ZOO_SHUTDOWN, ZOO_CLOSE, ZOO_WRITE, ZOO_READ };

struct zoo_case {
	const char *name;
	struct peer_script peer;
	enum zoo_action action; /* once the handshake is through and what the peer sends has come */
	int state;              /* that it must reach; 0: our end is closed or was never a socket */
	bool keepalive;
};

static const struct zoo_case cases[] = {
	{.name = "syn-sent", .peer.answer = PEER_ANSWER_NOTHING, .state = TCP_SYN_SENT},
	{.name = "syn-received, simultaneous open",
		.peer.answer = PEER_ANSWER_SYN,
		.state = TCP_SYN_RECV},
	{.name = "established", .peer.answer = PEER_ANSWER_SYN_ACK, .state = TCP_ESTABLISHED},
	{.name = "established, keepalive",
		.peer.answer = PEER_ANSWER_SYN_ACK,
		.state = TCP_ESTABLISHED,
		.keepalive = true},
	{.name = "established, data never acknowledged",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .ignore_data = true},
		.action = ZOO_WRITE,
		.state = TCP_ESTABLISHED},
	{.name = "established, zero window",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .zero_window = true},
		.action = ZOO_WRITE,
		.state = TCP_ESTABLISHED},
	{.name = "established, unread data",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .sends = 500},
		.state = TCP_ESTABLISHED},
	{.name = "fin-wait-1",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .ignore_fin = true},
		.action = ZOO_SHUTDOWN,
		.state = TCP_FIN_WAIT1},
	{.name = "fin-wait-1, orphan",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .ignore_fin = true},
		.action = ZOO_CLOSE},
	{.name = "fin-wait-2",
		.peer.answer = PEER_ANSWER_SYN_ACK,
		.action = ZOO_SHUTDOWN,
		.state = TCP_FIN_WAIT2},
	{.name = "fin-wait-2, orphan", .peer.answer = PEER_ANSWER_SYN_ACK, .action = ZOO_CLOSE},
	{.name = "close-wait, end not read",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .fin = PEER_FIN_AT_ONCE},
		.state = TCP_CLOSE_WAIT},
	{.name = "close-wait, end read",
		.peer = {.answer = PEER_ANSWER_SYN_ACK, .fin = PEER_FIN_AT_ONCE},
		.action = ZOO_READ,
		.state = TCP_CLOSE_WAIT},
	{.name = "closing",
		.peer = {.answer = PEER_ANSWER_SYN_ACK,
			.fin = PEER_FIN_CROSSING,
			.ignore_fin = true},
		.action = ZOO_SHUTDOWN,
		.state = TCP_CLOSING},
	{.name = "last-ack",
		.peer = {.answer = PEER_ANSWER_SYN_ACK,
			.fin = PEER_FIN_AT_ONCE,
			.ignore_fin = true},
		.action = ZOO_SHUTDOWN,
		.state = TCP_LAST_ACK},
	{.name = "last-ack, orphan",
		.peer = {.answer = PEER_ANSWER_SYN_ACK,
			.fin = PEER_FIN_AT_ONCE,
			.ignore_fin = true},
		.action = ZOO_CLOSE},
	{.name = "time-wait",
		.peer = {.answer = PEER_ANSWER_SYN_ACK,
			.fin = PEER_FIN_AFTER_OURS,
			.repeat_fin = true},
		.action = ZOO_CLOSE},
	{.name = "syn-received, request", .peer = {.unanswered_syns = LISTEN_PORT}},
	{.name = "established, not accepted",
		.peer = {.unanswered_syns = LISTEN_PORT + 1, .completes = true}},
};

enum { CASES = sizeof cases / sizeof cases[0], TIMES_MAX = 500 };

/* One socket of the zoo. */
struct animal {
	const struct zoo_case *kind;
	int fd; /* -1: none of ours */
	bool v6;
	bool acted;
	uint16_t kernel_port, peer_port;
};

static struct peer peer;

const struct peer_script *
zoo_script(uint16_t peer_port)
{
	unsigned i = (unsigned)(peer_port - PEER_PORT) % CASES;
	return peer_port >= PEER_PORT ? &cases[i].peer : NULL;
}

static socklen_t
address(bool v6, const char *host, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *in = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	char text[64];
	memset(out, 0, sizeof *out);
	snprintf(text, sizeof text, "%s%s", v6 ? PEER_NET6 : PEER_NET4, host);
	out->ss_family = v6 ? AF_INET6 : AF_INET;
	if (v6) {
		in6->sin6_port = htons(port);
		inet_pton(AF_INET6, text, &in6->sin6_addr);
		return sizeof *in6;
	}
	in->sin_port = htons(port);
	inet_pton(AF_INET, text, &in->sin_addr);
	return sizeof *in;
}

static int
new_socket(bool v6, int type, uint16_t local_port)
{
	const int one = 1;
	struct sockaddr_storage local;
	int fd = socket(v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t len = address(v6, "1", local_port, &local);
	if (fd < 0)
		fail("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&local, len))
		fail("bind");
	return fd;
}

static void
start(struct animal *animal)
{
	const int one = 1;
	struct sockaddr_storage remote;
	if (animal->kind->peer.unanswered_syns) {
		animal->kernel_port = animal->kind->peer.unanswered_syns;
		peer_syn(&peer, animal->v6, animal->peer_port, animal->kernel_port);
		return;
	}
	animal->fd = new_socket(animal->v6, SOCK_STREAM, 0);
	if (animal->kind->keepalive)
		setsockopt(animal->fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	socklen_t len = address(animal->v6, "2", animal->peer_port, &remote);
	if (connect(animal->fd, (struct sockaddr *)&remote, len) && errno != EINPROGRESS)
		fail("connect");
	struct sockaddr_storage local;
	len = sizeof local;
	getsockname(animal->fd, (struct sockaddr *)&local, &len);
	animal->kernel_port = ntohs(((struct sockaddr_in *)&local)->sin_port);
}

static int
state_of(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof info;
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) ? -1 : info.tcpi_state;
}

/* Does its action once the connection stands and the peer's first part has come. */
static void
act(struct animal *animal)
{
	char bytes[1000] = {0};
	int want = animal->kind->peer.fin == PEER_FIN_AT_ONCE ? TCP_CLOSE_WAIT : TCP_ESTABLISHED;
	if (animal->acted || animal->kind->action == ZOO_NOTHING || state_of(animal->fd) != want)
		return;
	animal->acted = true;
	switch (animal->kind->action) {
	case ZOO_NOTHING: break;
	case ZOO_SHUTDOWN: shutdown(animal->fd, SHUT_WR); break;
	case ZOO_CLOSE:
		close(animal->fd);
		animal->fd = -1;
		break;
	case ZOO_WRITE:
		if (write(animal->fd, bytes, sizeof bytes) < 0)
			fail("write");
		break;
	case ZOO_READ:
		if (read(animal->fd, bytes, sizeof bytes) != 0)
			fail("read");
		break;
	}
}

static bool
settled(struct animal *animal)
{
	const struct peer_connection *connection =
		peer_find(&peer, animal->v6, animal->kernel_port, animal->peer_port);
	if (animal->kind->peer.unanswered_syns)
		return !animal->kind->peer.completes || (connection && connection->established);
	if (connection == NULL)
		return false;
	if (animal->kind->action != ZOO_NOTHING && !animal->acted)
		return false;
	if (animal->kind->state)
		return state_of(animal->fd) == animal->kind->state;
	return connection->saw_fin;
}

static void
tune(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", name);
	FILE *file = fopen(path, "we");
	if (!file || fputs(value, file) < 0 || fclose(file))
		fail(path);
}

/* Listeners, bound sockets, and UDP: what needs no peer. */
static void
make_quiet_ones(bool v6)
{
	struct sockaddr_storage remote;
	for (int i = 0; i < 2; i++)
		if (listen(new_socket(v6, SOCK_STREAM, (uint16_t)(LISTEN_PORT + i)), 100))
			fail("listen");
	new_socket(v6, SOCK_STREAM, 0); /* bound, no more: CLOSED */
	new_socket(v6, SOCK_DGRAM, 5000);
	int fd = new_socket(v6, SOCK_DGRAM, 5001);
	if (connect(fd, (struct sockaddr *)&remote, address(v6, "2", 53, &remote)))
		fail("connect UDP");
}

/* A SYN that came before the listener could take it is lost; the peer's TCP repeats none by itself.
 */
static void
knock_again(struct animal *animals, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (animals[i].kind->peer.completes && !settled(&animals[i]))
			peer_syn(
				&peer, animals[i].v6, animals[i].peer_port, animals[i].kernel_port);
}

static void
settle(struct animal *animals, unsigned count)
{
	unsigned ready = 0;
	for (int round = 0; ready < count && round < 400; round++) {
		ready = 0;
		peer_pump(&peer, 25);
		if (round % 40 == 39)
			knock_again(animals, count);
		for (unsigned i = 0; i < count; i++) {
			act(&animals[i]);
			ready += settled(&animals[i]);
		}
	}
	for (unsigned i = 0; i < count && ready < count; i++)
		if (!settled(&animals[i]))
			fprintf(stderr, "zoo: %s, IPv%d: in state %d\n", animals[i].kind->name,
				animals[i].v6 ? 6 : 4,
				animals[i].fd < 0 ? 0 : state_of(animals[i].fd));
	if (ready < count)
		exit(1);
}

/* Answers the kernel until standard input ends. */
static void
keep(void)
{
	time_t last = time(NULL);
	struct pollfd ready[2] = {
		{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = peer.tun, .events = POLLIN}};
	char byte;
	for (;;) {
		poll(ready, 2, 1000);
		if (ready[0].revents && read(STDIN_FILENO, &byte, 1) <= 0)
			return;
		peer_pump(&peer, 0);
		if (time(NULL) - last >= 15) {
			peer_repeat_fins(&peer);
			last = time(NULL);
		}
	}
}

int
main(int argc, char **argv)
{
	unsigned long times = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	if (times < 1 || times > TIMES_MAX) {
		fprintf(stderr, "usage: zoo [TIMES up to %d]\n", TIMES_MAX);
		return 2;
	}
	unsigned count = (unsigned)times * CASES * 2;
	struct animal *animals = calloc(count, sizeof *animals);
	if (animals == NULL || peer_open(&peer, count + 16))
		return 1;
	tune("tcp_syn_retries", "20");
	tune("tcp_synack_retries", "20");
	tune("tcp_orphan_retries", "15");
	tune("tcp_fin_timeout", "120");
	tune("tcp_max_syn_backlog", "4096");
	make_quiet_ones(false);
	make_quiet_ones(true);
	for (unsigned i = 0; i < count; i++) {
		animals[i] = (struct animal){.kind = &cases[i / 2 % CASES],
			.fd = -1,
			.v6 = i % 2,
			.peer_port = (uint16_t)(PEER_PORT + i / 2)};
		start(&animals[i]);
		if (i % 64 == 63)
			peer_pump(&peer, 1);
	}
	settle(animals, count);
	puts("ready");
	fflush(stdout);
	keep();
	return 0;
}
