/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a conversation is called: kinds, endings, sides, times. */
#include <config.h>

#include <sockwatch/model/conversation.h>

#include <inttypes.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_SYN] = "syn",
	[EVENT_SYN_ACK] = "syn-ack",
	[EVENT_HANDSHAKE_DONE] = "handshake-done",
	[EVENT_SIMULTANEOUS_SYN] = "simultaneous-syn",
	[EVENT_DATA] = "data",
	[EVENT_ACK] = "ack",
	[EVENT_FIN] = "fin",
	[EVENT_FIN_ACK] = "fin-ack",
	[EVENT_RST] = "rst",
	[EVENT_REFUSED] = "refused",
	[EVENT_RETRANSMIT] = "retransmit",
	[EVENT_KEEPALIVE] = "keepalive",
	[EVENT_ZERO_WINDOW] = "zero-window",
	[EVENT_WINDOW_PROBE] = "window-probe",
	[EVENT_WINDOW_UPDATE] = "window-update",
	[EVENT_ILLEGAL] = "illegal",
};

static const char *const ending_names[] = {
	[CONVERSATION_ENDING_NONE] = "open",
	[CONVERSATION_ENDING_CLOSED] = "closed",
	[CONVERSATION_ENDING_REFUSED] = "refused",
	[CONVERSATION_ENDING_RESET] = "reset",
	[CONVERSATION_ENDING_TIMEOUT] = "timeout",
	[CONVERSATION_ENDING_GONE] = "gone",
};

const char *
event_kind_name(enum event_kind kind)
{
	return (unsigned int)kind < EVENT_KIND_COUNT ? kind_names[kind] : "";
}

const char *
conversation_ending_name(enum conversation_ending ending)
{
	return (unsigned int)ending < sizeof ending_names / sizeof *ending_names
		       ? ending_names[ending]
		       : "";
}

size_t
conversation_format_side(
	const struct conversation *conversation, uint8_t side, char *out, size_t size)
{
	const char *word;

	if (conversation->local_side != CONVERSATION_SIDE_UNKNOWN)
		word = side == conversation->local_side ? "us" : "peer";
	else if (!conversation->mid_stream)
		word = side == 0 ? "client" : "server";
	else
		return (size_t)snprintf(out, size, "port %u", conversation->port[side & 1]);
	return (size_t)snprintf(out, size, "%s", word);
}

/* The try that number is: "2nd try". */
size_t
conversation_format_try(unsigned number, char *out, size_t size)
{
	static const char *const endings[] = {"th", "st", "nd", "rd"};
	const unsigned last = number % 10;
	const bool teen = number / 10 % 10 == 1;

	return (size_t)snprintf(
		out, size, "%u%s try", number, endings[last <= 3 && !teen ? last : 0]);
}

size_t
conversation_format_span(uint64_t ns, char *out, size_t size)
{
	const uint64_t us = ns / 1000, s = ns / CLOCK_NS_PER_S;

	if (us < 1000)
		return (size_t)snprintf(out, size, "%" PRIu64 " us", us);
	if (s == 0)
		return (size_t)snprintf(
			out, size, "%" PRIu64 ".%u ms", us / 1000, (unsigned)(us / 100 % 10));
	if (s < 60)
		return (size_t)snprintf(
			out, size, "%" PRIu64 ".%u s", s, (unsigned)(us / 100000 % 10));
	if (s < 3600)
		return (size_t)snprintf(
			out, size, "%" PRIu64 " min %u s", s / 60, (unsigned)(s % 60));
	return (size_t)snprintf(
		out, size, "%" PRIu64 " h %u min", s / 3600, (unsigned)(s / 60 % 60));
}

static size_t
format_reset(const struct conversation *conversation, const char *by, char *out, size_t size)
{
	const char *when = " without data";

	if (!conversation->established)
		when = " in the handshake";
	else if (conversation->first_fin != CONVERSATION_SIDE_UNKNOWN)
		when = " after a close";
	else if (conversation->side[0].bytes != 0 || conversation->side[1].bytes != 0)
		when = " after data";
	else if (conversation->mid_stream)
		when = "";
	return (size_t)snprintf(out, size, "reset by %s%s", by, when);
}

static size_t
format_timeout(const struct conversation *conversation, char *out, size_t size)
{
	const unsigned tries = conversation->side[0].syn_retransmits + 1U;

	if (conversation->syn_ack_ns != 0)
		return (size_t)snprintf(out, size, "handshake not completed");
	return (size_t)snprintf(out, size, "no answer to %u SYN%s", tries, tries == 1 ? "" : "s");
}

size_t
conversation_format_ending(const struct conversation *conversation, char *out, size_t size)
{
	char by[16] = "";

	if (conversation->ended_by != CONVERSATION_SIDE_UNKNOWN)
		conversation_format_side(conversation, conversation->ended_by, by, sizeof by);
	switch ((enum conversation_ending)conversation->ending) {
	case CONVERSATION_ENDING_NONE:
		if (conversation->first_fin == CONVERSATION_SIDE_UNKNOWN)
			return (size_t)snprintf(out, size, "%s", "");
		conversation_format_side(conversation, conversation->first_fin, by, sizeof by);
		return (size_t)snprintf(out, size, "half closed by %s", by);
	case CONVERSATION_ENDING_CLOSED:
		if (conversation->both_closed)
			return (size_t)snprintf(out, size, "closed by both at once");
		return (size_t)snprintf(out, size, "closed by %s", by);
	case CONVERSATION_ENDING_REFUSED: return (size_t)snprintf(out, size, "refused");
	case CONVERSATION_ENDING_RESET: return format_reset(conversation, by, out, size);
	case CONVERSATION_ENDING_TIMEOUT: return format_timeout(conversation, out, size);
	case CONVERSATION_ENDING_GONE: break;
	}
	return (size_t)snprintf(out, size, "gone");
}

bool
conversation_handshake(
	const struct conversation *conversation, uint64_t *network_us, uint64_t *ack_us)
{
	const uint64_t syn_ns = conversation->answered_ns;
	const uint64_t syn_ack_ns = conversation->syn_ack_ns;

	if (syn_ns == 0 || syn_ack_ns < syn_ns)
		return false;
	*network_us = (syn_ack_ns - syn_ns) / 1000;
	*ack_us = CONVERSATION_UNKNOWN_US;
	if (conversation->established_ns >= syn_ack_ns)
		*ack_us = (conversation->established_ns - syn_ack_ns) / 1000;
	return true;
}

size_t
event_format_fold(const struct event *event, char *out, size_t size)
{
	const bool from = (event->side == 0) != (event->fold_scope == EVENT_FOLD_OPENER);

	if (event->folded == 0)
		return (size_t)snprintf(out, size, "%s", "");
	return (size_t)snprintf(out, size, "%" PRIu32 " times %s about %" PRIu32 " address%s",
		event->folded + 1, from ? "from" : "to", event->sources,
		event->sources == 1 ? "" : "es");
}
