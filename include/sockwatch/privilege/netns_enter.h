/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For commands that work in one network namespace as a whole. */
#ifndef SOCKWATCH_PRIVILEGE_NETNS_ENTER_H
#define SOCKWATCH_PRIVILEGE_NETNS_ENTER_H

#include <sockwatch/base/error.h>

/*
 * The process moves into the network namespace of this name (of /run/netns) or pid, and so do the
 * processes that it starts. Needs CAP_SYS_ADMIN. 0, or negative errno with a sentence.
 */
int netns_enter(const char *wanted, struct error *error);

/*
 * Whether there is such a network namespace, or "all": before a collector is started for it. That
 * it may not be looked at is for the collector to find out. 0, or negative errno with a sentence.
 */
int netns_check(const char *wanted, struct error *error);

#endif
