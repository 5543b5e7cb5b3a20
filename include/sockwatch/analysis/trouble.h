/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of severities: each trouble that one row can show, how bad it is, in which fields it is
 * seen, and in words. Rows, facts, the order of the table and the verdict on top of a page take
 * their colours and sentences from here. Pure.
 */
#ifndef SOCKWATCH_ANALYSIS_TROUBLE_H
#define SOCKWATCH_ANALYSIS_TROUBLE_H

#include <stddef.h>

#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>

struct conversation;

/* The worst first: of two that are equally severe the first one is shown. */
enum trouble {
	TROUBLE_QUEUE_FULL,  /* the accept queue */
	TROUBLE_DROPS,       /* the socket dropped packets lately */
	TROUBLE_PEER_WINDOW, /* the peer's window is closed */
	TROUBLE_OUR_WINDOW,  /* ours is closed */
	TROUBLE_RETRIES,     /* what was sent is sent again and again */
	TROUBLE_KEEPALIVE,   /* probes without an answer */
	TROUBLE_CLOSE_WAIT,  /* the peer closed, the program did not */
	TROUBLE_BUFFER_FULL, /* the receive buffer of a UDP socket */
	TROUBLE_RECEIVER,    /* the peer's window holds the sender up */
	TROUBLE_SEND_BUFFER, /* the send buffer holds the sender up */
	TROUBLE_RETRANSMITS, /* many of its segments were sent again */
	TROUBLE_ROUND_TRIP,  /* far above the lowest, with data under way */
	TROUBLE_COUNT,
};

enum { TROUBLE_TEXT_SIZE = 256 }; /* room for a sentence */

/* All troubles of one row; SEVERITY_INFO: it does not have this one. */
struct trouble_set {
	enum severity severity[TROUBLE_COUNT];
	enum severity worst;
};

/* Judges a row as it is now. A row that has ended, and a free one, has no trouble. */
void trouble_judge(
	const struct model *model, const struct socket_row *row, struct trouble_set *set);
/* The severity of the worst trouble alone. */
enum severity trouble_worst(const struct model *model, const struct socket_row *row);
/* What so many connection requests (SYN-RECEIVED) mean to the listener on their port. */
enum severity trouble_of_half_open(const struct socket_row *listener, uint32_t half_open);
/* What it means that a destination uses so much of its local ports (destination_percent). */
enum severity trouble_of_ports(double percent);
/* What the field of this name (of socket_fields) shows of it. */
enum severity trouble_of_field(const struct trouble_set *set, const char *field);
/*
 * The worst trouble as one sentence without a full stop, and how many there are besides; "" where
 * there is none. Returns the length.
 */
size_t trouble_format(
	const struct socket_row *row, const struct trouble_set *set, char *out, size_t size);
/*
 * The verdict on top of its page: its worst trouble, how it ended, or that nothing wrong is seen.
 * conversation: of it, or NULL. Returns how severe that is.
 */
enum severity trouble_page(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation, char *out, size_t size);

#endif
