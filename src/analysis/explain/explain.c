/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Explains who has a socket, where it leads and in which state it is. The other files of the room:
 *
 *	explain_facts.c        the page of a socket: a table of its facts
 *	explain_network.c      the network, the receiver and the sender in words
 *	explain_queue.c        the queues and the memory in words
 *	explain_wire.c         opening, use and close in words
 *	explain_path.c         the path to the peer in words
 *	explain_event.c        what an event means
 *	wire_history.c         what the wire shows of one connection
 *	wire_history_states.c  the states of both sides
 *	wire_history_row.c     a row for a connection without a socket
 *	diagram.c, ladder.c    the states and the segments as lines
 *	facts.c, strip.c       the lines of a page, and one line
 *	path_note.c            sentences on a probed path; path_delay.c: where its delay begins
 */
#include <config.h>

#include "explain_private.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/analysis/socket_age.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/word.h>
#include <sockwatch/model/caller.h>
#include <sockwatch/model/process.h>

enum { HOLDERS_SHOWN = 64 };

/* Milliseconds from a time of the row to now. */
static uint32_t
since_ms(const struct explain_source *source, uint32_t then_ms)
{
	return model_now_ms(source->model) - then_ms;
}

void
explain_process(const struct explain_source *source, char *out, size_t size)
{
	const struct process_row *const process = model_socket_process(source->model, source->row);
	const struct caller_row *const caller =
		process == NULL ? model_socket_caller(source->model, source->row) : NULL;

	if (process != NULL)
		snprintf(out, size, "%s, process %u", model_text(source->model, process->comm),
			process->pid);
	else if (caller != NULL)
		snprintf(out, size,
			"%s, process %u, as the kernel reported: the connection ended before /proc could be read",
			caller->comm, caller->pid);
}

/* " nginx, process 812, listens on its port.", or "". */
static const char *
format_listener(const struct explain_source *source, char *out, size_t size)
{
	const struct process_row *const listener =
		model_socket_listener(source->model, source->row);

	out[0] = '\0';
	if (listener != NULL)
		snprintf(out, size, " %s, process %u, listens on its port.",
			model_text(source->model, listener->comm), listener->pid);
	return out;
}

void
explain_no_process(const struct explain_source *source, char *out, size_t size)
{
	const char *sentence = NULL;
	const char *const word = model_socket_ownerless(source->model, source->row, &sentence);
	const struct model_trace *const trace = &source->model->trace;
	/* For a row that still exists eBPF reports no more than /proc does. */
	const bool is_for_trace =
		(source->row->flags & SOCKET_CLOSED) != 0 && trace->text[0] != '\0';
	const uint32_t last_pid =
		(source->row->flags & SOCKET_CLOSED) != 0 ? source->row->last_pid : 0;
	const char *const ended = model_ended_process(source->model, last_pid);
	char listener[80];

	if (ended != NULL && (source->process == NULL || source->process[0] == '\0')) {
		if (model_socket_process(source->model, source->row) == NULL)
			snprintf(out, size, "%s, process %u, which has ended", ended, last_pid);
		return;
	}
	if (word == NULL || (source->wire_only && source->process[0] == '\0'))
		return;
	if (source->process != NULL && source->process[0] != '\0')
		snprintf(out, size, "had been %s. %s", source->process,
			sentence != NULL ? sentence : "");
	else
		snprintf(out, size, "none (%s). %s%s%s%s%s", word, sentence != NULL ? sentence : "",
			format_listener(source, listener, sizeof listener),
			is_for_trace ? " eBPF could report it, but " : "",
			is_for_trace ? trace->text : "", is_for_trace ? "." : "");
}

void
explain_owner(const struct explain_source *source, char *out, size_t size)
{
	explain_process(source, out, size);
	if (out[0] == '\0')
		explain_no_process(source, out, size);
}

/* "nginx/812 fd 3, nginx/813 fd 3 5": every process with its descriptors. */
void
explain_holders(const struct explain_source *source, char *out, size_t size)
{
	const struct process_table *const processes = &source->model->processes;
	const struct owner *owner = process_table_owner(processes, source->row->inode);
	size_t len = 0;
	uint32_t last_pid = 0;
	int shown = 0;

	for (; owner != NULL && shown < HOLDERS_SHOWN;
		owner = process_table_next(processes, owner), shown++) {
		const struct process_row *const process = process_table_find(processes, owner->pid);
		int written;

		if (owner->pid == last_pid)
			written = snprintf(out + len, size - len, " %u", owner->fd);
		else
			written = snprintf(out + len, size - len, "%s%s/%u fd %u",
				len > 0 ? ", " : "",
				process != NULL ? model_text(source->model, process->comm) : "?",
				owner->pid, owner->fd);
		last_pid = owner->pid;
		if (written < 0 || (size_t)written >= size - len)
			return;
		len += (size_t)written;
	}
	if (owner != NULL)
		snprintf(out + len, size - len, " …");
}

void
explain_protocol(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;

	snprintf(out, size, "%s over %s%s%s",
		row->protocol == IPPROTO_UDP       ? "UDP"
		: (row->flags & SOCKET_MPTCP) != 0 ? "TCP (a subflow of MPTCP)"
						   : "TCP",
		row->family == AF_INET6 ? "IPv6" : "IPv4",
		row->family == AF_INET6 && address_is_v4(&row->local) &&
				!address_is_any(&row->local)
			? ", speaking IPv4"
			: "",
		(row->flags & SOCKET_V6ONLY) != 0 ? " only" : "");
}

void
explain_state(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	char time[EXPLAIN_BRIEF_SIZE];

	if (source->wire_only && (row->flags & SOCKET_CLOSED) != 0) {
		snprintf(out, size, "ended %s ago; its socket was never seen",
			explain_brief(since_ms(source, row->closed_ms), UNIT_MS, time));
		return;
	}
	if ((row->flags & SOCKET_CLOSED) != 0) {
		const bool was_seen = row->state != TCP_STATE_CLOSED;

		snprintf(out, size, "closed %s ago%s%s",
			explain_brief(since_ms(source, row->closed_ms), UNIT_MS, time),
			was_seen ? ", from " : "", was_seen ? socket_state_name(row) : "");
		return;
	}
	if (row->previous_state == TCP_STATE_UNKNOWN)
		snprintf(out, size, "%s", socket_state_name(row));
	else
		snprintf(out, size, "%s for %s, before that %s", socket_state_name(row),
			explain_brief(since_ms(source, row->changed_ms), UNIT_MS, time),
			tcp_state_name((enum tcp_state)row->previous_state));
}

void
explain_age(const struct explain_source *source, char *out, size_t size)
{
	const struct wire_history *const wire = source->wire;
	struct socket_age age;
	char clock[CLOCK_TEXT_SIZE];
	char time[EXPLAIN_BRIEF_SIZE];

	socket_age(source->model, source->row,
		wire != NULL && wire->known ? &wire->conversation : NULL, &age);
	explain_brief(age.ns / CLOCK_NS_PER_US, UNIT_US, time);
	if (age.at_least) {
		snprintf(out, size, "more than %s: it was there when sockwatch started", time);
		return;
	}
	clock_format_time(model_wall_ns(source->model, age.born_ns), clock, sizeof clock);
	snprintf(out, size, "%s, since %.8s", time, clock);
}

void
explain_shutdown(const struct explain_source *source, char *out, size_t size)
{
	static const char *const texts[] = {
		"",
		"receiving is shut down",
		"sending is shut down",
		"both directions are shut down",
	};

	if ((source->row->has & SOCKET_HAS_SHUTDOWN) != 0)
		snprintf(out, size, "%s", texts[source->row->shutdown & 3]);
}

/* " (2nd try)". */
static void
add_tries(const struct socket_row *row, char *out, size_t size)
{
	const unsigned tries = row->timer_retries + 1U;

	if (row->timer_retries > 0)
		snprintf(out, size, " (%u%s try)", tries, word_ordinal_ending(tries));
}

void
explain_timer(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	const uint32_t aged_ms = since_ms(source, row->seen_ms);
	const uint32_t left_ms = row->timer_ms > aged_ms ? row->timer_ms - aged_ms : 0;
	char time[EXPLAIN_BRIEF_SIZE];
	char tries[32] = "";

	if ((row->flags & SOCKET_CLOSED) != 0)
		return; /* its timers ended with it */
	explain_brief(left_ms, UNIT_MS, time);
	add_tries(row, tries, sizeof tries);
	switch ((enum socket_timer)row->timer) {
	case SOCKET_TIMER_NONE: snprintf(out, size, "none runs"); break;
	case SOCKET_TIMER_RETRANSMIT:
		snprintf(out, size, "retransmits in %s%s unless an ACK comes", time, tries);
		break;
	case SOCKET_TIMER_KEEPALIVE:
		if (row->state == TCP_STATE_FIN_WAIT_2)
			snprintf(out, size, "ends in %s unless the peer closes", time);
		else if (row->timer_retries > 0)
			snprintf(out, size, "next keepalive probe in %s; %u were not answered",
				time, row->timer_retries);
		else
			snprintf(out, size, "keepalive probe in %s unless the peer sends something",
				time);
		break;
	case SOCKET_TIMER_TIMEWAIT: snprintf(out, size, "ends in %s", time); break;
	case SOCKET_TIMER_PERSIST:
		snprintf(out, size, "probes the peer's closed window in %s%s", time, tries);
		break;
	}
}

void
explain_keepalive(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;

	if ((row->has & SOCKET_HAS_KEEPALIVE) == 0 || (row->flags & SOCKET_CLOSED) != 0 ||
		row->state == TCP_STATE_TIME_WAIT)
		return;
	snprintf(out, size, "%s",
		(row->flags & SOCKET_KEEPALIVE_ON) != 0
			? "on"
			: "off: a peer that vanishes silently is never noticed while idle");
}

void
explain_outcome(
	const struct socket_row *row, const struct wire_history *wire, char *out, size_t size)
{
	const char *const state = socket_state_name(row);
	const bool closed = (row->flags & SOCKET_CLOSED) != 0;
	char outcome[64] = "";

	if (wire->known)
		conversation_format_outcome(&wire->conversation, outcome, sizeof outcome);
	if (closed && strncmp(outcome, "closed", 6) == 0)
		snprintf(out, size, "%s", outcome);
	else if (outcome[0] != '\0')
		snprintf(out, size, "%s: %s", closed ? "closed" : state, outcome);
	else
		snprintf(out, size, "%s%s", closed ? "closed from " : "", state);
}
