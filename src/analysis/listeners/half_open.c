/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts half-open connections and their sources. */
#include <config.h>

#include <sockwatch/analysis/listeners/half_open.h>

void
half_open_see(struct half_open *half_open, struct keyed *sources, const void *source,
	const struct socket_row *row)
{
	const uint32_t before = sources->count;

	half_open->count++;
	half_open->repeated += row->timer_retries > 0;
	(void)keyed_get(sources, source);
	half_open->sources += sources->count - before;
}
