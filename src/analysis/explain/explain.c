/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "explain_private.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/caller.h>
#include <sockwatch/model/process.h>

enum { SHORT_SIZE = 32, HOLDERS_SHOWN = 64 };

static bool
get(const struct explain_source *source, enum tcp_info_member member, uint64_t *value)
{
	return tcp_info_get(&source->row->tcp, member, value);
}

static const char *
brief(uint64_t number, enum unit unit, char *out)
{
	return number_format_short(number, unit, out, SHORT_SIZE);
}

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
			"%s, process %u, which the kernel told: the connection ended before it "
			"could be read",
			caller->comm, caller->pid);
}

void
explain_no_process(const struct explain_source *source, char *out, size_t size)
{
	const char *sentence = NULL;
	const char *const word = model_socket_ownerless(source->model, source->row, &sentence);
	const struct model_trace *const trace = &source->model->trace;
	/* Of a row that is still there eBPF would say nothing that /proc does not. */
	const bool is_for_trace =
		(source->row->known & SOCKET_CLOSED) != 0 && trace->text[0] != '\0';
	const uint32_t last_pid =
		(source->row->known & SOCKET_CLOSED) != 0 ? source->row->last_pid : 0;
	const char *const departed = model_ended_process(source->model, last_pid);

	if (departed != NULL && (source->process == NULL || source->process[0] == '\0')) {
		if (model_socket_process(source->model, source->row) == NULL)
			snprintf(out, size, "%s, process %u, which has ended", departed, last_pid);
		return;
	}
	if (word == NULL || (source->wire_only && source->process[0] == '\0'))
		return;
	if (source->process != NULL && source->process[0] != '\0')
		snprintf(out, size, "had been %s. %s", source->process,
			sentence != NULL ? sentence : "");
	else
		snprintf(out, size, "none (%s). %s%s%s%s", word, sentence != NULL ? sentence : "",
			is_for_trace ? " The kernel could tell it (eBPF), but " : "",
			is_for_trace ? trace->text : "", is_for_trace ? "." : "");
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
		: (row->known & SOCKET_MPTCP) != 0 ? "TCP (a subflow of MPTCP)"
						   : "TCP",
		row->family == AF_INET6 ? "IPv6" : "IPv4",
		row->family == AF_INET6 && address_is_v4(&row->local) &&
				!address_is_any(&row->local)
			? ", speaking IPv4"
			: "",
		(row->known & SOCKET_V6ONLY) != 0 ? " only" : "");
}

void
explain_state(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	char time[SHORT_SIZE];

	if (source->wire_only && (row->known & SOCKET_CLOSED) != 0) {
		snprintf(out, size, "ended %s ago; no socket of it was seen",
			brief(since_ms(source, row->closed_ms), UNIT_MS, time));
		return;
	}
	if ((row->known & SOCKET_CLOSED) != 0) {
		const bool was_seen = row->state != TCP_STATE_CLOSED;

		snprintf(out, size, "closed %s ago%s%s",
			brief(since_ms(source, row->closed_ms), UNIT_MS, time),
			was_seen ? ", from " : "", was_seen ? socket_state_name(row) : "");
		return;
	}
	if (row->previous_state == TCP_STATE_UNKNOWN)
		snprintf(out, size, "%s", socket_state_name(row));
	else
		snprintf(out, size, "%s for %s, before that %s", socket_state_name(row),
			brief(since_ms(source, row->changed_ms), UNIT_MS, time),
			tcp_state_name((enum tcp_state)row->previous_state));
}

/* By its SYN where that was seen: the table lists a socket up to a refresh later. */
static uint64_t
first_ns(const struct explain_source *source)
{
	const struct wire_history *const wire = source->wire;
	const uint64_t listed_ms = source->model->epoch_ms + source->row->first_ms;

	if (wire != NULL && wire->known && wire->conversation.syn_ns != 0 &&
		!wire->conversation.mid_stream)
		return wire->conversation.syn_ns;
	return listed_ms * CLOCK_NS_PER_MS;
}

void
explain_age(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	const uint64_t born_ns = first_ns(source);
	const uint64_t end_ns =
		(row->known & SOCKET_CLOSED) != 0
			? (source->model->epoch_ms + row->closed_ms) * CLOCK_NS_PER_MS
			: source->model->now_ns;
	char clock[CLOCK_TEXT_SIZE];
	char time[SHORT_SIZE];

	brief(end_ns > born_ns ? (end_ns - born_ns) / CLOCK_NS_PER_MS : 0, UNIT_MS, time);
	if (!socket_birth_is_seen(row)) {
		snprintf(out, size, "more than %s: it was there when sockwatch came", time);
		return;
	}
	clock_format_time(born_ns, clock, sizeof clock);
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

	if ((source->row->known & SOCKET_HAS_SHUTDOWN) != 0)
		snprintf(out, size, "%s", texts[source->row->shutdown & 3]);
}

void
explain_rtt(const struct explain_source *source, char *out, size_t size)
{
	char text[3][SHORT_SIZE];
	uint64_t rtt;
	uint64_t deviation;
	uint64_t least;
	size_t len;

	if (!get(source, TCP_INFO_rtt, &rtt) || rtt == 0)
		return;
	len = text_add(out, size, 0, "%s", brief(rtt, UNIT_US, text[0]));
	if (get(source, TCP_INFO_rttvar, &deviation))
		len = text_add(out, size, len, " ± %s", brief(deviation, UNIT_US, text[1]));
	/* The kernel's "no sample yet" is the largest number. */
	if (get(source, TCP_INFO_min_rtt, &least) && least != 0 && least != UINT32_MAX)
		text_add(out, size, len, ", lowest %s%s", brief(least, UNIT_US, text[2]),
			rtt > 3 * least && rtt > 10000 ? ": far above it, a queue fills somewhere"
						       : "");
}

void
explain_retransmissions(const struct explain_source *source, char *out, size_t size)
{
	uint64_t total;
	uint64_t now;
	uint64_t sent;
	size_t len;

	if (!get(source, TCP_INFO_total_retrans, &total))
		return;
	if (total == 0) {
		snprintf(out, size, "none");
		return;
	}
	len = text_add(out, size, 0, "%" PRIu64 " segment%s", total, total == 1 ? "" : "s");
	if (get(source, TCP_INFO_segs_out, &sent) && sent > 0)
		len = text_add(out, size, len, " of %" PRIu64 " (%.1f%%)", sent,
			100.0 * (double)total / (double)sent);
	if (get(source, TCP_INFO_retrans, &now) && now > 0)
		text_add(out, size, len, ", %" PRIu64 " under way now", now);
}

void
explain_in_flight(const struct explain_source *source, char *out, size_t size)
{
	uint64_t unacked;
	uint64_t sacked = 0;
	uint64_t lost = 0;
	size_t len;

	if (source->row->state == TCP_STATE_LISTEN || !get(source, TCP_INFO_unacked, &unacked))
		return;
	get(source, TCP_INFO_sacked, &sacked);
	get(source, TCP_INFO_lost, &lost);
	len = text_add(out, size, 0, "%" PRIu64 " segment%s", unacked, unacked == 1 ? "" : "s");
	if (sacked > 0)
		len = text_add(
			out, size, len, ", %" PRIu64 " of them selectively acknowledged", sacked);
	if (lost > 0)
		text_add(out, size, len, ", %" PRIu64 " held for lost", lost);
}

void
explain_window(const struct explain_source *source, char *out, size_t size)
{
	char text[SHORT_SIZE];
	uint64_t window;

	if (source->row->state == TCP_STATE_LISTEN || source->row->state == TCP_STATE_SYN_SENT ||
		!get(source, TCP_INFO_snd_wnd, &window))
		return;
	if (window == 0 && source->row->timer == SOCKET_TIMER_PERSIST)
		snprintf(out, size, "0: the peer does not read, the kernel probes it");
	else
		snprintf(out, size, "%s announced", brief(window, UNIT_BYTES, text));
}

/* "12% of the time that there was data to send (1.2s of 10s)". */
static void
share_of_busy(
	const struct explain_source *source, enum tcp_info_member member, char *out, size_t size)
{
	char text[2][SHORT_SIZE];
	uint64_t limited;
	uint64_t busy;

	if (!get(source, member, &limited) || !get(source, TCP_INFO_busy_time, &busy) || busy == 0)
		return;
	if (limited == 0)
		snprintf(out, size, "never");
	else
		snprintf(out, size, "%.0f%% of the time with data to send (%s of %s)",
			100.0 * (double)limited / (double)busy, brief(limited, UNIT_US, text[0]),
			brief(busy, UNIT_US, text[1]));
}

void
explain_receiver_limit(const struct explain_source *source, char *out, size_t size)
{
	share_of_busy(source, TCP_INFO_rwnd_limited, out, size);
}

void
explain_sender_limit(const struct explain_source *source, char *out, size_t size)
{
	share_of_busy(source, TCP_INFO_sndbuf_limited, out, size);
}

void
explain_app_limited(const struct explain_source *source, char *out, size_t size)
{
	uint64_t limited;

	const uint8_t state = source->row->state;

	if ((state != TCP_STATE_ESTABLISHED && state != TCP_STATE_CLOSE_WAIT) ||
		!get(source, TCP_INFO_app_limited, &limited))
		return;
	snprintf(out, size, "%s",
		(limited & 1) != 0 ? "yes: it gives less than the path would take"
				   : "no: it gives what the path takes");
}

void
explain_receive_queue(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	char text[SHORT_SIZE];

	if (row->state == TCP_STATE_LISTEN || row->state == TCP_STATE_TIME_WAIT)
		return;
	/* The peer's FIN counts as one byte until the program has read past it. */
	if (row->state == TCP_STATE_CLOSE_WAIT)
		snprintf(out, size, "%s",
			row->receive_queue == 0
				? "empty: the program has seen the end and does not close"
			: row->receive_queue == 1
				? "only the end is unread: the program does not look"
				: "data and the end are unread: the program does not read");
	else
		snprintf(out, size, "%s unread", brief(row->receive_queue, UNIT_BYTES, text));
}

void
explain_send_queue(const struct explain_source *source, char *out, size_t size)
{
	char text[2][SHORT_SIZE];
	uint64_t unsent;
	size_t len;

	if (source->row->state == TCP_STATE_LISTEN || source->row->state == TCP_STATE_TIME_WAIT)
		return;
	len = text_add(out, size, 0, "%s%s", brief(source->row->send_queue, UNIT_BYTES, text[0]),
		source->row->protocol == IPPROTO_TCP ? " not acknowledged" : " not sent");
	if (get(source, TCP_INFO_notsent_bytes, &unsent) && unsent > 0)
		text_add(out, size, len, ", %s of it not yet sent",
			brief(unsent, UNIT_BYTES, text[1]));
}

void
explain_accept_queue(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;

	if (row->state != TCP_STATE_LISTEN)
		return;
	/* The kernel lets one more in than the limit. */
	snprintf(out, size, "%u wait for accept, %u may%s", row->receive_queue, row->send_queue,
		row->receive_queue > row->send_queue       ? ": FULL, new connections are dropped"
		: row->receive_queue > row->send_queue / 2 ? ": more than half full"
							   : "");
}

/* " (2nd try)". */
static void
add_tries(const struct socket_row *row, char *out, size_t size)
{
	const unsigned tries = row->timer_retries + 1U;
	const char *const outcome = tries % 100 / 10 == 1 ? "th"
				    : tries % 10 == 1     ? "st"
				    : tries % 10 == 2     ? "nd"
				    : tries % 10 == 3     ? "rd"
							  : "th";

	if (row->timer_retries > 0)
		snprintf(out, size, " (%u%s try)", tries, outcome);
}

void
explain_timer(const struct explain_source *source, char *out, size_t size)
{
	const struct socket_row *const row = source->row;
	const uint32_t aged_ms = since_ms(source, row->seen_ms);
	const uint32_t left_ms = row->timer_ms > aged_ms ? row->timer_ms - aged_ms : 0;
	char time[SHORT_SIZE];
	char tries[32] = "";

	if ((row->known & SOCKET_CLOSED) != 0)
		return; /* with the socket its timers went */
	brief(left_ms, UNIT_MS, time);
	add_tries(row, tries, sizeof tries);
	switch ((enum socket_timer)row->timer) {
	case SOCKET_TIMER_NONE: snprintf(out, size, "none runs"); break;
	case SOCKET_TIMER_RETRANSMIT:
		snprintf(out, size, "retransmits in %s%s unless it is acknowledged", time, tries);
		break;
	case SOCKET_TIMER_KEEPALIVE:
		if (row->state == TCP_STATE_FIN_WAIT_2)
			snprintf(out, size, "ends in %s unless the peer closes", time);
		else if (row->timer_retries > 0)
			snprintf(out, size, "next keepalive probe in %s; %u were not answered",
				time, row->timer_retries);
		else
			snprintf(out, size, "keepalive probe in %s unless something comes", time);
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
	const uint16_t known = source->row->known;

	if ((known & SOCKET_HAS_KEEPALIVE) == 0 || (known & SOCKET_CLOSED) != 0 ||
		source->row->state == TCP_STATE_TIME_WAIT)
		return;
	snprintf(out, size, "%s",
		(known & SOCKET_KEEPALIVE_ON) != 0
			? "on"
			: "off: a peer that vanishes silently is never noticed while idle");
}

static void
memory(uint32_t used, uint32_t limit, char *out, size_t size)
{
	char text[2][SHORT_SIZE];

	snprintf(out, size, "%s of %s%s", brief(used, UNIT_BYTES, text[0]),
		brief(limit, UNIT_BYTES, text[1]), limit > 0 && used >= limit ? ": full" : "");
}

void
explain_receive_memory(const struct explain_source *source, char *out, size_t size)
{
	if ((source->row->known & SOCKET_HAS_MEMORY) != 0)
		memory(source->row->mem_receive, source->row->receive_buffer, out, size);
}

void
explain_send_memory(const struct explain_source *source, char *out, size_t size)
{
	if ((source->row->known & SOCKET_HAS_MEMORY) != 0)
		memory(source->row->mem_send, source->row->send_buffer, out, size);
}

void
explain_outcome(
	const struct socket_row *row, const struct wire_history *wire, char *out, size_t size)
{
	const char *const state = socket_state_name(row);
	const bool closed = (row->known & SOCKET_CLOSED) != 0;
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
