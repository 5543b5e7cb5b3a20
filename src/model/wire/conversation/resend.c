/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that fills a hole was either lost before the capture and sent again, or overtaken on its
 * way. What a sender counts up proves which, where it differs between the segment and what came
 * after the hole: the ids of IP headers; timestamps (RFC 7323), its own, mostly of a millisecond,
 * and the receiver's that it echoes; what it acknowledges. A sender cannot repeat what is missing
 * before it hears of it either: a segment that comes sooner after the receiver's first report than
 * the way to the sender and back takes was overtaken, and so was one that echoes an older timestamp
 * than that report has.
 *
 * Where none of it helps, three ACKs that stand still made the sender repeat it (RFC 5681 section
 * 3.2), so it is taken as sent again; not where the same side's segments have come as late before
 * without that: then nobody can tell. If it comes once more soon after, one of the two was the
 * first: the same proofs show which, and what was counted is put right.
 */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "resend_private.h"

enum {
	LOOP_MAX_MS = 200,
	LOOP_LEAST_US = 100, /* where the handshake was not seen */
	SLEPT_US = 1000,
	/* The capture itself can swap a segment and its ACK. */
	CAPTURE_LATE_MS = 100,
	SAME_ACKS = 3, /* the threshold of RFC 5681 */
};

uint32_t
resend_timestamp(const struct segment *segment)
{
	struct segment_options options;

	segment_read_options(segment, &options);
	return options.timestamp;
}

/* By what the sender knew: none of it ever goes back. */
static enum order
order_by_knowledge(const struct step *step)
{
	const struct hole *const hole = &step->hole;
	struct segment_options options;
	enum order order;

	segment_read_options(step->segment, &options);
	order = resend_order_by_timestamps(&options, hole->timestamp, hole->echo);
	if (order == ORDER_UNKNOWN && hole->has_ack && segment_has(step->segment, SEGMENT_ACK))
		order = resend_order_by(step->segment->ack, hole->ack);
	if (order == ORDER_UNKNOWN && resend_order_by_timestamp(options.timestamp_echo,
					      hole->reported_timestamp) == ORDER_EARLIER)
		order = ORDER_EARLIER;
	return order;
}

uint64_t
resend_loop(const struct step *step)
{
	const struct conversation *const conversation = step->conversation;
	const uint64_t from_ns =
		step->side == 1 ? conversation->answered_ns : conversation->syn_ack_ns;
	const uint64_t to_ns =
		step->side == 1 ? conversation->syn_ack_ns : conversation->established_ns;

	if (from_ns == 0 || to_ns < from_ns)
		return LOOP_LEAST_US * (uint64_t)CLOCK_NS_PER_US;
	return to_ns - from_ns < LOOP_MAX_MS * CLOCK_NS_PER_MS ? to_ns - from_ns
							       : LOOP_MAX_MS * CLOCK_NS_PER_MS;
}

void
resend_begin(const struct step *step, struct hole *hole)
{
	const struct segment *const segment = step->segment;
	struct segment_options options;

	segment_read_options(segment, &options);
	hole->since_ns = segment->time_ns;
	hole->timestamp = options.timestamp;
	hole->echo = options.timestamp_echo;
	hole->has_ack = segment_has(segment, SEGMENT_ACK);
	hole->ack = segment->ack;
	hole->ip_id = segment->ip_id;
	hole->skips_id = segment->ip_id != (uint16_t)(step->from->ip_id + 1);
}

static uint32_t
to_us(uint64_t ns)
{
	const uint64_t us = ns / CLOCK_NS_PER_US;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

enum heard { HEARD_NO, HEARD_PERHAPS, HEARD_YES };

/*
 * When the sender's reason to repeat what is missing was seen: three segments after it were
 * reported, or the first was and a quarter of the round trip has passed (RFC 8985 section 6.2), or
 * at once where it was repeating before.
 */
static uint64_t
reason_ns(const struct hole *hole, uint64_t loop_ns)
{
	const uint64_t first_ns = hole->reported_ns;
	const uint64_t later_ns = first_ns + loop_ns / 4;

	if (first_ns == 0)
		return hole->since_ns;
	if (hole->is_next)
		return first_ns;
	return hole->third_ns != 0 && hole->third_ns < later_ns ? hole->third_ns : later_ns;
}

/* Had the sender heard of the hole when it sent this? An eighth for what varies; a handshake can
 * have taken longer than the way alone, because the sender slept or looked for its neighbour. */
static enum heard
heard_of(const struct step *step, const struct holes_lesson *lesson)
{
	const struct hole *const hole = &step->hole;
	uint64_t loop_ns = resend_loop(step), ns;

	if (lesson != NULL && lesson->loop_us != 0 &&
		lesson->loop_us * (uint64_t)CLOCK_NS_PER_US < loop_ns)
		loop_ns = lesson->loop_us * (uint64_t)CLOCK_NS_PER_US;
	ns = resend_passed(step, reason_ns(hole, loop_ns));
	if (ns >= loop_ns)
		return HEARD_YES;
	return hole->reported_ns != 0 &&
			       (ns / 8 * 9 >= loop_ns ||
				       ns + SLEPT_US * (uint64_t)CLOCK_NS_PER_US >= loop_ns)
		       ? HEARD_PERHAPS
		       : HEARD_NO;
}

/* Have this side's segments come about as late before, and had been overtaken? */
static bool
is_usual(const struct holes_lesson *lesson, uint64_t age_ns)
{
	return lesson != NULL && lesson->overtaken_us != 0 &&
	       lesson->overtaken_us >= to_us(age_ns) / 4 * 3;
}

/* Nothing shows when it was sent. */
static enum resend
guess(const struct step *step, const struct holes_lesson *lesson)
{
	const uint64_t age_ns = resend_passed(step, step->hole.since_ns);
	const bool is_old = age_ns >= RESEND_LATE_MS * CLOCK_NS_PER_MS;
	const enum heard heard = heard_of(step, lesson);

	if (heard == HEARD_NO || (step->hole.reported_ns == 0 && !is_old))
		return RESEND_OVERTAKEN;
	if (heard == HEARD_PERHAPS || is_usual(lesson, age_ns))
		return RESEND_UNDECIDED;
	return is_old || step->to->same_acks >= SAME_ACKS ? RESEND_AGAIN : RESEND_UNDECIDED;
}

void
resend_learn_overtaken(struct holes_lesson *lesson, uint32_t age_us)
{
	if (lesson->overtaken_us < age_us)
		lesson->overtaken_us = age_us;
}

static void
learn_loop(const struct step *step, struct holes_lesson *lesson)
{
	const uint32_t loop_us = to_us(resend_passed(step, step->hole.reported_ns));

	if (step->hole.reported_ns != 0 && (lesson->loop_us == 0 || loop_us < lesson->loop_us))
		lesson->loop_us = loop_us != 0 ? loop_us : 1;
}

/* By the ids: without one for what is missing, they are perhaps not the sender's. */
static bool
is_proven_by_id(const struct step *step, const struct holes_lesson *lesson)
{
	return resend_passed(step, step->hole.since_ns) >= RESEND_LATE_MS * CLOCK_NS_PER_MS ||
	       step->hole.skips_id ||
	       (heard_of(step, lesson) == HEARD_YES &&
		       (step->to->same_acks != 0 || step->to->segments == 0));
}

/* By proof, or else RESEND_UNDECIDED. */
static enum resend
prove(const struct step *step, const struct holes_lesson *lesson)
{
	const enum order by_id = resend_order_by_ids(step, step->hole.ip_id);
	enum order order = by_id;

	if (order == ORDER_UNKNOWN || (order == ORDER_LATER && !is_proven_by_id(step, lesson)))
		order = order_by_knowledge(step);
	if (order == ORDER_EARLIER || (order == ORDER_UNKNOWN && by_id == ORDER_LATER))
		return RESEND_OVERTAKEN;
	return order == ORDER_LATER ? RESEND_AGAIN : RESEND_UNDECIDED;
}

static void
keep_filler(
	const struct step *step, struct holes_lesson *lesson, enum resend resend, bool is_proven)
{
	const uint64_t age_ns = resend_passed(step, step->hole.since_ns);
	const enum hole_verdict again = is_proven ? HOLE_FILLED_PROVEN : HOLE_FILLED_AGAIN;
	struct segment_options options;

	segment_read_options(step->segment, &options);
	lesson->fillers[lesson->next_filler] = (struct hole_filler){
		.time_ns = step->segment->time_ns,
		.begin = step->segment->seq,
		.end = segment_end(step->segment),
		.age_us = to_us(age_ns),
		.timestamp = options.timestamp,
		.echo = options.timestamp_echo,
		.hole_timestamp = step->hole.timestamp,
		.hole_echo = step->hole.echo,
		.ip_id = step->segment->ip_id,
		.verdict = (uint8_t)(resend == RESEND_AGAIN       ? again
				     : resend == RESEND_UNDECIDED ? HOLE_FILLED_UNDECIDED
								  : HOLE_FILLED_OVERTAKEN),
		.was_heard = heard_of(step, lesson) == HEARD_YES,
	};
	lesson->next_filler = (lesson->next_filler + 1) % HOLE_FILLERS;
}

enum resend
resend_check(const struct step *step)
{
	const uint64_t age_ns = resend_passed(step, step->hole.since_ns);
	struct holes_lesson *const lesson =
		holes_lesson(&step->shared->holes, step->conversation, step->side);
	enum resend proven, resend;

	if (step->hole.acknowledged)
		return age_ns >= CAPTURE_LATE_MS * CLOCK_NS_PER_MS ? RESEND_AGAIN
								   : RESEND_OVERTAKEN;
	proven = prove(step, lesson);
	resend = proven != RESEND_UNDECIDED ? proven : guess(step, lesson);
	if (lesson == NULL)
		return resend;
	if (proven == RESEND_AGAIN)
		learn_loop(step, lesson);
	if (resend == RESEND_OVERTAKEN)
		resend_learn_overtaken(lesson, to_us(age_ns));
	keep_filler(step, lesson, resend, proven == RESEND_AGAIN);
	return resend;
}

void
resend_remember(struct conversation_side *from, uint16_t ip_id)
{
	const uint16_t ahead = (uint16_t)(ip_id - from->ip_id);

	/* None, or of a segment that was overtaken. */
	if (ip_id == 0 || (from->ip_id != 0 && (uint16_t)(from->ip_id - ip_id) <= RESEND_IDS_NEAR))
		return;
	if (from->ip_id == 0 || ahead > RESEND_IDS_NEAR)
		from->ip_ids = 0;
	else if (from->ip_ids != UINT8_MAX)
		from->ip_ids++;
	from->ip_id = ip_id;
}
