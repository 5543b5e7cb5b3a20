/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All servers that are asked, a channel for each: those of the options, or those of resolv.conf. */
#ifndef SOCKWATCH_RESOLVER_CHANNELS_H
#define SOCKWATCH_RESOLVER_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/resolver/resolv_conf.h>
#include <sockwatch/resolver/resolver.h>

#include "file_mark.h"
#include "resolver/dns/channel.h"
#include "resolver/dns/servers.h"

struct channels {
	struct loop *loop;
	struct resolver_options options;
	struct resolv_conf conf; /* also with servers of the options: search list and options */
	struct channel list[SERVERS_MAX];
	size_t count;
	struct file_mark mark;   /* of resolv.conf */
	uint64_t refused_before; /* by channels that are closed now */
};

/* 0, or negative errno with a sentence; channels_fini is safe after both. */
int channels_init(struct channels *channels, struct loop *loop,
	const struct resolver_options *options, struct error *error);
/* As channel_fini. */
void channels_fini(struct channels *channels);
/*
 * Reads resolv.conf again if it changed, and opens all servers again: true. No question may be
 * open. When that gives no servers (count 0), there are none until it changes again.
 */
bool channels_refresh(struct channels *channels, uint64_t now_ns);
/* Sockets of c-ares that the loop had no room for. */
uint64_t channels_refused(const struct channels *channels);

#endif
