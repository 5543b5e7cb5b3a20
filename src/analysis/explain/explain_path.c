/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains how a path is probed, how it is, and which path leads to the peer of a socket. */
#include <config.h>

#include <sockwatch/analysis/explain_path.h>

#include <math.h>
#include <stdio.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/netns.h>

#include "explain_private.h"

enum {
	DECIDED_LEAST = 3, /* probes, for a verdict */
	KERNEL_FACTOR = 3,
	KERNEL_MORE_US = 10000,
};

static const char *const protocol_names[] = {
	[PROBE_PROTOCOL_ICMP] = "icmp",
	[PROBE_PROTOCOL_UDP] = "udp",
	[PROBE_PROTOCOL_TCP] = "tcp",
};

size_t
explain_path_protocol(const struct message_probe_start *start, char *out, size_t size)
{
	const char *const name =
		protocol_names[start->protocol <= PROBE_PROTOCOL_TCP ? start->protocol : 0];

	if (start->port == 0 || start->protocol == PROBE_PROTOCOL_ICMP)
		return text_add(out, size, 0, "%s", name);
	return text_add(out, size, 0, "%s %u", name, (unsigned)start->port);
}

size_t
explain_path_ms(double us, char *out, size_t size)
{
	out[0] = '\0';
	if (isnan(us))
		return 0;
	return text_add(out, size, 0, us < 1000 ? "%.3f ms" : "%.1f ms", us / 1000);
}

size_t
explain_path_lost(const struct hop *hop, char *out, size_t size)
{
	const uint32_t decided = hop->sent - hop->pending;

	out[0] = '\0';
	if (hop->received >= decided)
		return 0;
	return text_add(out, size, 0, " (%u of %u)", decided - hop->received, decided);
}

const struct hop *
explain_path_target(const struct path *path)
{
	for (unsigned i = path->hop_count; i-- > 0;)
		if (path->hops[i].target)
			return &path->hops[i];
	return NULL;
}

/* The kernel measures the path, and on top of it the peer and the own queue. */
static bool
is_slower(double kernel_us, double probe_us)
{
	return !isnan(kernel_us) && kernel_us > probe_us * KERNEL_FACTOR &&
	       kernel_us > probe_us + KERNEL_MORE_US;
}

enum path_mood
explain_path_verdict(const struct path *path, const struct path_rtts *rtts, char *out, size_t size)
{
	const struct hop *const target = explain_path_target(path);
	const uint32_t decided = target != NULL ? target->sent - target->pending : 0;

	if (path_verdict(path, out, size) > 0)
		return PATH_ILL;
	if (decided < DECIDED_LEAST || target->received == 0) {
		text_add(out, size, 0, "too few answers yet for a verdict");
		return PATH_UNDECIDED;
	}
	if (target->loss > 0) {
		text_add(out, size, 0, "some probes are lost, too few yet to show where");
		return PATH_UNDECIDED;
	}
	if (is_slower(rtts->kernel_us, target->mean_us)) {
		text_add(out, size, 0,
			"the path is fine; the kernel's rtt is %.0f times as long: the peer answers late, or the connection fills a queue",
			rtts->kernel_us / target->mean_us);
		return PATH_ILL;
	}
	if (path_note(path, PATH_NOTE_ANSWER, out, size) > 0)
		return PATH_UNDECIDED;
	text_add(out, size, 0, "the path is fine: nothing is lost, no hop delays");
	return PATH_WELL;
}

char *
explain_path_address(
	const struct model *model, const struct message_probe_start *start, char *out, size_t size)
{
	const struct netns_row *const netns =
		model != NULL ? model_netns_of_stream(model, start->netns != 0 ? start->netns : 1)
			      : NULL;
	struct address_scoped target = {.ip = start->target, .zone = {"", 0}};
	char raw[ADDRESS_TEXT_SIZE];

	if (address_needs_zone(&target.ip)) {
		target.ifindex = start->interface;
		if (netns != NULL)
			target.zone = model_link_name(model, netns->index, start->interface);
	}
	text_clean((struct text){raw, address_scoped_format(&target, raw, sizeof raw)}, out, size);
	return out;
}

/* fe80::1 is another box on each interface. */
static bool
is_same_link(const struct message_probe_start *start, const struct socket_row *row)
{
	return start->interface == 0 || row->ifindex == 0 || start->interface == row->ifindex ||
	       !address_is_link_local(&row->remote);
}

bool
explain_path_is_to(const struct model *model, const struct message_probe_start *start,
	const struct socket_row *row)
{
	return (start->netns != 0 ? start->netns : 1) == identity_netns(model, row) &&
	       address_compare(&start->target, &row->remote) == 0 && is_same_link(start, row);
}

/* The path to the peer, to its port rather than to another; NULL: none was probed. */
static const struct path *
find_path(const struct explain_source *source)
{
	const struct path *path, *found = NULL;

	for (size_t i = 0; (path = path_table_at(source->model->paths, i)) != NULL; i++) {
		if (!explain_path_is_to(source->model, &path->start, source->row))
			continue;
		if (path->start.port == source->row->remote_port)
			return path;
		if (found == NULL)
			found = path;
	}
	return found;
}

void
explain_path(const struct explain_source *source, char *out, size_t size)
{
	const struct path *const path = find_path(source);
	const struct hop *target;
	struct path_rtts rtts = {.kernel_us = (double)NAN, .handshake_us = (double)NAN};
	char protocol[24], loss[64] = "", lost[32], verdict[256];
	uint64_t us;

	if (path == NULL)
		return;
	target = explain_path_target(path);
	if (target != NULL && !isnan(target->loss)) {
		explain_path_lost(target, lost, sizeof lost);
		snprintf(loss, sizeof loss, ", loss %.1f%%%s", target->loss * 100, lost);
	}
	if (tcp_info_get(&source->row->tcp, TCP_INFO_rtt, &us) && us != 0)
		rtts.kernel_us = (double)us;
	explain_path_protocol(&path->start, protocol, sizeof protocol);
	explain_path_verdict(path, &rtts, verdict, sizeof verdict);
	snprintf(out, size, "%s%s, %u hop%s%s: %s", protocol, path->running ? "" : ", stopped",
		(unsigned)path->hop_count, number_plural(path->hop_count), loss, verdict);
}

bool
explain_path_rtt(const struct explain_source *source, double *us)
{
	const struct path *const path = find_path(source);
	const struct hop *const target = path != NULL ? explain_path_target(path) : NULL;

	if (target == NULL || target->received == 0)
		return false;
	*us = target->mean_us;
	return true;
}
