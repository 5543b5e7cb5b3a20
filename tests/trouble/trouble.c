/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a trouble that doctor must find, with real sockets, in the network namespace that it is
 * started in (as root, in one made for it):
 *
 *	trouble KIND [-6] [-n SIZE]
 *	trouble --list
 *
 * Says "ready" when the trouble stands, as /proc or the sockets themselves show, keeps it until
 * its input ends, and cleans up. --list prints name, small and large size, and what the size
 *counts.
 */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { SIZE_MAX_ALLOWED = 300000, TALKERS = 10, STEP_MS = 20, STAND_S = 60, SKIP = 77 };

static const struct kind_table *const tables[] = {&queue_kinds, &open_kinds, &leak_kinds,
	&close_kinds, &path_kinds, &window_kinds, &host_kinds, &news_kinds, &healthy_kinds};
enum { TABLES = sizeof tables / sizeof tables[0] };

static volatile sig_atomic_t is_stopped;

/* Connections that talk in peace beside the trouble. */
struct talk {
	int listener;
	struct ends near, far;
	struct pace pace;
};

unsigned
pace_due(struct pace *pace, uint64_t now_ns, double a_second)
{
	const double seconds =
		pace->last_ns == 0 ? 0 : (double)(now_ns - pace->last_ns) / (double)CLOCK_NS_PER_S;
	unsigned due;

	pace->last_ns = now_ns;
	pace->rest += (seconds < 0.5 ? seconds : 0.5) * a_second;
	due = (unsigned)pace->rest;
	pace->rest -= due;
	return due;
}

struct tcp_info
trouble_info(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;

	check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0, "TCP_INFO");
	return info;
}

pid_t
trouble_fork(struct trouble *trouble, const char *name)
{
	const pid_t parent = getpid();

	trouble->child = fork();
	check(trouble->child >= 0, "fork");
	if (trouble->child != 0)
		return trouble->child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, name);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	return 0;
}

void
trouble_skip(const char *reason)
{
	puts(reason);
	exit(SKIP);
}

static void
talk_open(struct talk *talk, struct lab *lab)
{
	talk->listener = lab_listen(lab, LAB_NEAR, LAB_NET_ANY, TALK_PORT, 128);
	for (unsigned i = 0; i < TALKERS; i++)
		ends_add(&talk->far, lab_connect_in(lab, LAB_NET_GOOD, 10 + i, TALK_PORT));
}

static void
talk_on(struct talk *talk, uint64_t now_ns)
{
	ends_accept(&talk->near, talk->listener);
	ends_echo(&talk->near);
	ends_read(&talk->far);
	if (pace_due(&talk->pace, now_ns, 2) != 0)
		ends_write(&talk->far, 100);
}

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < TABLES; i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			if (strcmp(tables[i]->kinds[j].name, name) == 0)
				return &tables[i]->kinds[j];
	fprintf(stderr, "trouble: there is no kind \"%s\"; see trouble --list\n", name);
	exit(2);
}

static void
print_kinds(void)
{
	for (size_t i = 0; i < TABLES; i++)
		for (size_t j = 0; j < tables[i]->count; j++) {
			const struct kind *const kind = &tables[i]->kinds[j];

			printf("%s %u %u %s\n", kind->name, kind->small, kind->large, kind->help);
		}
}

static void
stop(int number)
{
	(void)number;
	is_stopped = 1;
}

static void
set_up_process(void)
{
	const struct sigaction action = {.sa_handler = stop};
	struct rlimit limit;

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	check(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	check(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

/* One step of 20 ms. false: the input has ended, or a signal came. */
static bool
step(const struct kind *kind, struct trouble *trouble, struct talk *talk)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char byte;

	trouble->now_ns = clock_monotonic_ns();
	if (kind->keep != NULL)
		kind->keep(trouble);
	if (!kind->is_quiet)
		talk_on(talk, trouble->now_ns);
	if (poll(&input, 1, STEP_MS) > 0 && read(STDIN_FILENO, &byte, 1) <= 0)
		return false;
	return is_stopped == 0;
}

/* false: it was stopped before the trouble stood. */
static bool
wait_until_stands(const struct kind *kind, struct trouble *trouble, struct talk *talk)
{
	do {
		if (!step(kind, trouble, talk))
			return false;
		if (trouble->now_ns - trouble->begun_ns > STAND_S * CLOCK_NS_PER_S) {
			fprintf(stderr, "trouble: %s never stood\n", kind->name);
			return false;
		}
	} while (!kind->stands(trouble));
	return true;
}

static void
clean(const struct kind *kind, struct trouble *trouble)
{
	if (trouble->child != 0) {
		kill(trouble->child, SIGKILL);
		waitpid(trouble->child, NULL, 0);
	}
	if (kind->clean != NULL)
		kind->clean(trouble);
	lab_close(&trouble->lab);
}

static int
run(const struct kind *kind, struct trouble *trouble, bool six)
{
	struct talk talk = {0};
	bool stood;

	set_up_process();
	lab_open(&trouble->lab, six);
	trouble->begun_ns = trouble->now_ns = clock_monotonic_ns();
	if (!kind->is_quiet)
		talk_open(&talk, &trouble->lab);
	kind->make(trouble);
	stood = wait_until_stands(kind, trouble, &talk);
	if (stood) {
		puts("ready");
		fflush(stdout);
		while (step(kind, trouble, &talk))
			;
	}
	clean(kind, trouble);
	return stood ? EXIT_SUCCESS : EXIT_FAILURE;
}

static unsigned
size_of(const char *text)
{
	char *rest;
	const unsigned long value = strtoul(text, &rest, 10);

	if (*text == '\0' || *rest != '\0' || value == 0 || value > SIZE_MAX_ALLOWED) {
		fprintf(stderr, "trouble: \"%s\" is not a size; use 1 to %d\n", text,
			SIZE_MAX_ALLOWED);
		exit(2);
	}
	return (unsigned)value;
}

int
main(int argc, char **argv)
{
	struct trouble trouble = {0};
	const struct kind *kind;
	bool six = false;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		print_kinds();
		return EXIT_SUCCESS;
	}
	if (argc < 2) {
		fputs("usage: trouble KIND [-6] [-n SIZE], or trouble --list\n", stderr);
		return 2;
	}
	kind = find_kind(argv[1]);
	trouble.size = kind->small;
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "-6") == 0)
			six = true;
		else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
			trouble.size = size_of(argv[++i]);
		else
			return 2;
	trouble.is_large = trouble.size >= kind->large;
	return run(kind, &trouble, six);
}
