/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the changes, and what may grow of a socket, a row each. */
#include <config.h>

#include <sockwatch/analysis/difference/difference.h>

const char *
difference_change_name(enum difference_change change)
{
	static const char *const names[DIFFERENCE_CHANGES] = {[DIFFERENCE_CAME] = "came",
		[DIFFERENCE_WENT] = "went",
		[DIFFERENCE_STATE] = "state",
		[DIFFERENCE_GREW] = "grew"};

	return change < DIFFERENCE_CHANGES ? names[change] : "";
}

struct growth {
	const char *name; /* of the field of sockets */
	/* false: not known, or not of this socket. */
	bool (*get)(const struct socket_row *row, uint64_t *number);
};

static bool
get_receive_queue(const struct socket_row *row, uint64_t *number)
{
	*number = row->receive_queue;
	return row->state != TCP_STATE_LISTEN;
}

static bool
get_accept_queue(const struct socket_row *row, uint64_t *number)
{
	*number = row->receive_queue;
	return row->state == TCP_STATE_LISTEN;
}

/* Of a listener it is the backlog. */
static bool
get_send_queue(const struct socket_row *row, uint64_t *number)
{
	*number = row->send_queue;
	return row->state != TCP_STATE_LISTEN;
}

static bool
get_drops(const struct socket_row *row, uint64_t *number)
{
	*number = row->drops;
	return (row->has & SOCKET_HAS_MEMORY) != 0;
}

static bool
get_retrans(const struct socket_row *row, uint64_t *number)
{
	return tcp_info_get(&row->tcp, TCP_INFO_total_retrans, number);
}

static bool
get_sent(const struct socket_row *row, uint64_t *number)
{
	return tcp_info_get(&row->tcp, TCP_INFO_bytes_sent, number);
}

static bool
get_received(const struct socket_row *row, uint64_t *number)
{
	return tcp_info_get(&row->tcp, TCP_INFO_bytes_received, number);
}

static const struct growth growths[] = {
	[DIFFERENCE_RECV_Q] = {"recv_q", get_receive_queue},
	[DIFFERENCE_ACCEPT_QUEUE] = {"accept_queue", get_accept_queue},
	[DIFFERENCE_SEND_Q] = {"send_q", get_send_queue},
	[DIFFERENCE_DROPS] = {"drops", get_drops},
	[DIFFERENCE_RETRANS] = {"retrans_total", get_retrans},
	[DIFFERENCE_SENT] = {"bytes_sent", get_sent},
	[DIFFERENCE_RECEIVED] = {"bytes_received", get_received},
};

const char *
difference_growth_name(enum difference_growth growth)
{
	return growths[growth].name;
}

bool
difference_grew(const struct difference_row *row, enum difference_growth growth, uint64_t *more)
{
	uint64_t before, after;

	if (row->before == NULL || row->after == NULL ||
		!growths[growth].get(row->before, &before) ||
		!growths[growth].get(row->after, &after) || after <= before)
		return false;
	*more = after - before;
	return true;
}
