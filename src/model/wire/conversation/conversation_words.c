/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a segment did, in a few words for the last column. */
#include <config.h>

#include "conversation_private.h"

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
	phrase_text(&turn->words, word);
}

static void
say_retransmit(struct turn *turn)
{
	const uint16_t flags = turn->segment->flags;
	struct phrase *const words = &turn->words;

	if ((flags & SEGMENT_SYN) != 0)
		phrase_text(words, (flags & SEGMENT_ACK) != 0 ? "SYN-ACK again, " : "SYN again, ");
	else if ((flags & SEGMENT_FIN) != 0)
		phrase_text(words, "FIN again, ");
	else
		phrase_text(words, "again");
	if ((flags & SEGMENT_SYN) != 0)
		conversation_say_try(words, turn->from->syn_retransmits + 1U);
	else if ((flags & SEGMENT_FIN) != 0)
		conversation_say_try(words, turn->from->fin_retransmits + 1U);
	phrase_text(words, " after ");
	conversation_say_span(words, turn->since_ns);
}

/* Since the first SYN; nothing when it was not seen. */
static void
say_life(struct turn *turn, const char *before)
{
	const uint64_t syn_ns = turn->conversation->syn_ns;

	if (syn_ns == 0 || turn->segment->time_ns < syn_ns)
		return;
	phrase_text(&turn->words, before);
	conversation_say_span(&turn->words, turn->segment->time_ns - syn_ns);
}

static void
say_side(struct turn *turn)
{
	struct phrase *const words = &turn->words;

	words->len += conversation_format_side(
		turn->conversation, turn->side, words->out + words->len, words->size - words->len);
}

static void
say_fin_ack(struct turn *turn)
{
	if ((turn->segment->flags & SEGMENT_FIN) == 0) {
		phrase_text(&turn->words, turn->from->fin && turn->from->fin_acked
						  ? "close done"
						  : "FIN acknowledged");
		return;
	}
	conversation_append_outcome(&turn->words, turn->conversation);
	say_life(turn, ", lived ");
}

static void
say_reset(struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;

	if (conversation->ended_ns != turn->segment->time_ns ||
		conversation->ended_by != turn->side)
		phrase_text(&turn->words, "after the end");
	else
		conversation_append_outcome(&turn->words, conversation);
}

static void
say_window(struct turn *turn)
{
	if (turn->zero_ns == 0 || turn->segment->time_ns < turn->zero_ns)
		return;
	phrase_text(&turn->words, "window open again after ");
	conversation_say_span(&turn->words, turn->segment->time_ns - turn->zero_ns);
}

void
conversation_words(struct turn *turn)
{
	struct phrase *const words = &turn->words;

	if (words->len != 0)
		return;
	switch (turn->kind) {
	case EVENT_SYN: phrase_text(words, "1/3"); break;
	case EVENT_SYN_ACK:
		phrase_text(words, turn->conversation->simultaneous ? "3/4" : "2/3");
		break;
	case EVENT_HANDSHAKE_DONE:
		phrase_text(words, "established");
		say_life(turn, " in ");
		break;
	case EVENT_SIMULTANEOUS_SYN: phrase_text(words, "simultaneous open"); break;
	case EVENT_FIN:
		phrase_text(words, "close begun by ");
		say_side(turn);
		break;
	case EVENT_FIN_ACK: say_fin_ack(turn); break;
	case EVENT_RST: say_reset(turn); break;
	case EVENT_REFUSED: phrase_text(words, "refused"); break;
	case EVENT_RETRANSMIT: say_retransmit(turn); break;
	case EVENT_KEEPALIVE: phrase_text(words, "keep-alive"); break;
	case EVENT_WINDOW_PROBE: phrase_text(words, "window probe"); break;
	case EVENT_ZERO_WINDOW:
		say_side(turn);
		phrase_text(words, " can take no more");
		break;
	case EVENT_WINDOW_UPDATE: say_window(turn); break;
	case EVENT_ILLEGAL: say_illegal(turn); break;
	case EVENT_DATA:
		if (turn->late)
			phrase_text(words, "out of order");
		break;
	case EVENT_ACK:
	case EVENT_KIND_COUNT: break;
	}
}
