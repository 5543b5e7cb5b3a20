/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles of programs that connect: nobody answers, nobody listens, no port is left. */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { DATABASE_PORT = 5432, SMB_PORT = 445, FIRST_LOCAL_PORT = 40000, SILENT_TARGETS = 3 };

static struct pace pace;
static unsigned opened;

static void
connect_to_silent(struct trouble *trouble)
{
	for (; trouble->near.count < trouble->size; opened++) {
		const int fd = lab_connect_out(
			&trouble->lab, LAB_NET_VOID, 1 + opened % SILENT_TARGETS, DATABASE_PORT);

		check(fd >= 0, "connect");
		ends_add(&trouble->near, fd);
	}
}

static void
keep_syn_sent(struct trouble *trouble)
{
	ends_close_ended(&trouble->near);
	connect_to_silent(trouble);
}

/* Only SYNs that were repeated count. */
static bool
waits_for_answers(struct trouble *trouble)
{
	const struct proc_filter repeated = {
		.state = TCP_SYN_SENT, .remote_port = DATABASE_PORT, .retransmits_min = 2};

	return proc_count(&trouble->lab, &repeated) >= trouble->size;
}

/* Gives up after 4 s, so as many stand as are opened in that time. */
static void
keep_scan(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size / 4.0);

	ends_close_older(&trouble->near, 4 * CLOCK_NS_PER_S, false);
	for (; due != 0; due--, opened++) {
		const int fd =
			lab_connect_out(&trouble->lab, LAB_NET_VOID, 1 + opened % 60000, SMB_PORT);

		if (fd >= 0)
			ends_add(&trouble->near, fd);
	}
}

static bool
scans(struct trouble *trouble)
{
	const struct proc_filter sent = {.state = TCP_SYN_SENT, .remote_port = SMB_PORT};

	return proc_count(&trouble->lab, &sent) >= trouble->size * 9 / 10;
}

static void
make_nothing(struct trouble *trouble)
{
	(void)trouble;
}

static void
make_silent_targets(struct trouble *trouble)
{
	connect_to_silent(trouble);
}

static void
listen_far(struct trouble *trouble, int backlog)
{
	trouble->listener = lab_listen(&trouble->lab, LAB_FAR, LAB_NET_ANY, DATABASE_PORT, backlog);
}

static void
make_port_exhaustion(struct trouble *trouble)
{
	char range[32];

	snprintf(range, sizeof range, "%d %u", FIRST_LOCAL_PORT,
		FIRST_LOCAL_PORT + trouble->size - 1);
	lab_sysctl(&trouble->lab, "ipv4/ip_local_port_range", range);
	listen_far(trouble, 1024);
}

/* Each is closed by us first once it stands: its port is in TIME-WAIT for a minute. */
static void
keep_port_exhaustion(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);
	unsigned kept = 0;

	for (unsigned i = 0; i < trouble->near.count; i++)
		if (trouble_info(trouble->near.items[i].fd).tcpi_state == TCP_ESTABLISHED)
			close(trouble->near.items[i].fd);
		else
			trouble->near.items[kept++] = trouble->near.items[i];
	trouble->near.count = kept;
	ends_accept(&trouble->far, trouble->listener);
	ends_close_ended(&trouble->far);
	for (; due != 0; due--) {
		const int fd = lab_connect_out(&trouble->lab, LAB_NET_BAD, 9, DATABASE_PORT);

		if (fd < 0 && errno == EADDRNOTAVAIL)
			break;
		check(fd >= 0, "connect");
		ends_add(&trouble->near, fd);
	}
}

static bool
has_no_port(struct trouble *trouble)
{
	const struct proc_filter waits = {.state = TCP_TIME_WAIT, .remote_port = DATABASE_PORT};

	return proc_count(&trouble->lab, &waits) >= trouble->size;
}

static void
make_time_wait(struct trouble *trouble)
{
	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 1024);
}

static bool
has_time_wait(struct trouble *trouble)
{
	return proc_state(&trouble->lab, TCP_TIME_WAIT, TROUBLE_PORT) >= trouble->size;
}

/* A server that closes first: quickly until there are enough, then as many as end. */
static void
keep_time_wait(struct trouble *trouble)
{
	static bool stood;
	unsigned due;

	stood = stood || has_time_wait(trouble);
	due = pace_due(&pace, trouble->now_ns, stood ? trouble->size / 60.0 : 1000);
	ends_accept(&trouble->near, trouble->listener);
	ends_close(&trouble->near);
	ends_close_ended(&trouble->far);
	for (; due != 0; due--, opened++)
		ends_add(&trouble->far, lab_connect_in(&trouble->lab, LAB_NET_GOOD,
						30 + opened % 200, TROUBLE_PORT));
}

static void
make_slow_handshake(struct trouble *trouble)
{
	trouble->lab.wire->delay_us = 5000;
	trouble->lab.wire->syn_loss_to_far = 6000;
	listen_far(trouble, 128);
}

static void
keep_slow_handshake(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	ends_accept(&trouble->far, trouble->listener);
	ends_close_ended(&trouble->far);
	ends_close_older(&trouble->near, 4 * CLOCK_NS_PER_S, false);
	for (; due != 0; due--) {
		const int fd = lab_connect_out(&trouble->lab, LAB_NET_BAD, 9, DATABASE_PORT);

		if (fd >= 0)
			ends_add(&trouble->near, fd);
	}
}

static bool
repeats_syns(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "TcpExt", "TCPSynRetrans") >= trouble->size &&
	       ends_in_state(&trouble->near, TCP_ESTABLISHED) >= trouble->size;
}

static void
keep_refused(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	ends_close_ended(&trouble->near);
	for (; due != 0; due--) {
		const int fd = lab_connect_out(&trouble->lab, LAB_NET_BAD, 9, DATABASE_PORT);

		if (fd >= 0)
			ends_add(&trouble->near, fd);
	}
}

static bool
is_refused(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "Tcp", "AttemptFails") >= trouble->size;
}

static const struct kind kinds[] = {
	{"syn-sent-pile", 24, 60, "connects", false, make_silent_targets, waits_for_answers,
		keep_syn_sent, NULL},
	{"scan-by-us", 120, 300, "targets at any time", false, make_nothing, scans, keep_scan,
		NULL},
	{"port-exhaustion", 64, 1024, "ports in the range", false, make_port_exhaustion,
		has_no_port, keep_port_exhaustion, NULL},
	{"time-wait-many", 600, 2500, "sockets in TIME-WAIT", false, make_time_wait, has_time_wait,
		keep_time_wait, NULL},
	{"slow-handshake", 10, 20, "connects a second", false, make_slow_handshake, repeats_syns,
		keep_slow_handshake, NULL},
	{"refused", 10, 50, "connects a second", false, make_nothing, is_refused, keep_refused,
		NULL},
};

const struct kind_table open_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
