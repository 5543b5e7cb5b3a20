/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: state, queues, timers, age, rates and numbers that the dump carries for each socket. */
#include <config.h>

#include "socket_getters.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/trouble.h>

#include "value.h"

void
socket_get_state(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	(void)field;
	(void)context;
	value_set_text(value, text_of(socket_state_name(data)));
}

void
socket_get_trouble(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	static const char *const words[] = {
		[SEVERITY_INFO] = "",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_CRITICAL] = "critical",
	};

	(void)field;
	value_set_text(value, text_of(words[trouble_worst(context->model, data)]));
}

void
socket_get_finding(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const struct finding *finding = NULL;

	(void)field;
	if (context->doctor != NULL)
		finding = doctor_of_socket(context->doctor,
			socket_table_find(&context->model->sockets, row->netns, row->cookie));
	value_set_text(value, text_of(finding != NULL ? finding->rule : ""));
}

/* For LISTEN the kernel puts the accept queue and its limit where the byte counts stand. */
void
socket_get_queue(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const bool listens = row->state == TCP_STATE_LISTEN;

	(void)context;
	switch ((enum socket_queue)field->argument) {
	case SOCKET_QUEUE_IN: value_set_unsigned(value, row->receive_queue); return;
	case SOCKET_QUEUE_OUT: value_set_unsigned(value, row->send_queue); return;
	case SOCKET_QUEUE_RECEIVED:
	case SOCKET_QUEUE_ACCEPT:
		if (listens == (field->argument == SOCKET_QUEUE_ACCEPT)) {
			value_set_unsigned(value, row->receive_queue);
			return;
		}
		break;
	case SOCKET_QUEUE_SENT:
	case SOCKET_QUEUE_BACKLOG:
		if (listens == (field->argument == SOCKET_QUEUE_BACKLOG)) {
			value_set_unsigned(value, row->send_queue);
			return;
		}
		break;
	}
	value_set_unknown(value);
}

static void
set_if(struct value *value, bool known, uint64_t number)
{
	if (known)
		value_set_unsigned(value, number);
	else
		value_set_unknown(value);
}

void
socket_get_number(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const bool memory = row->has & SOCKET_HAS_MEMORY;

	(void)context;
	switch ((enum socket_number)field->argument) {
	case SOCKET_NUMBER_MEM_RECEIVE: set_if(value, memory, row->mem_receive); return;
	case SOCKET_NUMBER_MEM_SEND: set_if(value, memory, row->mem_send); return;
	case SOCKET_NUMBER_RECEIVE_BUFFER: set_if(value, memory, row->receive_buffer); return;
	case SOCKET_NUMBER_SEND_BUFFER: set_if(value, memory, row->send_buffer); return;
	case SOCKET_NUMBER_DROPS: set_if(value, memory, row->drops); return;
	case SOCKET_NUMBER_MARK: set_if(value, row->has & SOCKET_HAS_MARK, row->mark); return;
	case SOCKET_NUMBER_TOS: set_if(value, row->has & SOCKET_HAS_TOS, row->tos); return;
	/* Mini-sockets and, on older kernels, orphans are reported with uid 0 and inode 0. */
	case SOCKET_NUMBER_UID: set_if(value, row->uid || row->inode, row->uid); return;
	case SOCKET_NUMBER_INODE: set_if(value, row->inode != 0, row->inode); return;
	case SOCKET_NUMBER_COOKIE: value_set_unsigned(value, row->cookie); return;
	case SOCKET_NUMBER_FAMILY:
		value_set_unsigned(value, row->family == AF_INET ? 4 : 6);
		return;
	}
	value_set_unknown(value);
}

void
socket_get_timer(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	static const char *const names[] = {
		[SOCKET_TIMER_NONE] = "none",
		[SOCKET_TIMER_RETRANSMIT] = "retransmit",
		[SOCKET_TIMER_KEEPALIVE] = "keepalive",
		[SOCKET_TIMER_TIMEWAIT] = "timewait",
		[SOCKET_TIMER_PERSIST] = "persist",
	};
	const struct socket_row *const row = data;

	(void)field;
	(void)context;
	if (row->protocol == IPPROTO_TCP && row->timer < sizeof names / sizeof names[0])
		value_set_text(value, text_of(names[row->timer]));
	else
		value_set_unknown(value);
}

void
socket_get_timer_ms(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	const uint32_t since = socket_elapsed_ms(context, row, row->seen_ms);

	(void)field;
	set_if(value, row->timer != SOCKET_TIMER_NONE,
		row->timer_ms > since ? row->timer_ms - since : 0);
}

void
socket_get_timer_retries(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;

	(void)field;
	(void)context;
	set_if(value, row->timer != SOCKET_TIMER_NONE && row->timer != SOCKET_TIMER_TIMEWAIT,
		row->timer_retries);
}

void
socket_get_keepalive(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;

	(void)field;
	(void)context;
	if (row->has & SOCKET_HAS_KEEPALIVE)
		value_set_bool(value, row->flags & SOCKET_KEEPALIVE_ON);
	else
		value_set_unknown(value);
}

void
socket_get_rate(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	double send, receive, rate;

	if (!model_socket_rates(context->model, data, &send, &receive)) {
		value_set_unknown(value);
		return;
	}
	rate = field->argument == SOCKET_SIDE_LOCAL ? send : receive;
	value_set_unsigned(value, rate > 0 ? (uint64_t)(rate + 0.5) : 0);
}

void
socket_get_congestion(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;

	(void)field;
	value_set_text(value, intern_get(context->model->texts, row->congestion));
}

void
socket_get_shutdown(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	static const char *const names[] = {"none", "receive", "send", "both"};
	const struct socket_row *const row = data;

	(void)field;
	(void)context;
	if (row->has & SOCKET_HAS_SHUTDOWN)
		value_set_text(value, text_of(names[row->shutdown & 3]));
	else
		value_set_unknown(value);
}

void
socket_get_flag(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const unsigned flag = (unsigned)field->argument;
	bool known = true;

	(void)context;
	/* These are read from attributes that the kernel leaves out where it was not asked. */
	if (flag == SOCKET_MPTCP)
		known = row->has & SOCKET_HAS_INFO;
	else if (flag == SOCKET_V6ONLY)
		known = row->has & SOCKET_HAS_V6ONLY;
	if (known)
		value_set_bool(value, row->flags & flag);
	else
		value_set_unknown(value);
}
