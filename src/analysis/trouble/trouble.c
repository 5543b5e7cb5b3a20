/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of severities. A warning is worth a look; critical means that nothing moves or that
 * something is lost now. The thresholds are hints for the eye, not a diagnosis. The other files of
 * the room:
 *
 *	trouble_words.c  each trouble as a sentence
 *	trouble_page.c   the verdict on top of a page
 *	verdict.c        what one figure of a socket means
 */
#include <config.h>

#include <sockwatch/analysis/trouble.h>

#include <netinet/in.h>
#include <string.h>

#include <sockwatch/analysis/verdict.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/word.h>

#include "trouble_words.h"

enum {
	DROPS_NEWS_MS = 10000, /* how long a drop is news */
	LIMITED_PERCENT = 50,
	LIMITED_LEAST_US = 100000,
	RETRIES_CONNECT_CRITICAL = 4, /* the fifth SYN: 7 or 15 s after the first */
	RETRIES_WARNING = 2,          /* one is a lost segment */
	RETRIES_CRITICAL = 5,
	DATAGRAM_LEAST = 768, /* bytes of memory that the smallest one takes (SKB_TRUESIZE) */
	QUEUED_LEAST = 8,     /* segments */
	RETRANSMITS_LEAST = 10,
	RETRANSMITS_ONE_OF = 20,
	PORTS_WARNING_PERCENT = 75,
	PORTS_CRITICAL_PERCENT = 95,
};

static enum severity
judge_queue(const struct model *model, const struct socket_row *row)
{
	const enum verdict verdict = verdict_accept_queue(row);

	(void)model;
	if (verdict == VERDICT_QUEUE_FULL)
		return SEVERITY_CRITICAL;
	return verdict == VERDICT_QUEUE_HALF_FULL ? SEVERITY_WARNING : SEVERITY_INFO;
}

static enum severity
judge_drops(const struct model *model, const struct socket_row *row)
{
	return row->drops_ms != 0 && (int32_t)(model_now_ms(model) - row->drops_ms) < DROPS_NEWS_MS
		       ? SEVERITY_CRITICAL
		       : SEVERITY_INFO;
}

static enum severity
judge_peer_window(const struct model *model, const struct socket_row *row)
{
	(void)model;
	return verdict_window(row) == VERDICT_PEER_NOT_READING ? SEVERITY_CRITICAL : SEVERITY_INFO;
}

static enum severity
judge_our_window(const struct model *model, const struct socket_row *row)
{
	uint64_t window;

	(void)model;
	return row->state == TCP_STATE_ESTABLISHED && row->receive_queue > 0 &&
			       tcp_info_get(&row->tcp, TCP_INFO_rcv_wnd, &window) && window == 0
		       ? SEVERITY_CRITICAL
		       : SEVERITY_INFO;
}

static enum severity
judge_retries(const struct model *model, const struct socket_row *row)
{
	const bool opens = row->state == TCP_STATE_SYN_SENT || row->state == TCP_STATE_SYN_RECEIVED;

	(void)model;
	if (row->timer != SOCKET_TIMER_RETRANSMIT)
		return SEVERITY_INFO;
	if (row->timer_retries >= (opens ? RETRIES_CONNECT_CRITICAL : RETRIES_CRITICAL))
		return SEVERITY_CRITICAL;
	return row->timer_retries >= (opens ? 1 : RETRIES_WARNING) ? SEVERITY_WARNING
								   : SEVERITY_INFO;
}

/* In FIN-WAIT-2 the same timer number is something else. */
static enum severity
judge_keepalive(const struct model *model, const struct socket_row *row)
{
	(void)model;
	return row->timer == SOCKET_TIMER_KEEPALIVE && row->timer_retries > 0 &&
			       row->state != TCP_STATE_FIN_WAIT_2
		       ? SEVERITY_WARNING
		       : SEVERITY_INFO;
}

static enum severity
judge_close_wait(const struct model *model, const struct socket_row *row)
{
	(void)model;
	return row->state == TCP_STATE_CLOSE_WAIT ? SEVERITY_WARNING : SEVERITY_INFO;
}

/* Full is where not even the smallest datagram finds room. */
static enum severity
judge_buffer(const struct model *model, const struct socket_row *row)
{
	(void)model;
	return row->protocol == IPPROTO_UDP && (row->has & SOCKET_HAS_MEMORY) != 0 &&
			       row->mem_receive > 0 &&
			       row->mem_receive + DATAGRAM_LEAST > row->receive_buffer
		       ? SEVERITY_WARNING
		       : SEVERITY_INFO;
}

/* For most of the time with data to send, and there is some now. */
static enum severity
judge_limit(const struct socket_row *row, const struct verdict_limit *limit)
{
	return row->send_queue > 0 && limit->limited_us >= LIMITED_LEAST_US &&
			       limit->limited_us * 100 >= limit->busy_us * LIMITED_PERCENT
		       ? SEVERITY_WARNING
		       : SEVERITY_INFO;
}

static enum severity
judge_receiver(const struct model *model, const struct socket_row *row)
{
	struct verdict_limit limit;

	(void)model;
	return verdict_receiver_limit(row, &limit) ? judge_limit(row, &limit) : SEVERITY_INFO;
}

static enum severity
judge_send_buffer(const struct model *model, const struct socket_row *row)
{
	struct verdict_limit limit;

	(void)model;
	return verdict_buffer_limit(row, &limit) ? judge_limit(row, &limit) : SEVERITY_INFO;
}

static enum severity
judge_retransmits(const struct model *model, const struct socket_row *row)
{
	uint64_t again, sent;

	(void)model;
	return tcp_info_get(&row->tcp, TCP_INFO_total_retrans, &again) &&
			       tcp_info_get(&row->tcp, TCP_INFO_segs_out, &sent) &&
			       again >= RETRANSMITS_LEAST && again * RETRANSMITS_ONE_OF >= sent
		       ? SEVERITY_WARNING
		       : SEVERITY_INFO;
}

/*
 * A queue on the path holds data of this sender only while many segments are under way. With one or
 * two of them it is the receiver that delays its ACK, by 40 ms or more.
 */
static enum severity
judge_round_trip(const struct model *model, const struct socket_row *row)
{
	uint64_t unacked;

	(void)model;
	return tcp_info_get(&row->tcp, TCP_INFO_unacked, &unacked) && unacked >= QUEUED_LEAST &&
			       verdict_round_trip(row) == VERDICT_ROUND_TRIP_HIGH
		       ? SEVERITY_WARNING
		       : SEVERITY_INFO;
}

static const struct {
	const char *fields; /* where it is seen, separated by blanks */
	enum severity (*judge)(const struct model *model, const struct socket_row *row);
	size_t (*words)(const struct socket_row *row, char *out, size_t size);
} troubles[TROUBLE_COUNT] = {
	[TROUBLE_QUEUE_FULL] = {"queue_in accept_queue", judge_queue, trouble_words_queue},
	[TROUBLE_DROPS] = {"drops", judge_drops, trouble_words_drops},
	[TROUBLE_PEER_WINDOW] = {"queue_out send_q snd_wnd_bytes timer", judge_peer_window,
		trouble_words_peer_window},
	[TROUBLE_OUR_WINDOW] = {"queue_in recv_q rcv_wnd_bytes", judge_our_window,
		trouble_words_our_window},
	[TROUBLE_RETRIES] = {"state timer timer_retries backoff", judge_retries,
		trouble_words_retries},
	[TROUBLE_KEEPALIVE] = {"timer timer_retries keepalive", judge_keepalive,
		trouble_words_keepalive},
	[TROUBLE_CLOSE_WAIT] = {"state", judge_close_wait, trouble_words_close_wait},
	[TROUBLE_BUFFER_FULL] = {"queue_in recv_q mem_receive_bytes", judge_buffer,
		trouble_words_buffer},
	[TROUBLE_RECEIVER] = {"queue_out send_q rwnd_limited_us", judge_receiver,
		trouble_words_receiver},
	[TROUBLE_SEND_BUFFER] = {"queue_out send_q sndbuf_limited_us", judge_send_buffer,
		trouble_words_send_buffer},
	[TROUBLE_RETRANSMITS] = {"retrans_total bytes_retrans", judge_retransmits,
		trouble_words_retransmits},
	[TROUBLE_ROUND_TRIP] = {"rtt_us", judge_round_trip, trouble_words_round_trip},
};

void
trouble_judge(const struct model *model, const struct socket_row *row, struct trouble_set *set)
{
	*set = (struct trouble_set){.worst = SEVERITY_INFO};
	if ((row->flags & (SOCKET_CLOSED | SOCKET_FREE)) != 0)
		return;
	for (size_t i = 0; i < TROUBLE_COUNT; i++) {
		set->severity[i] = troubles[i].judge(model, row);
		if (set->severity[i] > set->worst)
			set->worst = set->severity[i];
	}
}

/*
 * Most rows of a large table are idle: nothing waits, nothing is sent again, nothing was dropped.
 * No judge finds anything there, so none is asked.
 */
static bool
is_quiet(const struct socket_row *row)
{
	return row->state != TCP_STATE_CLOSE_WAIT && row->receive_queue == 0 &&
	       row->send_queue == 0 && row->timer != SOCKET_TIMER_PERSIST &&
	       row->timer_retries == 0 && row->drops_ms == 0 && row->tcp.total_retrans == 0 &&
	       row->protocol == IPPROTO_TCP;
}

enum severity
trouble_worst(const struct model *model, const struct socket_row *row)
{
	struct trouble_set set;

	if (is_quiet(row))
		return SEVERITY_INFO;
	trouble_judge(model, row, &set);
	return set.worst;
}

/* The kernel bounds them by the backlog too: beyond it they are dropped, or get cookies. */
enum severity
trouble_of_half_open(const struct socket_row *listener, uint32_t half_open)
{
	if (listener->state != TCP_STATE_LISTEN || half_open == 0)
		return SEVERITY_INFO;
	if (half_open >= listener->send_queue)
		return SEVERITY_CRITICAL;
	return half_open > listener->send_queue / 2 ? SEVERITY_WARNING : SEVERITY_INFO;
}

/* As the rule port-exhaustion has it, unless that is set otherwise. */
enum severity
trouble_of_ports(double percent)
{
	if (percent >= PORTS_CRITICAL_PERCENT)
		return SEVERITY_CRITICAL;
	return percent >= PORTS_WARNING_PERCENT ? SEVERITY_WARNING : SEVERITY_INFO;
}

static bool
is_seen_in(size_t trouble, const char *field)
{
	const char *rest = troubles[trouble].fields;
	struct text word;

	while (word_next(&rest, &word)) {
		if (text_equal(word, text_of(field)))
			return true;
	}
	return false;
}

enum severity
trouble_of_field(const struct trouble_set *set, const char *field)
{
	enum severity worst = SEVERITY_INFO;

	for (size_t i = 0; i < TROUBLE_COUNT && set->worst > SEVERITY_INFO; i++) {
		if (set->severity[i] > worst && is_seen_in(i, field))
			worst = set->severity[i];
	}
	return worst;
}

size_t
trouble_format(const struct socket_row *row, const struct trouble_set *set, char *out, size_t size)
{
	size_t worst = TROUBLE_COUNT, others = 0, len;

	for (size_t i = 0; i < TROUBLE_COUNT; i++) {
		if (set->severity[i] == SEVERITY_INFO)
			continue;
		if (worst == TROUBLE_COUNT && set->severity[i] == set->worst)
			worst = i;
		else
			others++;
	}
	if (size > 0)
		out[0] = '\0';
	if (worst == TROUBLE_COUNT)
		return 0;
	len = troubles[worst].words(row, out, size);
	if (others > 0)
		len = text_add(out, size, len, " (and %zu more below)", others);
	return len;
}
