/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waits for rtnetlink notices. After one it rests for a moment, so that many changes at once, or a
 * router whose routes change all the time, cost little; what comes meanwhile overflows the small
 * buffer, which does not matter.
 */
#include <config.h>

#include "route_watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/loop.h>

#include "collector/probe/engine.h"
#include "method.h"
#include "reopen.h"

enum { REST_MS = 100, BUFFER_SIZE = 4096, READS_MAX = 64 };

struct route_watch {
	struct route_watch *next;
	struct probe_engine *engine;
	struct loop_source *source, *timer;
	uint32_t netns;
	int fd;
	bool is_resting;
};

static int
open_notices(void *context)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE |
			     RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE};
	const int size = BUFFER_SIZE, on = 1;
	struct route_watch *const watch = context;

	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (watch->fd < 0)
		return -errno;
	(void)setsockopt(watch->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	/* An overflow as an error would wake us while we rest. */
	(void)setsockopt(watch->fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
	return bind(watch->fd, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
}

static void
free_watch(struct route_watch *watch)
{
	loop_remove(watch->source);
	loop_remove(watch->timer);
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch);
}

static void
on_notice(void *context, unsigned events)
{
	struct route_watch *const watch = context;

	(void)events;
	if (watch->is_resting)
		return;
	watch->is_resting = true;
	(void)loop_change(watch->source, 0);
	(void)loop_arm(watch->timer, REST_MS * CLOCK_NS_PER_MS, 0);
}

static void
empty(int fd)
{
	char bytes[256];

	for (int i = 0; i < READS_MAX; i++)
		if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) < 0)
			return;
}

static void
on_rested(void *context, uint64_t times)
{
	struct route_watch *const watch = context;
	struct probe_engine *const engine = watch->engine;

	(void)times;
	watch->is_resting = false;
	empty(watch->fd);
	(void)loop_change(watch->source, LOOP_READ);
	for (size_t i = 0; i < engine->count; i++) {
		struct target *const target = engine->targets[i];

		if (target->start.netns == watch->netns && target->is_running)
			reopen_check(target);
	}
	engine_arm(engine);
}

static struct route_watch **
find(struct probe_engine *engine, uint32_t netns)
{
	struct route_watch **at = &engine->watches;

	while (*at != NULL && (*at)->netns != netns)
		at = &(*at)->next;
	return at;
}

void
route_watch_add(struct probe_engine *engine, uint32_t netns)
{
	struct route_watch **const at = find(engine, netns);
	struct route_watch *watch;

	if (*at != NULL || (watch = calloc(1, sizeof *watch)) == NULL)
		return;
	watch->engine = engine;
	watch->netns = netns;
	watch->fd = -1;
	if (method_inside(engine, netns, open_notices, watch) == 0) {
		watch->source = loop_add(engine->loop, watch->fd, LOOP_READ, on_notice, watch);
		watch->timer = loop_add_timer(engine->loop, on_rested, watch);
	}
	if (watch->source == NULL || watch->timer == NULL) {
		free_watch(watch);
		return;
	}
	*at = watch;
}

void
route_watch_drop(struct probe_engine *engine, uint32_t netns)
{
	struct route_watch **const at = find(engine, netns);
	struct route_watch *const watch = *at;

	for (size_t i = 0; i < engine->count; i++)
		if (engine->targets[i]->start.netns == netns)
			return;
	if (watch == NULL)
		return;
	*at = watch->next;
	free_watch(watch);
}
