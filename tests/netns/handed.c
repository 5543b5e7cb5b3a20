/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handed WHAT: holds listeners in ways that a number of descriptors does not show, until its input
 * ends. Says "ready" with the pids; each further line of input is a step, answered by "done".
 *
 *	exchange  two processes; step: they exchange their listeners (1001, 1002) by SCM_RIGHTS, the
 *	          numbers of their descriptors stay equal
 *	leader    the leader has exited, a thread holds 1003
 *	thread    a thread with a descriptor table of its own holds 1004
 *	flight    1005 is held by nobody: its descriptor waits in a Unix socket
 *	rename    step: the process that holds 1006 is called "renamed" instead of "handed"
 *	heir      a child inherits 1007; step: the parent, a process of its own, ends
 *	release   holds 1008; step: closes it and opens a pipe's end instead, 1009 besides
 */
#include <config.h>

#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int
listen_on(uint16_t port)
{
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
		listen(fd, 16) != 0)
		exit(EXIT_FAILURE);
	return fd;
}

static void
hand_on(int to, int fd)
{
	char byte = 'x';
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof fd)];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof fd),
			     .cmsg_level = SOL_SOCKET,
			     .cmsg_type = SCM_RIGHTS}};
	struct iovec part = {&byte, 1};
	const struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	if (sendmsg(to, &message, 0) != 1)
		exit(EXIT_FAILURE);
}

static void
receive(int from)
{
	char byte;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};

	if (recvmsg(from, &message, 0) != 1)
		exit(EXIT_FAILURE);
}

static void
say(const char *words, int first, int second)
{
	printf("%s %d %d\n", words, first, second);
	fflush(stdout);
}

/* Waits for a line; false: the input has ended. */
static bool
next_step(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) == 1)
		if (byte == '\n')
			return true;
	return false;
}

static void
wait_for_end(void)
{
	while (next_step())
		;
}

/* Sends its listener away, closes it, receives the other. */
static void
exchange_at(int pair, int listener)
{
	hand_on(pair, listener);
	close(listener);
	receive(pair);
}

static void
exchange(void)
{
	int pair[2], steps[2];
	pid_t other;
	char byte = 's';

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(steps) != 0)
		exit(EXIT_FAILURE);
	other = fork();
	if (other == 0) {
		const int listener = (close(pair[0]), close(steps[1]), listen_on(1002));

		prctl(PR_SET_NAME, "other");
		while (read(steps[0], &byte, 1) == 1)
			exchange_at(pair[1], listener);
		exit(EXIT_SUCCESS);
	}
	const int listener = (close(pair[1]), close(steps[0]), listen_on(1001));

	usleep(100000);
	say("ready", (int)getpid(), (int)other);
	if (next_step() && write(steps[1], &byte, 1) == 1) {
		exchange_at(pair[0], listener);
		say("done", 0, 0);
	}
	wait_for_end();
	/* The ports are free when this has ended. */
	close(steps[1]);
	waitpid(other, NULL, 0);
}

static void *
work_alone(void *unused)
{
	(void)unused;
	say("ready", (int)getpid(), 0);
	wait_for_end();
	exit(EXIT_SUCCESS);
}

static void
leader(void)
{
	pthread_t thread;

	listen_on(1003);
	if (pthread_create(&thread, NULL, work_alone, NULL) != 0)
		exit(EXIT_FAILURE);
	pthread_exit(NULL);
}

static void *
leave_table(void *unused)
{
	(void)unused;
	if (unshare(CLONE_FILES) != 0)
		exit(EXIT_FAILURE);
	listen_on(1004);
	say("ready", (int)getpid(), (int)gettid());
	wait_for_end();
	exit(EXIT_SUCCESS);
}

static void
thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, leave_table, NULL) != 0)
		exit(EXIT_FAILURE);
	pthread_join(thread, NULL);
}

static void
flight(void)
{
	const int listener = listen_on(1005);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		exit(EXIT_FAILURE);
	hand_on(pair[0], listener);
	close(listener);
	say("ready", (int)getpid(), 0);
	wait_for_end();
}

static void
rename_self(void)
{
	listen_on(1006);
	say("ready", (int)getpid(), 0);
	if (next_step()) {
		prctl(PR_SET_NAME, "renamed");
		say("done", 0, 0);
	}
	wait_for_end();
}

static void
heir(void)
{
	int steps[2], heirs[2], life[2];
	pid_t parent, child = 0;

	if (pipe(steps) != 0 || pipe(heirs) != 0 || pipe(life) != 0)
		exit(EXIT_FAILURE);
	parent = fork();
	if (parent == 0) {
		char byte;

		close(steps[1]);
		close(life[1]);
		listen_on(1007);
		child = fork();
		if (child == 0) {
			prctl(PR_SET_NAME, "heir");
			(void)!read(life[0], &byte, 1);
			exit(EXIT_SUCCESS);
		}
		if (write(heirs[1], &child, sizeof child) != sizeof child)
			exit(EXIT_FAILURE);
		while (read(steps[0], &byte, 1) > 0)
			;
		exit(EXIT_SUCCESS);
	}
	if (read(heirs[0], &child, sizeof child) != sizeof child)
		exit(EXIT_FAILURE);
	say("ready", (int)parent, (int)child);
	if (next_step()) {
		close(steps[1]);
		waitpid(parent, NULL, 0);
		say("done", 0, 0);
	}
	wait_for_end();
}

static void
release(void)
{
	const int listener = listen_on(1008);

	listen_on(1009);
	say("ready", (int)getpid(), 0);
	if (next_step()) {
		if (dup2(STDOUT_FILENO, listener) < 0)
			exit(EXIT_FAILURE);
		say("done", 0, 0);
	}
	wait_for_end();
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *what;
		void (*run)(void);
	} runs[] = {{"exchange", exchange}, {"leader", leader}, {"thread", thread},
		{"flight", flight}, {"rename", rename_self}, {"heir", heir}, {"release", release}};

	for (size_t i = 0; i < sizeof runs / sizeof runs[0] && argc > 1; i++)
		if (strcmp(argv[1], runs[i].what) == 0) {
			runs[i].run();
			return EXIT_SUCCESS;
		}
	return EXIT_FAILURE;
}
