/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A busy box without any trouble, as a test that doctor is silent: connections with traffic both
 * ways, short ones in and out, bursts that get a few SYN cookies, slow and silent clients, a little
 * loss.
 */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum {
	BASE_PORT = 8000,
	BURST_PORT = 8001,
	PUSH_PORT = 8002,
	DATABASE_PORT = 5432,
	BURST = 16,
	BURST_A_STEP = 4,
	BURST_BACKLOG = 8,
	SLOW_CLIENTS = 5,
	SLOW_BYTES = 4000,
	LOSS_PARTS = 20,  /* of 10,000 */
	SILENT_SHARE = 5, /* one in five says nothing, but has keepalive */
	REQUEST = 300,
};

/* Connections that last, short ones, and those of the burst; in: the far side connects. */
static struct ends silent, out, out_far, short_in, short_in_far, short_out;
static struct ends burst, burst_far, slow, slow_far;
static int listener, burst_listener, push_listener, database;
static struct pace talk_pace, in_pace, out_pace, burst_pace, slow_pace, read_pace;
static unsigned opened;

static int
listen_near(struct trouble *trouble, uint16_t port, int backlog)
{
	return lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, port, backlog);
}

static enum lab_net
some_net(unsigned number)
{
	return number % 2 != 0 ? LAB_NET_GOOD : LAB_NET_BAD;
}

static void
connect_in(struct trouble *trouble, struct ends *ends, uint16_t port)
{
	ends_add(ends, lab_connect_in(&trouble->lab, some_net(opened), 20 + opened % 200, port));
	opened++;
}

static void
connect_out(struct trouble *trouble, struct ends *ends)
{
	const int fd =
		lab_connect_out(&trouble->lab, some_net(opened), 1 + opened % 4, DATABASE_PORT);

	opened++;
	check(fd >= 0, "connect");
	ends_add(ends, fd);
}

static void
make_healthy(struct trouble *trouble)
{
	const int on = 1;

	trouble->lab.wire->delay_us = 30000;
	trouble->lab.wire->loss_to_far = LOSS_PARTS;
	trouble->listener = listen_near(trouble, TROUBLE_PORT, 511);
	listener = listen_near(trouble, BASE_PORT, 511);
	burst_listener = listen_near(trouble, BURST_PORT, BURST_BACKLOG);
	push_listener = listen_near(trouble, PUSH_PORT, 511);
	database = lab_listen(&trouble->lab, LAB_FAR, LAB_NET_ANY, DATABASE_PORT, 511);
	check(setsockopt(trouble->listener, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0,
		"SO_KEEPALIVE");
	for (unsigned i = 0; i < trouble->size / 2; i++)
		connect_in(trouble, i % SILENT_SHARE == 0 ? &silent : &trouble->far, TROUBLE_PORT);
	for (unsigned i = 0; i < trouble->size / 2; i++)
		connect_out(trouble, &out);
	for (unsigned i = 0; i < SLOW_CLIENTS; i++)
		connect_in(trouble, &slow_far, PUSH_PORT);
}

/* Requests a second apart on each that lasts. */
static void
talk(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	ends_echo(&trouble->near);
	ends_read(&trouble->far);
	ends_read(&out);
	if (pace_due(&talk_pace, trouble->now_ns, 1) == 0)
		return;
	ends_write(&trouble->far, REQUEST);
	ends_write(&out, REQUEST);
}

/* Short connections, closed by the client after half a second. */
static void
churn(struct trouble *trouble)
{
	unsigned due = pace_due(&in_pace, trouble->now_ns, 30);

	for (; due != 0; due--)
		connect_in(trouble, &short_in_far, BASE_PORT);
	for (due = pace_due(&out_pace, trouble->now_ns, 30); due != 0; due--)
		connect_out(trouble, &short_out);
	ends_accept(&short_in, listener);
	ends_accept(&out_far, database);
	ends_echo(&out_far);
	ends_close_ended(&short_in);
	ends_close_ended(&out_far);
	ends_close_older(&short_in_far, CLOCK_NS_PER_S / 2, false);
	ends_close_older(&short_out, CLOCK_NS_PER_S / 2, false);
}

/*
 * Every ten seconds more clients than the backlog has room for come within one round trip, but
 * not so many at once that the program does not accept them in time.
 */
static void
come_together(struct trouble *trouble)
{
	static unsigned left;

	if (pace_due(&burst_pace, trouble->now_ns, 0.1) != 0)
		left = BURST;
	for (unsigned i = 0; i < BURST_A_STEP && left != 0; i++, left--)
		ends_add(&burst_far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 20 + left, BURST_PORT));
	ends_accept(&burst, burst_listener);
	ends_close_ended(&burst);
	ends_close_older(&burst_far, CLOCK_NS_PER_S / 2, false);
}

/* They read a little at a time, but all of it: the sender waits now and then. */
static void
push(struct trouble *trouble)
{
	ends_accept(&slow, push_listener);
	if (pace_due(&read_pace, trouble->now_ns, 2) != 0)
		ends_read(&slow_far);
	if (pace_due(&slow_pace, trouble->now_ns, 4) != 0)
		ends_write(&slow, SLOW_BYTES);
}

static void
keep_healthy(struct trouble *trouble)
{
	talk(trouble);
	churn(trouble);
	come_together(trouble);
	push(trouble);
}

static bool
is_busy(struct trouble *trouble)
{
	return proc_state(&trouble->lab, TCP_ESTABLISHED, 0) >= trouble->size &&
	       trouble->now_ns - trouble->begun_ns > 5 * CLOCK_NS_PER_S;
}

static const struct kind kinds[] = {
	{"healthy", 200, 400, "connections that last", false, make_healthy, is_busy, keep_healthy,
		NULL},
};

const struct kind_table healthy_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
