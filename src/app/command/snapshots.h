/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshots of a source, one after the other: for commands that look at each, or at one or two,
 * and end. Live they come an interval apart, from a recording at once.
 */
#ifndef SOCKWATCH_APP_COMMAND_SNAPSHOTS_H
#define SOCKWATCH_APP_COMMAND_SNAPSHOTS_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/source/source.h>

#include "app/option/options.h"
#include "stops.h"

enum snapshots_want { SNAPSHOTS_ENOUGH, SNAPSHOTS_MORE };

/* What a command does with them; negative errno comes with a sentence, and ends the run. */
struct snapshots_user {
	void *context;
	/* See struct source_hooks. */
	void (*get_subscription)(void *context, struct message_subscription *subscription);
	/* One is whole in the model: enum snapshots_want, or negative errno. */
	int (*take)(void *context, struct error *error);
	/* One is whole that was before --begin: the last of these is what was so then. May be NULL.
	 */
	void (*take_early)(void *context);
	/* More were wanted, but the recording is at its end. 0, or negative errno; NULL: it is all
	 * right. */
	int (*end)(void *context, struct error *error);
	/* The same when a signal came, or nobody reads the output any more. */
	int (*stop)(void *context, struct error *error);
};

struct snapshots {
	const struct options *options;
	struct source *source;
	struct loop *loop;
	struct stops stops;
	struct model *model;
	const struct snapshots_user *user;
	struct error *error;
	uint32_t sequence; /* of the snapshot that was taken last */
	bool is_done;
	int result;
};

/*
 * Opens the source of the options, which gives up rights. without: see struct collector_options. 0,
 * or -EPERM with a sentence. Close it in any case.
 */
int snapshots_open(struct snapshots *snapshots, const struct options *options, uint32_t without,
	struct error *error);
/*
 * In a loop, as long as more are wanted; ends by a signal and when nobody reads the output. 0, or
 * negative errno with a sentence. model, user and output must live until snapshots_close.
 */
int snapshots_run(struct snapshots *snapshots, struct model *model,
	const struct snapshots_user *user, struct output *output, struct error *error);
/*
 * Without a loop: of a recording all up to the last that was complete at --at, whatever is wanted;
 * live as many as are wanted. only_last: of a recording only that one is taken. 0, or negative
 * errno with a sentence.
 */
int snapshots_read(struct snapshots *snapshots, struct model *model,
	const struct snapshots_user *user, bool only_last, struct error *error);
void snapshots_close(struct snapshots *snapshots);

#endif
