/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A collector that does nothing but probe one path, and the model that its records fill. It keeps
 * CAP_NET_RAW and no other right; we keep none.
 */
#ifndef SOCKWATCH_APP_COMMAND_PROBE_FEED_H
#define SOCKWATCH_APP_COMMAND_PROBE_FEED_H

#include <stdbool.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/privilege/keeper.h>
#include <sockwatch/stream/stream.h>

struct probe_feed {
	struct loop *loop;
	struct model *model;
	struct keeper keeper;
	struct collector_link link;
	struct stream_reader *reader;
	struct stream_writer *writer;
	struct loop_source *stream_source, *commands_source;
	bool has_keeper, has_link;
	void (*changed)(void *context); /* records came in; may be NULL */
	void *context;
	bool ended; /* the collector is gone; error says why */
	struct error error;
};

/* Starts the processes and gives our rights up; loop and model come after that. 0, or negative
 * errno with a sentence. */
int probe_feed_init(struct probe_feed *feed, struct error *error);
/* Reads into the model from now on. */
int probe_feed_open(
	struct probe_feed *feed, struct loop *loop, struct model *model, struct error *error);
/* MESSAGE_PROBE_START or MESSAGE_PROBE_STOP. */
int probe_feed_send(struct probe_feed *feed, enum message_type type, const void *body);
void probe_feed_fini(struct probe_feed *feed);

#endif
