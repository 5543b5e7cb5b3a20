/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences of a socket's page, for the table in explain_facts.c. */
#ifndef SOCKWATCH_ANALYSIS_EXPLAIN_EXPLAIN_PRIVATE_H
#define SOCKWATCH_ANALYSIS_EXPLAIN_EXPLAIN_PRIVATE_H

#include <stdint.h>

#include <sockwatch/analysis/explain.h>
#include <sockwatch/base/number.h>

#include "diagram.h"

enum { EXPLAIN_BRIEF_SIZE = 32 };

static inline const char *
explain_brief(uint64_t number, enum unit unit, char *out)
{
	return number_format_short(number, unit, out, EXPLAIN_BRIEF_SIZE);
}

/* explain.c, explain_network.c, explain_queue.c: the socket as the kernel describes it. */
/* The process, or why none is known. */
void explain_owner(const struct explain_source *source, char *out, size_t size);
void explain_no_process(const struct explain_source *source, char *out, size_t size);
void explain_holders(const struct explain_source *source, char *out, size_t size);
void explain_protocol(const struct explain_source *source, char *out, size_t size);
void explain_state(const struct explain_source *source, char *out, size_t size);
void explain_age(const struct explain_source *source, char *out, size_t size);
void explain_shutdown(const struct explain_source *source, char *out, size_t size);
void explain_rtt(const struct explain_source *source, char *out, size_t size);
void explain_retransmissions(const struct explain_source *source, char *out, size_t size);
void explain_in_flight(const struct explain_source *source, char *out, size_t size);
void explain_window(const struct explain_source *source, char *out, size_t size);
void explain_receiver_limit(const struct explain_source *source, char *out, size_t size);
void explain_buffer_limit(const struct explain_source *source, char *out, size_t size);
void explain_app_limited(const struct explain_source *source, char *out, size_t size);
void explain_receive_queue(const struct explain_source *source, char *out, size_t size);
void explain_send_queue(const struct explain_source *source, char *out, size_t size);
void explain_accept_queue(const struct explain_source *source, char *out, size_t size);
void explain_timer(const struct explain_source *source, char *out, size_t size);
void explain_keepalive(const struct explain_source *source, char *out, size_t size);
void explain_receive_memory(const struct explain_source *source, char *out, size_t size);
void explain_send_memory(const struct explain_source *source, char *out, size_t size);

/* explain_wire.c: how a connection was opened, used and closed, as the wire showed it. */
void explain_wire_opened(const struct explain_source *source, char *out, size_t size);
void explain_wire_handshake(const struct explain_source *source, char *out, size_t size);
void explain_wire_syn_again(const struct explain_source *source, char *out, size_t size);
void explain_wire_round_trips(const struct explain_source *source, char *out, size_t size);
void explain_wire_sent(const struct explain_source *source, char *out, size_t size);
void explain_wire_received(const struct explain_source *source, char *out, size_t size);
void explain_wire_close(const struct explain_source *source, char *out, size_t size);
void explain_wire_end(const struct explain_source *source, char *out, size_t size);

/* explain_path.c: the path to its peer, where it is probed. */
/* "tcp 443, 8 hops, loss 0.0%: delay begins at hop 5, 10.0.5.1: 60.6 of 61.0 ms". */
void explain_path(const struct explain_source *source, char *out, size_t size);
/* The mean of the hop where the peer itself answered; false: no path is probed, or no answer. */
bool explain_path_rtt(const struct explain_source *source, double *us);

/* wire_history_states.c: the states of both sides, from the wire and from the row. */
void wire_history_states(const struct wire_history *wire, const struct model *model,
	const struct socket_row *row, struct diagram *diagram);

#endif
