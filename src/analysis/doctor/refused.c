/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What had no room. A look counts what the one before had no room for again, so that the sum over
 * looks would grow with time: the most of one look is what is reported.
 */
#include <config.h>

#include "doctor_private.h"

static uint64_t
refused_by_tallies(const struct doctor *doctor, size_t at)
{
	const struct subject *const subject = doctor->subjects[at];
	uint64_t refused = 0;

	for (size_t i = 0; i < subject->tally_count; i++)
		refused += doctor_tally(doctor->memories[at], &subject->tallies[i])->refused;
	return refused;
}

uint64_t
refused_in_all(const struct doctor *doctor)
{
	uint64_t refused = doctor->refused + doctor->still.refused + doctor->listening.refused +
			   port_budget_refused(&doctor->ports);

	for (size_t i = 0; i < doctor->subject_count; i++)
		refused += refused_by_tallies(doctor, i);
	return refused;
}

uint64_t
look_refused(const struct look *look)
{
	return refused_in_all(look->doctor) - look->refused_before;
}

void
look_refuse(const struct look *look, uint64_t count)
{
	look->doctor->refused += count;
}

uint64_t
doctor_refused(const struct doctor *doctor)
{
	return doctor->refused_most;
}
