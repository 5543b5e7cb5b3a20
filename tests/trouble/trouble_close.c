/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles of closing: nobody acknowledges the end, the peer keeps its half open, or resets. */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { KEPT_FOR_OWNED = 2 };

static struct pace pace;
static unsigned opened;
static bool is_closed;

static void
connect_all(struct trouble *trouble, unsigned count)
{
	trouble->listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 4096);
	for (unsigned i = 0; i < count; i++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + i % 50, TROUBLE_PORT));
}

static void
make_pile(struct trouble *trouble)
{
	connect_all(trouble, trouble->size);
}

static bool
all_stand(struct trouble *trouble, unsigned count)
{
	ends_accept(&trouble->near, trouble->listener);
	return trouble->near.count == count &&
	       ends_in_state(&trouble->far, TCP_ESTABLISHED) == count;
}

/* The peers are gone when our program closes. */
static void
keep_fin_wait_1(struct trouble *trouble)
{
	if (is_closed || !all_stand(trouble, trouble->size))
		return;
	trouble->lab.wire->cut_to_far = true;
	trouble->lab.wire->cut_to_near = true;
	ends_close(&trouble->near);
	is_closed = true;
}

/* A pile has at least sent its FIN again. */
static bool
has_pile(struct trouble *trouble, int state)
{
	const struct proc_filter pile = {
		.state = state, .local_port = TROUBLE_PORT, .retransmits_min = 2};

	return proc_count(&trouble->lab, &pile) >= trouble->size;
}

static bool
has_fin_wait_1(struct trouble *trouble)
{
	return has_pile(trouble, TCP_FIN_WAIT1);
}

/* The clients close and are gone before our own FIN. */
static void
keep_last_ack(struct trouble *trouble)
{
	static bool is_ended;

	if (is_closed || (!is_ended && !all_stand(trouble, trouble->size)))
		return;
	if (!is_ended)
		ends_close(&trouble->far);
	is_ended = true;
	if (ends_in_state(&trouble->near, TCP_CLOSE_WAIT) < trouble->size)
		return;
	trouble->lab.wire->cut_to_far = true;
	ends_close(&trouble->near);
	is_closed = true;
}

static bool
has_last_ack(struct trouble *trouble)
{
	return has_pile(trouble, TCP_LAST_ACK);
}

/* Both close at once; our FINs get lost, theirs come. */
static void
keep_closing(struct trouble *trouble)
{
	if (is_closed || !all_stand(trouble, trouble->size))
		return;
	trouble->lab.wire->cut_to_far = true;
	ends_close(&trouble->near);
	ends_close(&trouble->far);
	is_closed = true;
}

static bool
has_closing(struct trouble *trouble)
{
	return has_pile(trouble, TCP_CLOSING);
}

/* One half is owned, the other half closed by its program; the peers never close. */
static void
keep_fin_wait_2(struct trouble *trouble)
{
	const unsigned all = KEPT_FOR_OWNED * trouble->size;

	if (is_closed || !all_stand(trouble, all))
		return;
	for (unsigned i = 0; i < all; i++)
		if (i < trouble->size)
			shutdown(trouble->near.items[i].fd, SHUT_WR);
		else
			close(trouble->near.items[i].fd);
	is_closed = true;
}

static void
make_fin_wait_2(struct trouble *trouble)
{
	connect_all(trouble, KEPT_FOR_OWNED * trouble->size);
}

static bool
has_fin_wait_2(struct trouble *trouble)
{
	return proc_state(&trouble->lab, TCP_FIN_WAIT2, TROUBLE_PORT) ==
	       KEPT_FOR_OWNED * trouble->size;
}

static void
make_resets(struct trouble *trouble)
{
	connect_all(trouble, 0);
}

static void
open_due(struct trouble *trouble)
{
	unsigned due = pace_due(&pace, trouble->now_ns, trouble->size);

	for (; due != 0; due--, opened++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, LAB_NET_BAD, 1 + opened % 50, TROUBLE_PORT));
}

static void
keep_resets_by_peer(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	ends_close_older(&trouble->far, CLOCK_NS_PER_S / 5, true);
	ends_close_ended(&trouble->near);
	open_due(trouble);
}

/* A request comes, and our program closes without reading it. */
static void
keep_resets_by_us(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	ends_write(&trouble->far, 100);
	ends_close_older(&trouble->near, CLOCK_NS_PER_S / 5, false);
	ends_close_ended(&trouble->far);
	open_due(trouble);
}

static bool
has_resets(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "Tcp", "EstabResets") >= trouble->size;
}

static const struct kind kinds[] = {
	{"fin-wait-1-pile", 30, 200, "sockets in FIN-WAIT-1", false, make_pile, has_fin_wait_1,
		keep_fin_wait_1, NULL},
	{"last-ack-pile", 30, 200, "sockets in LAST-ACK", false, make_pile, has_last_ack,
		keep_last_ack, NULL},
	{"closing-pile", 30, 100, "sockets in CLOSING", false, make_pile, has_closing, keep_closing,
		NULL},
	{"fin-wait-2", 30, 150, "sockets with an owner, and as many without", false,
		make_fin_wait_2, has_fin_wait_2, keep_fin_wait_2, NULL},
	{"orphans", 500, 3000, "sockets without an owner", true, make_pile, has_fin_wait_1,
		keep_fin_wait_1, NULL},
	{"resets-by-peer", 20, 50, "connections a second", false, make_resets, has_resets,
		keep_resets_by_peer, NULL},
	{"resets-by-us", 20, 50, "connections a second", false, make_resets, has_resets,
		keep_resets_by_us, NULL},
};

const struct kind_table close_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
