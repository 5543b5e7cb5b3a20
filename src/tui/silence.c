/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three refreshes without a record, and at least some seconds, are no longer a busy box. */
#include <config.h>

#include "silence.h"

#include <sockwatch/base/clock.h>

#include "state.h"

enum { REFRESHES = 3, LEAST_S = 3 };

void
silence_end(struct tui *tui)
{
	tui->heard_ns = clock_monotonic_ns();
}

static unsigned
longer_than(uint64_t silent_ns, uint64_t due_ns)
{
	return silent_ns > due_ns ? (unsigned)(silent_ns / CLOCK_NS_PER_S) : 0;
}

unsigned
silence_of_collector_s(const struct tui *tui)
{
	const uint64_t refreshes_ns = REFRESHES * tui->settings->interval_ms * CLOCK_NS_PER_MS;
	const uint64_t least_ns = LEAST_S * CLOCK_NS_PER_S;

	if (tui->replay || tui->paused || tui->model->ended)
		return 0;
	return longer_than(clock_monotonic_ns() - tui->heard_ns,
		refreshes_ns > least_ns ? refreshes_ns : least_ns);
}

unsigned
silence_of_keeper_s(const struct tui *tui)
{
	if (tui->hooks.keeper_silent_ns == NULL)
		return 0;
	return longer_than(
		tui->hooks.keeper_silent_ns(tui->hooks.context), LEAST_S * CLOCK_NS_PER_S);
}
