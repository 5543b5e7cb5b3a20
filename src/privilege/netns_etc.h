/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of /etc that belong to a named network namespace. */
#ifndef SOCKWATCH_PRIVILEGE_NETNS_ETC_H
#define SOCKWATCH_PRIVILEGE_NETNS_ETC_H

#include <stdbool.h>

#include <sockwatch/privilege/netns_find.h>

/*
 * Puts the files of /etc/netns/NAME in place of those of /etc, for this process and those that it
 * starts; for a namespace that was found by a pid, those of its name in /run/netns, if it has one.
 * Needs CAP_SYS_ADMIN. 0 (also when there are none), or negative errno with a sentence.
 */
int netns_etc_use(const struct netns_sight *sight, struct error *error);
/* Whether one of those files says how names are looked up in that namespace. */
bool netns_etc_has_names(const struct netns_sight *sight);

#endif
