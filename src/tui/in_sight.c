/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the addresses in sight and asks for their names after drawing. */
#include <config.h>

#include "in_sight.h"

#include "state.h"

void
in_sight_add(struct tui *tui, const struct address *address)
{
	struct in_sight *const in_sight = &tui->in_sight;

	if (in_sight->count < IN_SIGHT_MAX)
		in_sight->addresses[in_sight->count++] = *address;
}

void
in_sight_ask(struct tui *tui)
{
	struct in_sight *const in_sight = &tui->in_sight;

	for (size_t i = 0; i < in_sight->count && tui->hooks.name != NULL; i++)
		tui->hooks.name(tui->hooks.context, &in_sight->addresses[i]);
	in_sight->count = 0;
}
