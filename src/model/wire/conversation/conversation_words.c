/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts what a segment did into a few words. */
#include <config.h>

#include "conversation_private.h"

static void
append_illegal(struct step *step)
{
	const uint16_t flags = step->segment->flags;
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
	phrase_text(&step->words, word);
}

/* Since what it repeats was sent, or passed over; not known where it was followed by other data. */
static void
append_since(struct step *step)
{
	const uint64_t time_ns = step->segment->time_ns;
	const bool is_data = (step->segment->flags & (SEGMENT_SYN | SEGMENT_FIN)) == 0;

	if (is_data && !step->late && !step->last)
		return;
	phrase_text(&step->words, " after ");
	if (is_data && step->late && time_ns > step->hole.since_ns)
		conversation_append_span(&step->words, time_ns - step->hole.since_ns);
	else
		conversation_append_span(&step->words, step->since_ns);
}

static void
append_retransmit(struct step *step)
{
	const uint16_t flags = step->segment->flags;
	struct phrase *const words = &step->words;

	if ((flags & SEGMENT_SYN) != 0)
		phrase_text(words, (flags & SEGMENT_ACK) != 0 ? "SYN-ACK again, " : "SYN again, ");
	else if ((flags & SEGMENT_FIN) != 0)
		phrase_text(words, "FIN again, ");
	else
		phrase_text(words, "again");
	if ((flags & SEGMENT_SYN) != 0)
		conversation_append_try(words, step->from->syn_retransmits + 1U);
	else if ((flags & SEGMENT_FIN) != 0)
		conversation_append_try(words, step->from->fin_retransmits + 1U);
	append_since(step);
}

/* Since the first SYN; nothing when it was not seen. */
static void
append_age(struct step *step, const char *before)
{
	const uint64_t syn_ns = step->conversation->syn_ns;

	if (syn_ns == 0 || step->segment->time_ns < syn_ns)
		return;
	phrase_text(&step->words, before);
	conversation_append_span(&step->words, step->segment->time_ns - syn_ns);
}

static void
append_side(struct step *step)
{
	struct phrase *const words = &step->words;

	words->len += conversation_format_side(
		step->conversation, step->side, words->out + words->len, words->size - words->len);
}

static void
append_fin_ack(struct step *step)
{
	if ((step->segment->flags & SEGMENT_FIN) == 0) {
		phrase_text(&step->words, step->from->fin && step->from->fin_acked
						  ? "close done"
						  : "FIN acknowledged");
		return;
	}
	conversation_append_outcome(&step->words, step->conversation);
	append_age(step, ", lived ");
}

static void
append_reset(struct step *step)
{
	const struct conversation *const conversation = step->conversation;

	if (conversation->ended_ns != step->segment->time_ns ||
		conversation->ended_by != step->side)
		phrase_text(&step->words, "after the end");
	else
		conversation_append_outcome(&step->words, conversation);
}

static void
append_window(struct step *step)
{
	if (step->zero_ns == 0 || step->segment->time_ns < step->zero_ns)
		return;
	phrase_text(&step->words, "window open again after ");
	conversation_append_span(&step->words, step->segment->time_ns - step->zero_ns);
}

static void
append_late(struct step *step)
{
	if (step->late && step->hole.acknowledged)
		phrase_text(&step->words, "seen after its ACK");
	else
		phrase_text(&step->words,
			step->undecided ? "out of order or sent again" : "out of order");
	if (step->overtaken)
		phrase_text(&step->words, ", after its repetition");
}

void
conversation_words(struct step *step)
{
	struct phrase *const words = &step->words;

	if (words->len != 0)
		return;
	switch (step->kind) {
	case EVENT_SYN: phrase_text(words, "1/3"); break;
	case EVENT_SYN_ACK:
		phrase_text(words, step->conversation->simultaneous ? "3/4" : "2/3");
		break;
	case EVENT_HANDSHAKE_DONE:
		phrase_text(words, "established");
		append_age(step, " in ");
		break;
	case EVENT_SIMULTANEOUS_SYN: phrase_text(words, "simultaneous open"); break;
	case EVENT_FIN:
		phrase_text(words, "close begun by ");
		append_side(step);
		break;
	case EVENT_FIN_ACK: append_fin_ack(step); break;
	case EVENT_RST: append_reset(step); break;
	case EVENT_REFUSED: phrase_text(words, "refused"); break;
	case EVENT_RETRANSMIT: append_retransmit(step); break;
	case EVENT_KEEPALIVE: phrase_text(words, "keep-alive"); break;
	case EVENT_WINDOW_PROBE: phrase_text(words, "window probe"); break;
	case EVENT_ZERO_WINDOW:
		append_side(step);
		phrase_text(words, " can take no more");
		break;
	case EVENT_WINDOW_UPDATE: append_window(step); break;
	case EVENT_ILLEGAL: append_illegal(step); break;
	case EVENT_DATA:
		if (step->late || step->overtaken || step->undecided)
			append_late(step);
		break;
	case EVENT_ACK:
	case EVENT_KIND_COUNT: break;
	}
}
