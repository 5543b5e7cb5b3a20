/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a segment did, in a few words for the last column. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conversation_private.h"

enum { SPAN_SIZE = 32, TRY_SIZE = 16, SIDE_SIZE = 16 };

void
conversation_say(struct turn *turn, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(turn->words, turn->words_size, format, arguments);
	va_end(arguments);
}

static void
say_illegal(struct turn *turn)
{
	const uint16_t flags = turn->segment->flags;
	const char *word = "no ACK";

	if ((flags & (SEGMENT_SYN | SEGMENT_FIN)) == (SEGMENT_SYN | SEGMENT_FIN))
		word = "SYN with FIN";
	else if ((flags & (SEGMENT_SYN | SEGMENT_RST)) == (SEGMENT_SYN | SEGMENT_RST))
		word = "SYN with RST";
	else if ((flags & (SEGMENT_FIN | SEGMENT_RST)) == (SEGMENT_FIN | SEGMENT_RST))
		word = "FIN with RST";
	else if ((flags & (SEGMENT_FIN | SEGMENT_PSH | SEGMENT_URG)) ==
		 (SEGMENT_FIN | SEGMENT_PSH | SEGMENT_URG))
		word = "xmas: a scan";
	else if ((flags & SEGMENT_FIN) != 0)
		word = "FIN without ACK: a scan";
	else if ((flags & (SEGMENT_PSH | SEGMENT_URG)) == 0)
		word = "null: a scan";
	conversation_say(turn, "%s", word);
}

static void
say_retransmit(struct turn *turn)
{
	const uint16_t flags = turn->segment->flags;
	char span[SPAN_SIZE], number[TRY_SIZE];

	conversation_format_span(turn->since_ns, span, sizeof span);
	if ((flags & SEGMENT_SYN) != 0) {
		conversation_format_try(turn->from->syn_retransmits + 1U, number, sizeof number);
		conversation_say(turn, "%s again, %s after %s",
			(flags & SEGMENT_ACK) != 0 ? "SYN-ACK" : "SYN", number, span);
	} else if ((flags & SEGMENT_FIN) != 0) {
		conversation_format_try(turn->from->fin_retransmits + 1U, number, sizeof number);
		conversation_say(turn, "FIN again, %s after %s", number, span);
	} else {
		conversation_say(turn, "again after %s", span);
	}
}

static void
say_established(struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;
	const uint64_t now_ns = turn->segment->time_ns;
	char span[SPAN_SIZE];

	if (conversation->syn_ns == 0 || now_ns < conversation->syn_ns) {
		conversation_say(turn, "established");
		return;
	}
	conversation_format_span(now_ns - conversation->syn_ns, span, sizeof span);
	conversation_say(turn, "established in %s", span);
}

static void
say_fin(struct turn *turn)
{
	char side[SIDE_SIZE];

	conversation_format_side(turn->conversation, turn->side, side, sizeof side);
	conversation_say(turn, "close begun by %s", side);
}

static void
say_fin_ack(struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;
	char ending[40], span[SPAN_SIZE];

	if ((turn->segment->flags & SEGMENT_FIN) == 0) {
		conversation_say(turn, "%s",
			turn->from->fin && turn->from->fin_acked ? "close done"
								 : "FIN acknowledged");
		return;
	}
	conversation_format_ending(conversation, ending, sizeof ending);
	if (conversation->syn_ns == 0 || turn->segment->time_ns < conversation->syn_ns) {
		conversation_say(turn, "%s", ending);
		return;
	}
	conversation_format_span(turn->segment->time_ns - conversation->syn_ns, span, sizeof span);
	conversation_say(turn, "%s, lived %s", ending, span);
}

static void
say_reset(struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;
	char ending[48];

	if (conversation->ended_ns != turn->segment->time_ns ||
		conversation->ended_by != turn->side) {
		conversation_say(turn, "after the end");
		return;
	}
	conversation_format_ending(conversation, ending, sizeof ending);
	conversation_say(turn, "%s", ending);
}

static void
say_window(struct turn *turn)
{
	char side[SIDE_SIZE], span[SPAN_SIZE];

	if (turn->kind == EVENT_ZERO_WINDOW) {
		conversation_format_side(turn->conversation, turn->side, side, sizeof side);
		conversation_say(turn, "%s can take no more", side);
	} else if (turn->zero_ns != 0 && turn->segment->time_ns >= turn->zero_ns) {
		conversation_format_span(turn->segment->time_ns - turn->zero_ns, span, sizeof span);
		conversation_say(turn, "window open again after %s", span);
	}
}

/* The frequent ones are copied, not formatted. */
static void
copy(struct turn *turn, const char *words)
{
	const size_t len = strlen(words) + 1;

	if (len <= turn->words_size)
		memcpy(turn->words, words, len);
}

void
conversation_words(struct turn *turn)
{
	if (turn->words[0] != '\0')
		return;
	switch (turn->kind) {
	case EVENT_SYN: copy(turn, "1/3"); break;
	case EVENT_SYN_ACK: copy(turn, turn->conversation->simultaneous ? "3/4" : "2/3"); break;
	case EVENT_HANDSHAKE_DONE: say_established(turn); break;
	case EVENT_SIMULTANEOUS_SYN: copy(turn, "simultaneous open"); break;
	case EVENT_FIN: say_fin(turn); break;
	case EVENT_FIN_ACK: say_fin_ack(turn); break;
	case EVENT_RST: say_reset(turn); break;
	case EVENT_REFUSED: copy(turn, "refused"); break;
	case EVENT_RETRANSMIT: say_retransmit(turn); break;
	case EVENT_KEEPALIVE: copy(turn, "keep-alive"); break;
	case EVENT_WINDOW_PROBE: copy(turn, "window probe"); break;
	case EVENT_ZERO_WINDOW:
	case EVENT_WINDOW_UPDATE: say_window(turn); break;
	case EVENT_ILLEGAL: say_illegal(turn); break;
	case EVENT_DATA:
		if (turn->late)
			copy(turn, "out of order");
		break;
	case EVENT_ACK:
	case EVENT_KIND_COUNT: break;
	}
}
