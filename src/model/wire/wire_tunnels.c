/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tunnels that segments came through. A segment keeps a number only: addresses would make every
 * one of the many that came through none a quarter larger.
 */
#include <config.h>

#include <stddef.h>

#include "wire_private.h"

static bool
is_equal(const struct segment_tunnel *a, const struct segment_tunnel *b)
{
	return a->kind == b->kind && address_compare(&a->source, &b->source) == 0 &&
	       address_compare(&a->destination, &b->destination) == 0;
}

uint8_t
wire_tunnels_number(struct wire_tunnels *tunnels, const struct segment_tunnel *tunnel)
{
	if (tunnel->kind == SEGMENT_TUNNEL_NONE)
		return 0;
	/* Most packets come through the same as the one before. */
	if (tunnels->last < tunnels->count && is_equal(&tunnels->list[tunnels->last], tunnel))
		return (uint8_t)(tunnels->last + 1);
	for (size_t i = 0; i < tunnels->count; i++) {
		if (is_equal(&tunnels->list[i], tunnel)) {
			tunnels->last = i;
			return (uint8_t)(i + 1);
		}
	}
	if (tunnels->count == WIRE_TUNNELS_MAX)
		return 0;
	tunnels->list[tunnels->count] = *tunnel;
	return (uint8_t)++tunnels->count;
}

const struct segment_tunnel *
wire_tunnel(const struct wire *wire, uint8_t number)
{
	return number != 0 && number <= wire->tunnels.count ? &wire->tunnels.list[number - 1]
							    : NULL;
}
