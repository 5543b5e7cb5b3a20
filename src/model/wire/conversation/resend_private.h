/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by resend.c, resend_order.c and resend_pair.c: which of two segments was sent first. */
#ifndef SOCKWATCH_MODEL_WIRE_CONVERSATION_RESEND_PRIVATE_H
#define SOCKWATCH_MODEL_WIRE_CONVERSATION_RESEND_PRIVATE_H

#include "conversation_private.h"

enum {
	/* So late is nothing that was overtaken, unless the way to the sender takes longer. */
	RESEND_LATE_MS = 3,
	RESEND_IDS_NEAR = 1024,
};

enum order { ORDER_UNKNOWN, ORDER_EARLIER, ORDER_LATER };

/* Of numbers on their circle, against those of the segment before. */
enum order resend_order_by(uint32_t own, uint32_t opener);
/* The same; timestamps of 0 are not known. */
enum order resend_order_by_timestamp(uint32_t own, uint32_t opener);
/* By both, of which the second is what it echoes (RFC 7323). */
enum order resend_order_by_timestamps(
	const struct segment_options *options, uint32_t timestamp, uint32_t echo);
/* Of the segment against one with that IP id; 0 is not known. */
enum order resend_order_by_ids(const struct step *step, uint16_t opener);
/* Nanoseconds since then; 0 when the segment is older. */
uint64_t resend_passed(const struct step *step, uint64_t since_ns);
/* So late something came that had been overtaken. */
void resend_learn_overtaken(struct holes_lesson *lesson, uint32_t age_us);

#endif
