/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a path ends. A flow ends at the target, or at a router that reports the target unreachable.
 * The first cycle probes beyond the end and the target answers those probes too, so the lowest ttl
 * counts. A target that answers as a router does ("time exceeded" from its own address) ends the
 * path only where no router follows: a gateway may have the target's address as well.
 */
#include <config.h>

#include <string.h>

#include "path_private.h"

static enum path_seen
seen_of(const struct path *path, const struct message_probe_answer *answer)
{
	const bool is_targets = answer->kind != PROBE_ANSWER_ICMP ||
				address_compare(&answer->from, &path->start.target) == 0;

	if (answer->kind != PROBE_ANSWER_ICMP)
		return PATH_SEEN_TARGET;
	if (path_is_unreachable(path, answer)) {
		if (is_targets)
			return PATH_SEEN_TARGET;
		return path_answer_of(path, answer) == PATH_ANSWER_PORT ? PATH_SEEN_PORT
									: PATH_SEEN_REFUSAL;
	}
	return is_targets ? PATH_SEEN_AS_ROUTER : PATH_SEEN_ROUTER;
}

static bool
is_end(uint8_t seen)
{
	return seen >= PATH_SEEN_REFUSAL;
}

/*
 * A router answered where the end was or beyond it: the path has become longer, and what is known
 * of its end is old. Or the other way round.
 */
static void
forget_old(struct path_flow *flow, uint8_t ttl)
{
	uint8_t *const seen = flow->seen;
	const bool is_longer =
		seen[ttl - 1] == PATH_SEEN_ROUTER && flow->end != 0 && ttl >= flow->end;

	for (unsigned i = 0; i < PATH_TTL_MAX; i++)
		if ((is_longer && is_end(seen[i])) ||
			(is_end(seen[ttl - 1]) && i >= ttl && seen[i] == PATH_SEEN_ROUTER))
			seen[i] = PATH_SEEN_NONE;
}

/* The ttl of the first end; else that of the target as a router, when no router follows; else 0. */
static uint8_t
find_end(const uint8_t *seen)
{
	uint8_t as_router = 0;

	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		if (is_end(seen[i]))
			return (uint8_t)(i + 1);
		if (seen[i] == PATH_SEEN_ROUTER)
			as_router = 0;
		else if (seen[i] == PATH_SEEN_AS_ROUTER && as_router == 0)
			as_router = (uint8_t)(i + 1);
	}
	return as_router;
}

/* This address answered nearer to us, so it is a router. */
static bool
is_nearer_too(const struct path *path, unsigned ttl, const struct address *from)
{
	for (unsigned i = 0; i + 1 < ttl; i++)
		for (unsigned k = 0; k < path->hops[i].address_count; k++)
			if (address_compare(&path->hops[i].addresses[k].address, from) == 0)
				return true;
	return false;
}

static bool
is_target_at(const struct path_entry *entry, unsigned number)
{
	const struct path_flow *const flow = &entry->flows[number];

	switch ((enum path_seen)flow->seen[flow->end - 1]) {
	case PATH_SEEN_NONE:
	case PATH_SEEN_ROUTER:
	case PATH_SEEN_REFUSAL: return false;
	/* Only a datagram that arrived finds no port; a firewall says the same of any probe. */
	case PATH_SEEN_PORT:
		return entry->path.start.protocol == PROBE_PROTOCOL_UDP &&
		       !is_nearer_too(&entry->path, flow->end,
			       &entry->flow_address[flow->end - 1][number]);
	case PATH_SEEN_AS_ROUTER:
	case PATH_SEEN_TARGET: return true;
	}
	return false;
}

static void
look_at_flow(struct path_entry *entry, unsigned number)
{
	struct path_flow *const flow = &entry->flows[number];

	flow->end = find_end(flow->seen);
	flow->is_target = flow->end != 0 && is_target_at(entry, number);
	flow->farthest = 0;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++)
		if (flow->seen[i] != PATH_SEEN_NONE)
			flow->farthest = (uint8_t)(i + 1);
}

/* The path is known as far as its longest flow. */
static void
count_hops(struct path_entry *entry)
{
	struct path *const path = &entry->path;

	path->hop_count = 0;
	path->ended = path->reached = false;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++)
		path->hops[i].target = false;
	for (unsigned i = 0; i < PATH_FLOWS_MAX; i++) {
		struct path_flow *const flow = &entry->flows[i];
		uint8_t ttl;

		/* Of a refusal it may be known only later that a router sent it. */
		flow->is_target = flow->end != 0 && is_target_at(entry, i);
		ttl = flow->end != 0 ? flow->end : flow->farthest;
		if (ttl > path->hop_count)
			path->hop_count = ttl;
		path->ended |= flow->end != 0;
		path->reached |= flow->is_target;
		if (flow->is_target)
			path->hops[flow->end - 1].target = true;
	}
}

void
path_end_note(struct path_entry *entry, const struct path_probe *probe,
	const struct message_probe_answer *answer)
{
	struct path_flow *const flow = &entry->flows[probe->flow];

	flow->seen[probe->ttl - 1] = (uint8_t)seen_of(&entry->path, answer);
	forget_old(flow, probe->ttl);
	look_at_flow(entry, probe->flow);
	count_hops(entry);
}
