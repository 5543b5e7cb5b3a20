/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that the options ask for. */
#ifndef SOCKWATCH_APP_COMMAND_OPEN_SOURCE_H
#define SOCKWATCH_APP_COMMAND_OPEN_SOURCE_H

#include <sockwatch/collector/collector.h>
#include <sockwatch/source/source.h>

#include "app/option/options.h"

/* A collector of our own. */
struct open_source_wish {
	struct collector_options rights; /* actions, only_probes, without, netns */
	const char *netns; /* names are looked up there (struct source_live_options) */
	bool retries;      /* start it again when it ended */
};

/* NULL with a sentence. */
struct source *open_source_live(const struct open_source_wish *wish, struct error *error);
/*
 * Whether --from, --at and --netns go together, for commands with a filter; and whether there is
 * such a namespace. 0, or negative errno with a sentence.
 */
int open_source_check(const struct options *options, struct error *error);
/*
 * The recording of --from, or a collector of our own. without: see struct collector_options. NULL
 * with a sentence.
 */
struct source *open_source(const struct options *options, uint32_t without, struct error *error);

#endif
