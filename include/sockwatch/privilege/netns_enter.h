/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For commands that work in one network namespace as a whole. */
#ifndef SOCKWATCH_PRIVILEGE_NETNS_ENTER_H
#define SOCKWATCH_PRIVILEGE_NETNS_ENTER_H

#include <sockwatch/base/error.h>

/*
 * The process moves into the network namespace of this name (of /run/netns) or pid, and so do the
 * processes that it starts; they see the files of /etc/netns/NAME in /etc, as with `ip netns exec`.
 * Call it before anything is looked up. Needs CAP_SYS_ADMIN. 0, or negative errno with a sentence.
 */
int netns_enter(const char *wanted, struct error *error);

/*
 * The same for a process that only looks up names: it moves only when /etc/netns/NAME has a
 * resolv.conf, hosts or nsswitch.conf. Otherwise the names of the namespace are those of the box,
 * as with "all", and the process does not keep a namespace alive that it watches. 0, or negative
 * errno with a sentence.
 */
int netns_enter_for_names(const char *wanted, struct error *error);

/*
 * Whether there is such a network namespace, or "all": before a collector is started for it. That
 * it may not be looked at is for the collector to find out. 0, or negative errno with a sentence.
 */
int netns_check(const char *wanted, struct error *error);

#endif
