/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets that ended lately; see closed_cookies.h. */
#include <config.h>
#include <netinet/in.h>

#include "closed_cookies.h"

#include "recent_map.h"

enum { COOKIE_GONE, COOKIE_DESTROYED };

void
closed_cookies_add(struct model *model, const struct socket_row *row, bool destroyed)
{
	struct netns_row *const netns = model->netns[row->netns];

	if (row->protocol == IPPROTO_TCP && row->state != TCP_STATE_TIME_WAIT)
		recent_map_put(model, &netns->own->closed_cookies, row->cookie,
			destroyed ? COOKIE_DESTROYED : COOKIE_GONE);
}

bool
closed_cookies_has(const struct netns_row *netns, uint64_t cookie)
{
	uint32_t how;

	return recent_map_find(&netns->own->closed_cookies, cookie, &how);
}

bool
closed_cookies_was_destroyed(const struct netns_row *netns, uint64_t cookie)
{
	uint32_t how;

	return recent_map_find(&netns->own->closed_cookies, cookie, &how) &&
	       how == COOKIE_DESTROYED;
}
