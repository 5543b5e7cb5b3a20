/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connected socket keeps its source address: when that is deleted, IPv4 refuses to send (EINVAL)
 * and IPv6 goes on sending what nobody can answer. So after an error, and after a notice of the
 * kernel, a fresh socket shows which source address and route there are now.
 */
#include <config.h>

#include "reopen.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "collector/probe/engine.h"
#include "collector/probe/probe_report.h"
#include "collector/probe/receive.h"
#include "method.h"
#include "probe_socket.h"

/* So often at most, while there are errors but no notices. */
enum { AGAIN_MS = 500 };

bool
reopen_may_help(int error)
{
	switch (error) {
	case EINVAL:
	case EPERM:
	case EACCES:
	case ENODEV:
	case ENXIO:
	case EADDRNOTAVAIL:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTUNREACH: return true;
	default: return false;
	}
}

bool
reopen_is_due(const struct target *target, uint64_t now_ns)
{
	return now_ns >= target->reopened_ns + AGAIN_MS * CLOCK_NS_PER_MS;
}

static void
close_all(struct target *target)
{
	if (target->method != NULL && target->method->close != NULL)
		target->method->close(target);
	probe_socket_close(target);
	if (target->route_fd >= 0)
		close(target->route_fd);
	target->route_fd = -1;
}

/* The method stays that of before, so that it is known how the target was probed. */
static void
block(struct target *target, const struct method *before)
{
	const bool is_known = before != NULL;

	close_all(target);
	target->method = before;
	target->is_blocked = true;
	if (is_known)
		snprintf(target->text, sizeof target->text, "%s", method_failure(target->error));
}

bool
reopen_target(struct target *target)
{
	const struct method *const before = target->method;
	const bool was_blocked = target->is_blocked;
	const int error_before = target->error;

	if (target->fd >= 0)
		receive_all(target);
	close_all(target);
	target->method = NULL;
	target->reopened_ns = clock_monotonic_ns();
	target->is_blocked = false;
	if (!method_open(target) || !engine_listen(target))
		block(target, before);
	/* A new socket numbers its stamps from 0. */
	target->key_base = target->sequence + 1;
	if (!target->is_blocked || !was_blocked || target->error != error_before)
		probe_report_state(target);
	return !target->is_blocked;
}

static int
look(void *context)
{
	return probe_socket_look_fresh(context);
}

void
reopen_check(struct target *target)
{
	struct probe_socket_route route = {.target = target};
	const int result = method_inside(target->engine, target->start.netns, look, &route);

	if (target->is_blocked ? result == 0
			       : result != 0 || address_compare(&route.local, &target->local) != 0)
		(void)reopen_target(target);
	else if (!target->is_blocked && probe_socket_look_route(target))
		probe_report_state(target);
}
