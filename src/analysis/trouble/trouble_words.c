/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each trouble as a sentence: what is so, with its number, and what it means. */
#include <config.h>

#include "trouble_words.h"

#include <inttypes.h>
#include <netinet/in.h>

#include <sockwatch/analysis/verdict.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

enum { BRIEF_SIZE = 32 };

static const char *
brief(uint64_t number, enum unit unit, char *out)
{
	return number_format_short(number, unit, out, BRIEF_SIZE);
}

static const char *
plural(uint64_t number)
{
	return number_plural(number);
}

size_t
trouble_words_queue(const struct socket_row *row, char *out, size_t size)
{
	const bool is_full = verdict_accept_queue(row) == VERDICT_QUEUE_FULL;

	return text_add(out, size, 0,
		is_full ? "the accept queue is full (%" PRIu32 " wait, %" PRIu32
			  " may): new connections are dropped, the program does not accept"
			: "the accept queue is more than half full (%" PRIu32 " wait, %" PRIu32
			  " may): the program accepts too slowly",
		row->receive_queue, row->send_queue);
}

size_t
trouble_words_drops(const struct socket_row *row, char *out, size_t size)
{
	const char *const what = row->state == TCP_STATE_LISTEN ? "connection request"
				 : row->protocol == IPPROTO_UDP ? "datagram"
								: "segment";

	return text_add(out, size, 0, "%" PRIu32 " %s%s dropped so far, and more lately: %s",
		row->drops, what, plural(row->drops),
		row->state == TCP_STATE_LISTEN ? "the program does not keep up with accepting"
					       : "the program does not keep up with reading");
}

size_t
trouble_words_peer_window(const struct socket_row *row, char *out, size_t size)
{
	char text[BRIEF_SIZE];

	return text_add(out, size, 0, "the peer's window is closed: it does not read, %s %s for it",
		brief(row->send_queue, UNIT_BYTES, text), row->send_queue == 1 ? "waits" : "wait");
}

size_t
trouble_words_our_window(const struct socket_row *row, char *out, size_t size)
{
	char text[BRIEF_SIZE];

	return text_add(out, size, 0, "our window is closed: the program does not read, %s unread",
		brief(row->receive_queue, UNIT_BYTES, text));
}

size_t
trouble_words_retries(const struct socket_row *row, char *out, size_t size)
{
	const unsigned times = row->timer_retries + 1U;

	switch ((enum tcp_state)row->state) {
	case TCP_STATE_SYN_SENT:
		return text_add(out, size, 0,
			"the SYN was sent %u times and nothing answers: the target is down, or a "
			"firewall drops it",
			times);
	case TCP_STATE_SYN_RECEIVED:
		return text_add(out, size, 0,
			"the SYN-ACK was sent %u times, the peer does not complete the handshake",
			times);
	case TCP_STATE_FIN_WAIT_1:
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK:
		return text_add(out, size, 0,
			"what was sent last, up to the FIN, was sent %u times without an ACK",
			times);
	case TCP_STATE_UNKNOWN:
	case TCP_STATE_ESTABLISHED:
	case TCP_STATE_FIN_WAIT_2:
	case TCP_STATE_TIME_WAIT:
	case TCP_STATE_CLOSED:
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LISTEN:
	case TCP_STATE_COUNT: break;
	}
	return text_add(out, size, 0,
		"%u retransmission%s in a row without an ACK: nothing is known of the peer any more",
		(unsigned)row->timer_retries, number_plural(row->timer_retries));
}

size_t
trouble_words_keepalive(const struct socket_row *row, char *out, size_t size)
{
	return text_add(out, size, 0, "%u keepalive probe%s without an answer",
		(unsigned)row->timer_retries, plural(row->timer_retries));
}

size_t
trouble_words_close_wait(const struct socket_row *row, char *out, size_t size)
{
	char text[BRIEF_SIZE];

	const enum verdict verdict = verdict_receive_queue(row);

	if (verdict == VERDICT_NOT_CLOSED)
		return text_add(out, size, 0,
			"the peer has closed, the program has seen the end and does not close");
	if (verdict == VERDICT_END_UNREAD)
		return text_add(
			out, size, 0, "the peer has closed, the program has not read the end");
	if (verdict == VERDICT_DATA_UNREAD)
		return text_add(out, size, 0,
			"the peer has closed, the program has not read the end and %s before it",
			brief(row->receive_queue - 1, UNIT_BYTES, text));
	return text_add(out, size, 0,
		"the peer has closed and everything is read, the program has not closed yet");
}

size_t
trouble_words_buffer(const struct socket_row *row, char *out, size_t size)
{
	char text[2][BRIEF_SIZE];

	return text_add(out, size, 0,
		"the receive buffer is full (%s of %s in use): what comes now is dropped",
		brief(row->mem_receive, UNIT_BYTES, text[0]),
		brief(row->receive_buffer, UNIT_BYTES, text[1]));
}

static size_t
limit_words(const struct verdict_limit *limit, const char *by, char *out, size_t size)
{
	char text[2][BRIEF_SIZE];

	return text_add(out, size, 0,
		"%s holds the sender up: %.0f%% of the time with data, %s of %s", by,
		100.0 * (double)limit->limited_us / (double)limit->busy_us,
		brief(limit->limited_us, UNIT_US, text[0]),
		brief(limit->busy_us, UNIT_US, text[1]));
}

size_t
trouble_words_receiver(const struct socket_row *row, char *out, size_t size)
{
	struct verdict_limit limit = {.busy_us = 1};

	verdict_receiver_limit(row, &limit);
	return limit_words(&limit, "the peer's window", out, size);
}

size_t
trouble_words_send_buffer(const struct socket_row *row, char *out, size_t size)
{
	struct verdict_limit limit = {.busy_us = 1};

	verdict_buffer_limit(row, &limit);
	return limit_words(&limit, "our send buffer", out, size);
}

size_t
trouble_words_retransmits(const struct socket_row *row, char *out, size_t size)
{
	return text_add(out, size, 0,
		"%" PRIu32 " of %" PRIu32 " segments were retransmissions: the path loses",
		row->tcp.total_retrans, row->tcp.segs_out);
}

size_t
trouble_words_round_trip(const struct socket_row *row, char *out, size_t size)
{
	char text[2][BRIEF_SIZE];

	return text_add(out, size, 0,
		"the round trip takes %s, at best it took %s: a queue fills somewhere",
		brief(row->tcp.rtt, UNIT_US, text[0]), brief(row->tcp.min_rtt, UNIT_US, text[1]));
}
