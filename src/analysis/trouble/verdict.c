/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what is wrong with a socket: a full queue, a program that does not close or read. */
#include <config.h>

#include <sockwatch/analysis/verdict.h>

enum {
	ROUND_TRIP_FACTOR = 3, /* times the lowest */
	ROUND_TRIP_LEAST_US = 10000,
	SENDS_LATELY_MS = 1000,
};

enum verdict
verdict_accept_queue(const struct socket_row *row)
{
	if (row->state != TCP_STATE_LISTEN)
		return VERDICT_NONE;
	/* The kernel lets one more in than the limit. */
	if (row->receive_queue > row->send_queue)
		return VERDICT_QUEUE_FULL;
	return row->receive_queue > row->send_queue / 2 ? VERDICT_QUEUE_HALF_FULL : VERDICT_NONE;
}

/*
 * The peer's FIN counts as one byte until it is read, and a read that takes the data before it
 * takes it too, though the program has been told of data only. So an empty queue alone shows
 * nothing. The program has seen the end where the FIN was alone in the queue and then gone, or
 * where no data ever came before it.
 */
static bool
has_seen_end(const struct socket_row *row)
{
	uint64_t received;

	return (row->flags & SOCKET_END_SEEN) != 0 ||
	       (tcp_info_get(&row->tcp, TCP_INFO_bytes_received, &received) && received <= 1);
}

enum verdict
verdict_receive_queue(const struct socket_row *row)
{
	if (row->state != TCP_STATE_CLOSE_WAIT)
		return VERDICT_NONE;
	if (row->receive_queue == 0)
		return has_seen_end(row) ? VERDICT_NOT_CLOSED : VERDICT_END_READ;
	return row->receive_queue == 1 ? VERDICT_END_UNREAD : VERDICT_DATA_UNREAD;
}

enum verdict
verdict_window(const struct socket_row *row)
{
	uint64_t window;

	return tcp_info_get(&row->tcp, TCP_INFO_snd_wnd, &window) && window == 0 &&
			       row->timer == SOCKET_TIMER_PERSIST
		       ? VERDICT_PEER_NOT_READING
		       : VERDICT_NONE;
}

enum verdict
verdict_round_trip(const struct socket_row *row)
{
	uint64_t rtt_us, least_us;

	/* The kernel's "no sample yet" is the largest number. */
	if (!tcp_info_get(&row->tcp, TCP_INFO_rtt, &rtt_us) ||
		!tcp_info_get(&row->tcp, TCP_INFO_min_rtt, &least_us) || least_us == 0 ||
		least_us == UINT32_MAX)
		return VERDICT_NONE;
	return rtt_us > ROUND_TRIP_FACTOR * least_us && rtt_us > ROUND_TRIP_LEAST_US
		       ? VERDICT_ROUND_TRIP_HIGH
		       : VERDICT_NONE;
}

/*
 * app_limited tells of the last measurement of the delivery rate, and stays set while a socket is
 * idle. It is a limit only of a sender that sends, and not where data already waits to be sent.
 */
enum verdict
verdict_sender(const struct socket_row *row)
{
	uint64_t limited, unsent, sent_ms;

	if (row->state != TCP_STATE_ESTABLISHED && row->state != TCP_STATE_CLOSE_WAIT)
		return VERDICT_NONE;
	if (tcp_info_get(&row->tcp, TCP_INFO_notsent_bytes, &unsent) && unsent > 0)
		return VERDICT_PATH_LIMITS;
	if (!tcp_info_get(&row->tcp, TCP_INFO_app_limited, &limited) ||
		!tcp_info_get(&row->tcp, TCP_INFO_last_data_sent, &sent_ms) || row->send_rate <= 0)
		return VERDICT_NONE;
	return (limited & 1) != 0 && sent_ms < SENDS_LATELY_MS ? VERDICT_PROGRAM_LIMITS
							       : VERDICT_NONE;
}

static bool
get_limit(const struct socket_row *row, enum tcp_info_member member, struct verdict_limit *limit)
{
	return tcp_info_get(&row->tcp, member, &limit->limited_us) &&
	       tcp_info_get(&row->tcp, TCP_INFO_busy_time, &limit->busy_us) && limit->busy_us != 0;
}

bool
verdict_receiver_limit(const struct socket_row *row, struct verdict_limit *limit)
{
	return get_limit(row, TCP_INFO_rwnd_limited, limit);
}

bool
verdict_buffer_limit(const struct socket_row *row, struct verdict_limit *limit)
{
	return get_limit(row, TCP_INFO_sndbuf_limited, limit);
}
