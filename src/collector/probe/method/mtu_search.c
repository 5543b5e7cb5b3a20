/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches the path MTU. Routers should say what they take (RFC 1191, RFC 8201), but what they say
 * may be filtered on its way; so a size that stays unanswered several times, while smaller ones are
 * answered, counts as too big (RFC 4821).
 */
#include <config.h>

#include "mtu_search.h"

#include <string.h>

enum { SILENT_MAX = 3 };

void
mtu_search_init(struct mtu_search *search, uint16_t floor, uint16_t limit)
{
	memset(search, 0, sizeof *search);
	search->floor = floor;
	search->failed = (uint16_t)(limit + 1);
}

/* The smallest of this round that was not answered; 0: all were, or a router spoke. */
static uint16_t
find_silent(const struct mtu_search *search)
{
	for (unsigned i = search->count; i-- > 0;)
		if (search->sizes[i] > search->passed && search->sizes[i] < search->failed)
			return search->sizes[i];
	return 0;
}

static void
end_round(struct mtu_search *search)
{
	const uint16_t silent = find_silent(search);

	search->silent = silent != 0 ? (uint8_t)(search->silent + 1) : 0;
	if (search->silent < SILENT_MAX)
		return;
	search->failed = silent;
	search->silent = 0;
}

size_t
mtu_search_next(struct mtu_search *search)
{
	unsigned least, open;

	end_round(search);
	least = search->passed != 0 ? search->passed + 1U : search->floor;
	open = search->failed > least ? search->failed - least : 0;
	/* What was silent is tried again as it was, so that chance does not decide. */
	if (search->silent != 0)
		return search->count;
	search->count = (uint8_t)(open < MTU_SEARCH_SIZES ? open : MTU_SEARCH_SIZES);
	for (unsigned i = 0; i < search->count; i++)
		search->sizes[i] = (uint16_t)(search->failed - 1U - i * (open / search->count));
	search->is_over = open == 0;
	return search->count;
}

void
mtu_search_passed(struct mtu_search *search, uint16_t size)
{
	if (size > search->passed && size < search->failed)
		search->passed = size;
}

void
mtu_search_too_big(struct mtu_search *search, uint16_t size, uint32_t mtu)
{
	const bool is_sense = mtu >= search->floor && mtu > search->passed && mtu < size;
	const uint32_t limit = is_sense ? mtu : size - 1U;

	if (limit + 1 < search->failed && limit >= search->passed)
		search->failed = (uint16_t)(limit + 1);
}
