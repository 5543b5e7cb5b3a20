/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The local ports that a namespace has for connect(), and when it takes one of a TIME-WAIT. */
#include <config.h>

#include "port_private.h"

#include <string.h>

#include <sockwatch/model/sysctl.h>

enum {
	TIME_WAIT_MS = 60000,  /* TCP_TIMEWAIT_LEN */
	REUSE_DELAY_MS = 1000, /* before Linux 6.14 made it a sysctl */
};

/* The ports from first to last that are in this word of a set. */
static uint64_t
mask_of(uint32_t word, uint32_t first, uint32_t last)
{
	uint64_t mask = UINT64_MAX;

	if (first / 64 > word || last / 64 < word)
		return 0;
	if (first / 64 == word)
		mask &= UINT64_MAX << first % 64;
	if (last / 64 == word)
		mask &= UINT64_MAX >> (63 - last % 64);
	return mask;
}

static void
offer(struct port_set *set, uint32_t first, uint32_t last)
{
	for (uint32_t word = first / 64; word <= last / 64; word++)
		set->bits[word] |= mask_of(word, first, last);
}

/* Takes the ports out of the set; returns how many were in it. */
static uint32_t
withdraw(struct port_set *set, uint32_t first, uint32_t last)
{
	uint32_t count = 0;

	for (uint32_t word = first / 64; word <= last / 64; word++) {
		const uint64_t mask = mask_of(word, first, last);

		count += (uint32_t)__builtin_popcountll(set->bits[word] & mask);
		set->bits[word] &= ~mask;
	}
	return count;
}

static void
read_range(struct port_space *space, const struct model *model)
{
	uint64_t range[2];

	space->is_known = model_sysctl_numbers(model, (uint16_t)space->netns,
				  SYSCTL_LOCAL_PORT_RANGE, range, 2) == 2 &&
			  range[0] <= range[1] && range[1] <= UINT16_MAX;
	space->low = space->is_known ? (uint16_t)range[0] : 1;
	space->high = space->is_known ? (uint16_t)range[1] : UINT16_MAX;
	memset(&space->offered, 0, sizeof space->offered);
	offer(&space->offered, space->low, space->high);
}

static void
take_out_reserved(struct port_space *space, const struct model *model)
{
	const char *const list =
		model_sysctl_text(model, (uint16_t)space->netns, SYSCTL_LOCAL_RESERVED_PORTS);
	struct text rest = text_of(list != NULL ? list : "");
	struct sysctl_ports ports;

	space->reserved = 0;
	space->is_cut = list != NULL && sysctl_is_cut(list);
	while (sysctl_next_ports(&rest, &ports))
		space->reserved += withdraw(&space->offered, ports.first, ports.last);
}

static enum port_reuse
reuse_of(const struct model *model, uint16_t netns)
{
	uint64_t reuse, timestamps;

	if (!model_sysctl(model, netns, SYSCTL_TW_REUSE, &reuse))
		return PORT_REUSE_UNKNOWN;
	if (reuse == 0)
		return PORT_REUSE_NONE;
	if (!model_sysctl(model, netns, SYSCTL_TIMESTAMPS, &timestamps))
		return PORT_REUSE_UNKNOWN;
	if (timestamps == 0)
		return PORT_REUSE_NONE;
	return reuse == 1 ? PORT_REUSE_ALL : PORT_REUSE_LOOPBACK;
}

void
port_space_read(struct port_space *space, const struct model *model)
{
	uint64_t delay_ms;

	read_range(space, model);
	take_out_reserved(space, model);
	space->reuse = reuse_of(model, (uint16_t)space->netns);
	space->reuse_delay_ms =
		model_sysctl(model, (uint16_t)space->netns, SYSCTL_TW_REUSE_DELAY, &delay_ms)
			? (uint32_t)delay_ms
			: (uint32_t)REUSE_DELAY_MS;
}

void
port_space_begin(struct port_space *space)
{
	memset(&space->taking, 0, sizeof space->taking);
}

bool
port_space_end(struct port_space *space)
{
	const bool is_other = memcmp(&space->taken, &space->taking, sizeof space->taken) != 0;

	space->taken = space->taking;
	space->was_swept = true;
	return is_other;
}

void
port_space_count(struct port_space *space)
{
	uint32_t offered = 0, bound = 0;

	for (size_t i = 0; i < sizeof space->offered.bits / sizeof space->offered.bits[0]; i++) {
		offered += (uint32_t)__builtin_popcountll(space->offered.bits[i]);
		bound += (uint32_t)__builtin_popcountll(
			space->offered.bits[i] & space->taken.bits[i]);
	}
	space->bound = bound;
	space->usable = offered - bound;
}

static bool
is_loopback(const struct socket_row *row)
{
	return address_is_loopback(&row->local) || address_is_loopback(&row->remote);
}

bool
port_space_reuses(const struct port_space *space, const struct socket_row *row)
{
	return space->reuse == PORT_REUSE_ALL || space->reuse == PORT_REUSE_UNKNOWN ||
	       (space->reuse == PORT_REUSE_LOOPBACK && is_loopback(row));
}

/*
 * By experiment: "loopback" means the addresses 127.0.0.0/8 and ::1, not the device lo
 * (tcp_twsk_unique). Both ends must use timestamps, which of the peer is not known.
 */
bool
port_space_may_reuse(
	const struct port_space *space, const struct model *model, const struct socket_row *row)
{
	const uint32_t since_ms = model_now_ms(model) - row->seen_ms;
	const uint32_t left_ms = row->timer_ms > since_ms ? row->timer_ms - since_ms : 0;
	const uint32_t age_ms = left_ms < TIME_WAIT_MS ? TIME_WAIT_MS - left_ms : 0;

	return row->state == TCP_STATE_TIME_WAIT && age_ms >= space->reuse_delay_ms &&
	       space->reuse != PORT_REUSE_UNKNOWN && port_space_reuses(space, row);
}
