/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of a conversation: outcomes, sides, times.
 *
 *   conversation_follow.c   a segment: FIN, ACK, data    conversation_open.c   SYN, SYN-ACK
 *   conversation_numbers.c  sequence numbers, bytes      conversation_state.c  the states
 *   conversation_words.c    words for the event          conversation_reset.c  RST
 *   duplicate.c             copies                       sightings.c           segments seen last
 *   resend.c                sent again, or overtaken     holes.c               what is missing
 *   resend_order.c          which was sent first         resend_pair.c         what comes once more
 */
#include <config.h>

#include <sockwatch/model/conversation.h>

#include <sockwatch/base/duration.h>
#include <sockwatch/base/word.h>

#include "conversation_private.h"

static const char *const outcome_names[] = {
	[CONVERSATION_OUTCOME_NONE] = "open",
	[CONVERSATION_OUTCOME_CLOSED] = "closed",
	[CONVERSATION_OUTCOME_REFUSED] = "refused",
	[CONVERSATION_OUTCOME_RESET] = "reset",
	[CONVERSATION_OUTCOME_TIMEOUT] = "timeout",
	[CONVERSATION_OUTCOME_GONE] = "gone",
};

const char *
conversation_outcome_name(enum conversation_outcome outcome)
{
	return (unsigned int)outcome < sizeof outcome_names / sizeof *outcome_names
		       ? outcome_names[outcome]
		       : "";
}

uint8_t
conversation_side_of(
	const struct conversation *conversation, const struct address *address, uint16_t port)
{
	return conversation->port[0] != port ||
	       address_compare(&conversation->address[0], address) != 0;
}

static void
append_side(struct phrase *phrase, const struct conversation *conversation, uint8_t side)
{
	if (conversation->local_side != CONVERSATION_SIDE_UNKNOWN) {
		phrase_text(phrase, side == conversation->local_side ? "us" : "peer");
	} else if (!conversation->mid_stream) {
		phrase_text(phrase, side == 0 ? "client" : "server");
	} else {
		phrase_text(phrase, "port ");
		phrase_number(phrase, conversation->port[side & 1]);
	}
}

size_t
conversation_format_side(
	const struct conversation *conversation, uint8_t side, char *out, size_t size)
{
	struct phrase phrase = phrase_begin(out, size);

	append_side(&phrase, conversation, side);
	return phrase.len;
}

void
conversation_append_try(struct phrase *phrase, unsigned number)
{
	phrase_number(phrase, number);
	phrase_text(phrase, word_ordinal_ending(number));
	phrase_text(phrase, " try");
}

void
conversation_append_span(struct phrase *phrase, uint64_t ns)
{
	char text[DURATION_TEXT_SIZE];

	phrase_text(phrase, duration_format(ns, DURATION_LONG, text, sizeof text));
}

static const char *
when_reset(const struct conversation *conversation)
{
	/* A reset may be all that was ever seen of it. */
	if (!conversation->established)
		return conversation->syn_ns != 0 || conversation->syn_ack_ns != 0
			       ? " in the handshake"
			       : "";
	if (conversation->first_fin != CONVERSATION_SIDE_UNKNOWN)
		return " after a close";
	if (conversation->side[0].bytes != 0 || conversation->side[1].bytes != 0)
		return " after data";
	return conversation->mid_stream ? "" : " without data";
}

static void
append_timeout(struct phrase *phrase, const struct conversation *conversation)
{
	const unsigned tries = conversation->side[0].syn_retransmits + 1U;

	if (conversation->syn_ack_ns != 0) {
		phrase_text(phrase, "handshake not completed");
		return;
	}
	phrase_text(phrase, "no answer to ");
	phrase_number(phrase, tries);
	phrase_text(phrase, tries == 1 ? " SYN" : " SYNs");
}

bool
conversation_is_given_up(const struct conversation *conversation)
{
	return conversation->outcome == CONVERSATION_OUTCOME_GONE && conversation->syn_ns != 0 &&
	       conversation->side[1].segments == 0;
}

void
conversation_append_outcome(struct phrase *phrase, const struct conversation *conversation)
{
	switch ((enum conversation_outcome)conversation->outcome) {
	case CONVERSATION_OUTCOME_NONE:
		if (conversation->first_fin == CONVERSATION_SIDE_UNKNOWN)
			break;
		phrase_text(phrase, "half closed by ");
		append_side(phrase, conversation, conversation->first_fin);
		break;
	case CONVERSATION_OUTCOME_CLOSED:
		phrase_text(phrase, "closed by ");
		if (conversation->both_closed)
			phrase_text(phrase, "both at once");
		else
			append_side(phrase, conversation, conversation->ended_by);
		break;
	case CONVERSATION_OUTCOME_REFUSED: phrase_text(phrase, "refused"); break;
	case CONVERSATION_OUTCOME_RESET:
		phrase_text(phrase, "reset by ");
		append_side(phrase, conversation, conversation->ended_by);
		phrase_text(phrase, when_reset(conversation));
		break;
	case CONVERSATION_OUTCOME_TIMEOUT: append_timeout(phrase, conversation); break;
	case CONVERSATION_OUTCOME_GONE:
		if (conversation_is_given_up(conversation)) {
			phrase_text(phrase, "given up, ");
			append_timeout(phrase, conversation);
		} else {
			phrase_text(phrase, "gone");
		}
		break;
	}
}

size_t
conversation_format_outcome(const struct conversation *conversation, char *out, size_t size)
{
	struct phrase phrase = phrase_begin(out, size);

	conversation_append_outcome(&phrase, conversation);
	return phrase.len;
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
