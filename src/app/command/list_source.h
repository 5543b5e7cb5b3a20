/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills a model with one snapshot: of now, by a collector, or out of a recording. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_SOURCE_H
#define SOCKWATCH_APP_COMMAND_LIST_SOURCE_H

#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>

struct options;

/*
 * A collector is started, this process gives up its rights, and one snapshot is read. 0, or
 * negative errno with a sentence.
 */
int list_source_live(struct model *model, const struct options *options,
	const struct message_subscription *subscription, struct error *error);

/*
 * What the file holds up to the last snapshot that was complete at the time `at` (NULL: the last of
 * all). 0; -EINVAL with a sentence when file or time are not right.
 */
int list_source_file(struct model *model, const char *path, const char *at, struct error *error);

#endif
