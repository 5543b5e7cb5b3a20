/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains how a connection was opened, used and closed, as the wire showed it. */
#include <config.h>

#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/conversation.h>

enum { SHORT_SIZE = 40, READ_EASILY = 10000 };

/* The conversation, or NULL: nothing of it was seen. */
static const struct conversation *
conversation_of(const struct explain_source *source)
{
	return source->wire->known ? &source->wire->conversation : NULL;
}

static const char *
who(const struct explain_source *source, uint8_t side)
{
	return side == source->wire->us ? "us" : "the peer";
}

static const char *
span_us(uint64_t us, char *out)
{
	return duration_format(us * CLOCK_NS_PER_US, DURATION_SHORT, out, SHORT_SIZE);
}

void
explain_wire_opened(const struct explain_source *source, char *out, size_t size)
{
	const struct conversation *const conversation = conversation_of(source);
	char clock[SHORT_SIZE];

	if (conversation == NULL)
		return;
	if (!conversation->mid_stream && conversation->syn_ns == 0 &&
		conversation->syn_ack_ns != 0) {
		snprintf(out, size, "by %s; %s SYN was not seen", who(source, 0),
			source->wire->us == 0 ? "our" : "its");
		return;
	}
	if (conversation->mid_stream || conversation->syn_ns == 0) {
		snprintf(out, size, "not seen: it was open before the capture began");
		return;
	}
	clock_format_time(model_wall_ns(source->model, conversation->syn_ns), clock, sizeof clock);
	snprintf(out, size, "by %s at %s",
		conversation->simultaneous ? "both at once" : who(source, 0), clock);
}

void
explain_wire_handshake(const struct explain_source *source, char *out, size_t size)
{
	const struct conversation *const conversation = conversation_of(source);
	char text[3][SHORT_SIZE];
	uint64_t network_us, ack_us;

	if (conversation == NULL || !conversation_handshake(conversation, &network_us, &ack_us))
		return;
	if (ack_us == CONVERSATION_UNKNOWN_US)
		snprintf(out, size, "SYN-ACK after %s, its ACK was not captured",
			span_us(network_us, text[0]));
	else
		snprintf(out, size, "%s (SYN-ACK after %s, ACK %s)",
			span_us(network_us + ack_us, text[0]), span_us(network_us, text[1]),
			span_us(ack_us, text[2]));
}

void
explain_wire_syn_again(const struct explain_source *source, char *out, size_t size)
{
	const struct conversation *const conversation = conversation_of(source);
	char text[SHORT_SIZE];
	unsigned syn, syn_ack;
	size_t len = 0;

	if (conversation == NULL)
		return;
	syn = conversation->side[0].syn_retransmits;
	syn_ack = conversation->side[1].syn_retransmits;
	if (syn > 0)
		len = text_add(out, size, 0, "SYN sent %u times", syn + 1);
	if (syn_ack > 0)
		len = text_add(out, size, len, "%sSYN-ACK sent %u times", len > 0 ? ", " : "",
			syn_ack + 1);
	if (syn > 0 && conversation->syn_ack_ns > conversation->syn_ns)
		text_add(out, size, len, "; answered after %s",
			duration_format(conversation->syn_ack_ns - conversation->syn_ns,
				DURATION_SHORT, text, sizeof text));
}

/* The part of the handshake that crossed the network and came back to us. */
static bool
find_handshake_rtt(const struct explain_source *source, uint64_t *us)
{
	const struct conversation *const conversation = conversation_of(source);
	uint64_t network_us, ack_us;

	if (conversation == NULL || !conversation_handshake(conversation, &network_us, &ack_us))
		return false;
	*us = source->wire->us == 0 ? network_us : ack_us;
	return *us != CONVERSATION_UNKNOWN_US;
}

void
explain_wire_round_trips(const struct explain_source *source, char *out, size_t size)
{
	char text[SHORT_SIZE];
	uint64_t us;
	double probe_us;
	size_t len = 0;

	if (source->row->remote_port == 0)
		return;
	if (tcp_info_get(&source->figures->tcp, TCP_INFO_rtt, &us) && us != 0)
		len = text_add(out, size, 0, "kernel %s", span_us(us, text));
	if (find_handshake_rtt(source, &us))
		len = text_add(
			out, size, len, "%shandshake %s", len > 0 ? ", " : "", span_us(us, text));
	if (explain_path_rtt(source, &probe_us))
		text_add(out, size, len, "%sprobe %s", len > 0 ? ", " : "",
			span_us((uint64_t)probe_us, text));
}

/* Its beginning was not seen, perhaps only its end. */
static bool
is_part(const struct conversation *conversation)
{
	return conversation->mid_stream ||
	       (conversation->syn_ns == 0 && conversation->syn_ack_ns == 0);
}

/*
 * Bytes that passed unseen are known modulo 4 GiB only. The kernel's count, which includes the SYN
 * and is up to a refresh old, shows how many times 4 GiB to add.
 */
static uint64_t
bytes_of(const struct explain_source *source, uint8_t which)
{
	const struct conversation *const conversation = conversation_of(source);
	const uint64_t seen = conversation->side[which].bytes;
	const enum tcp_info_member member =
		which == source->wire->us ? TCP_INFO_bytes_acked : TCP_INFO_bytes_received;
	uint64_t counted;

	if (is_part(conversation) || !tcp_info_get(&source->figures->tcp, member, &counted))
		return seen;
	return counted + (uint64_t)(int64_t)(int32_t)(uint32_t)(seen - counted);
}

static void
format_bytes(const struct explain_source *source, uint8_t which, char *out, size_t size)
{
	const struct conversation *const conversation = conversation_of(source);
	const struct conversation_side *side;
	char text[SHORT_SIZE];
	uint64_t bytes;
	size_t len;

	if (conversation == NULL)
		return;
	side = &conversation->side[which];
	/* The numbers of SYN and FIN show how much went between them; before the FIN nothing is
	 * known. */
	if (side->bytes == 0 && !conversation->full && !side->fin && conversation->established &&
		conversation->outcome == CONVERSATION_OUTCOME_NONE)
		return;
	if (side->bytes == 0 && !conversation->full && is_part(conversation))
		return;
	bytes = bytes_of(source, which);
	len = text_add(out, size, 0, "%" PRIu64 " byte%s%s", bytes, number_plural(bytes),
		is_part(conversation) ? " seen" : "");
	if (bytes >= READ_EASILY)
		len = text_add(out, size, len, " (%s)",
			number_format_short(bytes, UNIT_BYTES, text, sizeof text));
	if (conversation->full)
		len = text_add(out, size, len, ", %" PRIu32 " segment%s captured", side->segments,
			number_plural(side->segments));
	if (side->retransmits > 0)
		len = text_add(out, size, len,
			conversation->full       ? ", %u of them retransmitted"
			: side->retransmits == 1 ? ", %u segment retransmitted"
						 : ", %u segments retransmitted",
			side->retransmits);
	if (side->undecided > 0)
		text_add(out, size, len, ", %u out of order or retransmitted", side->undecided);
}

void
explain_wire_sent(const struct explain_source *source, char *out, size_t size)
{
	format_bytes(source, source->wire->us, out, size);
}

void
explain_wire_received(const struct explain_source *source, char *out, size_t size)
{
	format_bytes(source, source->wire->us ^ 1, out, size);
}

void
explain_wire_close(const struct explain_source *source, char *out, size_t size)
{
	const struct conversation *const conversation = conversation_of(source);
	char text[SHORT_SIZE];
	size_t len;

	if (conversation == NULL || conversation->first_fin == CONVERSATION_SIDE_UNKNOWN)
		return;
	len = text_add(out, size, 0, "by %s",
		conversation->both_closed ? "both at once" : who(source, conversation->first_fin));
	if (conversation->fin_ns > conversation->syn_ns && conversation->syn_ns != 0)
		text_add(out, size, len, " after %s",
			duration_format(conversation->fin_ns - conversation->syn_ns, DURATION_SHORT,
				text, sizeof text));
}

void
explain_wire_end(const struct explain_source *source, char *out, size_t size)
{
	const struct conversation *const conversation = conversation_of(source);
	char text[SHORT_SIZE];
	size_t len;

	if (conversation == NULL)
		return;
	len = conversation_format_outcome(conversation, out, size);
	if (len > 0 && conversation->ended_ns > conversation->first_ns && !conversation->mid_stream)
		text_add(out, size, len, ", lived %s",
			duration_format(conversation->ended_ns - conversation->first_ns,
				DURATION_SHORT, text, sizeof text));
}
