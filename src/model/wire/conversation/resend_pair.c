/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that filled a hole comes once more: one of the two was sent again, and the other had been
 * overtaken, perhaps by its own repetition. What was counted for the first is put right.
 */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "resend_private.h"

/* So soon after a segment its repetition comes, or what it had overtaken itself. */
static uint64_t
pair_span(const struct step *step)
{
	return RESEND_LATE_MS * CLOCK_NS_PER_MS + resend_loop(step) / 8 * 9;
}

/* The segment that filled a hole with some of these numbers lately, or NULL. */
static struct hole_filler *
find_filler(const struct step *step, struct holes_lesson *lesson)
{
	struct hole_filler *found = NULL;

	for (size_t i = 0; i < HOLE_FILLERS; i++) {
		struct hole_filler *const filler = &lesson->fillers[i];

		if (filler->time_ns == 0 ||
			resend_passed(step, filler->time_ns) >= pair_span(step) ||
			sequence_distance(step->segment->seq, filler->end) >= 0 ||
			sequence_distance(segment_end(step->segment), filler->begin) <= 0)
			continue;
		if (found == NULL || filler->time_ns > found->time_ns)
			found = filler;
	}
	return found;
}

/* Was the segment sent before what filled the hole, or after it, or at least after the hole? */
static enum order
order_of_pair(const struct step *step, const struct hole_filler *filler)
{
	struct segment_options options;
	enum order order;

	segment_read_options(step->segment, &options);
	order = resend_order_by_timestamps(&options, filler->timestamp, filler->echo);
	if (order == ORDER_UNKNOWN)
		order = resend_order_by_ids(step, filler->ip_id);
	if (order == ORDER_UNKNOWN && (resend_order_by_timestamp(options.timestamp,
					       filler->hole_timestamp) == ORDER_LATER ||
					      resend_order_by_timestamp(options.timestamp_echo,
						      filler->hole_echo) == ORDER_LATER))
		order = ORDER_LATER;
	return order;
}

static void
uncount(const struct step *step, struct hole_filler *filler)
{
	struct conversation_side *const from = step->from;

	if (filler->verdict == HOLE_FILLED_AGAIN && from->retransmits != 0)
		from->retransmits--;
	if (filler->verdict == HOLE_FILLED_UNDECIDED && from->undecided != 0)
		from->undecided--;
	filler->verdict = HOLE_FILLED_OVERTAKEN;
}

/* The segment was sent before the one that filled the hole: that was the repetition. */
static void
count_filler(const struct step *step, struct hole_filler *filler)
{
	uncount(step, filler);
	filler->verdict = HOLE_FILLED_PROVEN;
	if (step->from->retransmits != UINT16_MAX)
		step->from->retransmits++;
}

enum resend
resend_repeat(const struct step *step)
{
	struct holes_lesson *const lesson =
		holes_lesson(&step->shared->holes, step->conversation, step->side);
	struct hole_filler *const filler = lesson != NULL ? find_filler(step, lesson) : NULL;
	enum order order;

	if (filler == NULL)
		return RESEND_AGAIN;
	order = order_of_pair(step, filler);
	if (order == ORDER_EARLIER) {
		if (filler->verdict != HOLE_FILLED_PROVEN)
			count_filler(step, filler);
		return RESEND_OVERTAKEN;
	}
	/* One of the two was the first, and the other is counted. */
	if (order == ORDER_UNKNOWN &&
		(filler->verdict == HOLE_FILLED_PROVEN || filler->verdict == HOLE_FILLED_AGAIN))
		return RESEND_UNDECIDED;
	if (filler->verdict != HOLE_FILLED_PROVEN) {
		resend_learn_overtaken(lesson, filler->age_us);
		uncount(step, filler);
	}
	return RESEND_AGAIN;
}

bool
resend_may_repeat(const struct step *step)
{
	struct holes_lesson *const lesson =
		holes_lesson(&step->shared->holes, step->conversation, step->side);
	const struct hole_filler *const filler = lesson != NULL ? find_filler(step, lesson) : NULL;

	return filler != NULL && filler->was_heard;
}
