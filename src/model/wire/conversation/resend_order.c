/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of two segments was sent first, by what their sender counts up. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "resend_private.h"

enum { IP_IDS_LEAST = 2 /* so often in a row by chance: once in 4,000 connections */ };

enum order
resend_order_by(uint32_t own, uint32_t opener)
{
	if (own == opener)
		return ORDER_UNKNOWN;
	return sequence_distance(own, opener) < 0 ? ORDER_EARLIER : ORDER_LATER;
}

/* Timestamps of 0 are not known. */
enum order
resend_order_by_timestamp(uint32_t own, uint32_t opener)
{
	return own != 0 && opener != 0 ? resend_order_by(own, opener) : ORDER_UNKNOWN;
}

enum order
resend_order_by_timestamps(const struct segment_options *options, uint32_t timestamp, uint32_t echo)
{
	const enum order order = resend_order_by_timestamp(options->timestamp, timestamp);

	return order != ORDER_UNKNOWN ? order
				      : resend_order_by_timestamp(options->timestamp_echo, echo);
}

/* The segment after the one with that id. */
enum order
resend_order_by_ids(const struct step *step, uint16_t opener)
{
	const uint16_t id = step->segment->ip_id;
	const uint16_t ahead = (uint16_t)(id - opener), behind = (uint16_t)(opener - id);

	if (opener == 0 || id == 0 || step->from->ip_ids < IP_IDS_LEAST)
		return ORDER_UNKNOWN;
	if (ahead != 0 && ahead <= RESEND_IDS_NEAR)
		return ORDER_LATER;
	return behind != 0 && behind <= RESEND_IDS_NEAR ? ORDER_EARLIER : ORDER_UNKNOWN;
}

uint64_t
resend_passed(const struct step *step, uint64_t since_ns)
{
	return step->segment->time_ns > since_ns ? step->segment->time_ns - since_ns : 0;
}
