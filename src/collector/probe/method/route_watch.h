/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notices of the kernel (rtnetlink) that addresses, routes or interfaces of a namespace changed.
 * They are not read, only counted as one: it is cheaper to look at each target's way again. One
 * watch for all targets of a namespace.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_ROUTE_WATCH_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_ROUTE_WATCH_H

#include <stdint.h>

struct probe_engine;
struct route_watch;

/* Watches the namespace from now on, if it does not yet. Without it errors alone tell of changes.
 */
void route_watch_add(struct probe_engine *engine, uint32_t netns);
/* Ends the watch of a namespace in which no target is left. */
void route_watch_drop(struct probe_engine *engine, uint32_t netns);

#endif
