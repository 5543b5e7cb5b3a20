/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes a datagram of sock_diag replies into rows. This is the hot path: no memory is allocated for
 * a socket beyond its row, and a change is found by comparing the row with what it was.
 */
#include <config.h>

#include "closed_cookies.h"
#include "model/apply.h"

#include <netinet/in.h>
#include <string.h>

#include <sockwatch/stream/stream.h>

#include "diag.h"
#include "model/netns_private.h"
#include "model/socket/protocol.h"
#include "model/texts.h"
#include "timewait.h"
#include "tuple_index.h"

enum {
	NLMSG_HEADER = 16,

	TCPDIAG_GETSOCK = 18,
	SOCK_DIAG_BY_FAMILY = 20,
};

/*
 * The keepalive timer shows only while no other timer runs; no timer and nothing to send means that
 * it is off. Otherwise the last verdict holds. In other states timer 2 is something else.
 */
static void
judge_keepalive(struct socket_row *row)
{
	if (row->state != TCP_STATE_ESTABLISHED && row->state != TCP_STATE_CLOSE_WAIT)
		return;
	if (row->timer == SOCKET_TIMER_KEEPALIVE)
		row->flags |= SOCKET_KEEPALIVE_ON;
	else if (row->timer == SOCKET_TIMER_NONE && row->send_queue == 0)
		row->flags &= (uint16_t)~SOCKET_KEEPALIVE_ON;
	else
		return;
	row->has |= SOCKET_HAS_KEEPALIVE;
}

/* How much more the member of now is; 0 when it is less. false when one of them is not known. */
static bool
growth(const struct socket_row *before, const struct socket_row *now, enum tcp_info_member member,
	double *growth_bytes)
{
	uint64_t old, new;

	if (!tcp_info_get(&before->tcp, member, &old) || !tcp_info_get(&now->tcp, member, &new))
		return false;
	*growth_bytes = new > old ? (double)(new - old) : 0;
	return true;
}

/*
 * A row that an interrupted dump listed has its figures from then. All others stand as of the last
 * complete dump, whether that listed them or found them unchanged.
 */
static void
set_rates(struct model *model, const struct socket_row *before, struct socket_row *row)
{
	const unsigned int protocol = socket_protocol_index(row->protocol);
	const struct netns_row *const netns = model->own->dump;
	const struct dump_mark *const now = &netns->own->dump[protocol];
	const struct dump_mark *since = &netns->own->last[protocol];
	double sent, received, seconds;

	/* Listed twice in this dump: the first time counted. */
	if ((int32_t)(before->seen_ms - now->ms) >= 0)
		return;
	if (since->number == 0 || (int32_t)(before->seen_ms - since->ms) < 0)
		since = &netns->own->complete[protocol];
	if (since->number == 0 || now->monotonic_ns <= since->monotonic_ns)
		return;
	if (!growth(before, row, TCP_INFO_bytes_received, &received))
		return;
	if (!growth(before, row, TCP_INFO_bytes_sent, &sent) &&
		!growth(before, row, TCP_INFO_bytes_acked, &sent))
		return;
	seconds = (double)(now->monotonic_ns - since->monotonic_ns) / 1e9;
	row->send_rate = (float)(sent / seconds);
	row->receive_rate = (float)(received / seconds);
	row->rate_dump = now->number;
}

/* Does not count what ages by itself, nor the bookkeeping of dumps. */
static bool
is_changed(struct socket_row *before, const struct socket_row *now)
{
	before->timer_ms = now->timer_ms;
	before->visit = now->visit;
	before->seen_ms = now->seen_ms;
	before->rate_dump = now->rate_dump;
	before->tcp.last_data_sent = now->tcp.last_data_sent;
	before->tcp.last_data_recv = now->tcp.last_data_recv;
	before->tcp.last_ack_recv = now->tcp.last_ack_recv;
	return memcmp(before, now, sizeof *now) != 0;
}

static void
set_state(struct model *model, struct socket_row *row, enum tcp_state state)
{
	if (row->state == state)
		return;
	row->previous_state = row->state;
	row->changed_ms = model_now_ms(model);
	socket_table_set_state(&model->sockets, row, state);
}

static bool
is_mini_socket(const struct diag_socket *from)
{
	return from->state == TCP_STATE_TIME_WAIT ||
	       (from->state == TCP_STATE_FIN_WAIT_2 && from->timer == SOCKET_TIMER_TIMEWAIT);
}

/* The drops that a first look shows may be old ones. */
static void
note_drops(const struct model *model, uint32_t before, struct socket_row *row)
{
	if (row->drops > before)
		row->drops_ms = model_now_ms(model) | 1; /* 0 means never */
}

/* A FIN counts as one byte of the queue. In CLOSE-WAIT nothing comes after it. */
static void
note_end(const struct socket_row *before, struct socket_row *row)
{
	if (before->state == TCP_STATE_CLOSE_WAIT && row->state == TCP_STATE_CLOSE_WAIT &&
		before->receive_queue == 1 && row->receive_queue == 0)
		row->flags |= SOCKET_END_SEEN;
}

static void
update_row(struct model *model, uint32_t id, const struct diag_socket *from)
{
	struct socket_row *const row = socket_table_row(&model->sockets, id);
	const unsigned int protocol = socket_protocol_index(row->protocol);
	struct socket_row before;

	if (row->flags & SOCKET_CLOSED) {
		socket_table_set_open(&model->sockets, row);
		model->own->dump->own->rows[protocol]++;
		row->closed_ms = 0;
	}
	memcpy(&before, row, sizeof before);
	set_state(model, row, from->state);
	apply_facts(model, row, from);
	if (!from->is_request && !is_mini_socket(from))
		timewait_deny(model, row);
	judge_keepalive(row);
	if ((before.has & SOCKET_HAS_MEMORY) != 0)
		note_drops(model, before.drops, row);
	note_end(&before, row);
	set_rates(model, &before, row);
	if (row->rate_dump == model->own->dump_number &&
		(row->send_rate > 0 || row->receive_rate > 0))
		model->own->dump->own->settling_next[protocol]++;
	if (model->own->dump_full && row->visit != model->own->dump->own->visit[protocol])
		model->own->dump_visited++;
	row->visit = model->own->dump->own->visit[protocol];
	if (before.state != row->state)
		apply_note(model, id);
	if (is_changed(&before, row))
		model->socket_changes++;
}

/* True for the rest of a connection that a destroy event has counted. Otherwise it may be the
 * successor of a row that vanishes. */
static bool
is_counted_rest(struct model *model, uint32_t id, const struct diag_socket *from)
{
	const bool is_rest = is_mini_socket(from);

	if (model->own->dump_protocol != IPPROTO_TCP)
		return false;
	if (from->is_request)
		timewait_on_request(model, id);
	else if (is_rest && timewait_on_listed(model, model->own->dump, id))
		return true;
	/* A request that was listed while its socket was being made leaves that under another
	 * cookie. */
	else if (is_rest || model->sockets.by_state[0][TCP_STATE_SYN_RECEIVED] != 0)
		timewait_expect(model, id);
	return false;
}

static void
add_row(struct model *model, const struct diag_socket *from)
{
	struct netns_row *const netns = model->own->dump;
	const unsigned int protocol = socket_protocol_index(model->own->dump_protocol);
	const uint32_t id = apply_new_row(model, netns, model->own->dump_protocol, from);
	struct socket_row *row;

	if (id == SOCKET_NONE)
		return;
	row = socket_table_row(&model->sockets, id);
	judge_keepalive(row);
	/* A full dump may list what another filter hid: that is no birth. */
	if (netns->own->complete[protocol].number != 0 && !is_counted_rest(model, id, from) &&
		!model->own->dump_full) {
		row->flags |= SOCKET_BIRTH_SEEN;
		note_drops(model, 0, row);
		model->opened++;
	}
	row->visit = netns->own->visit[protocol];
	model->own->dump_visited++;
	netns->own->settling_next[protocol]++;
	model->socket_changes++;
	apply_note(model, id);
}

/*
 * True for what the kernel says of a socket that it has just destroyed. Such messages come unasked
 * on another socket than the dump, and belong to no dump.
 */
static bool
is_event(const struct diag_socket *from)
{
	return from->protocol != 0 && from->state == TCP_STATE_CLOSED && from->inode == 0;
}

/* The kernel lists into a buffer of its own: that may hold what has ended before we read it. */
static bool
is_stale(const struct model *model, const struct netns_row *netns, uint32_t id, uint64_t cookie)
{
	return (id == SOCKET_NONE ||
		       socket_table_row(&model->sockets, id)->flags & SOCKET_CLOSED) &&
	       closed_cookies_was_destroyed(netns, cookie);
}

static void
take_socket(struct model *model, struct netns_row *netns, const uint8_t *payload, size_t len)
{
	struct diag_socket from;
	uint32_t id;

	if (diag_parse(payload, len, &from) != 0) {
		model->bad_records++;
		return;
	}
	if (is_event(&from)) {
		if (netns != NULL)
			apply_closing(model, netns, &from);
		return;
	}
	if (netns == NULL || model->own->dump != netns) {
		model->bad_records++;
		return;
	}
	model->changes++;
	id = socket_table_find(&model->sockets, netns->index, from.cookie);
	if (is_stale(model, netns, id, from.cookie))
		return;
	if (id == SOCKET_NONE)
		add_row(model, &from);
	else if (socket_table_row(&model->sockets, id)->protocol == model->own->dump_protocol)
		update_row(model, id, &from);
	else
		model->bad_records++; /* a cookie is of one socket only */
}

static uint32_t
load_u32(const uint8_t *from)
{
	uint32_t number;

	memcpy(&number, from, sizeof number);
	return number;
}

void
apply_diag(struct model *model, const struct record *record)
{
	struct netns_row *const netns = netns_find(model, record->netns);
	const uint8_t *at = record->data;
	size_t left = record->len;

	while (left >= NLMSG_HEADER) {
		const size_t len = load_u32(at);
		uint16_t type;
		size_t step;

		if (len < NLMSG_HEADER || len > left)
			break;
		memcpy(&type, at + 4, sizeof type);
		step = (len + 3) & ~(size_t)3;
		if (step > left)
			step = left;
		/* While this one is taken in, the next one's slot comes into the cache. */
		if (netns != NULL && left - step >= NLMSG_HEADER + DIAG_SIZE)
			socket_table_prefetch(&model->sockets, netns->index,
				diag_cookie(at + step + NLMSG_HEADER));
		if (type == SOCK_DIAG_BY_FAMILY || type == TCPDIAG_GETSOCK)
			take_socket(model, netns, at + NLMSG_HEADER, len - NLMSG_HEADER);
		at += step;
		left -= step;
	}
	if (left != 0)
		model->bad_records++;
}
