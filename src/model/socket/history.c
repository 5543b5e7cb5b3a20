/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples of one socket for the charts. */
#include <config.h>

#include <sockwatch/model/history.h>

#include <math.h>

void
history_start(struct history *history, const struct model *model, uint32_t socket)
{
	history->socket = SOCKET_NONE;
	history->cookie = 0;
	history->count = 0;
	history->next = 0;
	history->last_sequence = 0;
	if (socket >= model->sockets.used)
		return;
	history->socket = socket;
	history->cookie = socket_table_row(&model->sockets, socket)->cookie;
	history_update(history, model);
}

static float
from_info(const struct socket_row *row, enum tcp_info_member member)
{
	uint64_t value;

	return tcp_info_get(&row->tcp, member, &value) ? (float)value : NAN;
}

void
history_update(struct history *history, const struct model *model)
{
	const struct socket_row *row;
	double send, receive;
	bool has_rates;

	if (history->socket == SOCKET_NONE || history->last_sequence == model->complete_sequence)
		return;
	row = socket_table_row(&model->sockets, history->socket);
	/* The id may have gone to another socket by now. */
	if (row->cookie != history->cookie || row->flags & (SOCKET_FREE | SOCKET_CLOSED))
		return;
	history->last_sequence = model->complete_sequence;
	has_rates = model_socket_rates(model, row, &send, &receive);
	history->samples[HISTORY_RTT_US][history->next] = from_info(row, TCP_INFO_rtt);
	history->samples[HISTORY_SEND_RATE][history->next] = has_rates ? (float)send : NAN;
	history->samples[HISTORY_RECEIVE_RATE][history->next] = has_rates ? (float)receive : NAN;
	history->samples[HISTORY_CWND][history->next] = from_info(row, TCP_INFO_snd_cwnd);
	history->samples[HISTORY_RETRANS][history->next] = from_info(row, TCP_INFO_total_retrans);
	history->next = (history->next + 1) % HISTORY_SAMPLES;
	if (history->count < HISTORY_SAMPLES)
		history->count++;
}

float
history_get(const struct history *history, enum history_series series, size_t i)
{
	const size_t oldest = (history->next + HISTORY_SAMPLES - history->count) % HISTORY_SAMPLES;

	if (i >= history->count)
		return NAN;
	return history->samples[series][(oldest + i) % HISTORY_SAMPLES];
}
