/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a socket, as far as one row shows it: decided here once, for the page, the
 * rules and the reports. Pure.
 */
#ifndef SOCKWATCH_ANALYSIS_VERDICT_H
#define SOCKWATCH_ANALYSIS_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/socket.h>

enum verdict {
	VERDICT_NONE,             /* nothing is wrong, or nothing is known */
	VERDICT_QUEUE_FULL,       /* the accept queue: new connections are dropped */
	VERDICT_QUEUE_HALF_FULL,  /* the accept queue: more than half */
	VERDICT_NOT_CLOSED,       /* the program has seen the peer's end and does not close */
	VERDICT_END_READ,         /* the end is read, perhaps together with data before it */
	VERDICT_END_UNREAD,       /* nothing but the peer's end is unread */
	VERDICT_DATA_UNREAD,      /* data and the peer's end are unread */
	VERDICT_PEER_NOT_READING, /* the peer's window is closed and is probed */
	VERDICT_ROUND_TRIP_HIGH,  /* far above the lowest: a queue fills on the path */
	VERDICT_PROGRAM_LIMITS,   /* the program sends less than the path would carry */
	VERDICT_PATH_LIMITS,      /* data waits: the program is not what holds it up */
};

/* For a listener. */
enum verdict verdict_accept_queue(const struct socket_row *row);
/* For a connection whose peer has closed. */
enum verdict verdict_receive_queue(const struct socket_row *row);
enum verdict verdict_window(const struct socket_row *row);
enum verdict verdict_round_trip(const struct socket_row *row);
/* What limits a sender that sends; VERDICT_NONE where it has sent nothing lately: no fault. */
enum verdict verdict_sender(const struct socket_row *row);

/* For how long something limited the sender. */
struct verdict_limit {
	uint64_t limited_us;
	uint64_t busy_us; /* the time with data to send, never 0 */
};

/* By the receiver's window; false: not known. */
bool verdict_receiver_limit(const struct socket_row *row, struct verdict_limit *limit);
/* By the send buffer. */
bool verdict_buffer_limit(const struct socket_row *row, struct verdict_limit *limit);

#endif
