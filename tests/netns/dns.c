/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A DNS server for the tests, by UDP and TCP:
 *
 *	dns LOG ADDRESS…
 *
 * on port 53 of each IPv4 or IPv6 ADDRESS. dns_zone.c holds its answers. Each question is a line
 * "udp PTR 1.2.0.192.in-addr.arpa" in LOG. It prints "ready", and "ok" after each command on its
 * input: "hold" (questions by UDP wait from now on), "release" (they are answered now).
 * It ends with its input.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../program.h"
#include "dns_zone.h"

enum { PORT = 53, SOURCES_MAX = 64, HELD_MAX = 512, MESSAGE_MAX = 512 };
enum source_kind { SOURCE_INPUT, SOURCE_UDP, SOURCE_LISTENER, SOURCE_TCP };

struct asker {
	struct sockaddr_storage address;
	socklen_t len;
	int fd;
	uint8_t message[MESSAGE_MAX];
	size_t message_len;
};

static struct asker held[HELD_MAX];
static size_t held_count;
static bool is_holding;
static struct pollfd sources[SOURCES_MAX];
static enum source_kind kinds[SOURCES_MAX];
static nfds_t source_count;
static FILE *questions;

static int
open_socket(const char *text, int type)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
	const int is_v4 = inet_pton(AF_INET, text, &v4.sin_addr) == 1;
	const int fd = socket(is_v4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0);
	const int yes = 1;
	const struct sockaddr *const address =
		is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;

	if (fd < 0 || (!is_v4 && inet_pton(AF_INET6, text, &v6.sin6_addr) != 1) ||
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
		bind(fd, address, is_v4 ? sizeof v4 : sizeof v6) != 0 ||
		(type == SOCK_STREAM && listen(fd, 64) != 0))
		fail(text);
	return fd;
}

static const char *
type_name(unsigned type)
{
	return type == 1 ? "A" : type == 12 ? "PTR" : type == 28 ? "AAAA" : "other";
}

static size_t
look_up(const uint8_t *message, size_t len, int is_tcp, struct dns_zone_reply *replies)
{
	struct dns_zone_question question;

	if (!dns_zone_parse(message, len, &question))
		return 0;
	return dns_zone_answer(message, &question, is_tcp, replies);
}

static void
write_down(const uint8_t *message, size_t len, const char *protocol)
{
	struct dns_zone_question question;

	if (!dns_zone_parse(message, len, &question))
		return;
	fprintf(questions, "%s %s %s\n", protocol, type_name(question.type), question.name);
	fflush(questions);
}

static void
answer_udp(const struct asker *asker)
{
	static struct dns_zone_reply replies[DNS_ZONE_REPLIES];
	const size_t count = look_up(asker->message, asker->message_len, 0, replies);
	const struct sockaddr *const to = (const struct sockaddr *)&asker->address;

	for (size_t i = 0; i < count; i++) {
		int fd = asker->fd;

		if (replies[i].is_from_elsewhere)
			fd = socket(asker->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		(void)sendto(fd, replies[i].bytes, replies[i].len, 0, to, asker->len);
		if (fd != asker->fd)
			close(fd);
	}
}

static void
on_udp(int fd)
{
	struct asker asker = {.len = sizeof asker.address, .fd = fd};
	const ssize_t len = recvfrom(fd, asker.message, sizeof asker.message, 0,
		(struct sockaddr *)&asker.address, &asker.len);

	if (len <= 0)
		return;
	asker.message_len = (size_t)len;
	write_down(asker.message, asker.message_len, "udp");
	if (!is_holding)
		answer_udp(&asker);
	else if (held_count < HELD_MAX)
		held[held_count++] = asker;
}

/* A question of a connection; false: it is over. */
static bool
on_tcp(int fd)
{
	static struct dns_zone_reply replies[DNS_ZONE_REPLIES];
	uint8_t head[2], message[MESSAGE_MAX];
	size_t len;

	if (recv(fd, head, 2, MSG_WAITALL) != 2)
		return false;
	len = (size_t)head[0] << 8 | head[1];
	if (len > sizeof message || recv(fd, message, len, MSG_WAITALL) != (ssize_t)len)
		return false;
	write_down(message, len, "tcp");
	if (look_up(message, len, 1, replies) == 0)
		return true;
	head[0] = (uint8_t)(replies[0].len >> 8);
	head[1] = (uint8_t)replies[0].len;
	return send(fd, head, 2, MSG_MORE | MSG_NOSIGNAL) == 2 &&
	       send(fd, replies[0].bytes, replies[0].len, MSG_NOSIGNAL) > 0;
}

static void
add_source(int fd, enum source_kind kind)
{
	if (source_count == SOURCES_MAX) {
		close(fd);
		return;
	}
	kinds[source_count] = kind;
	sources[source_count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static void
remove_source(nfds_t at)
{
	close(sources[at].fd);
	source_count--;
	sources[at] = sources[source_count];
	kinds[at] = kinds[source_count];
}

static void
obey(const char *line)
{
	is_holding = strncmp(line, "hold", 4) == 0;
	for (size_t i = 0; !is_holding && i < held_count; i++)
		answer_udp(&held[i]);
	held_count = 0;
	puts("ok");
	fflush(stdout);
}

/* false: its input ended. */
static bool
on_input(void)
{
	char line[64];

	if (fgets(line, sizeof line, stdin) == NULL)
		return false;
	obey(line);
	return true;
}

static bool
serve(nfds_t at)
{
	int fd;

	switch (kinds[at]) {
	case SOURCE_INPUT: return on_input();
	case SOURCE_UDP: on_udp(sources[at].fd); break;
	case SOURCE_LISTENER:
		fd = accept4(sources[at].fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			add_source(fd, SOURCE_TCP);
		break;
	case SOURCE_TCP:
		if (!on_tcp(sources[at].fd))
			remove_source(at);
		break;
	}
	return true;
}

int
main(int argc, char **argv)
{
	bool is_running = true;

	if (argc < 3 || (questions = fopen(argv[1], "ae")) == NULL)
		fail("usage: dns LOG ADDRESS…");
	add_source(STDIN_FILENO, SOURCE_INPUT);
	for (int i = 2; i < argc; i++) {
		add_source(open_socket(argv[i], SOCK_DGRAM), SOURCE_UDP);
		add_source(open_socket(argv[i], SOCK_STREAM), SOURCE_LISTENER);
	}
	setvbuf(stdin, NULL, _IONBF, 0);
	puts("ready");
	fflush(stdout);
	while (is_running && poll(sources, source_count, -1) > 0) {
		for (nfds_t i = source_count; i-- > 0 && is_running;)
			if (sources[i].revents != 0)
				is_running = serve(i);
	}
	return EXIT_SUCCESS;
}
