/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains how full the queues and the memory of a socket are: whether its program keeps up. */
#include <config.h>

#include "explain_private.h"

#include <netinet/in.h>
#include <stdio.h>

#include <sockwatch/analysis/verdict.h>
#include <sockwatch/base/text.h>

void
explain_receive_queue(const struct explain_source *source, char *out, size_t size)
{
	static const char *const sentences[] = {
		[VERDICT_NOT_CLOSED] = "empty: the program has seen the end and does not close",
		[VERDICT_END_READ] = "empty: everything is read, the end with it",
		[VERDICT_END_UNREAD] = "only the end is unread: the program does not read",
		[VERDICT_DATA_UNREAD] = "data and the end are unread: the program does not read",
	};
	const struct socket_row *const row = source->row;
	char text[EXPLAIN_BRIEF_SIZE];

	if (row->state == TCP_STATE_LISTEN || row->state == TCP_STATE_TIME_WAIT)
		return;
	if (row->protocol == IPPROTO_UDP)
		snprintf(out, size, "%s of the buffer in use",
			explain_brief(row->receive_queue, UNIT_BYTES, text));
	else if (row->state == TCP_STATE_CLOSE_WAIT)
		snprintf(out, size, "%s", sentences[verdict_receive_queue(row)]);
	else
		snprintf(out, size, "%s unread",
			explain_brief(row->receive_queue, UNIT_BYTES, text));
}

void
explain_send_queue(const struct explain_source *source, char *out, size_t size)
{
	char text[2][EXPLAIN_BRIEF_SIZE];
	uint64_t unsent;
	size_t len;

	if (source->row->state == TCP_STATE_LISTEN || source->row->state == TCP_STATE_TIME_WAIT)
		return;
	len = text_add(out, size, 0, "%s%s",
		explain_brief(source->row->send_queue, UNIT_BYTES, text[0]),
		source->row->protocol == IPPROTO_TCP ? " not acknowledged"
						     : " of the buffer in use");
	if (tcp_info_get(&source->row->tcp, TCP_INFO_notsent_bytes, &unsent) && unsent > 0)
		text_add(out, size, len, ", %s of it not yet sent",
			explain_brief(unsent, UNIT_BYTES, text[1]));
}

void
explain_accept_queue(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	const enum verdict verdict = verdict_accept_queue(row);

	if (row->state != TCP_STATE_LISTEN)
		return;
	snprintf(out, size, "%u wait for accept, at most %u may%s", row->receive_queue,
		row->send_queue,
		verdict == VERDICT_QUEUE_FULL        ? ": FULL, new connections are dropped"
		: verdict == VERDICT_QUEUE_HALF_FULL ? ": more than half full"
						     : "");
}

static void
memory(uint32_t used, uint32_t limit, char *out, size_t size)
{
	char text[2][EXPLAIN_BRIEF_SIZE];

	snprintf(out, size, "%s of %s%s", explain_brief(used, UNIT_BYTES, text[0]),
		explain_brief(limit, UNIT_BYTES, text[1]),
		limit > 0 && used >= limit ? ": full" : "");
}

void
explain_receive_memory(const struct explain_source *source, char *out, size_t size)
{
	if ((source->row->has & SOCKET_HAS_MEMORY) != 0)
		memory(source->row->mem_receive, source->row->receive_buffer, out, size);
}

void
explain_send_memory(const struct explain_source *source, char *out, size_t size)
{
	if ((source->row->has & SOCKET_HAS_MEMORY) != 0)
		memory(source->row->mem_send, source->row->send_buffer, out, size);
}
