/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles on the way: loss, a peer that is gone, a hole for large packets, a queue that is too
 * long. */
#include <config.h>

#include "trouble.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum {
	LOSS_PARTS = 300, /* of 10,000 */
	CHUNK = 14480,    /* ten segments */
	LARGEST_PACKET = 1400,
	PEERS_BEYOND_HOLE = 4,
	LARGE = 'L',
	SMALL = 's',
	CHAT_PORT = 8081,
	CHATS = 10,
	BOTTLENECK = 125000, /* bytes a second */
};

static struct pace pace;

static void
listen_and_connect(struct trouble *trouble, enum lab_net net, unsigned count, unsigned hosts)
{
	if (trouble->listener == 0)
		trouble->listener =
			lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, TROUBLE_PORT, 1024);
	for (unsigned i = 0; i < count; i++)
		ends_add(&trouble->far,
			lab_connect_in(&trouble->lab, net, 1 + i % hosts, TROUBLE_PORT));
}

static bool
all_accepted(struct trouble *trouble)
{
	ends_accept(&trouble->near, trouble->listener);
	return trouble->near.count == trouble->far.count;
}

/* Equally many downloads to the net that loses and to the one that does not. */
static void
make_loss(struct trouble *trouble)
{
	trouble->lab.wire->delay_us = 10000;
	listen_and_connect(trouble, LAB_NET_BAD, trouble->size, 10);
	listen_and_connect(trouble, LAB_NET_GOOD, trouble->size, 10);
}

static void
keep_loss(struct trouble *trouble)
{
	if (!all_accepted(trouble))
		return;
	trouble->lab.wire->loss_to_far = LOSS_PARTS;
	ends_read(&trouble->far);
	if (pace_due(&pace, trouble->now_ns, 10) != 0)
		ends_write(&trouble->near, CHUNK);
}

static bool
loses(struct trouble *trouble)
{
	return proc_counter(&trouble->lab, "Tcp", "RetransSegs") >= 20;
}

static void
make_peer_gone(struct trouble *trouble)
{
	listen_and_connect(trouble, LAB_NET_BAD, trouble->size, 20);
}

static void
keep_peer_gone(struct trouble *trouble)
{
	if (trouble->lab.wire->cut_to_far || !all_accepted(trouble))
		return;
	trouble->lab.wire->cut_to_far = true;
	trouble->lab.wire->cut_to_near = true;
	ends_write(&trouble->near, 1000);
}

static unsigned
backing_off(const struct ends *ends, unsigned steps)
{
	unsigned count = 0;

	for (unsigned i = 0; i < ends->count; i++)
		count += trouble_info(ends->items[i].fd).tcpi_backoff >= steps;
	return count;
}

static bool
has_no_answer(struct trouble *trouble)
{
	return backing_off(&trouble->near, 3) == trouble->size;
}

/* Each peer asks for a large answer, and for small ones all the time beside it. */
static void
make_pmtu_blackhole(struct trouble *trouble)
{
	trouble->lab.wire->max_bytes_to_far = LARGEST_PACKET;
	listen_and_connect(trouble, LAB_NET_BAD, trouble->size, PEERS_BEYOND_HOLE);
	listen_and_connect(trouble, LAB_NET_BAD, PEERS_BEYOND_HOLE, PEERS_BEYOND_HOLE);
}

static void
answer(int fd)
{
	static const char bytes[10 * 1448];
	char question;

	while (recv(fd, &question, 1, 0) == 1)
		send(fd, bytes, question == LARGE ? sizeof bytes : 100, MSG_NOSIGNAL);
}

static void
ask(int fd, char question)
{
	send(fd, &question, 1, MSG_NOSIGNAL);
}

static void
keep_pmtu_blackhole(struct trouble *trouble)
{
	static bool is_asked;

	if (!all_accepted(trouble))
		return;
	for (unsigned i = 0; i < trouble->size && !is_asked; i++)
		ask(trouble->far.items[i].fd, LARGE);
	is_asked = true;
	if (pace_due(&pace, trouble->now_ns, 2) != 0)
		for (unsigned i = trouble->size; i < trouble->far.count; i++)
			ask(trouble->far.items[i].fd, SMALL);
	for (unsigned i = 0; i < trouble->near.count; i++)
		answer(trouble->near.items[i].fd);
	ends_read(&trouble->far);
}

static bool
has_hole(struct trouble *trouble)
{
	return backing_off(&trouble->near, 2) == trouble->size;
}

/* Downloads fill the queue of a slow line; those who chat wait behind them. */
static struct {
	int listener;
	struct ends near, far;
	struct pace pace;
} chat;

static void
make_bufferbloat(struct trouble *trouble)
{
	trouble->lab.wire->delay_us = 10000;
	trouble->lab.wire->rate_to_far = BOTTLENECK;
	trouble->lab.wire->queue_to_far_ms = trouble->is_large ? 3000 : 400;
	chat.listener = lab_listen(&trouble->lab, LAB_NEAR, LAB_NET_ANY, CHAT_PORT, 128);
	for (unsigned i = 0; i < CHATS; i++)
		ends_add(&chat.far, lab_connect_in(&trouble->lab, LAB_NET_BAD, 100 + i, CHAT_PORT));
	listen_and_connect(trouble, LAB_NET_BAD, trouble->size, 10);
}

static void
keep_bufferbloat(struct trouble *trouble)
{
	static const char control[] = "reno"; /* which fills any queue */

	ends_accept(&chat.near, chat.listener);
	ends_echo(&chat.near);
	ends_read(&chat.far);
	if (pace_due(&chat.pace, trouble->now_ns, 5) != 0)
		ends_write(&chat.far, 100);
	/* The first second is quiet, so that the shortest round trip is known. */
	if (trouble->now_ns - trouble->begun_ns < CLOCK_NS_PER_S || !all_accepted(trouble))
		return;
	for (unsigned i = 0; i < trouble->near.count; i++)
		setsockopt(trouble->near.items[i].fd, IPPROTO_TCP, TCP_CONGESTION, control,
			sizeof control - 1);
	ends_fill(&trouble->near);
	ends_read(&trouble->far);
}

static unsigned
delayed(const struct ends *ends, uint32_t more_us)
{
	unsigned count = 0;

	for (unsigned i = 0; i < ends->count; i++) {
		const struct tcp_info info = trouble_info(ends->items[i].fd);

		count += info.tcpi_rtt > 6 * 20000 && info.tcpi_rtt > 20000 + more_us;
	}
	return count;
}

static bool
has_queue(struct trouble *trouble)
{
	return delayed(&chat.near, trouble->is_large ? 600000 : 150000) == CHATS;
}

static const struct kind kinds[] = {
	{"loss", 4, 10, "downloads", false, make_loss, loses, keep_loss, NULL},
	{"peer-gone", 10, 30, "connections", false, make_peer_gone, has_no_answer, keep_peer_gone,
		NULL},
	{"pmtu-blackhole", 4, 20, "connections", false, make_pmtu_blackhole, has_hole,
		keep_pmtu_blackhole, NULL},
	{"bufferbloat", 2, 4, "downloads", false, make_bufferbloat, has_queue, keep_bufferbloat,
		NULL},
};

const struct kind_table path_kinds = {kinds, sizeof kinds / sizeof kinds[0]};
