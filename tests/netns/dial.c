/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial serve ADDRESS PORT...: listens on the ports and accepts all that comes.
 * dial wait ADDRESS PORT BACKLOG: listens, and accepts one connection for each line "accept".
 * dial ADDRESS PORT COUNT: connects COUNT times, or until connect() fails, and prints
 * "connected N errno E" (0: none failed). Then it takes lines from its input, and answers each:
 *
 *	more       connects once more: "more errno E"
 *	close      closes all, before the other side does, so that TIME-WAITs stay here: "closed N"
 *	accept     "accepted N"
 *
 * Each says "ready" first and ends with its input. Addresses are IPv4 or IPv6.
 */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "../program.h"

enum { CONNECTIONS_MAX = 4096, LISTENERS_MAX = 64, BACKLOG = 4096, LINE_MAX_BYTES = 64 };

static int connections[CONNECTIONS_MAX];
static int count;

struct end {
	struct sockaddr_storage address;
	socklen_t len;
	int family;
};

static struct end
end_of(const char *address, const char *port)
{
	struct end end = {.family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET};
	struct sockaddr_in *const v4 = (struct sockaddr_in *)&end.address;
	struct sockaddr_in6 *const v6 = (struct sockaddr_in6 *)&end.address;
	const uint16_t number = htons((uint16_t)strtoul(port, NULL, 10));

	if (end.family == AF_INET) {
		*v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = number};
		end.len = sizeof *v4;
		check(inet_pton(AF_INET, address, &v4->sin_addr) == 1, address);
	} else {
		*v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = number};
		end.len = sizeof *v6;
		check(inet_pton(AF_INET6, address, &v6->sin6_addr) == 1, address);
	}
	return end;
}

static int
listen_on(const char *address, const char *port, int backlog)
{
	const struct end end = end_of(address, port);
	const int fd = socket(end.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int on = 1;

	check(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0, "socket");
	check(bind(fd, (const struct sockaddr *)&end.address, end.len) == 0, "bind");
	check(listen(fd, backlog) == 0, "listen");
	return fd;
}

static void
say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

/* What the other side has closed is closed here too. */
static int
serve(char **ports, int port_count, const char *address)
{
	struct pollfd sources[1 + LISTENERS_MAX] = {{.fd = STDIN_FILENO, .events = POLLIN}};

	check(port_count <= LISTENERS_MAX, "so many listeners");
	for (int i = 0; i < port_count; i++)
		sources[1 + i] = (struct pollfd){
			.fd = listen_on(address, ports[i], BACKLOG), .events = POLLIN};
	say_ready();
	for (;;) {
		check(poll(sources, 1 + (nfds_t)port_count, 20) >= 0, "poll");
		if (sources[0].revents != 0)
			return EXIT_SUCCESS;
		for (int i = 0; i < port_count; i++)
			if (sources[1 + i].revents != 0 && count < CONNECTIONS_MAX)
				connections[count++] =
					accept4(sources[1 + i].fd, NULL, NULL, SOCK_NONBLOCK);
		for (int i = 0; i < count; i++) {
			char byte;

			if (recv(connections[i], &byte, 1, MSG_DONTWAIT) != 0)
				continue;
			close(connections[i]);
			connections[i--] = connections[--count];
		}
	}
}

/* errno, or 0. */
static int
dial(const struct end *end)
{
	const int fd = socket(end->family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	check(fd >= 0 && count < CONNECTIONS_MAX, "socket");
	if (connect(fd, (const struct sockaddr *)&end->address, end->len) != 0) {
		const int error = errno;

		close(fd);
		return error;
	}
	connections[count++] = fd;
	return 0;
}

static void
obey(const char *line, const struct end *end, int listener)
{
	if (strcmp(line, "more\n") == 0) {
		printf("more errno %d\n", dial(end));
	} else if (strcmp(line, "close\n") == 0) {
		printf("closed %d\n", count);
		while (count > 0)
			close(connections[--count]);
	} else if (strcmp(line, "accept\n") == 0) {
		connections[count] = accept(listener, NULL, NULL);
		check(connections[count++] >= 0, "accept");
		printf("accepted %d\n", count);
	}
	fflush(stdout);
}

static int
dial_all(const struct end *end, int wanted)
{
	char line[LINE_MAX_BYTES];
	int error = 0;

	while (count < wanted && error == 0)
		error = dial(end);
	printf("connected %d errno %d\n", count, error);
	say_ready();
	while (fgets(line, sizeof line, stdin) != NULL)
		obey(line, end, -1);
	return EXIT_SUCCESS;
}

static int
accept_by_line(int listener)
{
	char line[LINE_MAX_BYTES];

	say_ready();
	while (fgets(line, sizeof line, stdin) != NULL)
		obey(line, NULL, listener);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct end end;

	if (argc >= 4 && strcmp(argv[1], "serve") == 0)
		return serve(argv + 3, argc - 3, argv[2]);
	if (argc == 5 && strcmp(argv[1], "wait") == 0)
		return accept_by_line(listen_on(argv[2], argv[3], (int)strtol(argv[4], NULL, 10)));
	if (argc != 4)
		return EXIT_FAILURE;
	end = end_of(argv[1], argv[2]);
	return dial_all(&end, (int)strtol(argv[3], NULL, 10));
}
