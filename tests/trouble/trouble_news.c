/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is new since the start: programs that begin to connect out, and where programs connect to.
 */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <sys/wait.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum {
	PROGRAMS_MAX = 128,
	PROGRAM_S = 20, /* how long one runs */
	HOSTS = 200,    /* of the far side, as destinations */
	FAR_BACKLOG = 128,
};

/* Programs that connect to one place, each under a name of its own. */
static struct {
	pid_t pid; /* 0: none */
	uint64_t since_ns;
} programs[PROGRAMS_MAX];

static struct pace pace;
static unsigned made;

static void
listen_far(struct trouble *trouble)
{
	trouble->listener =
		lab_listen(&trouble->lab, LAB_FAR, LAB_NET_ANY, TROUBLE_PORT, FAR_BACKLOG);
}

static void
run_program(struct trouble *trouble, unsigned host)
{
	/* It holds no socket but its own; those of ours would be its, too. */
	union endpoint remote;
	const socklen_t len = lab_address(&trouble->lab, LAB_NET_GOOD, host, TROUBLE_PORT, &remote);
	int fd;

	check(close_range(3, ~0U, 0) == 0, "close_range");
	fd = socket(trouble->lab.six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	check(fd >= 0 && connect(fd, &remote.any, len) == 0, "connect");
	pause();
	_exit(EXIT_FAILURE);
}

static void
start_program(struct trouble *trouble, unsigned slot)
{
	char name[16];

	snprintf(name, sizeof name, "tr-new-%u", made);
	lab_enter(&trouble->lab, LAB_NEAR);
	if (trouble_fork(trouble, name) == 0)
		run_program(trouble, 1);
	programs[slot].pid = trouble->child;
	programs[slot].since_ns = trouble->now_ns;
	trouble->child = 0;
	made++;
}

static void
stop_program(unsigned slot)
{
	kill(programs[slot].pid, SIGKILL);
	waitpid(programs[slot].pid, NULL, 0);
	programs[slot].pid = 0;
}

static void
keep_new_client(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	ends_accept(&trouble->far, trouble->listener);
	ends_close_ended(&trouble->far);
	for (unsigned slot = 0; slot < PROGRAMS_MAX; slot++)
		if (programs[slot].pid != 0) {
			if (trouble->now_ns - programs[slot].since_ns > PROGRAM_S * CLOCK_NS_PER_S)
				stop_program(slot);
		} else if (due != 0) {
			start_program(trouble, slot);
			due--;
		}
}

static bool
has_program(struct trouble *trouble)
{
	return trouble->far.count != 0;
}

static void
clean_new_client(struct trouble *trouble)
{
	(void)trouble;
	for (unsigned slot = 0; slot < PROGRAMS_MAX; slot++)
		if (programs[slot].pid != 0)
			stop_program(slot);
}

/* One program that has always been connected, and then connects to one host after the other. */
static void
make_new_destination(struct trouble *trouble)
{
	listen_far(trouble);
	ends_add(&trouble->near, lab_connect_out(&trouble->lab, LAB_NET_GOOD, 1, TROUBLE_PORT));
}

static void
keep_new_destination(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	ends_accept(&trouble->far, trouble->listener);
	for (; due != 0 && made < HOSTS; due--)
		ends_add(&trouble->near,
			lab_connect_out(&trouble->lab, LAB_NET_GOOD, 2 + made++, TROUBLE_PORT));
}

static bool
has_connected(struct trouble *trouble)
{
	return ends_in_state(&trouble->near, TCP_ESTABLISHED) != 0;
}

static const struct kind kinds[] = {
	{"new-client", 1, 3, "programs a second", false, listen_far, has_program, keep_new_client,
		clean_new_client},
	{"new-destination", 2, 6, "destinations a second", false, make_new_destination,
		has_connected, keep_new_destination, NULL},
};

const struct kind_table news_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
