/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "paths_row.h"

#include "tui/table/identity.h"

/* fe80::1 is another box on each interface. */
static bool
is_same_link(const struct message_probe_start *start, const struct socket_row *row)
{
	return start->interface == 0 || row->ifindex == 0 || start->interface == row->ifindex ||
	       !address_is_link_local(&row->remote);
}

bool
paths_row_is_to(const struct model *model, const struct message_probe_start *start,
	const struct socket_row *row)
{
	return (start->netns != 0 ? start->netns : 1) == identity_netns(model, row) &&
	       address_compare(&start->target, &row->remote) == 0 && is_same_link(start, row);
}
