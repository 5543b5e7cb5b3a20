/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The states of a TCP connection by RFC 9293 section 3.3.2, with the kernel's numbers
 * (include/net/tcp_states.h), and every spelling that users of netstat, ss, lsof and /proc type.
 */
#ifndef SOCKWATCH_MODEL_TCP_STATE_H
#define SOCKWATCH_MODEL_TCP_STATE_H

#include <stddef.h>
#include <stdint.h>

enum tcp_state {
	TCP_STATE_UNKNOWN = 0,
	TCP_STATE_ESTABLISHED = 1,
	TCP_STATE_SYN_SENT = 2,
	TCP_STATE_SYN_RECEIVED = 3, /* full sockets and requests (kernel: 3 and 12) */
	TCP_STATE_FIN_WAIT_1 = 4,
	TCP_STATE_FIN_WAIT_2 = 5,
	TCP_STATE_TIME_WAIT = 6,
	TCP_STATE_CLOSED = 7, /* bound, or reset and not yet closed by its program */
	TCP_STATE_CLOSE_WAIT = 8,
	TCP_STATE_LAST_ACK = 9,
	TCP_STATE_LISTEN = 10,
	TCP_STATE_CLOSING = 11,
	TCP_STATE_COUNT = 12,
};

/* RFC name: "CLOSE-WAIT". UDP sockets: see socket_state_name. */
const char *tcp_state_name(enum tcp_state state);

/*
 * The set (bits 1 << state) that a word names in any spelling and case ("SYN_RECV", "syn-rcvd",
 * "estab", "0A" as in /proc/net/tcp), or 0 when it names none. Besides the states:
 *   all
 *   connected      all but LISTEN and CLOSED
 *   synchronized   connected, but not SYN-SENT
 *   bucket         the kernel's mini-sockets: SYN-RECEIVED, TIME-WAIT (as ss says)
 *   big            all but these
 *   half-open      SYN-SENT, SYN-RECEIVED
 *   closing-group  FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT
 * "closing" is the state CLOSING, as in the RFC and in ss.
 */
uint32_t tcp_state_parse(const char *word, size_t len);

/* The i-th word for completion and error sentences, NULL at the end: names first, then groups. */
const char *tcp_state_word(size_t i);

#endif
