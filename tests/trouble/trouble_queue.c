/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles of listeners: half-open connections, a program that does not accept, or cannot. */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <sockwatch/base/clock.h>

#include "../program.h"
#include "segment.h"

enum { FLOOD_SOURCES = 50000, FIRST_PORT = 1024 };

static struct pace pace;
static unsigned sent;

static void
listen_here(struct trouble *trouble, unsigned backlog)
{
	trouble->listener =
		lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, (int)backlog);
}

/* SYNs from one host each. */
static void
flood(struct trouble *trouble, unsigned count)
{
	for (; count != 0; count--, sent++)
		segment_inject(&trouble->lab, 1 + sent % FLOOD_SOURCES,
			(uint16_t)(FIRST_PORT + sent / FLOOD_SOURCES), TROUBLE_PORT, SEGMENT_SYN);
}

static void
make_syn_flood(struct trouble *trouble)
{
	lab_sysctl(&trouble->lab, "ipv4/tcp_syncookies", "1");
	listen_here(trouble, trouble->size);
}

static void
keep_syn_flood(struct trouble *trouble)
{
	flood(trouble, pace_due(&pace, trouble->now_ns, trouble->is_large ? 2300 : 300));
}

static bool
has_cookies(struct trouble *trouble)
{
	return proc_state(&trouble->lab, TCP_SYN_RECV, TROUBLE_PORT) >= trouble->size &&
	       proc_counter(&trouble->lab, "TcpExt", "SyncookiesSent") >= 20;
}

/* With a small backlog the queue is full; with a large one three quarters of the sysctl are. */
static void
make_syn_queue_drops(struct trouble *trouble)
{
	lab_sysctl(&trouble->lab, "ipv4/tcp_syncookies", "0");
	listen_here(trouble, trouble->is_large ? 4096 : trouble->size);
}

static bool
drops_syns(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "TcpExt", "ListenDrops") >= 20;
}

static void
keep_syn_queue_drops(struct trouble *trouble)
{
	flood(trouble, pace_due(&pace, trouble->now_ns, drops_syns(trouble) ? 100 : 1000));
}

/* Real clients, with a round trip that is long for so small a backlog. */
static void
make_backlog_small(struct trouble *trouble)
{
	lab_sysctl(&trouble->lab, "ipv4/tcp_syncookies", "1");
	trouble->lab.wire->delay_us = 150000;
	listen_here(trouble, trouble->size);
}

static void
keep_backlog_small(struct trouble *trouble)
{
	/* Twice as many are under way in a round trip of 0.3 s as have room. */
	const double a_second = trouble->size * 2 / 0.3;
	unsigned due = pace_due(&pace, trouble->now_ns, a_second);

	ends_accept(&trouble->near, trouble->listener);
	ends_close_ended(&trouble->near);
	ends_close_older(&trouble->far, CLOCK_NS_PER_S, false);
	for (; due != 0; due--, sent++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + sent % 200, TROUBLE_PORT));
}

static bool
gives_cookies_to_clients(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "TcpExt", "SyncookiesRecv") >= 20;
}

static void
make_accept_queue(struct trouble *trouble)
{
	listen_here(trouble, trouble->size);
	for (unsigned i = 0; i < trouble->size + 10; i++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + i % 200, TROUBLE_PORT));
}

/* One a second is accepted; many more try, and give up. */
static void
keep_accept_queue(struct trouble *trouble)
{
	static struct pace accepts;
	static struct ends tries;
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->is_large ? 30 : 10);

	if (pace_due(&accepts, trouble->now_ns, 1) != 0) {
		const int fd = accept4(trouble->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0)
			ends_add(&trouble->near, fd);
	}
	ends_close_older(&tries, 3 * CLOCK_NS_PER_S, false);
	for (; due != 0; due--, sent++)
		ends_add(&tries,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + sent % 200, TROUBLE_PORT));
}

static bool
overflows(struct trouble *trouble)
{
	const struct proc_filter full = {.state = TCP_LISTEN,
		.local_port = TROUBLE_PORT,
		.recv_queue_min = trouble->size + 1};

	return proc_count(&trouble->lab, &full) == 1 &&
	       proc_counter(&trouble->lab, "TcpExt", "ListenOverflows") >= 10;
}

/* A process of its own that accepts until it may open no more. */
_Noreturn static void
accept_until_limit(int listener, unsigned limit)
{
	const struct rlimit files = {.rlim_cur = limit, .rlim_max = limit};

	for (int fd = 3; fd < 1024; fd++)
		if (fd != listener)
			close(fd);
	check(setrlimit(RLIMIT_NOFILE, &files) == 0, "setrlimit");
	for (;;)
		if (accept4(listener, NULL, NULL, SOCK_CLOEXEC) < 0)
			usleep(100000);
}

static void
make_fd_limit(struct trouble *trouble)
{
	listen_here(trouble, 1024);
	check(fcntl(trouble->listener, F_SETFL, 0) == 0, "fcntl");
	if (trouble_fork(trouble, "tr-server") == 0)
		accept_until_limit(trouble->listener, trouble->size);
	close(trouble->listener);
	for (unsigned i = 0; i < trouble->size + trouble->size / 2; i++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + i % 200, TROUBLE_PORT));
}

static bool
is_at_limit(struct trouble *trouble)
{
	const struct proc_filter waits = {
		.state = TCP_LISTEN, .local_port = TROUBLE_PORT, .recv_queue_min = 10};

	return proc_descriptors(trouble->child) >= trouble->size &&
	       proc_count(&trouble->lab, &waits) == 1;
}

static const struct kind kinds[] = {
	{"syn-flood", 128, 1024, "backlog", false, make_syn_flood, has_cookies, keep_syn_flood,
		NULL},
	{"syn-queue-drops", 128, 4096, "backlog", false, make_syn_queue_drops, drops_syns,
		keep_syn_queue_drops, NULL},
	{"syn-backlog-small", 16, 64, "backlog", false, make_backlog_small,
		gives_cookies_to_clients, keep_backlog_small, NULL},
	{"accept-queue", 16, 128, "backlog", false, make_accept_queue, overflows, keep_accept_queue,
		NULL},
	{"fd-limit", 64, 256, "descriptors that the process may have", false, make_fd_limit,
		is_at_limit, NULL, NULL},
};

const struct kind_table queue_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
