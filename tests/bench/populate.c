/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a population of established TCP sockets on loopback and holds it until standard input ends:
 *
 *	populate [-a NETWORK] [-c RATE] SOCKETS PROCESSES
 *
 * Each process holds both ends of its connections, on an address of its own in 127/8, or with -a in
 * NETWORK/8, whose addresses must be this box's. With -c one
 *more process opens and closes RATE short connections a second. Says "ready" on standard output
 *when all stand. Meant for a network namespace of its own: sockets are reset, not closed, at the
 *end.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../program.h"

enum { PORT = 9000, SOCKETS_MAX = 4000000, PROCESSES_MAX = 4000, RATE_MAX = 20000 };

static unsigned long
number(const char *text, unsigned long max)
{
	char *end;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (errno || end == text || *end || value > max) {
		fprintf(stderr, "populate: %s is not a number up to %lu\n", text, max);
		exit(2);
	}
	return value;
}

static unsigned network = 127;

static struct sockaddr_in
address_of(unsigned process)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(
			(network << 24) + 0x010000u + ((process / 250) << 8) + process % 250 + 1),
	};
	return address;
}

static int
new_socket(void)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset))
		fail("socket");
	return fd;
}

static int
new_listener(const struct sockaddr_in *address)
{
	const int one = 1;
	int fd = new_socket();
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (const struct sockaddr *)address, sizeof *address) || listen(fd, 64))
		fail("listen");
	return fd;
}

/* A connection to the listener and its accepted end; the caller closes both. */
static void
new_pair(int listener, const struct sockaddr_in *address, int pair[2])
{
	struct sockaddr_in from = *address;
	from.sin_port = 0;
	pair[0] = new_socket();
	if (bind(pair[0], (const struct sockaddr *)&from, sizeof from))
		fail("bind");
	if (connect(pair[0], (const struct sockaddr *)address, sizeof *address))
		fail("connect");
	pair[1] = accept(listener, NULL, NULL);
	if (pair[1] < 0)
		fail("accept");
}

static void
hold(unsigned process, unsigned long connections, int ready, int end)
{
	struct sockaddr_in address = address_of(process);
	int listener = new_listener(&address);
	int pair[2];
	char byte = 0;

	for (unsigned long i = 0; i < connections; i++)
		new_pair(listener, &address, pair);
	if (write(ready, &byte, 1) != 1)
		fail("ready");
	while (read(end, &byte, 1) > 0)
		;
	_exit(0);
}

/* Short connections, spread over the second in bursts of a hundredth. */
static void
churn(unsigned process, unsigned long rate, int ready)
{
	struct sockaddr_in address = address_of(process);
	int listener = new_listener(&address);
	const struct timespec rest = {.tv_nsec = 10000000};
	double due = 0;
	char byte = 0;

	if (write(ready, &byte, 1) != 1)
		fail("ready");
	for (;;) {
		for (due += (double)rate / 100; due >= 1; due--) {
			int pair[2];
			new_pair(listener, &address, pair);
			close(pair[0]);
			close(pair[1]);
		}
		nanosleep(&rest, NULL);
	}
}

int
main(int argc, char **argv)
{
	unsigned long rate = 0;
	int option;
	while ((option = getopt(argc, argv, "a:c:")) != -1) {
		if (option == 'a')
			network = (unsigned)number(optarg, 255);
		else if (option == 'c')
			rate = number(optarg, RATE_MAX);
		else
			return 2;
	}
	if (argc - optind != 2) {
		fprintf(stderr, "usage: populate [-a NETWORK] [-c RATE] SOCKETS PROCESSES\n");
		return 2;
	}
	unsigned long sockets = number(argv[optind], SOCKETS_MAX);
	unsigned processes = (unsigned)number(argv[optind + 1], PROCESSES_MAX);

	struct rlimit files;
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	int ready[2], end[2];
	if (pipe(ready) || pipe(end))
		fail("pipe");
	unsigned long made = 0;
	for (unsigned i = 0; i < processes + (rate != 0); i++) {
		pid_t pid = fork();
		if (pid < 0)
			fail("fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(end[1]);
			close(ready[0]);
			if (i == processes)
				churn(i, rate, ready[1]);
			unsigned long until = sockets / 2 * (i + 1) / processes;
			hold(i, until - made, ready[1], end[0]);
		}
		if (i < processes)
			made = sockets / 2 * (i + 1) / processes;
	}
	close(ready[1]);
	char byte;
	for (unsigned i = 0; i < processes + (rate != 0); i++)
		if (read(ready[0], &byte, 1) != 1)
			fail("a process did not come up");
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0; /* the children die with us */
}
