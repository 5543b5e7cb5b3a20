/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters of the table in socket_fields.c; each takes a struct socket_row. */
#ifndef SOCKWATCH_ANALYSIS_FIELD_SOCKET_GETTERS_H
#define SOCKWATCH_ANALYSIS_FIELD_SOCKET_GETTERS_H

#include <sockwatch/analysis/field.h>
#include <sockwatch/model/model.h>

#define SOCKET_GETTER(name)                                                                        \
	void name(const struct field *field, const struct field_context *context, const void *row, \
		struct value *value)
#define SOCKET_NEXT(name)                                                                          \
	bool name(const struct field *field, const struct field_context *context, const void *row, \
		uint32_t *position, struct value *value)

enum socket_side { SOCKET_SIDE_LOCAL, SOCKET_SIDE_REMOTE };

/* What argument means to socket_get_number. */
enum socket_number {
	SOCKET_NUMBER_MEM_RECEIVE,
	SOCKET_NUMBER_MEM_SEND,
	SOCKET_NUMBER_RECEIVE_BUFFER,
	SOCKET_NUMBER_SEND_BUFFER,
	SOCKET_NUMBER_DROPS,
	SOCKET_NUMBER_MARK,
	SOCKET_NUMBER_TOS,
	SOCKET_NUMBER_UID,
	SOCKET_NUMBER_INODE,
	SOCKET_NUMBER_COOKIE,
	SOCKET_NUMBER_FAMILY,
};

enum socket_queue {
	SOCKET_QUEUE_IN,       /* bytes received, or on LISTEN the accept queue */
	SOCKET_QUEUE_OUT,      /* bytes to send, or on LISTEN the backlog */
	SOCKET_QUEUE_RECEIVED, /* unknown on LISTEN */
	SOCKET_QUEUE_SENT,
	SOCKET_QUEUE_ACCEPT, /* of LISTEN only */
	SOCKET_QUEUE_BACKLOG,
};

enum socket_process_fact {
	SOCKET_PROCESS_PID,
	SOCKET_PROCESS_NAME,
	SOCKET_PROCESS_CMDLINE,
	SOCKET_PROCESS_CGROUP,
	SOCKET_PROCESS_UNIT,
	SOCKET_PROCESS_CONTAINER,
};

enum socket_life_fact {
	SOCKET_LIFE_OPENED_BY,
	SOCKET_LIFE_CLOSED_BY,
	SOCKET_LIFE_CLOSE_REASON,
};

/* socket_get_where.c */
SOCKET_GETTER(socket_get_netns);
SOCKET_GETTER(socket_get_proto);
SOCKET_GETTER(socket_get_endpoint);
SOCKET_GETTER(socket_get_address);
SOCKET_GETTER(socket_get_port);
SOCKET_GETTER(socket_get_interface);
SOCKET_GETTER(socket_get_service);
SOCKET_GETTER(socket_get_remote_name);

/* socket_get_who.c */
SOCKET_GETTER(socket_get_user);
SOCKET_GETTER(socket_get_owner);
SOCKET_GETTER(socket_get_no_owner);
SOCKET_GETTER(socket_get_owners);
SOCKET_GETTER(socket_get_process);
SOCKET_NEXT(socket_next_process);

/* socket_get_state.c */
SOCKET_GETTER(socket_get_state);
SOCKET_GETTER(socket_get_trouble);
SOCKET_GETTER(socket_get_finding);
SOCKET_GETTER(socket_get_queue);
SOCKET_GETTER(socket_get_number);
SOCKET_GETTER(socket_get_timer);
SOCKET_GETTER(socket_get_timer_ms);
SOCKET_GETTER(socket_get_timer_retries);
SOCKET_GETTER(socket_get_keepalive);
SOCKET_GETTER(socket_get_rate);
SOCKET_GETTER(socket_get_congestion);
SOCKET_GETTER(socket_get_shutdown);
SOCKET_GETTER(socket_get_flag);

/* socket_get_tcp.c */
SOCKET_GETTER(socket_get_tcp_info);
SOCKET_GETTER(socket_get_tcp_past);
SOCKET_GETTER(socket_get_idle);
SOCKET_GETTER(socket_get_app_limited);
SOCKET_GETTER(socket_get_options);
SOCKET_GETTER(socket_get_wscale);
SOCKET_GETTER(socket_get_ca_state);

/* socket_get_life.c, socket_age.c */
SOCKET_GETTER(socket_get_handshake);
SOCKET_GETTER(socket_get_life);
SOCKET_GETTER(socket_get_age);

/*
 * Milliseconds since one of the row's times, by the model's clock; for a closed row it stands
 * still. The times wrap, so what seems to lie ahead is just now.
 */
static inline uint32_t
socket_elapsed_ms(
	const struct field_context *context, const struct socket_row *row, uint32_t since_ms)
{
	uint32_t now = row->flags & SOCKET_CLOSED ? row->closed_ms : model_now_ms(context->model);
	uint32_t elapsed = now - since_ms;

	return elapsed > UINT32_MAX - 3600000 ? 0 : elapsed;
}

/* Until the handshake is done the kernel counts the times of the last data from its own start. */
static inline bool
socket_has_past(const struct socket_row *row)
{
	return row->state != TCP_STATE_SYN_SENT && row->state != TCP_STATE_SYN_RECEIVED &&
	       row->state != TCP_STATE_CLOSED;
}

#endif
