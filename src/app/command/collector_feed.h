/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor's end of the stream: starts the collector, takes its records into the model in
 * slices, so that keys stay quick while a dump comes in, sends subscriptions, and starts it anew
 * when it dies.
 */
#ifndef SOCKWATCH_APP_COMMAND_COLLECTOR_FEED_H
#define SOCKWATCH_APP_COMMAND_COLLECTOR_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/privilege/keeper.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/stream.h>

struct collector_feed_hooks {
	void *context;
	void (*changed)(void *context); /* the model took in records */
	void (*say)(void *context, enum severity severity, const char *text);
	/* What shall be collected: for a collector that is started. */
	void (*get_subscription)(void *context, struct message_subscription *subscription);
};

struct collector_feed {
	struct loop *loop;
	struct model *model;
	struct keeper *keeper;
	struct collector_feed_hooks hooks;
	struct collector_link link;
	struct stream_reader *reader; /* NULL: no collector runs */
	struct stream_writer *writer;
	struct loop_source *stream_source, *commands_source, *keeper_source, *retry_timer;
	bool busy; /* records wait: the idle handler takes them */
	bool keeper_died;
	unsigned failures; /* since a snapshot was complete */
	uint32_t lived_sequence;
};

/* Starts the first collector. 0, or negative errno with a sentence when the loop cannot be used;
 * that no collector can be started is said, and tried again. */
int collector_feed_init(struct collector_feed *feed, struct loop *loop, struct model *model,
	struct keeper *keeper, const struct collector_feed_hooks *hooks, struct error *error);
void collector_feed_fini(struct collector_feed *feed);
/* What the viewer may say: MESSAGE_SUBSCRIPTION and the requests. -ENOTCONN when no collector runs.
 */
int collector_feed_send(struct collector_feed *feed, enum message_type type, const void *body);

#endif
